"""What becomes of alarms when something happens: the only place that changes one.

Rules of life: severity latches to the highest until acknowledged; repeats count up; the same
event told on both channels is one alarm with two witnesses; what is over and acknowledged is
closed; an alarm that needs nobody is closed at once.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import ALARMS, BY_KEY, Severity
from tftmonitor.model.alarms.correlation import find_match, narrows
from tftmonitor.model.alarms.events import AlarmChange, Event, Raised
from tftmonitor.model.alarms.occurrence import begin, merge_report
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.alarms.recent_notices import RecentNotices

ENDED_BY_ANOTHER: Final = frozenset(kind.ends for kind in ALARMS if kind.ends)
"""Kinds whose end is an alarm of its own; a snapshot that is silent about them ends nothing."""

_CHANNELS: Final = frozenset({Source.SNAPSHOT, Source.MESSAGE})
# Snapshots say when they are over, rules and the link too; nobody does for these.
_TOLD_ONCE: Final = frozenset({Source.MESSAGE, Source.DRILL})

Change = Callable[[Alarm], Alarm | None]


class AlarmReducer:
    """Turns events into changes of alarms. ``book`` is its own, ahead of what is on disk."""

    def __init__(self, next_id: int = 1) -> None:
        self.book = OpenAlarms()
        self.next_id = next_id
        self.out_of_service: dict[str, int] = {}
        self._named: dict[tuple[str | None, str], int] = {}
        self._notices = RecentNotices()
        self._rules: Mapping[type, Callable[[Any], list[AlarmChange]]] = {
            events.Raised: self._raised,
            events.Returned: self._returned,
            events.Cleared: self._cleared,
            events.Acknowledged: self._acknowledged,
            events.Silenced: self._silenced,
            events.Shelved: self._shelved,
            events.Unshelved: self._unshelved,
            events.OutOfService: self._out_of_service,
            events.Expired: self._expired,
            events.Noted: self._noted,
            events.Closed: self._closed,
            events.DrillConfirmed: self._drill_confirmed,
            events.Restored: lambda _event: [],
            events.StepFailed: lambda _event: [],
            events.Blind: lambda _event: [],
        }

    def restore(
        self, alarms: Iterable[Alarm], next_id: int, out_of_service: Mapping[str, int]
    ) -> None:
        """Take over what a former run left open; before anything is reduced."""
        self.next_id = next_id
        self.out_of_service.update(out_of_service)
        for alarm in alarms:
            self._keep(alarm)

    def reduce(self, event: Event) -> list[AlarmChange]:
        """What the event makes of which alarms; they are in ``book`` when this returns."""
        return self._rules[type(event)](event)

    def has_expired(self, now_ms: int) -> bool:
        """True when an ``Expired`` of this time would change something."""
        return any(until <= now_ms for until in self.out_of_service.values()) or any(
            alarm.shelved_until_ms is not None and alarm.shelved_until_ms <= now_ms
            for alarm in self.book.shelved()
        )

    def _raised(self, event: Raised) -> list[AlarmChange]:
        changes = self._end(event)
        alarm = self._find(event)
        if alarm is None:
            until = self.out_of_service.get(event.device or "")
            alarm = begin(self.next_id, event, until if until and until > event.at_ms else None)
            self.next_id += 1
            self._keep(alarm)
            rings = alarm.needs_ack
            return [*changes, AlarmChange(alarm, event, is_new=True, rings=rings)]
        changes += self._absorb(alarm, event)
        change = merge_report(alarm, event)
        return changes if change is None else [*changes, self._put(alarm, change)]

    def _end(self, event: Raised) -> list[AlarmChange]:
        kind = BY_KEY.get(event.key)
        if kind is None or not kind.ends:
            return []
        over = events.Returned(event.at_ms, event.device, kind.ends, event.device_ms, event.name)
        return self._returned(over)

    def _find(self, event: Raised) -> Alarm | None:
        number = self._named.get((event.device, event.key))
        if number is not None:
            return self.book.get(number)
        twin = find_match(self.book.by_device(event.device), event)
        return twin or self._notices.find(event)

    def _absorb(self, alarm: Alarm, event: Raised) -> list[AlarmChange]:
        """Close unresolved alarms that turn out to be one that is open under its own name."""
        changes = []
        for other in self.book.by_device(event.device):
            if other.id != alarm.id and narrows(other, event) and other.code == event.code:
                same = f"same as {alarm.id}"
                over = replace(other, active=False, closed_ms=event.at_ms, note=same)
                why = events.Returned(event.at_ms, other.device, other.key, None, same)
                changes.append(self._put(other, AlarmChange(over, why)))
        return changes

    def _returned(self, event: events.Returned) -> list[AlarmChange]:
        number = self._named.get((event.device, event.key))
        alarm = self.book.get(number) if number is not None else None
        if alarm is None or not alarm.active or _is_older(event.device_ms, alarm):
            return []
        return [self._put(alarm, AlarmChange(_settled(_over(alarm), event.at_ms), event))]

    def _cleared(self, event: events.Cleared) -> list[AlarmChange]:
        over = [
            alarm
            for alarm in self.book.by_device(event.device)
            if alarm.active and _ends_alarm(event, alarm) and not _is_older(event.device_ms, alarm)
        ]
        return [
            self._put(alarm, AlarmChange(_settled(_over(alarm), event.at_ms), event))
            for alarm in over
        ]

    def _acknowledged(self, event: events.Acknowledged) -> list[AlarmChange]:
        def seen(alarm: Alarm) -> Alarm | None:
            if alarm.acknowledged_ms is not None:
                return None
            active = alarm.active and not _is_told_once(alarm)
            note = event.note or alarm.note
            seen_ms = event.at_ms
            alarm = replace(alarm, acknowledged_ms=seen_ms, active=active, note=note)
            return _settled(alarm, event.at_ms)

        return self._each(event.ids, event, seen)

    def _silenced(self, event: events.Silenced) -> list[AlarmChange]:
        def quiet(alarm: Alarm) -> Alarm | None:
            return replace(alarm, silenced_ms=event.at_ms) if alarm.needs_ack else None

        return self._each(event.ids, event, quiet)

    def _shelved(self, event: events.Shelved) -> list[AlarmChange]:
        def away(alarm: Alarm) -> Alarm:
            return replace(alarm, shelved_until_ms=event.until_ms, shelve_reason=event.reason)

        return self._each(event.ids, event, away)

    def _unshelved(self, event: events.Unshelved) -> list[AlarmChange]:
        def back(alarm: Alarm) -> Alarm | None:
            if alarm.shelved_until_ms is None:
                return None
            return replace(alarm, shelved_until_ms=None, shelve_reason="")

        return self._each(event.ids, event, back)

    def _out_of_service(self, event: events.OutOfService) -> list[AlarmChange]:
        if event.until_ms is None:
            self.out_of_service.pop(event.device, None)
        else:
            self.out_of_service[event.device] = event.until_ms

        def aside(alarm: Alarm) -> Alarm:
            return replace(alarm, out_of_service_until_ms=event.until_ms)

        ids = [alarm.id for alarm in self.book.by_device(event.device)]
        return self._each(ids, event, aside)

    def _expired(self, event: events.Expired) -> list[AlarmChange]:
        now_ms = event.at_ms
        for device in [d for d, until in self.out_of_service.items() if until <= now_ms]:
            del self.out_of_service[device]

        def back(alarm: Alarm) -> Alarm | None:
            shelf, service = alarm.shelved_until_ms, alarm.out_of_service_until_ms
            return_shelf = shelf is not None and shelf <= now_ms
            return_service = service is not None and service <= now_ms
            if not return_shelf and not return_service:
                return None
            return replace(
                alarm,
                shelved_until_ms=None if return_shelf else shelf,
                shelve_reason="" if return_shelf else alarm.shelve_reason,
                out_of_service_until_ms=None if return_service else service,
                silenced_ms=None,
            )

        changes = self._each([alarm.id for alarm in self.book.shelved()], event, back)
        return [replace(change, rings=change.alarm.needs_ack) for change in changes]

    def _noted(self, event: events.Noted) -> list[AlarmChange]:
        return self._each(event.ids, event, lambda alarm: replace(alarm, note=event.note))

    def _closed(self, event: events.Closed) -> list[AlarmChange]:
        def over(alarm: Alarm) -> Alarm | None:
            if alarm.acknowledged_ms is None:
                return None
            return _settled(_over(alarm), event.at_ms)

        return self._each(event.ids, event, over)

    def _drill_confirmed(self, event: events.DrillConfirmed) -> list[AlarmChange]:
        def proven(alarm: Alarm) -> Alarm:
            return _settled(replace(_over(alarm), acknowledged_ms=event.at_ms), event.at_ms)

        return self._each([a.id for a in self.book.all() if a.drill], event, proven)

    def _each(self, ids: Iterable[int], event: Event, change: Change) -> list[AlarmChange]:
        changes = []
        for number in ids:
            alarm = self.book.get(number)
            after = None if alarm is None else change(alarm)
            if alarm is not None and after is not None:
                changes.append(self._put(alarm, AlarmChange(after, event)))
        return changes

    def _put(self, before: Alarm, change: AlarmChange) -> AlarmChange:
        if before.is_open:
            self._named.pop((before.device, before.key), None)
        self._keep(change.alarm)
        return change

    def _keep(self, alarm: Alarm) -> None:
        self.book.put(alarm)
        if alarm.is_open:
            self._named[(alarm.device, alarm.key)] = alarm.id
        elif alarm.severity is Severity.NOTICE:
            self._notices.add(alarm)


def _over(alarm: Alarm) -> Alarm:
    return replace(alarm, active=False)


def _settled(alarm: Alarm, at_ms: int) -> Alarm:
    """The alarm, closed if it is over and acknowledged."""
    if alarm.active or alarm.acknowledged_ms is None:
        return alarm
    return replace(alarm, closed_ms=at_ms)


def _is_told_once(alarm: Alarm) -> bool:
    return _TOLD_ONCE.issuperset(alarm.sources) and alarm.key not in ENDED_BY_ANOTHER


def _is_older(device_ms: int | None, alarm: Alarm) -> bool:
    """True when a telling is from before the alarm, and so cannot speak of its end."""
    return device_ms is not None and alarm.device_ms is not None and device_ms < alarm.device_ms


def _ends_alarm(event: events.Cleared, alarm: Alarm) -> bool:
    if _CHANNELS.isdisjoint(alarm.sources):
        return False
    if alarm.bit and event.alerts is not None:
        return not alarm.bit & event.alerts
    return event.event == 0 and not alarm.bit and alarm.key not in ENDED_BY_ANOTHER
