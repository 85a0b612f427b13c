"""Replays recorded frames: lines of ``{"channel", "frame", ...}``, each once, in order."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from typing_extensions import override

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.outgoing import Feed, Outgoing

# A recording can span months: a gap longer than this is a time in which nothing happened ...
_LONGEST_GAP_S = 60.0
# ... and is replayed as this.
_CUT_GAP_S = 2.0
_STEP_FRAMES = 64


class _Line(msgspec.Struct):
    """``frame`` is an object, or the raw text as recorded; ``received_ms`` paces if present."""

    channel: str
    frame: msgspec.Raw
    received_ms: int | None = None


class ReplayFeed(Feed):
    """The frames of a recording at ``speed`` times their own pace; 0 waits for nothing.

    The pace follows ``received_ms`` of the lines, else the ``date`` in the frames. A gap of more
    than 60 s is cut to 2 s; a frame older than the one before follows at once. The frame goes
    out byte for byte as it stands in the file.
    """

    def __init__(self, lines: Iterable[bytes], *, speed: float = 1.0, wait: bool = True) -> None:
        if speed < 0:
            raise ValueError("the speed must not be below 0")
        self._frames: list[tuple[float, Outgoing]] = []
        self._sent = 0
        self.waits_for_clients = speed == 0
        pace = _Pace(speed)
        for number, line in enumerate(lines, start=1):
            if line.strip():
                outgoing, time_ms = _read(line, number)
                self._frames.append((pace.due_s(time_ms), outgoing))
        if wait:
            self.required_channels = frozenset(outgoing.channel for _, outgoing in self._frames)

    @classmethod
    def from_file(cls, path: Path, *, speed: float = 1.0, wait: bool = True) -> "ReplayFeed":
        """Read the whole recording; ValueError names the first bad line."""
        with path.open("rb") as file:
            return cls(file, speed=speed, wait=wait)

    def __len__(self) -> int:
        return len(self._frames)

    @override
    def drain(self, elapsed_s: float) -> list[Outgoing]:
        start = self._sent
        end = min(start + _STEP_FRAMES, len(self._frames))
        while self._sent < end and self._frames[self._sent][0] <= elapsed_s:
            self._sent += 1
        return [outgoing for _, outgoing in self._frames[start : self._sent]]

    @override
    def skip(self, elapsed_s: float) -> None:
        if not self.required_channels:
            self.drain(elapsed_s)

    @override
    def next_s(self) -> float | None:
        return self._frames[self._sent][0] if self._sent < len(self._frames) else None


class _Pace:
    """Turns the times of the recording into seconds of the replay."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._last_ms: int | None = None
        self._due_s = 0.0

    def due_s(self, time_ms: int | None) -> float:
        if time_ms is None or self._speed == 0:
            return self._due_s
        gap_s = 0.0 if self._last_ms is None else (time_ms - self._last_ms) / SECOND_MS
        if gap_s > _LONGEST_GAP_S:
            gap_s = _CUT_GAP_S
        self._last_ms = time_ms
        self._due_s += max(0.0, gap_s) / self._speed
        return self._due_s


def _read(line: bytes, number: int) -> tuple[Outgoing, int | None]:
    try:
        record = msgspec.json.decode(line, type=_Line)
        channel = Channel(record.channel)
        content = msgspec.json.decode(record.frame)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ValueError(f"line {number} of the recording: {error}") from None
    data = content.encode() if isinstance(content, str) else bytes(record.frame)
    time_ms = record.received_ms if record.received_ms is not None else _date_of(content)
    return Outgoing(channel, data), time_ms


def _date_of(frame: Any) -> int | None:
    """The ``date`` in a frame of either channel, at whichever of its places it is."""
    while isinstance(frame, dict):
        date = frame.get("date")
        if isinstance(date, int):
            return date
        frame = frame.get("data", frame.get("status"))
    return None
