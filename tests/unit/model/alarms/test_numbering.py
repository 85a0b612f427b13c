"""What a dispatcher is told about an alarm number, with and without proof of the numbering."""

import pytest

from tftmonitor.model.alarms.codes import BY_KEY, Numbering, Severity
from tftmonitor.model.alarms.numbering import (
    NAMELESS,
    CodeResolver,
    ResolvedCode,
    name_for_message,
    narrow,
)

SOS_BIT = 0x10
PARKING_BIT = 0x2
SUPPLY_BACK_BIT = 0x800_0000


@pytest.fixture
def reader() -> CodeResolver:
    return CodeResolver()


def read(
    reader: CodeResolver, code: int, model: str | None = "TLW2-12B", alerts: int | None = None
) -> ResolvedCode:
    reading = reader.read(code, alerts, model)
    assert reading is not None
    return reading


# The ten alarms seen in packets of real devices: number, model, what the list shows, severity,
# then the server's text and what that makes of severity and numbering.
SEEN = [
    (
        1,
        "T8803 Pro",
        "Alarm 1 (external power disconnected or ignition on)",
        Severity.CRITICAL,
        "External power disconnected",
        Severity.CRITICAL,
        Numbering.VEHICLE,
    ),
    (
        23,
        "TLW2-12B",
        "Alarm 23 (AC on or external power below threshold)",
        Severity.WARNING,
        "AC on",
        Severity.NOTICE,
        Numbering.VEHICLE,
    ),
    (
        22,
        "TLP1-SF",
        "Alarm 22 (moving begins or external power recovered)",
        Severity.WARNING,
        "Moving begins",
        Severity.NOTICE,
        Numbering.ASSET,
    ),
    (
        22,
        "TLD1-A",
        "Alarm 22 (ignition off or external power recovered)",
        Severity.WARNING,
        "Ignition off",
        Severity.NOTICE,
        Numbering.VEHICLE,
    ),
    (
        9,
        "TLD2-L",
        "Alarm 9 (address request)",
        Severity.WARNING,
        "Address request",
        Severity.NOTICE,
        None,  # the byte and the enumeration agree
    ),
    (
        19,
        "TLW2-12B",
        "Alarm 19 (tank filled or vibration)",
        Severity.WARNING,
        "Tank filled",
        Severity.NOTICE,
        Numbering.VEHICLE,
    ),
    (
        23,
        "TLP1-SF",
        "Alarm 23 (moving stops or external power below threshold)",
        Severity.WARNING,
        "Moving stops",
        Severity.NOTICE,
        Numbering.ASSET,
    ),
    (
        22,
        "TLW2-12B",
        "Alarm 22 (ignition off or external power recovered)",
        Severity.WARNING,
        "Ignition off",
        Severity.NOTICE,
        Numbering.VEHICLE,
    ),
    (
        18,
        "TLP1-SF",
        "Alarm 18 (USB charging start or idle end)",
        Severity.WARNING,
        "USB charging start",
        Severity.NOTICE,
        Numbering.ASSET,
    ),
    (
        105,
        "TLW2-12B",
        "Alarm 105 (not in any table)",
        Severity.WARNING,
        "Alarm 0x69",
        Severity.WARNING,
        None,
    ),
]


@pytest.mark.parametrize(
    ("code", "model", "name", "severity", "text", "sharp_severity", "sharp_numbering"), SEEN
)
def test_alarm_of_a_real_device_is_shown_honestly_and_sharpened_by_the_servers_text(
    reader: CodeResolver,
    code: int,
    model: str,
    name: str,
    severity: Severity,
    text: str,
    sharp_severity: Severity,
    sharp_numbering: Numbering | None,
) -> None:
    reading = read(reader, code, model)
    assert (reading.code, reading.name, reading.severity) == (code, name, severity)
    assert reading.kind is None
    assert reading.numbering is None

    sharp = narrow(reading, text)
    assert (sharp.severity, sharp.numbering) == (sharp_severity, sharp_numbering)
    assert name_for_message(sharp, text) == text


@pytest.mark.parametrize("alerts", [None, 0, 0xFFFF_FFFF])
def test_zero_is_no_alarm_whatever_the_alerts(reader: CodeResolver, alerts: int | None) -> None:
    assert reader.read(0, alerts, "TLD1-A") is None


def test_zero_is_no_alarm_under_a_pin(reader: CodeResolver) -> None:
    reader.pin("TLD1-A", Numbering.EVENT)
    assert reader.read(0, None, "TLD1-A") is None


@pytest.mark.parametrize("model", [None, "", "White Label 7"])
def test_unknown_model_gets_the_bytes_of_both_families(
    reader: CodeResolver, model: str | None
) -> None:
    reading = read(reader, 22, model)
    assert reading.name == "Alarm 22 (ignition off, moving begins or external power recovered)"
    assert [kind.key for kind in reading.candidates] == [
        "ignition_off",
        "moving_begins",
        "external_power_recovered",
    ]


