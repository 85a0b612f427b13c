"""dist/tftmonitor_VERSION_ARCH.deb out of the frozen folder, with dpkg-deb."""

import gzip
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from files import DIST, FOLDER, LINUX, ROOT, moment, version
from notices import notices
from tree import write_share
from trim import size

# What the program loads by name or the platform plug-ins link, and the folder does not bring:
# they belong to the drivers of graphics. No test holds this list yet: see Tried in the README here.
DEPENDS = (
    "libc6 (>= {libc}), libgl1, libegl1, fontconfig-config, fonts-dejavu-core | fonts-freefont-ttf"
)
RECOMMENDS = "libwayland-cursor0, libwayland-egl1"
CONTROL = """\
Package: tftmonitor
Version: {version}
Architecture: {architecture}
Maintainer: The tftmonitor authors <tftmonitor@localhost>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: {recommends}
Section: net
Priority: optional
Description: desktop monitor for fleets of GPS trackers
 Shows devices, map, plots and alarms of TFT IoT (TOPFLYtech) trackers as the
 server pushes them, and says how old each value is.
 .
 Python, Qt and all libraries that are not the graphics drivers' are inside.
"""


def newest_libc(folder: Path) -> str:
    """The newest version of glibc that a library below ``folder`` asks for, e.g. ``2.34``."""
    found = {(2, 28)}
    for path in folder.rglob("*"):
        library = ".so" in path.name or path.parent == folder
        if library and path.is_file() and not path.is_symlink():
            found |= {
                (int(major), int(minor))
                for major, minor in re.findall(rb"GLIBC_(\d+)\.(\d+)\b", path.read_bytes())
            }
    return ".".join(map(str, max(found)))


def _compressed(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))


def _fill(root: Path) -> None:
    shutil.copytree(FOLDER, root / "usr" / "lib" / "tftmonitor", symlinks=True)
    (root / "usr" / "bin").mkdir(parents=True)
    (root / "usr" / "bin" / "tftmonitor").symlink_to("../lib/tftmonitor/tftmonitor")
    share = root / "usr" / "share"
    write_share(share)
    page = share / "man" / "man1" / "tftmonitor.1"
    _compressed(page.with_name("tftmonitor.1.gz"), page.read_text("utf-8"))
    page.unlink()
    unit = root / "usr" / "lib" / "systemd" / "user" / "tftmonitor-record.service"
    unit.parent.mkdir(parents=True)
    shutil.copyfile(LINUX / "tftmonitor-record.service", unit)
    overrides = share / "lintian" / "overrides" / "tftmonitor"
    overrides.parent.mkdir(parents=True)
    shutil.copyfile(LINUX / "lintian-overrides", overrides)
    papers = share / "doc" / "tftmonitor"
    papers.mkdir(parents=True)
    (papers / "copyright").write_text(notices(), "utf-8")
    _compressed(papers / "changelog.gz", (ROOT / "CHANGELOG.md").read_text("utf-8"))


def _finish(root: Path) -> None:
    """Modes as Debian wants them, and one time for all."""
    when = moment()
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            program = path == root / "usr" / "lib" / "tftmonitor" / "tftmonitor"
            path.chmod(0o755 if program or path.is_dir() else 0o644)
        os.utime(path, (when, when), follow_symlinks=False)


def make_deb() -> Path:
    """Build the package; dpkg-deb must be there."""
    words = ["dpkg", "--print-architecture"]
    architecture = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
    target = DIST / f"tftmonitor_{version()}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "root"
        root.mkdir()
        _fill(root)
        control = CONTROL.format(
            version=version(),
            architecture=architecture,
            kilobytes=size(root) // 1024,
            depends=DEPENDS.format(libc=newest_libc(FOLDER)),
            recommends=RECOMMENDS,
        )
        (root / "DEBIAN").mkdir()
        (root / "DEBIAN" / "control").write_text(control, "utf-8")
        _finish(root)
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(moment())}
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(target)]
        subprocess.run(command, check=True, env=environment)
    return target
