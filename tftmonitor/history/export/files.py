"""Files of an export: whole or not there, and all of one export or none."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Self

_ODD: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST: Final = 80
BLIND: Final = "blind"
"""The name of the file of blind intervals in a folder, which no device gets."""
# Names that Windows keeps for devices, with any ending.
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


class WholeFiles:
    """Files that are written beside their places and put there by ``commit``, all at once.

    As a context manager it takes away what was not committed. Raises OSError as the disk does.
    """

    def __init__(self) -> None:
        self._made: list[tuple[Path, Path]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for made, _target in self._made:
            made.unlink(missing_ok=True)
        self._made.clear()

    @contextmanager
    def open(self, target: Path) -> Iterator[BinaryIO]:
        """A stream for what will be the file; only its owner may read it.

        Through a symbolic link it is the file behind it.
        """
        target = Path(os.path.realpath(target))
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name}.", suffix=".part"
        )
        self._made.append((Path(name), target))
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())

    def commit(self) -> list[Path]:
        """Put all in their places; the places."""
        done = []
        while self._made:
            made, target = self._made[0]
            made.replace(target)
            done.append(target)
            del self._made[0]
        return done


def file_stems(names: list[str]) -> dict[str, str]:
    """A name of a file for each device, by key: plain letters, bounded, and no two the same.

    A key comes from a server and may be any text, "../x" among them.
    """
    taken = {BLIND}
    found = {}
    for name in names:
        stem = base = _ODD.sub("_", name)[:_LONGEST].strip("._") or "no-device"
        if _RESERVED.match(base):
            stem = base = f"_{base}"
        count = 1
        # Some systems take large and small letters for the same.
        while stem.casefold() in taken:
            count += 1
            stem = f"{base}-{count}"
        taken.add(stem.casefold())
        found[name] = stem
    return found