def test_unresolved_alarm_is_as_severe_as_its_worst_candidate(reader: CodeResolver) -> None:
    reading = read(reader, 16, "TLW1")
    assert reading.name == "Alarm 16 (anti-theft, AC off or SOS)"
    assert reading.severity is Severity.CRITICAL


def test_alarm_with_one_candidate_left_stays_unresolved_but_named(reader: CodeResolver) -> None:
    reading = read(reader, 112, "TLP1-P")
    assert reading.name == "Alarm 112 (over speed)"
    assert (reading.kind, reading.numbering) == (None, None)
    assert reading.candidates == (BY_KEY["over_speed"],)


def test_byte_of_another_family_is_no_candidate(reader: CodeResolver) -> None:
    assert read(reader, 112, "TLW1").name == "Alarm 112 (not in any table)"


@pytest.mark.parametrize(
    ("cur_event", "code"), [(-(2**31), 2**31), (2**31, 2**31), (0x4000, 0x4000), (96, 96)]
)
def test_number_in_no_table_is_kept_as_a_warning(
    reader: CodeResolver, cur_event: int, code: int
) -> None:
    reading = read(reader, cur_event)
    assert reading.code == code
    assert reading.name == f"Alarm {code} (not in any table)"
    assert reading.severity is Severity.WARNING
    assert reading.candidates == ()


@pytest.mark.parametrize(
    ("code", "key"), [(64, "towing"), (0x2000, "ac_on"), (0x4000_0000, "collision")]
)
def test_power_of_two_from_64_up_is_read_as_bit(reader: CodeResolver, code: int, key: str) -> None:
    reading = read(reader, code)
    assert reading.kind is BY_KEY[key]
    assert reading.name == BY_KEY[key].name
    assert reading.severity is BY_KEY[key].severity
    assert reading.numbering is Numbering.BITS
    assert reading.candidates == (BY_KEY[key],)


def test_power_of_two_below_64_is_not_taken_for_a_bit(reader: CodeResolver) -> None:
    assert read(reader, 32).name == "Alarm 32 (idle end, front light detected or over speed)"


def test_sure_bit_teaches_nothing(reader: CodeResolver) -> None:
    read(reader, 64)
    assert read(reader, 1).kind is None


def test_alerts_that_confirm_one_reading_settle_it(reader: CodeResolver) -> None:
    reading = read(reader, 22, "TLD1-A", PARKING_BIT | SOS_BIT)
    assert reading.kind is BY_KEY["ignition_off"]
    assert reading.numbering is Numbering.VEHICLE
    assert reading.severity is Severity.NOTICE


def test_alerts_can_confirm_any_of_the_numberings(reader: CodeResolver) -> None:
    assert read(reader, 22, "TLD1-A", SUPPLY_BACK_BIT).numbering is Numbering.EVENT
    assert read(reader, 16, "TLW1", SOS_BIT).numbering is Numbering.BITS
    assert read(reader, 16, "TLP1-P", 0x4000_0000).numbering is Numbering.ASSET


def test_alerts_may_be_signed(reader: CodeResolver) -> None:
    assert read(reader, 22, "TLD1-A", -(2**31) | PARKING_BIT).kind is BY_KEY["ignition_off"]


@pytest.mark.parametrize("alerts", [PARKING_BIT | SUPPLY_BACK_BIT, SOS_BIT, 0, None])
def test_alerts_that_confirm_several_or_none_settle_nothing(
    reader: CodeResolver, alerts: int | None
) -> None:
    assert read(reader, 22, "TLD1-A", alerts).kind is None
    assert read(reader, 23, "TLD1-A").kind is None


def test_alarm_with_one_number_in_two_numberings_is_settled_without_teaching(
    reader: CodeResolver,
) -> None:
    reading = read(reader, 9, "TLD2-L", 0x80)
    assert reading.kind is BY_KEY["address_request"]
    assert reading.severity is Severity.NOTICE
    assert reading.numbering is None
    assert read(reader, 22, "TLD2-L").kind is None


def test_proof_is_remembered_for_the_model_and_its_family(reader: CodeResolver) -> None:
    read(reader, 22, "TLW1", PARKING_BIT)
    assert read(reader, 23, "tlw1").kind is BY_KEY["ac_on"]
    assert read(reader, 23, "TLW2-12B").kind is BY_KEY["ac_on"]
    assert read(reader, 23, "TLW2-12B").numbering is Numbering.VEHICLE


def test_proof_does_not_reach_another_family(reader: CodeResolver) -> None:
    read(reader, 22, "TLW1", PARKING_BIT)
    assert read(reader, 23, "TLD1-A").kind is None
    assert read(reader, 23, None).kind is None


def test_proof_of_a_white_label_model_counts_for_that_model_only(reader: CodeResolver) -> None:
    read(reader, 22, "Fleet Box", PARKING_BIT)
    assert read(reader, 23, "FLEET BOX").kind is BY_KEY["ac_on"]
    assert read(reader, 23, "Fleet Crate").kind is None


