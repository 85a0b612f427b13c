"""What the operator's commands and the course of time make of one alarm; None for nothing."""

from msgspec.structs import replace

from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm, Source, closed_if_done
from tftmonitor.model.alarms.classification import ENDED_BY_ANOTHER

# Snapshots say when they are over, rules and our own link too; nobody does for these.
_WITHOUT_END = frozenset({Source.MESSAGE, Source.DRILL})


def acknowledge(alarm: Alarm, event: events.Acknowledged) -> Alarm | None:
    """Seen; over by that when nothing will ever report its end."""
    if alarm.acknowledged_ms is not None:
        return None
    active = alarm.active and not _lacks_end(alarm)
    note = event.note or alarm.note
    after = replace(
        alarm,
        acknowledged_ms=event.at_ms,
        active=active,
        end_unknown=active and alarm.end_unknown,
        note=note,
    )
    return closed_if_done(after, event.at_ms)


def silence(alarm: Alarm, event: events.Silenced) -> Alarm | None:
    """Its sound is off."""
    return replace(alarm, silenced_ms=event.at_ms) if alarm.needs_ack else None


def shelve(alarm: Alarm, event: events.Shelved) -> Alarm:
    """Suppressed until a time."""
    return replace(alarm, shelved_until_ms=event.until_ms, shelve_reason=event.reason)


def unshelve(alarm: Alarm, event: events.Unshelved) -> Alarm | None:
    """Back from the shelf before its time."""
    del event
    if alarm.shelved_until_ms is None:
        return None
    return replace(alarm, shelved_until_ms=None, shelve_reason="")


def set_out_of_service(alarm: Alarm, event: events.OutOfService) -> Alarm:
    """Suppressed while its device is worked on, or no longer."""
    return replace(alarm, out_of_service_until_ms=event.until_ms)


def expire(alarm: Alarm, event: events.Expired) -> Alarm | None:
    """Back from what has suppressed it until now, and audible again."""
    shelf, service = alarm.shelved_until_ms, alarm.out_of_service_until_ms
    shelf_over = shelf is not None and shelf <= event.at_ms
    service_over = service is not None and service <= event.at_ms
    if not shelf_over and not service_over:
        return None
    return replace(
        alarm,
        shelved_until_ms=None if shelf_over else shelf,
        shelve_reason="" if shelf_over else alarm.shelve_reason,
        out_of_service_until_ms=None if service_over else service,
        silenced_ms=None,
    )


def add_note(alarm: Alarm, event: events.Noted) -> Alarm:
    """With a note, in place of the one before."""
    return replace(alarm, note=event.note)


def close(alarm: Alarm, event: events.Closed) -> Alarm | None:
    """Over because the operator says so; only what was acknowledged can be."""
    if alarm.acknowledged_ms is None:
        return None
    return closed_if_done(replace(alarm, active=False, end_unknown=False), event.at_ms)


def confirm_drill(alarm: Alarm, event: events.DrillConfirmed) -> Alarm:
    """Seen and over in one."""
    return closed_if_done(replace(alarm, active=False, acknowledged_ms=event.at_ms), event.at_ms)


def _lacks_end(alarm: Alarm) -> bool:
    return _WITHOUT_END.issuperset(alarm.sources) and alarm.key not in ENDED_BY_ANOTHER
