"""The rows of the fleet: which device a frame is of, and what it is called."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from tftmonitor.base.listeners import Listeners
from tftmonitor.base.redaction import redacted_value
from tftmonitor.model.fleet.cadence import PARKED_MS, Cadence
from tftmonitor.model.fleet.changes import Changes
from tftmonitor.model.fleet.clock_offset import restore_clock
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.identity import Ident, Identified
from tftmonitor.model.fleet.measured import restore_measured
from tftmonitor.model.fleet.motion import NOTHING, MotionState
from tftmonitor.model.fleet.row_columns import FleetColumns
from tftmonitor.model.fleet.series import CAPACITY, SampleRing
from tftmonitor.model.fleet.times import in_doubt_ms
from tftmonitor.model.fleet.who.conflicts import Conflict, Conflicts
from tftmonitor.model.fleet.who.joining import forget_vague, join_devices
from tftmonitor.model.fleet.who.roster import Roster
from tftmonitor.model.fleet.who.unit import NO_IDS, Ids, Unit, ids_of

NAMELESS: Final = "no id"
_SAID_KEPT: Final = 50_000
MOST_DEVICES: Final = 200_000
"""No account has as many; a server that makes up names must not fill the memory."""

# Said by no frame, so that those of this device are looked at.
_NEVER: Final = object()


class FleetFullError(Exception):
    """A frame is of a device beyond the budget; ``stray`` stands for it and is in no row."""

    def __init__(self, stray: Device) -> None:
        super().__init__(f"more than {MOST_DEVICES:,} devices")
        self.stray = stray


class DeviceRows(FleetColumns):
    """The devices in order of their first report; a device keeps its row for good.

    ``devices`` has all rows by number, also the hidden ones of those that were joined into
    others; the length and whoever goes over the fleet itself leave these out. ``joined`` is
    called with what is gone and with what it turned out to be.

    Of ``most_devices`` and more only those get a row that have a name or that somebody knows of;
    ``beyond_count`` is how many others reported.
    """

    def __init__(
        self, channels: int, most_devices: int = MOST_DEVICES, samples: int = CAPACITY
    ) -> None:
        super().__init__()
        self._samples_kept = samples
        self._most_devices = most_devices
        self._beyond: set[int] = set()
        self.devices: list[Device] = []
        self.changes = Changes()
        self.names: Mapping[str, str] = {}
        self._account_names: Mapping[str, str] = {}
        self._default_names: Mapping[str, str] = {}
        # What a former run learned, by device key, for devices that have yet to report.
        self.cadences: Mapping[str, Mapping[str, Iterable[int]]] = {}
        # Rows that have had events of other kinds than snapshots.
        self.rows_with_records: set[int] = set()
        self.joined: Listeners[[Unit, Unit]] = Listeners()
        self._roster = Roster(self._add, self._join, self._note_ids)
        self.conflicts = Conflicts(self._roster)
        self.conflicts.changed.add(self._note_conflict)
        # By what nearly all frames are found, as it comes: the strongest id that they carry.
        self._latest: dict[Ident, Device] = {}
        # And of those that name themselves now in one way and now in another, the other ways.
        self._said: dict[tuple[Ident, ...], Device] = {}
        self._channels = channels
        self._extra: tuple[str, ...] = ()
        self._hidden_count = 0

    @property
    def beyond_count(self) -> int:
        """How many devices reported without room for them, up to the number of those shown."""
        return len(self._beyond)

    def __len__(self) -> int:
        return len(self.devices) - self._hidden_count

    def __iter__(self) -> Iterator[Device]:
        return (device for device in self.devices if not device.is_hidden)

    def find(self, key: str | None) -> Device | None:
        """The device that any of its ids names."""
        unit = self._roster.find(key) if key else None
        return unit if isinstance(unit, Device) else None

    def mention(self, data: Identified, now_ms: int) -> Unit | None:
        """Who a message speaks of, None when it names nobody; its ids are learned.

        A device, or what has not reported yet: that has no row, but what is filed under its key
        goes over to its device when it does.
        """
        ids = ids_of(data)
        if ids.best is None:
            return None
        unit = self._roster.mention(ids, now_ms)
        self._judge(unit, ids, now_ms)
        return unit

    def expect(self, key: str, ids: Ids = NO_IDS, former: tuple[str, ...] = ()) -> Unit:
        """Who it is that something of a former run is filed under, reported yet or not."""
        return self._roster.expect(key, ids, former)

    def export_identities(self) -> dict[str, list[str | None]]:
        """By key the ids and former keys of units that a later run would file under another key."""
        return {unit.key: [*unit.ids, *unit.former] for unit in self._roster.odd()}

    def restore_identities(self, exported: Mapping[str, Sequence[str | None]]) -> None:
        """Take back what ``export_identities`` gave; before any frame."""
        for key, (imei, device_key, number, *former) in exported.items():
            self.expect(key, Ids(imei, device_key, number), tuple(filter(None, former)))

    def set_names(self, names: Mapping[str, str]) -> None:
        """Local names by any id of a device; the feed carries none."""
        before, self.names = self.names, names
        self._name_again(_changed(before, names))

    def set_account_names(self, names: Mapping[str, str]) -> None:
        """The names that the server was asked for; the user's own go before them."""
        before, self._account_names = self._account_names, names
        self._name_again(_changed(before, names))

    def set_default_names(self, names: Mapping[str, str]) -> None:
        """Names for devices that the user gave none to."""
        before, self._default_names = self._default_names, names
        self._name_again(_changed(before, names))

    def _name_again(self, idents: Iterable[str]) -> None:
        for unit in {unit for ident in idents for unit in self._roster.find_all(ident)}:
            if isinstance(unit, Device):
                self._name(unit)
                self.changes.touch(unit.row)

    def _set_motion(self, device: Device, motion: MotionState) -> None:
        device.motion = motion
        self._activities.rows[device.row] = motion.activity
        self._ignitions.rows[device.row] = motion.ignition

    def _device(self, data: Identified, received_ms: int) -> Device:
        device = self._latest.get(data.imei or data.device_key or data.id)
        if (
            device is not None
            and data.device_key == device.said_key
            and data.id == device.said_id
            and data.model == device.said_model
        ):
            return device
        return self._identify(data, received_ms)

    def _identify(self, data: Identified, received_ms: int) -> Device:
        """The device of a frame that names itself otherwise than its first one did."""
        said = (data.imei, data.device_key, data.id, data.model)
        device = self._said.get(said)
        if device is not None and device.said_model is not _NEVER:
            return device
        ids, strongest = ids_of(data), data.imei or data.device_key or data.id
        device = self._latest.get(strongest)
        if device is None or device.said_model is _NEVER or not ids.are_among(device.ids):
            device = self._report(ids, received_ms)
            if not (device.is_unclear or self._roster.is_contested(device)):
                self._note_said(device, data)
                if str(strongest) in device.ids:  # of the ways to write an id this one is kept
                    self._latest[strongest] = device
        elif len(self._said) < _SAID_KEPT:
            self._said[said] = device
        if data.model and data.model != device.model:
            # A fleet has few models.
            device.model = sys.intern(redacted_value(str(data.model)))
            self._identities.rows[device.row] += 1
            self._said.clear()
            if device.said_model is not _NEVER:
                self._note_said(device, data)
        return device

    def _note_said(self, device: Device, data: Identified) -> None:
        device.said_key, device.said_id, device.said_model = data.device_key, data.id, data.model

    def _report(self, ids: Ids, received_ms: int) -> Device:
        if len(self.devices) >= self._most_devices and not self._has_room(ids, received_ms):
            raise FleetFullError(self._stray(ids))
        device = self._roster.report(Ids(NAMELESS) if ids == NO_IDS else ids, received_ms)
        assert isinstance(device, Device)
        self._judge(device, ids, received_ms)
        return device

    def _has_room(self, ids: Ids, now_ms: int) -> bool:
        """Whoever is known already, has a name or an alarm is never left out by what is made up."""
        units = self._roster.match(ids, now_ms).units
        if any(unit.has_row for unit in units) or any(ident in self.names for ident in ids):
            return True
        return bool(units) and len(self.devices) < 2 * self._most_devices

    def _stray(self, ids: Ids) -> Device:
        """What an alarm has to know of a device that gets no row."""
        stray = Device(-1, str(ids.best or NAMELESS), SampleRing(self._channels, 1, self._extra))
        stray.imei, stray.device_key, stray.id = ids
        if len(self._beyond) < self._most_devices:
            self._beyond.add(hash(stray.key))
        return stray

    def _judge(self, unit: Unit, ids: Ids, now_ms: int) -> None:
        """Whether others answer to what this unit is called."""
        if unit.is_unclear:
            self.conflicts.tick(now_ms)
            conflict = self.conflicts.about(ids)
            told = conflict.title if conflict else "several units answer to this name"
            unit.trouble = f"{told}, and it is not known which of them sent this"
        elif self._roster.is_contested(unit):
            # Each of their frames is to come here from now on.
            for rival in self._roster.rivals(unit):
                if isinstance(rival, Device):
                    rival.said_model = _NEVER
            self.conflicts.review(unit, now_ms)

    def _add(self, key: str) -> Device:
        row = len(self.devices)
        self._columns.grow(row + 1)
        device = Device(row, key, SampleRing(self._channels, self._samples_kept, self._extra))
        self.devices.append(device)
        self._intervals_ms.rows[row] = PARKED_MS
        self.changes.add(row)
        return device

    def _note_ids(self, unit: Unit, before: Ids) -> None:
        """Names and what a former run learned may be known by an id that is new."""
        self._said.clear()
        if not isinstance(unit, Device):
            return
        if before.count(None) == len(before) - 1:
            # Whatever came by one id alone may have been of another unit that has it, too.
            unit.vague_until_ms = unit.data_ms
        if self.cadences and not unit.snapshots:
            names = (name for name in unit.names if name in self.cadences)
            kept = next((self.cadences[name] for name in names), {})
            unit.cadence = Cadence()
            unit.cadence.restore(kept)
            unit.measured |= restore_measured(kept)
            unit.clock = unit.clock or restore_clock(kept)
        self._name(unit)

    def _join(self, gone: Unit, unit: Unit) -> None:
        if isinstance(gone, Device) and isinstance(unit, Device):
            gone.said_model = _NEVER
            # One of them may not have reported since a plot was added.
            unit.series.set_extra(self._extra)
            join_devices(gone, unit)
            self._show_joined(gone, unit)
        self._note_ids(unit, unit.ids)
        self.conflicts.tick(unit.heard_ms)
        self.joined(gone, unit)

    def _note_conflict(self, conflict: Conflict, stands: bool, _now_ms: int) -> None:
        """What is left of a time when nothing told the units apart is taken for none of theirs."""
        for unit in conflict.units if stands else ():
            if isinstance(unit, Device):
                forget_vague(unit)

    def _show_joined(self, gone: Device, device: Device) -> None:
        """The row of the one stays as a hidden one: who knows rows by number must not err."""
        gone.is_hidden = self._hidden.rows[gone.row] = True
        self._hidden_count += 1
        gone.data_ms, self._data_ms.rows[gone.row] = None, 0
        self._data_ms.rows[device.row] = (device.data_ms or 0) + in_doubt_ms(device)
        self._set_motion(gone, NOTHING)
        self._set_motion(device, device.motion)
        device.interval_ms = device.cadence.usual_ms(device.motion.pace)
        self._intervals_ms.rows[device.row] = device.interval_ms
        if device.records:
            self.rows_with_records.add(device.row)
        self.rows_with_records.discard(gone.row)
        self.changes.touch(gone.row)
        self.changes.touch(device.row)

    def _name(self, device: Device) -> None:
        idents = device.names
        tables = (self.names, self._account_names, self._default_names)
        device.name = next((table[i] for table in tables for i in idents if i in table), None)
        self._identities.rows[device.row] += 1


def _changed(before: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    """The ids that have another name now, or none."""
    # One of 100,000 is renamed: their names are compared, their devices are not looked up.
    changed = [ident for ident, name in names.items() if before.get(ident) != name]
    return changed + [ident for ident in before if ident not in names]
