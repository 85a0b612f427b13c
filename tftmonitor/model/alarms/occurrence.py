"""What a classified report makes of an alarm: one small function for each class."""

from msgspec.structs import replace

from tftmonitor.base.clock import LONGEST_STORED_MS
from tftmonitor.model.alarms.alarm import (
    FEED,
    LATE_MS,
    SAME_EVENT_MS,
    Alarm,
    Source,
    closed_if_done,
)
from tftmonitor.model.alarms.classification import Classification, ReportClass, is_momentary
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange, Cleared, Raised, Returned, TimeKnown
from tftmonitor.model.alarms.wording import is_text, names_kind


def begin(number: int, report: Raised, out_of_service_until_ms: int | None) -> Alarm:
    """NEW: the alarm that the report is the first of; a notice is closed as it begins."""
    needs_nobody = report.severity is Severity.NOTICE
    return Alarm(
        id=number,
        key=report.key,
        name=report.name,
        severity=report.severity,
        first_ms=report.at_ms,
        last_ms=report.at_ms,
        sources=(report.source,),
        latest=(report.source,),
        device=report.device,
        device_name=report.device_name,
        code=report.code,
        numbering=report.numbering,
        candidates=report.candidates,
        bit=report.bit,
        device_ms=report.device_ms,
        late=report.late,
        doubtful=report.doubtful,
        raw_ms=report.raw_ms,
        # Nobody knows whether the condition of a past report still holds: it begins as returned.
        active=not report.past and not needs_nobody,
        closed_ms=report.at_ms if needs_nobody else None,
        out_of_service_until_ms=out_of_service_until_ms,
        drill=report.source is Source.DRILL,
        text=report.text,
        lat=report.lat,
        lng=report.lng,
        end_unknown=report.overtaken and not needs_nobody,
        imei=report.imei,
        place_ms=report.place_ms,
        place_is_last_known=report.place_is_last_known,
    )


def update(alarm: Alarm, report: Raised, found: Classification) -> AlarmChange | None:
    """What becomes of a known alarm; None when nothing does."""
    match found.report_class:
        case ReportClass.OTHER_SOURCE:
            return _confirm(alarm, report)
        case ReportClass.REPEAT:
            return _repeat(alarm, report)
        case ReportClass.NARROWED:
            return _narrow(alarm, report, is_further=found.is_further)
        case _:
            return None


def end(alarm: Alarm, report: Returned | Cleared, found: Classification) -> AlarmChange | None:
    """What the report of an end makes of an alarm; after an UNKNOWN_END it goes on to wait."""
    match found.report_class:
        case ReportClass.END:
            over = replace(alarm, active=False, end_unknown=False)
            return AlarmChange(closed_if_done(over, report.at_ms), report)
        case ReportClass.UNKNOWN_END:
            doubt = Returned(
                report.at_ms,
                alarm.device,
                alarm.key,
                report.device_ms,
                because=report.because if isinstance(report, Returned) else "",
                in_doubt=True,
            )
            return AlarmChange(replace(alarm, end_unknown=True), doubt)
        case _:
            return None


def supersede(alarm: Alarm, report: Raised) -> AlarmChange:
    """AGAIN: the acknowledged alarm ends, as another one of its kind begins."""
    over = replace(alarm, active=False, end_unknown=False)
    why = Returned(report.at_ms, alarm.device, alarm.key, report.device_ms, "reported anew")
    return AlarmChange(closed_if_done(over, report.at_ms), why)


def dated(alarm: Alarm, event: TimeKnown) -> Alarm | None:
    """What was doubtful about an alarm's time is known; None where its date can be none."""
    if alarm.raw_ms is None or Source.SNAPSHOT not in alarm.sources:
        return None
    device_ms = min(alarm.raw_ms - event.offset_ms, alarm.last_ms)
    if alarm.last_ms - device_ms > LONGEST_STORED_MS:
        return None
    late = alarm.last_ms - device_ms >= LATE_MS
    # As one that comes out of an upload begins: nobody knows whether its condition holds.
    active = alarm.active and not late
    known = replace(alarm, device_ms=device_ms, doubtful=False, late=late, active=active)
    return closed_if_done(known, event.at_ms)


def _confirm(alarm: Alarm, report: Raised) -> AlarmChange:
    """OTHER_SOURCE: one source more; nothing is counted, and it is no more active than it was."""
    after = _joined(_refined(alarm, report), report)
    return _change(alarm, _if_it_stands(after, report), report, is_further=False)


def _repeat(alarm: Alarm, report: Raised) -> AlarmChange:
    """REPEAT: counted, and active unless it is past."""
    after = _counted(_refined(alarm, report), report)
    # Severity latches until acknowledged; from then on it is what is reported under its own name.
    if alarm.acknowledged_ms is not None and report.key == alarm.key:
        after = replace(after, severity=report.severity)
    return _change(alarm, after, report, is_further=True)


def _narrow(alarm: Alarm, report: Raised, *, is_further: bool) -> AlarmChange:
    """NARROWED: it is from now on what the report calls it, and counted if it is one more."""
    add = _counted if is_further else _joined
    after = add(_renamed(alarm, report), report)
    return _change(alarm, _if_it_stands(after, report), report, is_further=is_further)


