"""Finds the alarm that a report is about, though the two may call it by different names.

The feed reports one event on two channels, by number or by text or by both. Only the reducer and
``classification`` call this.
"""

from collections.abc import Iterable
from typing import Final

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.alarms.alarm import SAME_EVENT_MS, Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Raised
from tftmonitor.model.alarms.wording import has_same_wording, is_text, may_mean

_OTHER_CHANNEL: Final = {Source.SNAPSHOT: Source.MESSAGE, Source.MESSAGE: Source.SNAPSHOT}


def find_open(alarms: Iterable[Alarm], report: Raised) -> Alarm | None:
    """Which of a device's open alarms the report is about, the latest if several."""
    found = [alarm for alarm in alarms if _is_about(report, alarm)]
    return max(found, key=lambda alarm: (alarm.last_ms, alarm.id), default=None)


def find_closed(alarms: Iterable[Alarm], report: Raised) -> Alarm | None:
    """Which of a device's closed alarms the report is about.

    They are over, so that only their latest occurrence can be meant: the same source again is an
    alarm of its own, unless it is the same report again.
    """
    held = (a for a in alarms if _may_be_about_closed(report, a) and is_same_occurrence(a, report))
    return find_open(held, report)


def find_resolved(alarms: Iterable[Alarm], known: Alarm, report: Raised) -> list[Alarm]:
    """The unresolved alarms that turn out to be ``known``, which is open under its own name.

    Such a pair begins when a number is reported before its numbering is known, and the same
    alarm by its bit beside it.
    """
    return [
        alarm
        for alarm in alarms
        if alarm.id != known.id and narrows(alarm, report) and alarm.code == report.code
    ]


def is_same_occurrence(alarm: Alarm, report: Raised) -> bool:
    """True when the report is of the alarm's latest occurrence and not of a further one.

    Either its source reported that already, and its device time is the same; or only the other
    channel did, and the two are near each other.
    """
    if report.source in alarm.latest:
        return report.device_ms is not None and report.device_ms == alarm.device_ms
    return _is_confirmed_by(alarm, report)


def has_same_time(alarm: Alarm, report: Raised) -> bool:
    """True when the report has the time of the alarm by the device's clock, or the alarm has none.

    Messages may carry whole seconds where snapshots carry milliseconds.
    """
    if alarm.device_ms is None:
        return True
    return report.device_ms is not None and abs(alarm.device_ms - report.device_ms) < SECOND_MS


def narrows(alarm: Alarm, report: Raised) -> bool:
    """True when the report says which of its candidates an unresolved alarm is."""
    return report.key in alarm.candidates


def _may_be_about_closed(report: Raised, alarm: Alarm) -> bool:
    """True unless it would hide in something that was closed as less.

    A text that turns out to be more is open again by that, as nobody has acknowledged so much.
    """
    is_guess = bool(report.candidates) and not alarm.candidates
    return report.severity <= alarm.severity or is_guess or is_text(alarm.key)


def _is_about(report: Raised, alarm: Alarm) -> bool:
    if alarm.key == report.key:
        return True
    if narrows(alarm, report) or alarm.key in report.candidates:
        # A device does not change its numbering, so the same number needs no nearness.
        return (alarm.code is not None and alarm.code == report.code) or (
            _is_confirmed_by(alarm, report)
        )
    if alarm.severity is Severity.NOTICE or report.severity is Severity.NOTICE:
        return False  # free text must not hide in something that nobody looks at
    if is_text(report.key) is is_text(alarm.key) or not _is_confirmed_by(alarm, report):
        return False
    if report.source in alarm.latest and not has_same_wording(report.text, alarm.text):
        return False  # its own channel has said already what it means, in other words
    text, numbered = (report, alarm) if is_text(report.key) else (alarm, report)
    return may_mean(text.text, numbered.key, numbered.candidates)


def _is_confirmed_by(alarm: Alarm, report: Raised) -> bool:
    """True when the other channel of the feed reported the latest occurrence, and near to this."""
    other = _OTHER_CHANNEL.get(report.source)
    return other in alarm.latest and _is_near(alarm, report)


def _is_near(alarm: Alarm, report: Raised) -> bool:
    """True when both are of the same time: by the device's clock or by when they came in."""
    if abs(report.at_ms - alarm.last_ms) <= SAME_EVENT_MS:
        return True
    return alarm.device_ms is not None and has_same_time(alarm, report)
