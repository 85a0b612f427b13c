"""From the numbers, bits and texts of the feed to occurrences of alarms."""

from dataclasses import dataclass, replace

import pytest
from msgspec import UNSET

from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Numbering, Severity
from tftmonitor.model.alarms.events import Cleared, Raised
from tftmonitor.model.alarms.intake import AlarmIntake, ReportContext
from tftmonitor.model.alarms.last_report import Word
from tftmonitor.model.alarms.numbering import NAMELESS, CodeResolver

NOW = 1_795_000_000_000
SOS, SPEED, IGNITION, UNDEFINED = 0x10, 0x20, 0x1, 0x4000
JAMMER = 0x200_0000


@dataclass(frozen=True)
class Van:
    key: str = "1"
    label: str = "VAN-12"
    model: str | None = "TLW2-12B"


VAN = Van()
AT = ReportContext(NOW, NOW - 900, 50.1, 8.6)


@pytest.fixture
def resolver() -> CodeResolver:
    return CodeResolver()


@pytest.fixture
def intake(resolver: CodeResolver) -> AlarmIntake:
    return AlarmIntake(resolver)


def at(seconds: float) -> ReportContext:
    step = round(seconds * 1_000)
    return ReportContext(NOW + step, NOW - 900 + step)


def raised(found: list[Raised | Cleared]) -> list[Raised]:
    return [event for event in found if isinstance(event, Raised)]


def cleared(found: list[Raised | Cleared]) -> list[Cleared]:
    return [event for event in found if isinstance(event, Cleared)]


def keys(found: list[Raised | Cleared]) -> list[str]:
    return [event.key for event in raised(found)]


# Snapshots


def test_sure_number_is_an_alarm_with_device_time_and_place(intake: AlarmIntake) -> None:
    (event,) = raised(intake.snapshot(VAN, JAMMER, 0, AT))
    assert (event.key, event.severity, event.source) == (
        "jammer_start",
        Severity.CRITICAL,
        Source.SNAPSHOT,
    )
    assert (event.device, event.device_name) == ("1", "VAN-12")
    assert (event.device_ms, event.lat, event.lng) == (NOW - 900, 50.1, 8.6)
    assert (event.code, event.numbering, event.candidates) == (JAMMER, "A", ())


def test_doubtful_number_names_all_that_it_may_be(intake: AlarmIntake) -> None:
    (event,) = raised(intake.snapshot(VAN, 22, UNSET, AT))
    assert event.key == "code:22"
    assert set(event.candidates) == {"ignition_off", "external_power_recovered"}
    assert event.severity is Severity.WARNING


@pytest.mark.parametrize("numbers", [(0, 0), (UNSET, None), (None, UNSET)])
def test_quiet_snapshot_reports_nothing(intake: AlarmIntake, numbers: tuple[Word, Word]) -> None:
    assert intake.snapshot(VAN, *numbers, AT) == []
    assert intake.standing == {}


def test_every_bit_is_an_alarm_also_the_undefined(intake: AlarmIntake) -> None:
    found = raised(intake.snapshot(VAN, 0, SPEED | UNDEFINED, AT))
    assert [(event.key, event.name, event.bit) for event in found] == [
        ("over_speed", "Over speed", SPEED),
        ("bit:0x4000", "Alarm of unknown form: alert bit 0x4000", UNDEFINED),
    ]
    assert found[1].severity is Severity.HIGH
    assert found[0].code is None


def test_number_and_bit_of_the_same_alarm_are_one(intake: AlarmIntake) -> None:
    (event,) = raised(intake.snapshot(VAN, 3, SOS, AT))
    assert (event.key, event.bit, event.numbering) == ("sos", SOS, "B-vehicle")


def test_signed_numbers_are_read_as_the_bits_they_are(intake: AlarmIntake) -> None:
    assert keys(intake.snapshot(VAN, 0, -(2**31), AT)) == ["bit:0x80000000"]


def test_bit_that_stands_is_reported_once(intake: AlarmIntake) -> None:
    intake.snapshot(VAN, 0, SPEED, AT)
    assert intake.snapshot(VAN, 0, SPEED, at(10)) == []
    assert keys(intake.snapshot(VAN, 0, SPEED | SOS, at(20))) == ["sos"]


