"""All devices: the latest status of each, merged, with its series and staleness."""

import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.fields.plot import SERIES, SeriesLayout
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.activity import OVERDUE_FACTOR, Activity, staleness_of
from tftmonitor.model.fleet.cadence import PARKED_MS
from tftmonitor.model.fleet.changes import Changes
from tftmonitor.model.fleet.clock_offset import restore_clock
from tftmonitor.model.fleet.device import HELD_SNAPSHOT, Device
from tftmonitor.model.fleet.field_ages import (
    FIX_FIELDS,
    LEAST_LIMIT_MS,
    doubted,
    fix_lost_ms,
    is_fix_old,
)
from tftmonitor.model.fleet.flag_cache import FlagCache, FlagState
from tftmonitor.model.fleet.identity import Identified
from tftmonitor.model.fleet.measured import EVERYTHING, measured_in, restore_measured
from tftmonitor.model.fleet.merging import StatusMerger
from tftmonitor.model.fleet.motion import MotionState, resolve
from tftmonitor.model.fleet.records import ReceivedRecords, Records
from tftmonitor.model.fleet.row_columns import RowColumns
from tftmonitor.model.fleet.sampling import SampleReader
from tftmonitor.model.fleet.series import SampleRing
from tftmonitor.model.fleet.times import HELD, LATE, LIVE, in_doubt_ms, place_snapshot

# As a name of the module, because every snapshot asks for it.
_MOVING = Activity.MOVING


class AppliedSnapshot(msgspec.Struct, frozen=True, gc=False):
    """What became of one snapshot.

    ``live`` when it replaced the live values, ``late`` when it is older than they are; neither
    when its clock is not set and theirs was. ``device_ms`` is its believed time, None without
    one; ``raw_ms`` its date as it came, where that is another time or ``doubtful``.
    ``silence`` is a stretch (from, to) in ms before it in which the device was overdue.
    """

    device: Device
    live: bool
    late: bool
    device_ms: int | None
    silence: tuple[int, int] | None = None
    doubtful: bool = False
    raw_ms: int | None = None


