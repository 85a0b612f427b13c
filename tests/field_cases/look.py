"""What a client has made of a case at one moment: alarms, devices, journal, lines of watch."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from tftmonitor.history.journal import Journal
from tftmonitor.history.rows import JournalEntry, alarm_of
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.field import Value
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.activity import Activity, Staleness
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.records import Record
from tftmonitor.monitor.watch_format import Line


@dataclass(frozen=True, slots=True)
class DeviceLook:
    """One device; ``values`` are the canonical ones by the names of the fields.

    ``records`` are those of the last event of each kind. ``samples`` is how many its series holds.
    """

    key: str
    name: str
    ids: tuple[str | None, ...]
    values: Mapping[str, Value]
    problems: tuple[str, ...]
    activity: Activity
    staleness: Staleness
    age_s: float | None
    records: Mapping[str, list[Record]]
    samples: int

    @property
    def is_fresh(self) -> bool:
        """True when its values are of the last minute."""
        return self.age_s is not None and self.age_s < 60 and self.staleness <= Staleness.DUE


@dataclass(frozen=True, slots=True)
class Look:
    """``alarms`` are all that the journal has, closed ones too, oldest first.

    ``rings`` has for each alarm how often sound was asked for, and each time whether softly.
    """

    at_ms: int
    alarms: tuple[Alarm, ...]
    rings: Mapping[int, tuple[bool, ...]]
    entries: tuple[JournalEntry, ...]
    devices: Mapping[str, DeviceLook]
    watch: tuple[Line, ...]

    def of(self, key: str, device: str | None = None) -> list[Alarm]:
        """The alarms of a kind, of one device where one is named."""
        return [a for a in self.alarms if a.key == key and device in (None, a.device)]

    def only(self, key: str) -> Alarm:
        """The one alarm of a kind."""
        (alarm,) = self.of(key)
        return alarm

    @property
    def device(self) -> DeviceLook:
        """The one device that there is."""
        (device,) = self.devices.values()
        return device

    @property
    def loud(self) -> int:
        """How often full sound was asked for."""
        return sum(not soft for rings in self.rings.values() for soft in rings)

    @property
    def rung(self) -> int:
        """How often sound was asked for, softly or not."""
        return sum(map(len, self.rings.values()))

    def is_loud(self, alarm: Alarm) -> bool:
        """True when an alarm was critical and asked for full sound."""
        return alarm.severity is Severity.CRITICAL and False in self.rings.get(alarm.id, ())

    def says(self, *words: str) -> bool:
        """True when a line of watch, a device's problem or an alarm has all of these words."""
        texts = [json.dumps(line, ensure_ascii=False, default=str) for line in self.watch]
        texts += [text for device in self.devices.values() for text in device.problems]
        texts += [f"{alarm.name} {alarm.text}" for alarm in self.alarms]
        return any(all(word.lower() in text.lower() for word in words) for text in texts)


def look_at_device(fleet: Fleet, device: Device, now_ms: int) -> DeviceLook:
    """One device as it is now."""
    status, row = device.status, device.row
    values: dict[str, Value] = {}
    problems = list(device.problems)
    for each in STATUS_FIELDS if status is not None else ():
        examined = each.examine(status, now_ms)
        values[each.name] = examined.value
        if examined.problem:
            problems.append(examined.problem)
    return DeviceLook(
        device.key,
        device.label,
        (device.imei, device.device_key, device.id),
        values,
        tuple(problems),
        Activity(int(fleet.activities[row])),
        Staleness(int(fleet.staleness(now_ms)[row])),
        None if device.data_ms is None else (now_ms - device.data_ms) / 1_000,
        {kind: list(received.event.records) for kind, received in device.records.items()},
        len(device.series),
    )


def read_alarms(journal: Journal) -> tuple[tuple[Alarm, ...], tuple[JournalEntry, ...]]:
    """All alarms, oldest first, and the newest rows of the journal; on the journal's thread."""
    bodies = journal.database.execute("SELECT body FROM alarms ORDER BY id").fetchall()
    alarms = [alarm_of(body) for (body,) in bodies]
    return tuple(a for a in alarms if a is not None), tuple(journal.read(1_000))