def test_absent_bits_are_as_they_were(intake: AlarmIntake) -> None:
    intake.snapshot(VAN, 0, SPEED, AT)
    assert intake.snapshot(VAN, 0, UNSET, at(10)) == []
    assert "1" in intake.standing


def test_number_again_is_a_repeat_unless_it_is_the_same_snapshot(intake: AlarmIntake) -> None:
    intake.snapshot(VAN, JAMMER, 0, AT)
    assert intake.snapshot(VAN, JAMMER, 0, replace(AT, received_ms=NOW + 50)) == []
    assert keys(intake.snapshot(VAN, JAMMER, 0, at(10))) == ["jammer_start"]


def test_device_without_clock_repeats_with_every_snapshot(intake: AlarmIntake) -> None:
    timeless = ReportContext(NOW)
    intake.snapshot(VAN, JAMMER, 0, timeless)
    assert keys(intake.snapshot(VAN, JAMMER, 0, timeless)) == ["jammer_start"]


def test_notice_that_stands_is_reported_once(intake: AlarmIntake) -> None:
    assert keys(intake.snapshot(VAN, IGNITION, IGNITION, AT)) == ["ignition_on"]
    assert intake.snapshot(VAN, IGNITION, IGNITION, at(10)) == []
    intake.snapshot(VAN, 0, 0, at(20))
    assert keys(intake.snapshot(VAN, IGNITION, IGNITION, at(30))) == ["ignition_on"]


def test_end_of_a_number_is_reported_once_and_then_all_is_quiet(intake: AlarmIntake) -> None:
    intake.snapshot(VAN, JAMMER, 0, AT)
    assert intake.snapshot(VAN, 0, 0, at(10)) == [
        Cleared(NOW + 10_000, "1", 0, 0, NOW + 9_100),
    ]
    assert intake.standing == {}


def test_end_of_a_bit_is_reported_while_others_stand(intake: AlarmIntake) -> None:
    intake.snapshot(VAN, 0, SPEED | SOS, AT)
    (over,) = cleared(intake.snapshot(VAN, 0, SOS, at(10)))
    assert over.alerts == SOS


def test_absent_number_ends_nothing(intake: AlarmIntake) -> None:
    intake.snapshot(VAN, JAMMER, UNSET, AT)
    assert intake.snapshot(VAN, UNSET, UNSET, at(10)) == []
    (over,) = cleared(intake.snapshot(VAN, 0, UNSET, at(20)))
    assert over.alerts is None


def test_operator_said_that_one_is_none(intake: AlarmIntake, resolver: CodeResolver) -> None:
    resolver.pin(VAN.model, Numbering.EVENT)
    assert intake.snapshot(VAN, 1, 0, AT) == []


# Late uploads


def test_late_snapshot_raises_and_ends_nothing(intake: AlarmIntake) -> None:
    intake.snapshot(VAN, JAMMER, 0, AT)
    past = replace(at(-3_600), received_ms=NOW, past=True)
    (event,) = raised(intake.snapshot(VAN, 0, SPEED, past))
    assert event.past
    later = replace(at(-3_000), received_ms=NOW, past=True)
    assert intake.snapshot(VAN, 0, 0, later) == []
    assert intake.standing["1"].event == JAMMER


def test_late_bits_that_stand_now_are_not_reported_again(intake: AlarmIntake) -> None:
    intake.snapshot(VAN, 0, SPEED, AT)
    past = replace(at(-3_600), past=True)
    assert keys(intake.snapshot(VAN, 0, SPEED | SOS, past)) == ["sos"]
    assert intake.snapshot(VAN, 0, SPEED | SOS, replace(at(-3_500), past=True)) == []


# Messages


def test_message_with_number_and_text(intake: AlarmIntake) -> None:
    event = intake.message(VAN, JAMMER, None, " Jammed at the port ", AT)
    assert (event.key, event.name, event.text) == (
        "jammer_start",
        "Jammed at the port",
        "Jammed at the port",
    )
    assert (event.severity, event.source) == (Severity.CRITICAL, Source.MESSAGE)
    assert event.device_name == "VAN-12"


def test_text_decides_a_doubtful_number_and_teaches_the_resolver(
    intake: AlarmIntake, resolver: CodeResolver
) -> None:
    event = intake.message(VAN, 22, None, "ignition OFF", AT)
    assert (event.key, event.severity, event.numbering) == (
        "ignition_off",
        Severity.NOTICE,
        "B-vehicle",
    )
    assert event.candidates == ()
    assert keys(intake.snapshot(VAN, 35, 0, AT)) == ["external_power_recovered"]


