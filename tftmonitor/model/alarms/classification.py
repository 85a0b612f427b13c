"""What a report is to the alarm that it is about.

It is asked once for each report. ``correlation`` finds the alarm before, ``occurrence`` acts on
the class after; no other question about the pair is asked in between.
"""

import enum
from dataclasses import dataclass
from typing import Final

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.alarms.alarm import FEED, SAME_EVENT_MS, TEXT_KEY, Alarm
from tftmonitor.model.alarms.codes import ALARMS, BY_KEY, MOMENTARY
from tftmonitor.model.alarms.correlation import has_same_time, is_same_occurrence, narrows
from tftmonitor.model.alarms.events import Cleared, Raised, Returned

ENDED_BY_ANOTHER: Final = frozenset(kind.ends for kind in ALARMS if kind.ends)
"""Kinds whose end is an alarm of its own; a snapshot that is silent about them ends nothing."""


class ReportClass(enum.Enum):
    """What a report is to an alarm. The first six are of occurrences, the others of ends."""

    NEW = "new"
    """No alarm is known that it is about."""

    DUPLICATE = "duplicate"
    """The same came in already: nothing in it is new. The alarm may be gone by now."""

    OTHER_SOURCE = "other source"
    """The other channel reports the latest occurrence as well."""

    REPEAT = "repeat"
    """A further occurrence."""

    AGAIN = "again"
    """A momentary alarm, which somebody has acknowledged, happened once more: it is another one."""

    NARROWED = "narrowed"
    """It knows better which alarm this is: one of the candidates, or what a text meant."""

    END = "end"
    """The alarm's condition is over."""

    UNKNOWN_END = "unknown end"
    """It would be an end, but the times do not tell whether it came before the alarm's latest
    occurrence or after it.
    """

    NO_END = "no end"
    """It says nothing about the end of this alarm: it is about another or an earlier time, or the
    alarm is over already.
    """


@dataclass(frozen=True, slots=True)
class Classification:
    """The class of a report, and what was derived on the way.

    ``alarm`` is the known alarm, None for NEW and for a DUPLICATE of what is gone. ``is_further``
    is True when the report is one occurrence more, to be counted: always for NEW, REPEAT and
    AGAIN, for NARROWED when it is not of the latest occurrence.
    """

    report_class: ReportClass
    alarm: Alarm | None
    is_further: bool = False


def classify(
    alarm: Alarm | None, report: Raised, *, is_known_report: bool = False
) -> Classification:
    """What an occurrence is to the alarm that was found for it, None when there is none."""
    if alarm is None:
        if is_known_report:
            return Classification(ReportClass.DUPLICATE, None)
        return Classification(ReportClass.NEW, None, is_further=True)
    is_further = not is_same_occurrence(alarm, report)
    if is_known_report and (is_further or not has_same_time(alarm, report)):
        return Classification(ReportClass.DUPLICATE, alarm)
    is_narrower = narrows(alarm, report)
    # The same report again may still be narrower: its numbering was proven in the meantime.
    if not is_further and report.source in alarm.latest and not is_narrower:
        return Classification(ReportClass.DUPLICATE, alarm)
    if is_narrower or _names_text(alarm, report):
        return Classification(ReportClass.NARROWED, alarm, is_further)
    is_done_with = alarm.acknowledged_ms is not None and not alarm.suppressed
    if is_further and is_done_with and is_momentary(report):
        return Classification(ReportClass.AGAIN, alarm, is_further)
    found = ReportClass.REPEAT if is_further else ReportClass.OTHER_SOURCE
    return Classification(found, alarm, is_further)


def classify_end(alarm: Alarm, report: Returned | Cleared) -> Classification:
    """What the report of an end is to one of the alarms that it may end."""
    if not alarm.active or (isinstance(report, Cleared) and not _is_cleared(alarm, report)):
        return Classification(ReportClass.NO_END, alarm)
    found = _order(alarm, report)
    if found is ReportClass.UNKNOWN_END and alarm.end_unknown:
        found = ReportClass.NO_END
    return Classification(found, alarm)


def is_momentary(report: Raised) -> bool:
    """True for what does not stand; also for a number of which the worst meaning does not."""
    return report.key in MOMENTARY or any(
        key in MOMENTARY and BY_KEY[key].severity is report.severity for key in report.candidates
    )


def _order(alarm: Alarm, report: Returned | Cleared) -> ReportClass:
    """Whether an end came after the alarm's latest occurrence.

    By the device's clock: late uploads come in after what they precede. An alarm without a time
    of its own counts as of when it came in, by our clock, which may differ from the device's.
    """
    if isinstance(report, Returned) and report.in_doubt:
        return ReportClass.UNKNOWN_END
    if report.device_ms is None:
        # A quiet snapshot comes here only when it is live, and our own rules know when it is now.
        if isinstance(report, Cleared):
            is_of_now = not (report.event or report.alerts)
        else:
            is_of_now = report.source not in FEED
        return ReportClass.END if is_of_now else ReportClass.UNKNOWN_END
    if alarm.device_ms is not None:
        lag_ms, doubt_ms = alarm.device_ms - report.device_ms, SECOND_MS
    else:
        lag_ms, doubt_ms = alarm.last_ms - report.device_ms, SAME_EVENT_MS
    if lag_ms <= 0:
        return ReportClass.END
    if alarm.doubtful and isinstance(report, Cleared) and lag_ms < doubt_ms:
        # Its date is not believed, and on one channel what comes later is later.
        return ReportClass.END
    return ReportClass.UNKNOWN_END if lag_ms < doubt_ms else ReportClass.NO_END


def _names_text(alarm: Alarm, report: Raised) -> bool:
    return alarm.key.startswith(TEXT_KEY) and alarm.key != report.key


def _is_cleared(alarm: Alarm, report: Cleared) -> bool:
    """True when a snapshot without this alarm says that it is over."""
    if FEED.isdisjoint(alarm.sources):
        return False  # rules and our own link report their ends themselves
    if alarm.bit and report.alerts is not None:
        return not alarm.bit & report.alerts
    return report.event == 0 and not alarm.bit and alarm.key not in ENDED_BY_ANOTHER