class Fleet:
    """The devices in order of their first report; a device keeps its row for good.

    ``data_ms``, ``intervals_ms`` and so on are columns over the rows, so that ages and states of
    the whole list come from a few numpy operations.
    """

    def __init__(self, layout: SeriesLayout = SERIES) -> None:
        self.devices: list[Device] = []
        self.changes = Changes()
        self.names: Mapping[str, str] = {}
        # For devices that the user gave no name to.
        self.default_names: Mapping[str, str] = {}
        # What a former run learned, by device key, for devices that have yet to report.
        self.cadences: Mapping[str, Mapping[str, Iterable[int]]] = {}
        # Rows that have had events of other kinds than snapshots.
        self.rows_with_records: set[int] = set()
        self._rows: dict[str, int] = {}
        self._layout = layout
        self._samples = SampleReader(layout)
        self._of_fix = [n for n, field in enumerate(layout.channels) if field.name in FIX_FIELDS]
        self._flags = FlagCache(layout, self._samples)
        self._merger = StatusMerger()
        self._columns = RowColumns()
        self._data_ms = self._columns.add(np.int64)
        self._intervals_ms = self._columns.add(np.int64)
        self._activities = self._columns.add(np.int8)
        self._ignitions = self._columns.add(np.bool_)
        self._identities = self._columns.add(np.int32)

    def __len__(self) -> int:
        return len(self.devices)

    def __iter__(self) -> Iterator[Device]:
        return iter(self.devices)

    @property
    def data_ms(self) -> npt.NDArray[np.int64]:
        """The time each device's live values are from, ms since 1970; 0 before any.

        Where that is doubtful it is when they came in: the device is not silent.
        """
        return self._data_ms.rows

    @property
    def intervals_ms(self) -> npt.NDArray[np.int64]:
        """Each device's usual reporting interval in its present state."""
        return self._intervals_ms.rows

    @property
    def activities(self) -> npt.NDArray[np.int8]:
        """``Activity`` codes by row."""
        return self._activities.rows

    @property
    def ignitions(self) -> npt.NDArray[np.bool_]:
        """Whether the ignition is known to be on, by row."""
        return self._ignitions.rows

    @property
    def identities(self) -> npt.NDArray[np.int32]:
        """How often the ids, model or name of each device have changed, by row."""
        return self._identities.rows

    def staleness(self, now_ms: int) -> npt.NDArray[Any]:
        """``Staleness`` codes by row."""
        return staleness_of(now_ms - self.data_ms, self.intervals_ms)

    def find(self, key: str | None) -> Device | None:
        """The device that any of its ids names."""
        row = self._rows.get(key) if key else None
        return self.devices[row] if row is not None else None

    def apply(
        self, data: Identified, status: DeviceStatus, frame: bytes, received_ms: int
    ) -> AppliedSnapshot:
        """Take in one snapshot of the device that ``data`` names.

        A frame older than the live status joins the series only; one that has no time, after
        live ones that have, is kept as a raw frame.
        """
        # Every message of the feed comes this way, so what nearly all frames have in common with
        # the one before (flags, fields left out) is looked up and not worked out again.
        device = self._device(data)
        if device.measured != EVERYTHING:
            device.measured = measured_in(status, device.measured)
        status.measured = device.measured
        placement, device_ms, data_ms, doubtful = place_snapshot(device, status, received_ms)
        live, late = placement is LIVE, placement is LATE
        silence = None
        fix_ms = status.location_date
        is_suspect = isinstance(fix_ms, int) and data_ms - fix_ms > LEAST_LIMIT_MS
        if placement is HELD:
            device.unset_clock_count += 1
            device.record_frames = {**device.record_frames, HELD_SNAPSHOT: frame}
        else:
            # The series holds what this frame itself carried, not what it left unchanged.
            flags = self._flags.read(status)
            values = self._samples.values(status)
            if not flags.candidates.by_gnss or (is_suspect and is_fix_old(device, status, data_ms)):
                for channel in self._of_fix:
                    values[channel] = math.nan
            device.series.add(data_ms / SECOND_MS, values, flags.on, flags.known)
        device.received_ms = received_ms
        if live:
            device.live_received_ms = received_ms
            device.is_doubtful = doubtful
            last_ms, usual_ms = device.data_ms, device.interval_ms
            self._make_live(device, status, flags, frame, device_ms, data_ms, is_suspect)
            # What has just parked was no longer to report as often as it did while it drove.
            usual_ms = max(usual_ms, device.interval_ms)
            if last_ms is not None and data_ms - last_ms > OVERDUE_FACTOR * usual_ms:
                silence = (last_ms + usual_ms, data_ms)
        elif late:
            device.late_count += 1
            if device.data_ms is not None and not device.is_doubtful:
                # What was doubtful until now may be known by it.
                self._data_ms.rows[device.row] = device.data_ms
        self.changes.touch(device.row)
        if device_ms == status.date and not doubtful:
            return AppliedSnapshot(device, live, late, device_ms, silence)
        if live and doubtful:
            # Nobody knows how old it is, but the device was heard of.
            self._data_ms.rows[device.row] += in_doubt_ms(device)
        believed_ms, raw_ms = None if doubtful else device_ms, _raw_ms(status)
        return AppliedSnapshot(device, live, late, believed_ms, silence, doubtful, raw_ms)

    def keep_records(self, event: Records, frame: bytes, received_ms: int) -> Device:
        """Keep the newest event of a kind other than snapshots with its device.

        One that is dated before the one that is kept was stored on the way, and shows nothing.
        """
        device = self._device(event.identity)
        kept, new = device.records.get(event.kind), ReceivedRecords(event, received_ms)
        if kept is not None and new.is_before(kept, device.clock):
            return device
        # Most devices have none, and share the empty tables.
        device.records = {**device.records, event.kind: new}
        device.record_frames = {**device.record_frames, event.kind: frame}
        self.rows_with_records.add(device.row)
        self.changes.touch(device.row)
        return device

    def set_names(self, names: Mapping[str, str]) -> None:
        """Local names by any id of a device; the feed carries none."""
        self.names = names
        for device in self.devices:
            self._name(device)
            self.changes.touch(device.row)

    def _make_live(
        self,
        device: Device,
        status: DeviceStatus,
        flags: FlagState,
        frame: bytes,
        device_ms: int | None,
        data_ms: int,
        is_suspect: bool,
    ) -> None:
        merged, last_ms = self._merger.merge(device, status), device.data_ms
        # A frame that inherits nothing is the live status itself; its flags were read already.
        if merged is not status:
            flags = self._flags.read(merged)
        device.status = merged
        device.snapshots += 1
        device.frame = frame
        device.data_ms = data_ms
        motion, before, cadence = resolve(flags.candidates, merged), device.motion, device.cadence
        if motion.activity is _MOVING and (is_suspect or "speed" in device.inherited):
            motion = doubted(motion, flags.candidates, device, status, data_ms)
        # Equal states are one object, so that a look at the columns is spared for most frames.
        if motion is not before:
            device.fix_lost_ms = fix_lost_ms(device, flags.candidates, last_ms)
            self._set_motion(device, motion)
        if device_ms is not None:
            # An interval over which the pace changed belongs to neither of the two.
            if device.device_ms is not None and before.pace == motion.pace:
                cadence.learn(motion.pace, data_ms - device.device_ms)
            # At most the time received: one clock ahead must not make all that follows late.
            device.device_ms = data_ms
        row, interval_ms = device.row, cadence.usual_ms(motion.pace)
        self._data_ms.rows[row] = data_ms
        if interval_ms != device.interval_ms:
            device.interval_ms = interval_ms
            self._intervals_ms.rows[row] = interval_ms

    def _set_motion(self, device: Device, motion: MotionState) -> None:
        device.motion = motion
        self._activities.rows[device.row] = motion.activity
        self._ignitions.rows[device.row] = motion.ignition

    def _device(self, data: Identified) -> Device:
        ident = data.imei or data.device_key or data.id
        key = ident if isinstance(ident, str) else str(ident)
        row = self._rows.get(key)
        device = self.devices[row] if row is not None else self._add(key)
        if device.is_identified and data.model == device.model:
            return device
        if data.model and data.model != device.model:
            # A fleet has few models.
            device.model = sys.intern(str(data.model))
            self._identities.rows[device.row] += 1
        if (
            (data.imei and device.imei is None)
            or (data.device_key and device.device_key is None)
            or (data.id and device.id is None)
        ):
            self._add_ids(device, data)
        return device

    def _add(self, key: str) -> Device:
        row = len(self.devices)
        self._columns.grow(row + 1)
        device = Device(row, key, SampleRing(len(self._layout.channels)))
        self.devices.append(device)
        self._rows[key] = row
        self._intervals_ms.rows[row] = PARKED_MS
        device.cadence.restore(self.cadences.get(key, {}))
        device.measured = restore_measured(self.cadences.get(key, {}))
        device.clock = restore_clock(self.cadences.get(key, {}))
        self._name(device)
        self.changes.add(row)
        return device

    def _add_ids(self, device: Device, data: Identified) -> None:
        for name in ("imei", "device_key", "id"):
            ident = getattr(data, name)
            if ident and getattr(device, name) is None:
                setattr(device, name, str(ident))
                # The first device to bear an id keeps it; keys are never taken over.
                self._rows.setdefault(str(ident), device.row)
        device.is_identified = None not in (device.imei, device.device_key, device.id)
        self._name(device)

    def _name(self, device: Device) -> None:
        idents = (device.key, device.imei, device.device_key, device.id)
        tables = (self.names, self.default_names)
        found = (table[i] for table in tables for i in idents if i and i in table)
        device.name = next(found, None)
        self._identities.rows[device.row] += 1


def _raw_ms(status: DeviceStatus) -> int | None:
    """The date as it came."""
    return status.date if isinstance(status.date, int) else None