def test_name_within_the_message_decides_as_well(intake: AlarmIntake) -> None:
    assert intake.message(VAN, 22, "Ignition off", "VAN-12: parked", AT).key == "ignition_off"


def test_name_that_two_numberings_share_teaches_nothing(
    intake: AlarmIntake, resolver: CodeResolver
) -> None:
    # 3 is SOS among the bytes of vehicles and of asset trackers alike.
    event = intake.message(replace(VAN, model=None), 3, None, "SOS", AT)
    assert (event.key, event.numbering) == ("sos", None)
    assert keys(intake.snapshot(replace(VAN, model=None), 22, 0, AT)) == ["code:22"]


def test_doubtful_number_with_free_text_keeps_its_number_and_the_text(intake: AlarmIntake) -> None:
    event = intake.message(VAN, 22, None, "Engine stopped", AT)
    assert (event.key, event.name) == ("code:22", "Engine stopped")
    assert event.candidates
    assert event.severity is Severity.WARNING


def test_text_without_number_is_known_by_its_name(intake: AlarmIntake) -> None:
    assert intake.message(VAN, None, None, "Fuel leak", AT).severity is Severity.CRITICAL
    assert intake.message(VAN, 0, "sos", "Help", AT).key == "sos"


def test_free_text_alone_is_a_warning_without_device(intake: AlarmIntake) -> None:
    event = intake.message(None, None, None, "Left the depot", AT)
    assert (event.key, event.name, event.severity) == (
        "text:left the depot",
        "Left the depot",
        Severity.WARNING,
    )
    assert (event.device, event.device_name, event.code) == (None, "", None)


def test_name_stands_in_for_a_missing_text(intake: AlarmIntake) -> None:
    assert intake.message(VAN, None, "Left the depot", "", AT).name == "Left the depot"
    assert intake.message(VAN, None, None, " ", AT).name == NAMELESS


def test_long_text_is_bounded(intake: AlarmIntake) -> None:
    event = intake.message(VAN, None, None, "x" * 5_000, AT)
    assert (len(event.text), len(event.name)) == (300, 120)
    assert len(event.key) < 130


# Ends that are expected


def test_quiet_snapshot_after_a_message_ends_its_alarm(intake: AlarmIntake) -> None:
    intake.message(VAN, JAMMER, None, "", AT)
    assert cleared(intake.snapshot(VAN, 0, 0, at(-60))) == []
    assert "1" in intake.standing
    assert cleared(intake.snapshot(VAN, UNSET, 0, at(10))) == []
    assert len(cleared(intake.snapshot(VAN, 0, 0, at(20)))) == 1
    assert intake.standing == {}


def test_restored_alarm_ends_with_its_bit(intake: AlarmIntake) -> None:
    by = (Source.SNAPSHOT,)
    open_one = Alarm(1, "sos", "SOS", Severity.CRITICAL, NOW, NOW, by, by, "1", bit=SOS)
    intake.expect_end(open_one)
    assert raised(intake.snapshot(VAN, 0, SOS, at(10))) == []
    (over,) = cleared(intake.snapshot(VAN, 0, 0, at(20)))
    assert over.alerts == 0


def test_no_end_is_expected_of_alarms_without_device_or_over(intake: AlarmIntake) -> None:
    by = (Source.LINK,)
    intake.expect_end(Alarm(1, "link:a", "Link", Severity.HIGH, NOW, NOW, by, by))
    intake.expect_end(Alarm(2, "sos", "SOS", Severity.HIGH, NOW, NOW, by, by, "1", active=False))
    assert intake.standing == {}


@dataclass(frozen=True)
class Tracked(Van):
    imei: str | None = "860000000000001"


def test_occurrence_carries_the_imei_where_the_device_has_one(intake: AlarmIntake) -> None:
    found = raised(intake.snapshot(Tracked(), 0, SOS, AT))
    assert [event.imei for event in found] == ["860000000000001"]
    assert [e.imei for e in raised(intake.snapshot(Tracked("2", imei=None), 0, SOS, AT))] == [""]
    assert [e.imei for e in raised(intake.snapshot(Van("3"), 0, SOS, AT))] == [""]
