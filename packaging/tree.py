"""What a Linux desktop looks for below share/: entry, icons, metainfo and manual page."""

import shutil
from pathlib import Path

from files import LINUX, moment
from icons import write_icons
from man_page import man_page


def write_share(share: Path) -> None:
    """Fill ``share`` (usr/share, or ~/.local/share); the manual page is not compressed."""
    for source, target in (
        ("tftmonitor.desktop", "applications/tftmonitor.desktop"),
        ("tftmonitor.metainfo.xml", "metainfo/org.tftmonitor.tftmonitor.metainfo.xml"),
    ):
        path = share / target
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(LINUX / source, path)
    write_icons(share / "icons" / "hicolor")
    page = share / "man" / "man1" / "tftmonitor.1"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(man_page(moment()), "utf-8")
