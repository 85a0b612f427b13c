"""The zip of a file of evidence: files are written one after the other, and summed as they are."""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import RawIOBase
from typing import IO, TYPE_CHECKING, BinaryIO, Final, Self, cast

from typing_extensions import override

from tftmonitor.base.clock import SECOND_MS

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

SUMS: Final = "SHA256SUMS"
"""The file with the sum of every other one, as ``sha256sum --check`` reads it."""
_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)


class EvidenceArchive:
    """Adds files to a zip on a stream; ``sums`` are their SHA-256 in hexadecimal, by name.

    All have the time ``made_ms``, so that the same content makes the same file.
    """

    def __init__(self, out: BinaryIO, made_ms: int) -> None:
        self.sums: dict[str, str] = {}
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        # A zip knows no time before.
        when = max(_EARLIEST, datetime.fromtimestamp(made_ms / SECOND_MS, UTC))
        self._when = (when.year, when.month, when.day, when.hour, when.minute, when.second)

    @contextmanager
    def adding(self, name: str) -> Iterator[BinaryIO]:
        """A stream for the content of one file."""
        info = zipfile.ZipInfo(name, self._when)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        # Without it a file above 2 GB could not be told beforehand.
        with self._zip.open(info, "w", force_zip64=True) as entry:
            summing = _Summing(entry)
            yield cast("BinaryIO", summing)
        self.sums[name] = summing.sum()

    def add(self, name: str, content: bytes) -> None:
        """One small file."""
        with self.adding(name) as out:
            out.write(content)

    def finish(self) -> None:
        """Add the sums: nothing can come after them."""
        lines = "".join(f"{self.sums[name]}  {name}\n" for name in sorted(self.sums))
        self.add(SUMS, lines.encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()


class _Summing(RawIOBase):
    """Passes on what is written, and sums it."""

    def __init__(self, out: IO[bytes]) -> None:
        super().__init__()
        self._out = out
        self._sum = hashlib.sha256()

    @override
    def write(self, content: "ReadableBuffer") -> int:
        self._sum.update(content)
        return self._out.write(content)

    def sum(self) -> str:
        """Of all that was written."""
        return self._sum.hexdigest()
