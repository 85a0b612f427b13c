"""The frames of a file of evidence: each as it came, with what the recorder noted of it."""

import base64
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import msgspec

from tftmonitor.base.clock import to_iso
from tftmonitor.history.samples.stored import StoredFrame

_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class FrameCount:
    """What was written: how many of each channel, the first and the last number, and jumps.

    A jump between two numbers is what came of other devices, or what was lost in between.
    """

    count: int = 0
    late: int = 0
    channels: Counter[str] = field(default_factory=Counter)
    first: int | None = None
    last: int | None = None
    jumps: int = 0

    def facts(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "count": self.count,
            "late": self.late,
            "channels": dict(sorted(self.channels.items())),
            "first_number": self.first,
            "last_number": self.last,
            "jumps": self.jumps,
        }


def write_frames(
    frames: Iterator[tuple[int, StoredFrame]], out: BinaryIO, tell: FrameCount
) -> Iterator[int]:
    """A line a frame; gives how many there are by now after each. Raises HistoryError.

    ``frame`` is the text of the JSON; a frame that is no UTF-8 is ``frame_base64`` instead.
    """
    for number, stored in frames:
        out.write(_encode(_line(number, stored)) + b"\n")
        tell.count += 1
        tell.late += stored.is_late
        tell.channels[stored.channel] += 1
        tell.jumps += tell.last is not None and number > tell.last + 1
        tell.first = number if tell.first is None else tell.first
        tell.last = number
        yield tell.count


def _line(number: int, stored: StoredFrame) -> dict[str, Any]:
    line: dict[str, Any] = {
        "number": number,
        "device": stored.device,
        "channel": stored.channel,
        "received": to_iso(stored.received_ms),
        "received_ms": stored.received_ms,
        "device_ms": stored.device_ms,
        "late": stored.is_late,
    }
    try:
        line["frame"] = stored.frame.decode()
    except UnicodeDecodeError:
        line["frame_base64"] = base64.b64encode(stored.frame).decode()
    return line


def frame_of(line: Mapping[str, Any]) -> bytes:
    """The frame of a line. Raises KeyError, ValueError, AttributeError for what is no such line."""
    if "frame_base64" in line:
        return base64.b64decode(line["frame_base64"])
    frame: str = line["frame"]
    return frame.encode()
