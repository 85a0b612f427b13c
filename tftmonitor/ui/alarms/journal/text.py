"""The texts of one entry of the journal. No Qt."""

from collections.abc import Iterable
from datetime import tzinfo

from tftmonitor.history.rows import JournalEntry
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import SAME_EVENT_MS
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.formatting import format_age, format_time, one_line
from tftmonitor.monitor.where.places import places
from tftmonitor.monitor.where.zones import ShownZone
from tftmonitor.ui.widgets.alarm_text import (
    DOUBTFUL,
    device_text,
    name_text,
    raw_time_text,
    source_text,
)
from tftmonitor.ui.widgets.short_time import short_time

_EVENTS = {
    "raised": "raised",
    "returned": "ended",
    "cleared": "ended",
    "acknowledged": "acknowledged",
    "silenced": "silenced",
    "shelved": "shelved",
    "unshelved": "unshelved",
    "out_of_service": "out of service",
    "joined": "two devices are one",
    "expired": "suppression expired",
    "noted": "note",
    "closed": "closed by operator",
    "drill_confirmed": "drill acknowledged",
    "restored": "program started",
    "step_failed": "OUTPUT FAILED",
    "blind": "no data",
    "time_known": "time known",
}


ALSO = "also reported"
"""The event of what the other channel had raised already."""


def also_reported(entries: Iterable[JournalEntry]) -> set[int]:
    """The numbers of those, newest first, that say what another source has said just before."""
    first: dict[int, events.Raised] = {}
    found = set()
    for entry in reversed(list(entries)):
        event, alarm = entry.event, entry.alarm_id
        if not isinstance(event, events.Raised) or alarm is None:
            continue
        before = first.get(alarm)
        is_near = before is not None and abs(event.at_ms - before.at_ms) <= SAME_EVENT_MS
        if before is not None and is_near and event.source is not before.source:
            found.add(entry.seq)
        else:
            first[alarm] = event
    return found


def entry_texts(
    entry: JournalEntry, now_ms: int, shown: ShownZone, *, with_place: bool = True
) -> list[str]:
    """One text a column: time, event, severity, device, alarm, details.

    ``with_place`` puts the place in words into the details.
    """
    alarm, event, severity = entry.alarm, entry.event, severity_of(entry)
    late = isinstance(event, events.Raised) and event.late
    in_doubt = isinstance(event, events.Returned) and event.in_doubt
    zone = shown.zone
    time = shown.said(short_time(entry.event_ms, now_ms, zone), entry.event_ms)
    name = name_text(alarm) if alarm else ""
    if isinstance(event, events.Raised):
        name = one_line(event.name)
    if isinstance(event, events.Raised) and event.doubtful:
        time = f"{time} {DOUBTFUL}"
    return [
        f"LATE {time}" if late else time,
        "unknown whether over" if in_doubt else _EVENTS.get(entry.kind, entry.kind),
        severity.word if severity else "",
        device_text(alarm) if alarm else one_line(entry.device or ""),
        name,
        _details(entry, now_ms, zone, places().words(*place_of(entry)) if with_place else ""),
    ]


def place_of(entry: JournalEntry) -> tuple[float | None, float | None]:
    """Latitude and longitude of what was raised, None where it has no place."""
    event = entry.event
    return (event.lat, event.lng) if isinstance(event, events.Raised) else (None, None)


def zone_place_of(entry: JournalEntry) -> tuple[float | None, float | None]:
    """The place whose time zone holds for its times: that of what was raised, or of its alarm."""
    place, alarm = place_of(entry), entry.alarm
    return (alarm.lat, alarm.lng) if alarm is not None and None in place else place


def severity_of(entry: JournalEntry) -> Severity | None:
    """The severity of the alarm that an entry is about, as it was when it was raised."""
    if isinstance(entry.event, events.Raised):
        return entry.event.severity
    return entry.alarm.severity if entry.alarm else None


def _details(entry: JournalEntry, now_ms: int, zone: tzinfo, place: str) -> str:
    parts = _detail_parts(entry, now_ms, zone)
    parts.append(place)
    who = getattr(entry.event, "who", "")
    parts.append(f"by {who}" if who else "")
    return one_line(" · ".join(part for part in parts if part))


def _detail_parts(entry: JournalEntry, now_ms: int, zone: tzinfo) -> list[str]:
    match entry.event:
        case events.Raised() as event:
            received = f"received {format_time(entry.at_ms, zone)}" if event.late else ""
            raw = raw_time_text(event.raw_ms, now_ms, zone)
            return [f"source: {source_text(event.source)}", received, raw, event.text]
        case (events.Returned() | events.TimeKnown()) as event:
            return [event.because]
        case events.Shelved() as event:
            return [f"until {short_time(event.until_ms, now_ms, zone)}", event.reason]
        case events.OutOfService(until_ms=None):
            return ["back in service"]
        case events.OutOfService(until_ms=int(until_ms)):
            return [f"until {short_time(until_ms, now_ms, zone)}"]
        case (events.Acknowledged() | events.Noted()) as event:
            return [event.note]
        case events.StepFailed() as event:
            return [event.step, event.reason]
        case events.Blind() as event:
            return _blind_parts(event, now_ms, zone)
        case events.Joined() as event:
            return [f"until now also known as {event.former}"]
        case events.Restored() as event:
            return [f"{event.count} open alarms restored"]
        case None:
            return ["written by a newer version of the program"]
    return []


def _blind_parts(event: events.Blind, now_ms: int, zone: tzinfo) -> list[str]:
    start, end = (short_time(ms, now_ms, zone) for ms in (event.start_ms, event.end_ms))
    span = f"{start} to {end} ({format_age(event.end_ms - event.start_ms)})"
    return [event.cause, event.scope, span, event.reason]