def test_device_without_model_teaches_nothing(reader: CodeResolver) -> None:
    assert read(reader, 22, None, PARKING_BIT).kind is BY_KEY["ignition_off"]
    assert read(reader, 22, None).kind is None


def test_models_own_proof_beats_its_familys(reader: CodeResolver) -> None:
    read(reader, 22, "TLW1", SUPPLY_BACK_BIT)
    read(reader, 22, "TLW2-12B", PARKING_BIT)
    assert read(reader, 22, "TLW1").numbering is Numbering.EVENT


def test_latest_proof_counts(reader: CodeResolver) -> None:
    read(reader, 22, "TLW1", SUPPLY_BACK_BIT)
    read(reader, 22, "TLW1", PARKING_BIT)
    assert read(reader, 22, "TLW1").numbering is Numbering.VEHICLE


def test_number_that_the_learned_numbering_lacks_keeps_its_other_candidates(
    reader: CodeResolver,
) -> None:
    read(reader, 22, "TLW1", PARKING_BIT)
    assert read(reader, 48, "TLW1").name == "Alarm 48 (power on)"


def test_learned_enumeration_does_not_silence_a_one(reader: CodeResolver) -> None:
    reader.learn("TLW1", Numbering.EVENT)
    assert read(reader, 1, "TLW1").severity is Severity.CRITICAL


def test_pin_beats_alerts_and_sure_bits(reader: CodeResolver) -> None:
    reader.pin("TLD1-A", Numbering.EVENT)
    reading = read(reader, 22, " tld1-a", PARKING_BIT)
    assert reading.kind is BY_KEY["external_power_recovered"]
    assert reading.numbering is Numbering.EVENT
    assert read(reader, 64, "TLD1-A").kind is None


def test_pin_beats_the_family_of_the_model(reader: CodeResolver) -> None:
    reader.pin("TLD1-A", Numbering.ASSET)
    assert read(reader, 22, "TLD1-A").kind is BY_KEY["moving_begins"]


def test_pin_holds_for_its_model_only(reader: CodeResolver) -> None:
    reader.pin("TLW1", Numbering.VEHICLE)
    assert read(reader, 23, "TLW1").kind is BY_KEY["ac_on"]
    assert read(reader, 23, "TLW2-12B").kind is None


def test_pin_can_be_set_for_devices_without_model(reader: CodeResolver) -> None:
    reader.pin(None, Numbering.VEHICLE)
    assert read(reader, 23, None).kind is BY_KEY["ac_on"]


def test_number_outside_the_pinned_table_is_kept_as_a_warning(reader: CodeResolver) -> None:
    reader.pin("TLW1", Numbering.VEHICLE)
    reading = read(reader, 105, "TLW1")
    assert reading.name == "Alarm 105 (not in the pinned table)"
    assert reading.severity is Severity.WARNING
    assert reading.numbering is Numbering.VEHICLE
    assert reading.kind is None


def test_pinned_enumeration_reads_one_as_no_alarm(reader: CodeResolver) -> None:
    reader.pin("TLW1", Numbering.EVENT)
    assert reader.read(1, None, "TLW1") is None
    reader.pin("TLW1", Numbering.VEHICLE)
    assert read(reader, 1, "TLW1").kind is BY_KEY["external_power_lost"]


def test_removed_pin_gives_back_the_rule(reader: CodeResolver) -> None:
    reader.pin("TLW1", Numbering.VEHICLE)
    reader.pin("TLW1", None)
    reader.pin("TLW2-12B", None)
    assert read(reader, 23, "TLW1").kind is None


@pytest.mark.parametrize("text", ["ac ON", " AC-on. ", "Ac_on"])
def test_servers_text_is_compared_by_letters_only(reader: CodeResolver, text: str) -> None:
    sharp = narrow(read(reader, 23), text)
    assert sharp.kind is BY_KEY["ac_on"]
    assert sharp.candidates == (BY_KEY["ac_on"],)
    assert sharp.code == 23


@pytest.mark.parametrize("text", [None, "", "  ", "123", "SOS", "AC on since noon"])
def test_text_that_names_no_candidate_changes_nothing(
    reader: CodeResolver, text: str | None
) -> None:
    reading = read(reader, 23)
    assert narrow(reading, text) is reading


def test_text_does_not_move_a_resolved_reading(reader: CodeResolver) -> None:
    reading = read(reader, 64)
    assert narrow(reading, "AC on") is reading


def test_servers_text_is_the_name_of_a_message(reader: CodeResolver) -> None:
    assert name_for_message(read(reader, 22), "  Parked at depot ") == "Parked at depot"
    assert name_for_message(None, "Parked at depot") == "Parked at depot"


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_message_without_text_is_named_by_its_number(
    reader: CodeResolver, text: str | None
) -> None:
    assert name_for_message(read(reader, 64), text) == "Towing"
    assert name_for_message(None, text) == NAMELESS
