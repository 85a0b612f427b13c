"""All devices: the latest status of each, merged, with its series and staleness."""

import math
from collections.abc import Iterable

import msgspec

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fields.plot import SERIES, SeriesLayout
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.activity import Activity, silence_before
from tftmonitor.model.fleet.clock_set import move_times
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
from tftmonitor.model.fleet.measured import EVERYTHING, note_measured
from tftmonitor.model.fleet.merging import StatusMerger
from tftmonitor.model.fleet.motion import resolve
from tftmonitor.model.fleet.records import ReceivedRecords, Records
from tftmonitor.model.fleet.sampling import SampleReader
from tftmonitor.model.fleet.series import CAPACITY
from tftmonitor.model.fleet.times import (
    HELD,
    LATE,
    LIVE,
    in_doubt_ms,
    place_asked,
    place_restored,
    place_snapshot,
)
from tftmonitor.model.fleet.who.rows import MOST_DEVICES, DeviceRows

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


class Fleet(DeviceRows):
    """The devices, their live values and their series, of at most so many ``samples`` each.

    ``layout`` says what is sampled.
    """

    def __init__(
        self,
        layout: SeriesLayout = SERIES,
        most_devices: int = MOST_DEVICES,
        samples: int = CAPACITY,
    ) -> None:
        super().__init__(len(layout.channels), most_devices, samples)
        self._lay_out(layout)
        self._flags = FlagCache(layout, self._samples)
        self._merger = StatusMerger()

    def _lay_out(self, layout: SeriesLayout) -> None:
        self.layout, self._extra = layout, layout.extra
        self._samples = SampleReader(layout)
        self._of_fix = [n for n, field in enumerate(layout.channels) if field.name in FIX_FIELDS]

    def add_plots(self, names: Iterable[str]) -> SeriesLayout:
        """Sample these fields beside the built-in ones, and no others that were added before.

        It holds from the next sample of each device on, which is when its ring is converted.
        """
        self._lay_out(self.layout.adding(names))
        return self.layout

    def apply(
        self, data: Identified, status: DeviceStatus, frame: bytes, received_ms: int
    ) -> AppliedSnapshot:
        """Take in one snapshot of the device that ``data`` names.

        A frame older than the live status joins the series only; one that has no time, after
        live ones that have, is kept as a raw frame. Raises FleetFullError, as ``keep_records``
        does, for a device for which there is no room.
        """
        # Every message of the feed comes this way, so what nearly all frames have in common with
        # the one before (flags, fields left out) is looked up and not worked out again.
        device = self._device(data, received_ms)
        if device.measured != EVERYTHING:
            note_measured(device, status)
        status.measured = device.measured
        placement, device_ms, data_ms, doubtful = place_snapshot(device, status, received_ms)
        live, late = placement is LIVE, placement is LATE
        silence = None
        fix_ms = status.location_date
        is_suspect = fix_ms.__class__ is int and data_ms - fix_ms > LEAST_LIMIT_MS
        if placement is HELD:
            device.unset_clock_count += 1
            device.record_frames = {**device.record_frames, HELD_SNAPSHOT: frame}
        else:
            # The series holds what this frame itself carried, not what it left unchanged.
            flags = self._add_sample(device, status, data_ms, is_suspect)
        device.received_ms = received_ms
        if live:
            device.is_doubtful = doubtful
            last_ms, usual_ms = device.data_ms, device.interval_ms
            # By the cadence of that time: what it does now changes nothing of what it did then.
            if last_ms is not None and received_ms - last_ms > OVERDUE_FACTOR * usual_ms:
                heard_ms = device.live_received_ms or last_ms
                silence = silence_before(data_ms, received_ms, last_ms, heard_ms, usual_ms)
            device.live_received_ms = received_ms
            self._make_live(device, status, flags, frame, device_ms, data_ms, is_suspect)
            device.restored_ms = None
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

    def apply_asked(
        self, data: Identified, status: DeviceStatus, frame: bytes, asked_ms: int
    ) -> AppliedSnapshot | None:
        """Take in a last report that the server was asked for; None when it brings nothing new.

        It never replaces values that a push brought later, and does not count as heard of the
        device: neither its clock, nor its pace, nor a silence is judged by it. Without any report
        the device has its row all the same. Raises FleetFullError as ``apply``.
        """
        device = self._device(data, asked_ms)
        place = place_asked(device, status, asked_ms)
        if place is None:
            return None
        note_measured(device, status)
        status.measured = device.measured
        data_ms, fix_ms = place.data_ms, status.location_date
        is_suspect = isinstance(fix_ms, int) and data_ms - fix_ms > LEAST_LIMIT_MS
        flags = self._add_sample(device, status, data_ms, is_suspect)
        device_ms = data_ms if place.is_dated else None
        if place.is_live:
            device.is_doubtful = False
            device.asked_ms, device.live_received_ms = asked_ms, None
            device.restored_ms = None
            self._make_live(device, status, flags, frame, None, data_ms, is_suspect)
            device.device_ms = device_ms
        self.changes.touch(device.row)
        raw_ms = _raw_ms(status) if device_ms != status.date else None
        return AppliedSnapshot(device, place.is_live, not place.is_live, device_ms, raw_ms=raw_ms)

    def restore_last(
        self, data: Identified, status: DeviceStatus, frame: bytes, received_ms: int
    ) -> Device | None:
        """Show what was received last in a former run; the device, None where newer is known.

        It teaches nothing of clock, pace or silence, and is no sample: the history has those.
        Raises FleetFullError as ``apply``.
        """
        device = self._device(data, received_ms)
        data_ms, is_dated = place_restored(device, status, received_ms)
        if device.live_received_ms is not None or (device.data_ms or 0) > data_ms:
            return None
        note_measured(device, status)
        status.measured = device.measured
        fix_ms = status.location_date
        is_suspect = isinstance(fix_ms, int) and data_ms - fix_ms > LEAST_LIMIT_MS
        device.restored_ms, device.asked_ms = received_ms, None
        self._make_live(device, status, self._flags.read(status), frame, None, data_ms, is_suspect)
        device.device_ms = data_ms if is_dated else None
        self.changes.touch(device.row)
        return device

    def list_device(self, data: Identified, asked_ms: int) -> Device:
        """The row of a device that the account has, reported or not; raises FleetFullError."""
        return self._device(data, asked_ms)

    def is_named_by_account(self, device: Device) -> bool:
        """True when its name came from the server, and not from the user."""
        idents = device.names
        return not any(i in self.names for i in idents) and any(
            i in self._account_names for i in idents
        )

    def time_of_stray(
        self, stray: Device, status: DeviceStatus, received_ms: int
    ) -> AppliedSnapshot:
        """When a snapshot of a device without a row is from, for its alarms."""
        _, device_ms, _, doubtful = place_snapshot(stray, status, received_ms)
        believed_ms = None if doubtful else device_ms
        return AppliedSnapshot(
            stray, True, False, believed_ms, doubtful=doubtful, raw_ms=_raw_ms(status)
        )

    def keep_records(self, event: Records, frame: bytes, received_ms: int) -> Device:
        """Keep the newest event of a kind other than snapshots with its device.

        One that is dated before the one that is kept was stored on the way, and shows nothing.
        """
        device = self._device(event.identity, received_ms)
        kept, new = device.records.get(event.kind), ReceivedRecords(event, received_ms)
        if kept is not None and new.is_before(kept, device.clock):
            return device
        # Most devices have none, and share the empty tables.
        device.records = {**device.records, event.kind: new}
        device.record_frames = {**device.record_frames, event.kind: frame}
        self.rows_with_records.add(device.row)
        self.changes.touch(device.row)
        return device

    def note_clock_set(self, by_ms: int) -> None:
        """The clock of this computer says ``by_ms`` (ms) more from now on: no age changes by it."""
        for device in self:
            move_times(device, by_ms)
            if device.data_ms is not None:
                self._data_ms.rows[device.row] += by_ms
            self.changes.touch(device.row)

    def _add_sample(
        self, device: Device, status: DeviceStatus, data_ms: int, is_suspect: bool
    ) -> FlagState:
        flags = self._flags.read(status)
        values = self._samples.values(status)
        if not flags.candidates.by_gnss or (is_suspect and is_fix_old(device, status, data_ms)):
            for channel in self._of_fix:
                values[channel] = math.nan
        series = device.series
        if series.extra is not self._extra:
            series.set_extra(self._extra)
        series.add(data_ms / SECOND_MS, values, flags.on, flags.known)
        return flags

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
            # Nor does one over which this program did not run.
            known_ms = device.device_ms if device.restored_ms is None else None
            if known_ms is not None and before.pace == motion.pace:
                cadence.learn(motion.pace, data_ms - known_ms)
            # At most the time received: one clock ahead must not make all that follows late.
            device.device_ms = data_ms
        row, interval_ms = device.row, cadence.usual_ms(motion.pace)
        self._data_ms.rows[row] = data_ms
        if interval_ms != device.interval_ms:
            device.interval_ms = interval_ms
            cadence.note_change(data_ms, interval_ms)
            self._intervals_ms.rows[row] = interval_ms


def _raw_ms(status: DeviceStatus) -> int | None:
    """The date as it came."""
    return status.date if isinstance(status.date, int) else None
