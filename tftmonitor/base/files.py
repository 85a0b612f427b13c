"""Small files that are never half written, and never thrown away because they were."""

import os
import tempfile
from pathlib import Path

from tftmonitor.base.private_files import make_private_folder


def write_whole(path: Path, content: bytes) -> None:
    """Put the content in place of the file in one step; raises OSError when the disk refuses.

    Only its owner may read it.
    """
    make_private_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)


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
