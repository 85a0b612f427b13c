"""Which report is the same again, and how many are kept."""

import pytest
from msgspec.structs import replace

from tftmonitor.model.alarms import known_reports
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Raised
from tftmonitor.model.alarms.known_reports import KnownReports

NOW = 1_795_000_000_000
HOUR_MS = 3_600_000
SOS = Raised(NOW, Source.SNAPSHOT, "sos", "SOS", Severity.CRITICAL, "1", code=16, device_ms=NOW)


@pytest.fixture
def reports() -> KnownReports:
    made = KnownReports()
    made.add(SOS, first_hand=True)
    return made


@pytest.mark.parametrize(
    ("report", "is_known"),
    [
        (SOS, True),
        (replace(SOS, at_ms=NOW + 99_000), True),
        (replace(SOS, device_ms=NOW + 1), False),
        (replace(SOS, source=Source.MESSAGE, device_ms=NOW - 999), True),
        (replace(SOS, source=Source.MESSAGE, device_ms=NOW + 999), True),
        (replace(SOS, source=Source.MESSAGE, device_ms=NOW + 1_000), False),
        (replace(SOS, source=Source.RULE), False),
        (replace(SOS, device=None), False),
        (replace(SOS, device_ms=None), False),
        (replace(SOS, source=Source.MESSAGE, device_ms=None, sent_ms=NOW), False),
        (replace(SOS, key="code:3", candidates=("towing", "sos")), True),
    ],
)
def test_same_is_what_has_device_kind_and_time(
    reports: KnownReports, report: Raised, is_known: bool
) -> None:
    assert reports.knows(report) is is_known


@pytest.mark.parametrize(
    "report",
    [
        replace(SOS, device=None),
        replace(SOS, device_ms=None),
        replace(SOS, source=Source.RULE),
        replace(SOS, severity=Severity.NOTICE),
    ],
)
def test_what_cannot_come_again_is_not_kept(report: Raised) -> None:
    reports = KnownReports()
    reports.add(report, first_hand=True)
    assert (len(reports), reports.take_new()) == (0, [])


def test_second_hand_says_nothing_about_the_other_channel() -> None:
    reports = KnownReports()
    reports.add(SOS, first_hand=False)
    assert reports.knows(SOS)
    assert not reports.knows(replace(SOS, source=Source.MESSAGE))


def test_new_ones_are_handed_out_once(reports: KnownReports) -> None:
    (report,) = reports.take_new()
    assert report == ("1", "sos", NOW, Source.SNAPSHOT, NOW, True)
    assert reports.take_new() == []


def test_oldest_are_forgotten_and_one_is_held_once(
    reports: KnownReports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_reports, "REPORTS_KEPT", 3)
    reports.restore(reports.take_new())
    for seconds in range(1, 4):
        reports.add(replace(SOS, device_ms=NOW + seconds * 1_000), first_hand=True)
    assert len(reports) == 3
    assert not reports.knows(SOS)
    assert reports.knows(replace(SOS, device_ms=NOW + 3_000))


def test_date_that_is_not_believed_makes_a_report_known_again_but_not_that_of_an_unset_clock() -> (
    None
):
    known = KnownReports()
    behind = replace(SOS, device_ms=None, doubtful=True, raw_ms=NOW - HOUR_MS)
    unset = replace(SOS, device_ms=None, doubtful=True, raw_ms=1_377_993_600_000)
    for report in (behind, unset):
        known.add(report, first_hand=True)
    assert [known.knows(report) for report in (behind, unset)] == [True, False]


def test_reports_of_a_former_key_are_of_the_device(reports: KnownReports) -> None:
    reports.rename("2", "3")
    reports.rename("1", "A")
    assert reports.knows(replace(SOS, device="A"))
    assert not reports.knows(SOS)
    reports.add(SOS, first_hand=True)
    reports.rename("1", "A")
    assert not reports.knows(SOS)


def test_devices_of_reports_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_reports, "REPORTS_KEPT", 2)
    reports = KnownReports()
    for number in range(9):
        reports.add(replace(SOS, device=str(number)), first_hand=True)
    assert len(reports._devices) <= 4
    reports.rename("8", "A")
    assert reports.knows(replace(SOS, device="A"))
