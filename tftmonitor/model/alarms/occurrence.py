"""How one occurrence makes an alarm, and what it makes of an alarm that is already open."""

from msgspec.structs import replace

from tftmonitor.model.alarms.alarm import SAME_EVENT_MS, Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.correlation import is_same_report, narrows
from tftmonitor.model.alarms.events import AlarmChange, Raised


def begin(number: int, event: Raised, out_of_service_until_ms: int | None) -> Alarm:
    """The alarm that the event is the first of; a notice is closed as it begins."""
    needs_nobody = event.severity is Severity.NOTICE
    return Alarm(
        id=number,
        key=event.key,
        name=event.name,
        severity=event.severity,
        first_ms=event.at_ms,
        last_ms=event.at_ms,
        sources=(event.source,),
        latest=(event.source,),
        device=event.device,
        device_name=event.device_name,
        code=event.code,
        numbering=event.numbering,
        candidates=event.candidates,
        bit=event.bit,
        device_ms=event.device_ms,
        late=event.late,
        active=not event.past and not needs_nobody,
        closed_ms=event.at_ms if needs_nobody else None,
        out_of_service_until_ms=out_of_service_until_ms,
        drill=event.source is Source.DRILL,
        text=event.text,
        lat=event.lat,
        lng=event.lng,
    )


def merge_report(alarm: Alarm, event: Raised) -> AlarmChange | None:
    """What becomes of a known alarm: another witness, a repeat, a sharper name.

    None when the event is word for word what is known already.
    """
    same_report = is_same_report(alarm, event)
    if same_report and event.source in alarm.latest and not narrows(alarm, event):
        return None
    after = _with_occurrence(_with_name(alarm, event), event, same_report=same_report)
    if alarm.acknowledged_ms is not None and event.key == alarm.key and not same_report:
        after = replace(after, severity=event.severity)  # it latches until acknowledged only
    rose = after.severity > alarm.severity
    if rose:  # what was seen or put aside was a lesser alarm
        after = replace(after, acknowledged_ms=None, shelved_until_ms=None, shelve_reason="")
    if after.severity is Severity.NOTICE and after.is_open:
        after = replace(after, active=False, closed_ms=event.at_ms)
    came_again = after.active and not alarm.active and not same_report
    chatters = event.at_ms - alarm.last_ms < SAME_EVENT_MS
    drill = event.source is Source.DRILL
    rings = after.needs_ack and (rose or drill or (came_again and not chatters))
    if rings:
        after = replace(after, silenced_ms=None)
    return AlarmChange(
        after,
        event,
        rings=rings,
        severity_rose=rose,
        counted=not (same_report or rose or rings or after.state is not alarm.state),
    )


def _with_name(alarm: Alarm, event: Raised) -> Alarm:
    """Name, kind and severity as far as the event knows better."""
    if narrows(alarm, event) or (alarm.key.startswith("text:") and alarm.key != event.key):
        void_guess = bool(alarm.candidates)
        severity = event.severity if void_guess else max(alarm.severity, event.severity)
        return replace(
            alarm,
            key=event.key,
            name=event.name,
            severity=severity,
            candidates=event.candidates,
            numbering=event.numbering,
            code=alarm.code if event.code is None else event.code,
        )
    if event.source is Source.MESSAGE and event.text:
        alarm = replace(alarm, name=event.name)  # the server's own words go before ours
    if event.candidates and not alarm.candidates:
        return replace(alarm, code=event.code)  # a guess about what is known already
    return replace(alarm, severity=max(alarm.severity, event.severity))


def _with_occurrence(alarm: Alarm, event: Raised, *, same_report: bool) -> Alarm:
    known = [ms for ms in (alarm.device_ms, event.device_ms) if ms is not None]
    latest = (*alarm.latest, event.source) if same_report else (event.source,)
    place = alarm if event.lat is None or event.lng is None else event
    return replace(
        alarm,
        count=alarm.count if same_report else alarm.count + 1,
        last_ms=max(alarm.last_ms, event.at_ms),
        sources=tuple(dict.fromkeys((*alarm.sources, event.source))),
        latest=tuple(dict.fromkeys(latest)),
        device_ms=max(known, default=None),
        late=alarm.late and event.late,
        active=alarm.active or not (same_report or event.past or alarm.closed_ms is not None),
        bit=alarm.bit | event.bit,
        text=event.text or alarm.text,
        lat=place.lat,
        lng=place.lng,
    )
