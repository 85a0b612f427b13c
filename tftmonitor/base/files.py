"""Small files that are never half written, and never thrown away because they were."""

import errno
import os
import tempfile
from pathlib import Path

from tftmonitor.base.private_files import make_private_folder


def write_whole(path: Path, content: bytes) -> None:
    """Put the content in place of the file in one step; raises OSError when the disk refuses.

    Only its owner may read it. Through a symbolic link it is the file behind it that is replaced.
    """
    make_private_folder(path.parent)
    target = path
    if path.is_symlink():
        # Of links in a circle it says so in the way of the disk.
        target = Path(os.path.realpath(path, strict=path.exists()))
        if target.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=target.name)
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        made.replace(target)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def set_aside(path: Path, problem: str) -> str:
    """Keep an unreadable file beside, as it may hold what took somebody an afternoon.

    ``problem`` with what became of the file.
    """
    kept = path.with_suffix(".unreadable.json")
    try:
        write_whole(kept, path.read_bytes())
    except OSError as error:
        return f"{problem}, and could not be kept: {error.strerror}"
    return f"{problem}; kept as {kept.name}"
