#!/bin/sh
# Installs the program for this user below ~/.local, or takes it away: install.sh [--uninstall]
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
bin=$HOME/.local/bin
program=$HOME/.local/lib/tftmonitor

remove() {
    rm -rf -- "$program"
    rm -f -- "$bin/tftmonitor" "$data/applications/tftmonitor.desktop" \
        "$data/metainfo/org.tftmonitor.tftmonitor.metainfo.xml" \
        "$data/man/man1/tftmonitor.1" "$data/icons/hicolor/"*/apps/tftmonitor.png \
        "$data/icons/hicolor/scalable/apps/tftmonitor.svg"
}

case "${1-}" in
--uninstall)
    remove
    echo "tftmonitor is removed. What it recorded and its settings are still there."
    exit 0
    ;;
"") ;;
*)
    echo "usage: install.sh [--uninstall]" >&2
    exit 2
    ;;
esac

remove
mkdir -p -- "$bin" "$data" "$program"
cp -R -- "$here/lib/." "$program/"
cp -R -- "$here/share/." "$data/"
cp -- "$here/install.sh" "$program/install.sh"
ln -s -- "$program/tftmonitor" "$bin/tftmonitor"
echo "installed: $bin/tftmonitor"
echo "to remove: sh $program/install.sh --uninstall"
case ":$PATH:" in
*":$bin:"*) ;;
*) echo "$bin is not among the folders where the shell looks for programs." ;;
esac
