"""What the window and the process that records for it tell each other, as values and as bytes.

Blocks go in, each behind its length in four bytes; a line of JSON a second comes out.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec

from tftmonitor.history.samples.retention import Limits
from tftmonitor.history.samples.stored import LinkChange, Recorded
from tftmonitor.model.coverage import BlindInterval

_LENGTH: Final = struct.Struct("<I")


class Sent(msgspec.Struct, array_like=True):
    """What came in at the window since the last block; ``limits`` when others hold from now on.

    ``lost`` pushes had no room on the way here, the first of them at ``lost_ms``. ``digests`` are
    what signs in, to be taken out of what follows; they are kept in memory alone.
    """

    rows: list[Recorded] = []
    blind: list[BlindInterval] = []
    links: list[LinkChange] = []
    labels: dict[str, str] = {}
    limits: Limits | None = None
    lost: int = 0
    lost_ms: int = 0
    digests: list[str] = []


class Told(msgspec.Struct, frozen=True):
    """How recording stands. Counts are of pushes since the start, times ms since 1970 UTC.

    ``holder`` is who else records in the profile, in words, "" for nobody; ``failure`` why nothing
    goes to disk and ``failed_ms`` since when. ``spool`` pushes are on disk and not sealed yet,
    ``log_bytes`` is the size of the database's log beside the file. ``days`` is for how long the
    most bytes last at the pace of the last day, None while nobody knows. ``said`` are sentences
    for the user.
    """

    holder: str = ""
    failure: str = ""
    failed_ms: int = 0
    is_recording: bool = False
    written: int = 0
    lost: int = 0
    waiting: int = 0
    spool: int = 0
    bytes: int = 0
    log_bytes: int = 0
    days: float | None = None
    said: tuple[str, ...] = ()


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Sent)
_told_decoder = msgspec.json.Decoder(Told)


def block_of(sent: Sent) -> bytes:
    """The block with its length in front."""
    body = _encode(sent)
    return _LENGTH.pack(len(body)) + body


def blocks(stream: BinaryIO) -> Iterator[Sent]:
    """Each block until the stream ends; half a block at its end is none."""
    while len(head := stream.read(_LENGTH.size)) == _LENGTH.size:
        (size,) = _LENGTH.unpack(head)
        body = stream.read(size)
        if len(body) < size:
            return
        yield _decoder.decode(body)


def line_of(told: Told) -> bytes:
    """The line that says so."""
    return msgspec.json.encode(told) + b"\n"


def read_line(line: bytes) -> Told | None:
    """What a line says; None for what is no line of ours."""
    try:
        return _told_decoder.decode(line)
    except msgspec.MsgspecError:
        return None
