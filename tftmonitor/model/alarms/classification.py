"""What a report is to the alarm that it is about.

It is asked once for each report. ``correlation`` finds the alarm before, ``occurrence`` acts on
the class after; no other question about the pair is asked in between.
"""

import enum
from dataclasses import dataclass
from typing import Final

from tftmonitor.model.alarms.alarm import FEED, TEXT_KEY, Alarm
from tftmonitor.model.alarms.codes import ALARMS
from tftmonitor.model.alarms.correlation import is_same_occurrence, narrows
from tftmonitor.model.alarms.events import Cleared, Raised, Returned

ENDED_BY_ANOTHER: Final = frozenset(kind.ends for kind in ALARMS if kind.ends)
"""Kinds whose end is an alarm of its own; a snapshot that is silent about them ends nothing."""


class ReportClass(enum.Enum):
    """What a report is to an alarm. The first five are of occurrences, the others of ends."""

    NEW = "new"
    """No alarm is known that it is about."""

    DUPLICATE = "duplicate"
    """Its source reported the same already: nothing in it is new."""

    OTHER_SOURCE = "other source"
    """The other channel reports the latest occurrence as well."""

    REPEAT = "repeat"
    """A further occurrence."""

    NARROWED = "narrowed"
    """It knows better which alarm this is: one of the candidates, or what a text meant."""

    END = "end"
    """The alarm's condition is over."""

    UNKNOWN_END = "unknown end"
    """It would be an end, but is older than the alarm's latest occurrence: whether that is over
    is not known.
    """

    NO_END = "no end"
    """It says nothing about the end of this alarm, or the alarm is over already."""


@dataclass(frozen=True, slots=True)
class Classification:
    """The class of a report, and what was derived on the way.

    ``alarm`` is the known alarm, None exactly for NEW. ``is_further`` is True when the report is
    one occurrence more, to be counted: always for NEW and REPEAT, for NARROWED when it is not of
    the latest occurrence.
    """

    report_class: ReportClass
    alarm: Alarm | None
    is_further: bool = False


def classify(alarm: Alarm | None, report: Raised) -> Classification:
    """What an occurrence is to the alarm that was found for it, None when there is none."""
    if alarm is None:
        return Classification(ReportClass.NEW, None, is_further=True)
    is_further = not is_same_occurrence(alarm, report)
    is_narrower = narrows(alarm, report)
    # The same report again may still be narrower: its numbering was proven in the meantime.
    if not is_further and report.source in alarm.latest and not is_narrower:
        return Classification(ReportClass.DUPLICATE, alarm)
    if is_narrower or _names_text(alarm, report):
        return Classification(ReportClass.NARROWED, alarm, is_further)
    found = ReportClass.REPEAT if is_further else ReportClass.OTHER_SOURCE
    return Classification(found, alarm, is_further)


def classify_end(alarm: Alarm, report: Returned | Cleared) -> Classification:
    """What the report of an end is to one of the alarms that it may end."""
    if not alarm.active or (isinstance(report, Cleared) and not _is_cleared(alarm, report)):
        return Classification(ReportClass.NO_END, alarm)
    # Order is judged by the device's clock alone: late uploads come in after what they precede.
    if (
        report.device_ms is not None
        and alarm.device_ms is not None
        and report.device_ms < alarm.device_ms
    ):
        return Classification(ReportClass.UNKNOWN_END, alarm)
    return Classification(ReportClass.END, alarm)


def _names_text(alarm: Alarm, report: Raised) -> bool:
    return alarm.key.startswith(TEXT_KEY) and alarm.key != report.key


def _is_cleared(alarm: Alarm, report: Cleared) -> bool:
    """True when a snapshot without this alarm says that it is over."""
    if FEED.isdisjoint(alarm.sources):
        return False  # rules and our own link report their ends themselves
    if alarm.bit and report.alerts is not None:
        return not alarm.bit & report.alerts
    return report.event == 0 and not alarm.bit and alarm.key not in ENDED_BY_ANOTHER
