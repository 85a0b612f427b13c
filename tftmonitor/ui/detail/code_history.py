"""When each trouble code of each device was first and last reported, while the program runs."""

from dataclasses import dataclass, field

from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.records import Record, Records

TROUBLE_CODES = "obdErrorInfo"
# More codes than a vehicle has; a broken unit must not fill the memory.
_MOST_CODES = 500


@dataclass(slots=True)
class SeenCode:
    """One trouble code of one device."""

    code: str
    standard: str
    first_ms: int
    last_ms: int


@dataclass(slots=True)
class DeviceCodes:
    """The trouble codes of one device; ``present`` are those of its last report."""

    codes: dict[str, SeenCode] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    reported: bool = False
    vin: str = ""
    last_event: Records | None = None


class CodeHistory:
    """The trouble codes of all devices."""

    def __init__(self) -> None:
        self._by_device: dict[str, DeviceCodes] = {}

    def of(self, device: Device) -> DeviceCodes:
        """The codes of a device, with those of its last report."""
        self.update(device)
        return self._by_device.get(device.key) or DeviceCodes()

    def update(self, device: Device) -> None:
        """Ingest the device's last event of trouble codes, once."""
        received = device.records.get(TROUBLE_CODES)
        if received is None:
            return
        event, received_ms = received
        codes = self._by_device.setdefault(device.key, DeviceCodes())
        for key in device.former:
            if past := self._by_device.pop(key, None):
                _take_over(codes, past)
        if codes.last_event is event:
            return
        codes.last_event = event
        time_ms = received.dated_ms(device.clock) or received_ms
        for record in event.records:
            _ingest(codes, record, time_ms)


def _take_over(codes: DeviceCodes, past: DeviceCodes) -> None:
    """What was seen while the device was known by another key."""
    codes.reported = codes.reported or past.reported
    codes.present = codes.present or past.present
    codes.vin = codes.vin or past.vin
    for code, seen in past.codes.items():
        known = codes.codes.setdefault(code, seen)
        known.first_ms = min(known.first_ms, seen.first_ms)
        known.last_ms = max(known.last_ms, seen.last_ms)


def _ingest(codes: DeviceCodes, record: Record, time_ms: int) -> None:
    codes.vin = str(record.get("vin") or codes.vin)
    found, standard = record.get("codes"), str(record.get("standard") or "")
    reported = found if isinstance(found, list) else []
    if not reported and not standard:
        return
    codes.reported = True
    codes.present = frozenset(reported)
    for code in reported:
        seen = codes.codes.get(code)
        if seen is not None:
            seen.first_ms, seen.last_ms = min(seen.first_ms, time_ms), max(seen.last_ms, time_ms)
            seen.standard = standard or seen.standard
        elif len(codes.codes) < _MOST_CODES:
            codes.codes[code] = SeenCode(code, standard, time_ms, time_ms)
