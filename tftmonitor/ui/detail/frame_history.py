"""What is remembered of the shown device from frame to frame, and of trouble codes of all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tftmonitor.base.clock import is_plausible
from tftmonitor.model.fleet.device import SNAPSHOT, Device
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.lenient import inner_json

TROUBLE = "obdErrorInfo"
# More codes than a vehicle has; a broken unit must not fill the memory.
_MOST_CODES = 500


class FrameHistory:
    """The frames before the last ones, and when each key of the status was last carried."""

    def __init__(self) -> None:
        self.device: Device | None = None
        self.frames: dict[str, bytes] = {}
        self.previous: dict[str, bytes] = {}
        self.reported_ms: dict[str, int] = {}
        self.since_ms: int | None = None

    def start(self, device: Device | None) -> None:
        """Forget the former device and watch this one."""
        self.device = device
        self.frames, self.previous, self.reported_ms = {}, {}, {}
        self.since_ms = device.data_ms if device else None
        self.note()

    def note(self) -> None:
        """Take in what the device has received since the last time."""
        device = self.device
        if device is None:
            return
        for kind, frame in device.frames.items():
            known = self.frames.get(kind)
            if frame is known:
                continue
            if known is not None:
                self.previous[kind] = known
            self.frames[kind] = frame
            if kind == SNAPSHOT and device.data_ms is not None:
                self.reported_ms.update(dict.fromkeys(status_keys(frame), device.data_ms))
                if self.since_ms is None:
                    self.since_ms = device.data_ms


def status_keys(frame: bytes) -> Iterable[str]:
    """The keys that a snapshot frame carries in its status."""
    try:
        content = inner_json(msgspec.json.decode(frame))
    except (msgspec.DecodeError, RecursionError):
        return ()
    data = inner_json(content.get("data")) if isinstance(content, dict) else None
    status = inner_json(data.get("status")) if isinstance(data, dict) else None
    return status.keys() if isinstance(status, dict) else ()


@dataclass(slots=True)
class SeenCode:
    """One trouble code of one device."""

    code: str
    standard: str
    first_ms: int
    last_ms: int


@dataclass(slots=True)
class CodeList:
    """The trouble codes of one device; ``present`` are those of its last report."""

    codes: dict[str, SeenCode] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    reported: bool = False
    vin: str = ""
    push: Records | None = None


class CodeLog:
    """First and last sight of each trouble code, while the program runs."""

    def __init__(self) -> None:
        self._lists: dict[str, CodeList] = {}

    def of(self, device: Device) -> CodeList:
        """The codes of a device, taking in its last report."""
        self.note(device)
        return self._lists.get(device.key) or CodeList()

    def note(self, device: Device) -> None:
        """Take in the last trouble-code push, once."""
        kept = device.records.get(TROUBLE)
        if kept is None:
            return
        push, received_ms = kept
        codes = self._lists.setdefault(device.key, CodeList())
        if codes.push is push:
            return
        codes.push = push
        time_ms = push.device_ms
        if time_ms is None or not is_plausible(time_ms, received_ms):
            time_ms = received_ms
        for record in push.records:
            _take(codes, record, time_ms)


def _take(codes: CodeList, record: dict[str, Any], time_ms: int) -> None:
    codes.vin = record.get("vin") or codes.vin
    found = record.get("codes") or []
    standard = record.get("standard") or ""
    if not found and not standard:
        return
    codes.reported = True
    codes.present = frozenset(found)
    for code in found:
        seen = codes.codes.get(code)
        if seen is not None:
            seen.first_ms, seen.last_ms = min(seen.first_ms, time_ms), max(seen.last_ms, time_ms)
            seen.standard = standard or seen.standard
        elif len(codes.codes) < _MOST_CODES:
            codes.codes[code] = SeenCode(code, standard, time_ms, time_ms)
