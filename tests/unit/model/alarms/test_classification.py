"""What a report is to an alarm, before anything is done about it."""

import pytest
from msgspec.structs import replace

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.classification import (
    Classification,
    ReportClass,
    classify,
    classify_end,
)
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Cleared, Raised, Returned
from tftmonitor.model.alarms.occurrence import begin, end, update

NOW = 1_795_000_000_000
LATER = NOW + 5 * MINUTE_MS

SOS = Raised(
    NOW, Source.SNAPSHOT, "sos", "SOS", Severity.CRITICAL, device="1", code=16, device_ms=NOW - 900
)
ALARM = begin(1, SOS, None)
GUESS = begin(
    2,
    replace(
        SOS,
        key="code:22",
        name="Alarm 22",
        severity=Severity.WARNING,
        code=22,
        candidates=("ignition_off", "external_power_recovered"),
    ),
    None,
)
PARKED = replace(SOS, key="ignition_off", name="Ignition off", severity=Severity.NOTICE, code=22)
TEXT = begin(3, replace(SOS, source=Source.MESSAGE, key="text:sos now", text="SOS now"), None)
SEEN = replace(ALARM, acknowledged_ms=NOW)
RULE = begin(4, replace(SOS, source=Source.RULE, key="rule:a", device_ms=None), None)


def again(report: Raised, **changed: object) -> Raised:
    """The same five minutes later, by both clocks."""
    return replace(report, **{"at_ms": LATER, "device_ms": LATER - 900} | changed)


@pytest.mark.parametrize(
    ("alarm", "report", "report_class", "is_further"),
    [
        (None, SOS, ReportClass.NEW, True),
        (SEEN, again(SOS), ReportClass.AGAIN, True),
        (replace(SEEN, shelved_until_ms=LATER), again(SOS), ReportClass.REPEAT, True),
        (
            replace(SEEN, key="jammer_start"),
            again(SOS, key="jammer_start"),
            ReportClass.REPEAT,
            True,
        ),
        (ALARM, SOS, ReportClass.DUPLICATE, False),
        (ALARM, replace(SOS, at_ms=LATER), ReportClass.DUPLICATE, False),
        (ALARM, replace(SOS, source=Source.MESSAGE), ReportClass.OTHER_SOURCE, False),
        (ALARM, again(SOS), ReportClass.REPEAT, True),
        (ALARM, again(SOS, source=Source.MESSAGE), ReportClass.REPEAT, True),
        # Without a device time nothing says that the same channel means the same occurrence.
        (ALARM, replace(SOS, device_ms=None), ReportClass.REPEAT, True),
        (GUESS, PARKED, ReportClass.NARROWED, False),
        (GUESS, replace(PARKED, source=Source.MESSAGE), ReportClass.NARROWED, False),
        (GUESS, again(PARKED), ReportClass.NARROWED, True),
        (TEXT, SOS, ReportClass.NARROWED, False),
        (TEXT, again(SOS), ReportClass.NARROWED, True),
        (RULE, again(SOS, source=Source.RULE, key="rule:a"), ReportClass.REPEAT, True),
        # Only the two channels of the feed report the same thing twice.
        (RULE, replace(SOS, source=Source.LINK, key="rule:a"), ReportClass.REPEAT, True),
    ],
)
def test_occurrence_has_one_class(
    alarm: Alarm | None, report: Raised, report_class: ReportClass, is_further: bool
) -> None:
    assert classify(alarm, report) == Classification(report_class, alarm, is_further)


@pytest.mark.parametrize("alarm", [None, ALARM, SEEN])
def test_known_report_is_a_duplicate_whatever_became_of_its_alarm(alarm: Alarm | None) -> None:
    found = classify(alarm, again(SOS), is_known_report=True)
    assert found == Classification(ReportClass.DUPLICATE, alarm)


BIT = replace(ALARM, bit=0x10)
UNCLEAR = replace(ALARM, end_unknown=True)
ENDED_BY_ANOTHER = replace(ALARM, key="external_power_lost")
QUIET = Cleared(LATER, "1", 0, 0, LATER)
OVER = Returned(LATER, "1", "sos", LATER)
ENDS = {ReportClass.END, ReportClass.UNKNOWN_END}


@pytest.mark.parametrize(
    ("alarm", "report", "report_class"),
    [
        (ALARM, OVER, ReportClass.END),
        (ALARM, replace(OVER, device_ms=None), ReportClass.END),
        (replace(ALARM, device_ms=None), OVER, ReportClass.END),
        (ALARM, replace(OVER, device_ms=NOW - HOUR_MS), ReportClass.NO_END),
        (ALARM, replace(OVER, device_ms=NOW - 1_000), ReportClass.UNKNOWN_END),
        (ALARM, replace(OVER, device_ms=None, source=Source.MESSAGE), ReportClass.UNKNOWN_END),
        (UNCLEAR, replace(OVER, device_ms=NOW - 1_000), ReportClass.NO_END),
        (UNCLEAR, OVER, ReportClass.END),
        (replace(ALARM, device_ms=None), replace(OVER, device_ms=NOW - 9), ReportClass.UNKNOWN_END),
        (
            replace(ALARM, device_ms=None),
            replace(OVER, device_ms=NOW - HOUR_MS),
            ReportClass.NO_END,
        ),
        (replace(ALARM, active=False), OVER, ReportClass.NO_END),
        (ALARM, QUIET, ReportClass.END),
        (ALARM, replace(QUIET, device_ms=NOW - HOUR_MS), ReportClass.NO_END),
        (ALARM, replace(QUIET, device_ms=None), ReportClass.END),
        (BIT, replace(QUIET, event=22, device_ms=None), ReportClass.UNKNOWN_END),
        (ALARM, replace(QUIET, event=22), ReportClass.NO_END),
        (ENDED_BY_ANOTHER, QUIET, ReportClass.NO_END),
        (RULE, QUIET, ReportClass.NO_END),
        (BIT, QUIET, ReportClass.END),
        (BIT, replace(QUIET, event=22), ReportClass.END),
        (BIT, replace(QUIET, alerts=0x10), ReportClass.NO_END),
        (BIT, replace(QUIET, alerts=None), ReportClass.NO_END),
    ],
)
def test_end_has_one_class(
    alarm: Alarm, report: Returned | Cleared, report_class: ReportClass
) -> None:
    assert classify_end(alarm, report) == Classification(report_class, alarm)


@pytest.mark.parametrize("report_class", [kind for kind in ReportClass if kind not in ENDS])
def test_nothing_but_an_end_ends(report_class: ReportClass) -> None:
    assert end(ALARM, OVER, Classification(report_class, ALARM)) is None


@pytest.mark.parametrize(
    "report_class", [ReportClass.DUPLICATE, ReportClass.NO_END, ReportClass.UNKNOWN_END]
)
def test_class_without_anything_new_changes_nothing(report_class: ReportClass) -> None:
    assert update(ALARM, SOS, Classification(report_class, ALARM)) is None
