"""Cuts whole text frames out of what a WebSocket server sends (RFC 6455); no sockets here.

It knows just enough of the protocol to find the frames that a push feed consists of. All the
rest is handed back as it came, for a library that knows the whole of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

# Larger than any frame that the codec accepts, so that an oversized one is reported and not
# the end of the connection; beyond this the server is not to be trusted.
LARGEST_FRAME = 16_777_216

_WHOLE_TEXT = 0x81  # the last part of a message, which is text, and no reserved bit
_FINAL = 0x80
_CONTROL = 0x08
# The first bytes that may be: no reserved bit, and an opcode that has a meaning.
_KNOWN_FIRST_BYTES = frozenset(
    final | opcode for final in (0, _FINAL) for opcode in (0x0, 0x1, 0x2, 0x8, 0x9, 0xA)
)
# The second byte is the size, or says that the size follows in 2 or in 8 bytes. Above that it
# carries the mask bit, which only a client may set.
_SIZE_IN_2, _SIZE_IN_8 = 126, 127
_SIZE_OF_MASKED = 1 << 64  # more than any header can state, so more than any limit


@final
@dataclass(frozen=True, slots=True)
class LibraryRun:
    """Bytes of the stream that are no whole text frame, untouched."""

    data: bytes


class FrameCutter:
    """``feed`` it each read, then iterate over ``cut``; reads may end anywhere in the stream.

    ``cut`` gives the payload of each whole text frame as bytes and everything else as a
    ``LibraryRun``, in the order of the stream. A library that has closed the connection because
    of a run wants the rest as well: call ``pass_through``. The cutter does that by itself at a
    header behind which it cannot find the next one. Between two reads it holds no more than one
    frame of ``largest_frame`` with its header.
    """

    def __init__(self, largest_frame: int = LARGEST_FRAME) -> None:
        self.is_passing = False
        self._largest_frame = largest_frame
        # The last read, and where its first byte is that has not been given out.
        self._read = b""
        self._at = 0
        # A frame that the reads so far leave incomplete, and how many bytes it lacks at least:
        # those of the header first, which tells how many more.
        self._partial = bytearray()
        self._missing = 0
        # Between the first and the last part of a message, where a text of its own is a fault.
        self._is_in_parts = False

    @property
    def has_uncut(self) -> bool:
        """True while ``cut`` was left before its end."""
        return self._at < len(self._read)

    @property
    def held(self) -> int:
        """How many bytes have come in and not gone out."""
        return len(self._partial) + len(self._read) - self._at

    def feed(self, data: bytes) -> bool:
        """Append a read; False when there is nothing to cut, as a frame is still incomplete."""
        if self._at < len(self._read):
            self._read = self._read[self._at :] + data
        elif self._missing > len(data):
            self._partial += data
            self._missing -= len(data)
            return False
        else:
            self._read = data
        self._at = 0
        return True

    def pass_through(self) -> None:
        """From here on give everything to the library, whatever it looks like."""
        self.is_passing = True
        self._missing = 0

    def release(self) -> bytes:
        """Give up all that is held, for the library, and pass through what comes."""
        self.pass_through()
        held = bytes(self._partial) + self._read[self._at :]
        self._partial.clear()
        self._read, self._at = b"", 0
        return held

    def cut(self) -> Iterator[bytes | LibraryRun]:
        """Give out what is whole. May be left at any item: the next call goes on behind it."""
        if self._partial and not self.is_passing:
            yield from self._complete_partial()
        # A turn of this loop is a message, tens of thousands of times a second: hence the local
        # names, the usual header read in place, and the usual case asked for first.
        data, at, largest_frame = self._read, self._at, self._largest_frame
        end = len(data)
        while end - at >= 2 and not self.is_passing:
            first, size, start = data[at], data[at + 1], at + 2
            if size == _SIZE_IN_2 and end - at >= 4:
                size, start = data[at + 2] << 8 | data[at + 3], at + 4
            elif size >= _SIZE_IN_2:
                size, start = _read_header(data, at)
            stop = start + size
            is_text = first == _WHOLE_TEXT and not self._is_in_parts
            if is_text and stop <= end and size <= largest_frame:
                # Written down before the item goes out, because nobody need come back here.
                self._at = at = stop
                yield data[start:stop]
            elif self._is_unreadable(first, size):
                self.pass_through()
            elif stop > end:
                break
            else:
                frame = data[at:stop]
                self._at = at = stop
                yield self._library_run(frame)
        if not self.is_passing:
            self._partial += data[at:]
            self._read, self._at = b"", 0
            self._missing = _bytes_missing(self._partial)
        elif rest := self.release():
            yield LibraryRun(rest)

    def _complete_partial(self) -> Iterator[bytes | LibraryRun]:
        """Add to the partial frame what it lacks, and no more; give it out once it is whole."""
        # A copy of these bytes alone: joining them with the read would copy all of that.
        partial = self._partial
        while self._missing:
            part = self._read[self._at : self._at + self._missing]
            partial += part
            self._at += len(part)
            self._missing -= len(part)
            if self._missing:
                return
            size, _ = _read_header(partial, 0)
            if self._is_unreadable(partial[0], size):
                self.pass_through()
                return
            self._missing = _bytes_missing(partial)
        _, start = _read_header(partial, 0)
        is_text = partial[0] == _WHOLE_TEXT and not self._is_in_parts
        if is_text:
            del partial[:start]
        frame = bytes(partial)
        partial.clear()
        yield frame if is_text else self._library_run(frame)

    def _is_unreadable(self, first: int, size: int) -> bool:
        return first not in _KNOWN_FIRST_BYTES or size > self._largest_frame

    def _library_run(self, frame: bytes) -> LibraryRun:
        if not frame[0] & _CONTROL:
            self._is_in_parts = not frame[0] & _FINAL
        return LibraryRun(frame)


def _read_header(data: bytes | bytearray, at: int) -> tuple[int, int]:
    """The payload's size and its place; size 0 at a place behind ``data`` if the header is cut."""
    size = data[at + 1]
    if size < _SIZE_IN_2:
        return size, at + 2
    if size > _SIZE_IN_8:
        return _SIZE_OF_MASKED, at + 2
    start = at + (4 if size == _SIZE_IN_2 else 10)
    if start > len(data):
        return 0, start
    return int.from_bytes(data[at + 2 : start], "big"), start


def _bytes_missing(partial: bytearray) -> int:
    """How many bytes the frame lacks; as long as its header is cut, those of the header."""
    if len(partial) < 2:
        return 2 - len(partial)
    size, start = _read_header(partial, 0)
    return start + size - len(partial)
