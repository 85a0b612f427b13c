"""What becomes of alarms when something happens: the only place that changes one.

Rules of life: severity latches to the highest until acknowledged; repeats count up; the same
event reported on both channels is one alarm with two sources; what is over and acknowledged is
closed; an alarm that needs nobody is closed at once.

The way of a report: ``correlation`` finds the alarm that it is about, ``classification`` says
what it is to that alarm, ``occurrence`` acts on the class.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from tftmonitor.base.clock import LONGEST_STORED_MS
from tftmonitor.model.alarms import commands, correlation, events, joined, occurrence
from tftmonitor.model.alarms.alarm import FEED, Alarm
from tftmonitor.model.alarms.classification import (
    Classification,
    ReportClass,
    classify,
    classify_end,
)
from tftmonitor.model.alarms.codes import BY_KEY
from tftmonitor.model.alarms.correlation import has_same_time
from tftmonitor.model.alarms.device_flood import folded, is_folded
from tftmonitor.model.alarms.events import AlarmChange, Cleared, Event, Raised, Returned
from tftmonitor.model.alarms.known_reports import KnownReports
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.alarms.recently_closed import ClosedAlarms

# Each takes an alarm and an event of its own type, which a mapping cannot express.
_Command = Callable[[Alarm, Any], Alarm | None]

_COMMANDS: Final[Mapping[type[events.AlarmCommand], _Command]] = {
    events.Acknowledged: commands.acknowledge,
    events.Silenced: commands.silence,
    events.Shelved: commands.shelve,
    events.Unshelved: commands.unshelve,
    events.Noted: commands.add_note,
    events.Closed: commands.close,
}


class AlarmReducer:
    """Turns events into changes of alarms. ``alarms`` is its own, ahead of what is on disk.

    ``reports`` are those that came in before, in this run or a former one.
    """

    def __init__(self, next_id: int = 1) -> None:
        self.alarms = OpenAlarms()
        self.next_id = next_id
        self.out_of_service: dict[str, int] = {}
        # Open alarms by device and key: most reports are of one under the same name.
        self._by_key: dict[tuple[str | None, str], int] = {}
        self._closed = ClosedAlarms()
        self.reports = KnownReports()
        self._handlers: dict[type, Callable[[Any], list[AlarmChange]]] = {
            events.Raised: self._raised,
            events.Returned: self._returned,
            events.Cleared: self._cleared,
            events.OutOfService: self._out_of_service,
            events.Joined: self._joined,
            events.Expired: self._expired,
            events.DrillConfirmed: self._drill_confirmed,
            events.TimeKnown: self._time_known,
            events.Restored: _no_change,
            events.StepFailed: _no_change,
            events.Blind: _no_change,
        }
        for kind, command in _COMMANDS.items():
            self._handlers[kind] = partial(self._command, command)

    def restore(
        self, alarms: Iterable[Alarm], next_id: int, out_of_service: Mapping[str, int]
    ) -> None:
        """Continue with what a former run left open or just closed; before anything is reduced."""
        self.next_id = next_id
        self.out_of_service.update(out_of_service)
        for alarm in alarms:
            self._keep(alarm)

    def reduce(self, event: Event) -> list[AlarmChange]:
        """What the event makes of which alarms; they are in ``alarms`` when this returns."""
        return self._handlers[type(event)](event)

    def has_expired(self, now_ms: int) -> bool:
        """True when an ``Expired`` of this time would change something."""
        return any(until <= now_ms for until in self.out_of_service.values()) or any(
            alarm.shelved_until_ms is not None and alarm.shelved_until_ms <= now_ms
            for alarm in self.alarms.shelved()
        )

    def _raised(self, report: Raised) -> list[AlarmChange]:
        changes = self._end_opposite(report)
        is_same_report = self.reports.knows(report)
        is_known_report = is_same_report or self.reports.knows_meaning(report)
        found = classify(self._correlate(report), report, is_known_report=is_known_report)
        if not is_same_report:
            self.reports.add(report, first_hand=_is_first_hand(found, report))
        if found.report_class is ReportClass.NEW and is_folded(
            report, self.alarms.count_of(report.device)
        ):
            report = folded(report)
            found = classify(self._find(report), report, is_known_report=False)
        if found.report_class is ReportClass.NEW:
            return [*changes, self._begin(report)]
        if found.alarm is None:
            return changes
        if found.report_class is ReportClass.AGAIN:
            superseded = self._put(found.alarm, occurrence.supersede(found.alarm, report))
            return [*changes, superseded, self._begin(report)]
        changes += self._close_resolved(found.alarm, report)
        change = occurrence.update(found.alarm, report, found)
        return changes if change is None else [*changes, self._put(found.alarm, change)]

    def _end_opposite(self, report: Raised) -> list[AlarmChange]:
        """End the alarm that this kind is the end of, as "Ignition off" is of "Ignition on"."""
        kind = BY_KEY.get(report.key)
        if kind is None or not kind.ends:
            return []
        end = Returned(
            report.at_ms, report.device, kind.ends, _ended_ms(report), report.name, report.source
        )
        return self._returned(end)

    def _correlate(self, report: Raised) -> Alarm | None:
        """The known alarm that a report is about: by name, else by likeness, else a closed one."""
        same = self._find(report)
        if same is not None:
            return same
        # Rules and drills have one name for each alarm; in a flood of them this is what counts.
        if report.source not in FEED:
            return correlation.find_closed(self._closed.notices.of(report.device), report)
        found = correlation.find_open(self.alarms.by_device(report.device), report)
        return found or correlation.find_closed(self._closed.of(report.device), report)

    def _find(self, report: Raised | Returned) -> Alarm | None:
        """The open alarm of this device and name."""
        number = self._by_key.get((report.device, report.key))
        return None if number is None else self.alarms.get(number)

    def _begin(self, report: Raised) -> AlarmChange:
        # A device may be in the list of those out of service for up to a second too long.
        until_ms = self.out_of_service.get(report.device or "", 0)
        alarm = occurrence.begin(
            self.next_id, report, until_ms if until_ms > report.at_ms else None
        )
        self.next_id += 1
        change = _rung(AlarmChange(alarm, report, is_new=True, rings=alarm.needs_ack))
        self._keep(change.alarm)
        return change

    def _close_resolved(self, known: Alarm, report: Raised) -> list[AlarmChange]:
        """Close the unresolved alarms that turn out to be one which is open under its own name."""
        changes = []
        open_ones = self.alarms.by_device(report.device)
        for alarm in correlation.find_resolved(open_ones, known, report):
            same = f"same as {known.id}"
            after = replace(alarm, active=False, closed_ms=report.at_ms, note=same)
            why = Returned(report.at_ms, alarm.device, alarm.key, None, same)
            changes.append(self._put(alarm, AlarmChange(after, why)))
        return changes

    def _returned(self, report: Returned) -> list[AlarmChange]:
        alarm = self._find(report)
        return [] if alarm is None else self._end((alarm,), report)

    def _cleared(self, report: Cleared) -> list[AlarmChange]:
        return self._end(self.alarms.by_device(report.device), report)

    def _end(self, alarms: Iterable[Alarm], report: Returned | Cleared) -> list[AlarmChange]:
        changes = []
        for alarm in alarms:
            change = occurrence.end(alarm, report, classify_end(alarm, report))
            if change is not None:
                changes.append(self._put(alarm, change))
        return changes

    def _command(self, command: _Command, event: events.AlarmCommand) -> list[AlarmChange]:
        return self._each(event.ids, event, command)

    def _out_of_service(self, event: events.OutOfService) -> list[AlarmChange]:
        if event.until_ms is None:
            self.out_of_service.pop(event.device, None)
        else:
            self.out_of_service[event.device] = event.until_ms
        ids = [alarm.id for alarm in self.alarms.by_device(event.device)]
        return self._each(ids, event, commands.set_out_of_service)

    def _joined(self, event: events.Joined) -> list[AlarmChange]:
        """All that is known under the former key goes over to the device."""
        self.reports.rename(event.former, event.device)
        self._closed.rename(event.former, event.device)
        former = self.alarms.by_device(event.former)
        changes = [change for alarm in former for change in self._move(alarm, event)]
        held = (self.out_of_service.pop(event.former, 0), self.out_of_service.get(event.device, 0))
        if max(held) > event.at_ms:
            until_ms = self.out_of_service[event.device] = max(held)
            ids = [alarm.id for alarm in self.alarms.by_device(event.device)]
            service = events.OutOfService(event.at_ms, event.device, until_ms)
            changes += self._each(ids, service, commands.set_out_of_service)
        return changes

    def _move(self, alarm: Alarm, event: events.Joined) -> list[AlarmChange]:
        after = joined.moved(alarm, event)
        number = self._by_key.get((event.device, alarm.key))
        known = self.alarms.get(number) if number is not None else None
        if known is None:
            return [self._put(alarm, AlarmChange(after, event))]
        # One alarm under two names of its device: the older goes on, the other was the same.
        kept, other = (known, after) if known.id < after.id else (after, known)
        same = replace(other, active=False, closed_ms=event.at_ms, note=f"same as {kept.id}")
        closed = self._put(alarm if other is after else known, AlarmChange(same, event))
        before = known if kept is known else alarm
        return [closed, self._put(before, AlarmChange(joined.merged(kept, other), event))]

    def _expired(self, event: events.Expired) -> list[AlarmChange]:
        over = [d for d, until_ms in self.out_of_service.items() if until_ms <= event.at_ms]
        for device in over:
            del self.out_of_service[device]
        ids = [alarm.id for alarm in self.alarms.shelved()]
        return self._each(ids, event, commands.expire, may_ring=True)

    def _drill_confirmed(self, event: events.DrillConfirmed) -> list[AlarmChange]:
        ids = [alarm.id for alarm in self.alarms.all() if alarm.drill]
        return self._each(ids, event, commands.confirm_drill)

    def _time_known(self, event: events.TimeKnown) -> list[AlarmChange]:
        ids = [alarm.id for alarm in self.alarms.by_device(event.device) if alarm.doubtful]
        return self._each(ids, event, occurrence.dated)

    def _each(
        self, ids: Iterable[int], event: Any, command: _Command, *, may_ring: bool = False
    ) -> list[AlarmChange]:
        """What a command makes of these alarms; those that are closed by now are passed over."""
        changes = []
        for number in ids:
            alarm = self.alarms.get(number)
            after = None if alarm is None else command(alarm, event)
            if alarm is not None and after is not None:
                rings = may_ring and after.needs_ack
                changes.append(self._put(alarm, AlarmChange(after, event, rings=rings)))
        return changes

    def _put(self, before: Alarm, change: AlarmChange) -> AlarmChange:
        if before.is_open:  # its key may be another from now on
            self._by_key.pop((before.device, before.key), None)
        change = _rung(change)
        self._keep(change.alarm)
        return change

    def _keep(self, alarm: Alarm) -> None:
        self.alarms.put(alarm)
        if alarm.is_open:
            self._by_key[(alarm.device, alarm.key)] = alarm.id
        self._closed.put(alarm)


def _ended_ms(report: Raised) -> int | None:
    """Where nothing tells, an end is as old as its date says: it ends nothing newer."""
    if not report.doubtful or report.raw_ms is None:
        return report.device_ms
    return report.raw_ms if 0 <= report.at_ms - report.raw_ms <= LONGEST_STORED_MS else None


def _is_first_hand(found: Classification, report: Raised) -> bool:
    """True unless it joins what has another device time: that may be said of a later occurrence."""
    return found.is_further or found.alarm is None or has_same_time(found.alarm, report)


def _rung(change: AlarmChange) -> AlarmChange:
    """The change, with the sound that it asks for counted."""
    if not change.rings:
        return change
    return replace(change, alarm=replace(change.alarm, rings=change.alarm.rings + 1))


def _no_change(event: Event) -> list[AlarmChange]:
    """Events about the program go to the journal alone."""
    del event
    return []
