"""dist/tftmonitor-VERSION-linux-MACHINE.tar.xz: the folder, with a script to install it."""

import platform
import shutil
import tarfile
import tempfile
from pathlib import Path

from files import DIST, FOLDER, LINUX, moment, version
from notices import notices
from tree import write_share


def make_tar() -> Path:
    """Equal folders give equal archives: sorted, one owner, one time."""
    name = f"tftmonitor-{version()}-linux-{platform.machine()}"
    target = DIST / f"{name}.tar.xz"
    with tempfile.TemporaryDirectory() as scratch:
        top = Path(scratch) / name
        shutil.copytree(FOLDER, top / "lib", symlinks=True)
        write_share(top / "share")
        shutil.copy(LINUX / "install.sh", top / "install.sh")
        (top / "lib" / "LICENCES.txt").write_text(notices(), "utf-8")
        when = moment()

        def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
            info.uid = info.gid = 0
            info.uname = info.gname = "root"
            info.mtime = when
            executable = info.isdir() or info.mode & 0o100
            info.mode = 0o755 if executable else 0o644
            return info

        with tarfile.open(target, "w:xz", format=tarfile.PAX_FORMAT) as archive:
            for path in sorted((top, *top.rglob("*"))):
                archive.add(path, path.relative_to(scratch), recursive=False, filter=plain)
    return target
