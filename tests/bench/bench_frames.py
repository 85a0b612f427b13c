"""Snapshots of a made-up fleet in one buffer, framed for the wire, with slots that are patched.

One vectorised write dates a thousand frames anew, so that a sender costs next to nothing.
"""

import time
from collections.abc import Iterator

import msgspec
import numpy as np
import numpy.typing as npt

from tftmonitor.simulator.feeds.snapshot_templates import SnapshotTemplates
from tftmonitor.simulator.fleet.world import World

_Bytes = npt.NDArray[np.uint8]
_Places = npt.NDArray[np.intp]

# Numbers that no simulated value has; each marks a slot of its own width.
_DATE, _SPEED, _VOLTS = 1_111_111_111_111, 77.777, 88.888
_WIDTHS = {_DATE: 13, _SPEED: 6, _VOLTS: 6}
_ALARM_CODE, _ALARM_BIT = 3, 0x10  # SOS in the numbering of most units


def frame(payload: bytes) -> bytes:
    """A whole unmasked text frame, as servers send them."""
    size = len(payload)
    if size < 126:
        return b"\x81" + bytes([size]) + payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


class FrameBuffer:
    """One snapshot a device; ``take(n)`` gives the next n, dated and with new values."""

    def __init__(self, devices: int, seed: int = 1) -> None:
        start_ms = time.time_ns() // 1_000_000 - 3_600_000
        mill = SnapshotTemplates(World(devices, seed, start_ms, routine=False).roster)
        payloads = [
            _with_slots(made.data, i) for i, made in enumerate(mill.make(start_ms, devices))
        ]
        frames = [frame(payload) for payload in payloads]
        self.devices = devices
        self.payload_bytes = sum(map(len, payloads)) / devices
        self._starts = np.concatenate([[0], np.cumsum([len(text) for text in frames])])
        self._data: _Bytes = np.frombuffer(bytearray(b"".join(frames)), np.uint8)
        whole = self._data.tobytes()
        self._slots = {mark: _find(whole, mark) for mark in _WIDTHS}
        self._random = np.random.default_rng(seed)
        self._next = 0

    def take(self, count: int, date_ms: int | None = None) -> memoryview:
        """The next ``count`` frames in turn, never past the end of the fleet."""
        first, last = self._next, min(self.devices, self._next + count)
        self._next = last % self.devices
        low, high = int(self._starts[first]), int(self._starts[last])
        date = date_ms if date_ms is not None else time.time_ns() // 1_000_000
        self._write(_DATE, low, high, np.frombuffer(b"%013d" % date, np.uint8))
        for mark in (_SPEED, _VOLTS):
            digits = self._random.integers(0x31, 0x3A, (6,), np.uint8)
            digits[2] = 0x2E
            self._write(mark, low, high, digits)
        return self._data.data[low:high]

    def rewind(self) -> None:
        """Begin with the first device again."""
        self._next = 0

    def payloads(self) -> Iterator[bytes]:
        """Each device's frame once, without its head."""
        for _ in range(self.devices):
            text = bytes(self.take(1))
            yield text[4:] if text[1] == 126 else text[10:]

    def count_of(self, chunk: memoryview) -> int:
        """How many frames a chunk of the buffer holds; 0 at its end means the whole rest."""
        last = self._next or self.devices
        low = int(self._starts[last]) - len(chunk)
        return last - int(np.searchsorted(self._starts, low))

    def _write(self, mark: float, low: int, high: int, text: _Bytes) -> None:
        places = self._slots[mark]
        first, last = np.searchsorted(places, (low, high))
        self._data[places[first:last, None] + np.arange(_WIDTHS[mark])] = text


def _with_slots(payload: bytes, index: int) -> bytes:
    content = msgspec.json.decode(payload)
    status = content["data"]["status"]
    status["date"] = status["location_date"] = _DATE
    status["cur_event"] = status["alerts"] = 0
    if index % 2 and "speed" in status:
        status["speed"] = _SPEED
    if status.get("external_power_voltage"):
        status["external_power_voltage"] = _VOLTS
    return msgspec.json.encode(content)


def _find(whole: bytes, mark: float) -> _Places:
    text = str(mark).encode()
    found, at = [], whole.find(text)
    while at >= 0:
        found.append(at)
        at = whole.find(text, at + 1)
    return np.array(found, np.intp)


def alarm_frames(devices: int, seed: int = 1) -> list[bytes]:
    """One snapshot a device that raises an alarm, framed, with a slot for the date."""
    start_ms = time.time_ns() // 1_000_000 - 3_600_000
    mill = SnapshotTemplates(World(devices, seed, start_ms, routine=False).roster)
    frames = []
    for made in mill.make(start_ms, devices):
        content = msgspec.json.decode(made.data)
        status = content["data"]["status"]
        status["date"] = status["location_date"] = _DATE
        status["cur_event"], status["alerts"] = _ALARM_CODE, _ALARM_BIT
        frames.append(frame(msgspec.json.encode(content)))
    return frames


def dated(text: bytes, date_ms: int) -> bytes:
    """An alarm's frame with its date."""
    return text.replace(str(_DATE).encode(), b"%013d" % date_ms)