def _change(before: Alarm, after: Alarm, report: Raised, *, is_further: bool) -> AlarmChange:
    """The change from one to the other, with what it means for the operator's attention."""
    rose = after.severity > before.severity
    if rose:  # what was acknowledged or shelved was a lesser alarm
        after = replace(after, acknowledged_ms=None, shelved_until_ms=None, shelve_reason="")
        if not after.is_open:
            after = _reopened(after, report)
    if after.severity is Severity.NOTICE and after.is_open:
        after = replace(after, active=False, closed_ms=report.at_ms)
    rings = after.needs_ack and (rose or (is_further and _rings_again(before, after, report)))
    if rings:
        after = replace(after, silenced_ms=None)
    # A count alone needs no row in the journal; anything that the operator sees does.
    counted = is_further and not (rose or rings or after.state is not before.state)
    return AlarmChange(after, report, rings=rings, severity_rose=rose, counted=counted)


def _rings_again(before: Alarm, after: Alarm, report: Raised) -> bool:
    """True when a further occurrence rings: it came back, and not within a minute (chattering)."""
    if report.source is Source.DRILL:
        return True  # somebody waits for this one
    # An upload may hold hundreds of them, and one that waits was heard.
    if is_momentary(report) and not report.past:
        return True
    came_back = after.active and not before.active
    return came_back and report.at_ms - before.last_ms >= SAME_EVENT_MS


def _renamed(alarm: Alarm, report: Raised) -> Alarm:
    """The alarm under the report's name."""
    # The severity of an unresolved alarm was that of its worst candidate, which proved wrong.
    was_guess = bool(alarm.candidates)
    return replace(
        alarm,
        key=report.key,
        name=report.name,
        severity=report.severity if was_guess else max(alarm.severity, report.severity),
        candidates=report.candidates,
        numbering=report.numbering,
        code=alarm.code if report.code is None else report.code,
    )


def _refined(alarm: Alarm, report: Raised) -> Alarm:
    """The alarm, still itself, with what the report adds to its name, number and severity."""
    if report.source is Source.MESSAGE and report.text:
        # The server's own text goes before ours, unless only the minute tells what it means.
        is_vague = is_text(report.key) and report.key != alarm.key
        if not is_vague or names_kind(report.text, alarm.key):
            alarm = replace(alarm, name=report.name)
    if report.candidates and not alarm.candidates:
        # A guess about what is known already: its severity is that of the worst candidate.
        return replace(alarm, code=report.code)
    return replace(alarm, severity=max(alarm.severity, report.severity))


def _if_it_stands(after: Alarm, report: Raised) -> Alarm:
    """Open again when the device itself reports what a message told, and acknowledging closed.

    Nobody reports the end of a message; a snapshot that still carries a standing alarm does.
    """
    stands = (
        after.closed_ms is not None
        and after.key == report.key
        and report.source is Source.SNAPSHOT
        and report.severity is not Severity.NOTICE
        and not (report.past or is_momentary(report))
    )
    return _reopened(after, report) if stands else after


def _reopened(alarm: Alarm, report: Raised) -> Alarm:
    """A closed alarm that somebody has to look at after all; of a past one nobody knows the end."""
    return replace(alarm, active=not report.past, closed_ms=None, end_unknown=report.overtaken)


def _joined(alarm: Alarm, report: Raised) -> Alarm:
    """With one source more of the latest occurrence, which keeps its time."""
    after = _merged(alarm, report, latest=(*alarm.latest, report.source))
    return after if alarm.device_ms is None else replace(after, device_ms=alarm.device_ms)


def _counted(alarm: Alarm, report: Raised) -> Alarm:
    """With one occurrence more, which has this source alone so far."""
    after = _merged(alarm, report, latest=(report.source,))
    # A past report does not make it active again, and a closed notice stays closed.
    is_of_now = not (report.past or alarm.closed_ms is not None)
    active = alarm.active or is_of_now
    end_unknown = active and (report.overtaken if is_of_now else alarm.end_unknown)
    if report.device_ms is None and report.source in FEED:
        after = replace(after, device_ms=None)  # the latest occurrence has no time
    return replace(after, count=alarm.count + 1, active=active, end_unknown=end_unknown)


def _merged(alarm: Alarm, report: Raised, latest: tuple[Source, ...]) -> Alarm:
    """Times, sources, place and text of both; the device time is the later one."""
    known = [ms for ms in (alarm.device_ms, report.device_ms) if ms is not None]
    place = alarm if report.lat is None or report.lng is None else report
    return replace(
        alarm,
        last_ms=max(alarm.last_ms, report.at_ms),
        sources=tuple(dict.fromkeys((*alarm.sources, report.source))),
        latest=tuple(dict.fromkeys(latest)),
        device_ms=max(known, default=None),
        late=alarm.late and report.late,
        doubtful=alarm.doubtful and report.doubtful,
        raw_ms=alarm.raw_ms if report.raw_ms is None else report.raw_ms,
        bit=alarm.bit | report.bit,
        text=report.text or alarm.text,
        lat=place.lat,
        lng=place.lng,
        imei=report.imei or alarm.imei,
        place_ms=place.place_ms,
        place_is_last_known=place.place_is_last_known,
    )
