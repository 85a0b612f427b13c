"""Two rows that turned out to be one device: what was known under one goes over to the other."""

from collections.abc import Iterable, Mapping
from copy import copy

from msgspec import UNSET

from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.cadence import Cadence
from tftmonitor.model.fleet.device import NOTHING_INHERITED, Device

# What is of the newest live frame, whichever of the two had it.
_OF_NEWEST = (
    "absent",
    "asked_ms",
    "data_ms",
    "device_ms",
    "fix_lost_ms",
    "frame",
    "interval_ms",
    "is_doubtful",
    "live_received_ms",
    "motion",
    "problems",
    "restored_ms",
    "stored_received_ms",
    "undated_run",
    "undated_server_ms",
    "undated_since_ms",
)


def join_devices(gone: Device, device: Device) -> None:
    """Put all that is known of ``gone`` into ``device``; their ids were joined already."""
    newer, older = (gone, device) if _is_newer(gone, device) else (device, gone)
    status, inherited = _merged_status(newer, older)
    clock = newer.clock or older.clock
    cadence = _merged_cadence(newer.cadence, older.cadence)
    _join_records(gone, device)
    for name in _OF_NEWEST:
        setattr(device, name, getattr(newer, name))
    device.status, device.inherited = status, inherited
    device.clock, device.cadence = clock, cadence
    device.model = newer.model or older.model
    device.received_ms = max(gone.received_ms, device.received_ms)
    device.snapshots += gone.snapshots
    device.late_count += gone.late_count
    device.unset_clock_count += gone.unset_clock_count
    device.measured |= gone.measured
    device.unproven = ()
    device.series.merge(gone.series)


def forget_vague(device: Device) -> None:
    """Take away what frames by one id alone have left: another unit answers to it as well."""
    until_ms, status = device.vague_until_ms, device.status
    device.vague_until_ms = None
    if until_ms is None or status is None:
        return
    left = {name: ms for name, ms in device.inherited.items() if ms > until_ms}
    device.status = copy(status)
    for name in device.inherited.keys() - left.keys():
        setattr(device.status, name, UNSET)
    device.inherited = left or NOTHING_INHERITED


def _is_newer(one: Device, other: Device) -> bool:
    if one.data_ms is None or other.data_ms is None:
        return one.data_ms is not None
    return one.data_ms > other.data_ms


def _merged_status(newer: Device, older: Device) -> tuple[DeviceStatus | None, Mapping[str, int]]:
    """The status of the newer with what only the older carried, and since when that is so."""
    status, old, old_ms = newer.status, older.status, older.data_ms
    if status is None or old is None or old_ms is None or newer.absent is None:
        return status, newer.inherited
    found = {
        name: older.inherited.get(name, old_ms)
        for name in _unset(newer.absent.names, status)
        if getattr(old, name) is not UNSET
    }
    if not found:
        return status, newer.inherited
    merged = copy(status)
    for name in found:
        setattr(merged, name, getattr(old, name))
    return merged, {**newer.inherited, **found}


def _unset(names: Iterable[str], status: DeviceStatus) -> list[str]:
    return [name for name in names if getattr(status, name) is UNSET]


def _merged_cadence(newer: Cadence, older: Cadence) -> Cadence:
    """That of the newer, and of the older what it did alone."""
    known = newer.export()
    newer.restore({pace: past for pace, past in older.export().items() if pace not in known})
    return newer


def _join_records(gone: Device, device: Device) -> None:
    """The newer event of each kind, with its frame."""
    for kind, received in gone.records.items():
        kept = device.records.get(kind)
        if kept is not None and received.received_ms < kept.received_ms:
            continue
        if kept is not None and received.is_before(kept, device.clock or gone.clock):
            continue
        device.records = {**device.records, kind: received}
        device.record_frames = {**device.record_frames, kind: gone.record_frames[kind]}
    device.record_frames = {**gone.record_frames, **device.record_frames}
