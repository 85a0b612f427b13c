"""What a dispatcher sees of an alarm number, with and without proof of the numbering."""

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
def resolver() -> CodeResolver:
    return CodeResolver()


def resolve(
    resolver: CodeResolver, code: int, model: str | None = "TLW2-12B", alerts: int | None = None
) -> ResolvedCode:
    resolved = resolver.resolve(code, alerts, model)
    assert resolved is not None
    return resolved


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
    ("code", "model", "name", "severity", "text", "narrowed_severity", "narrowed_numbering"), SEEN
)
def test_alarm_of_a_real_device_is_shown_honestly_and_narrowed_by_the_servers_text(
    resolver: CodeResolver,
    code: int,
    model: str,
    name: str,
    severity: Severity,
    text: str,
    narrowed_severity: Severity,
    narrowed_numbering: Numbering | None,
) -> None:
    resolved = resolve(resolver, code, model)
    assert (resolved.code, resolved.name, resolved.severity) == (code, name, severity)
    assert resolved.kind is None
    assert resolved.numbering is None

    narrowed = narrow(resolved, text)
    assert (narrowed.severity, narrowed.numbering) == (narrowed_severity, narrowed_numbering)
    assert name_for_message(narrowed, text) == text


@pytest.mark.parametrize("alerts", [None, 0, 0xFFFF_FFFF])
def test_zero_is_no_alarm_whatever_the_alerts(resolver: CodeResolver, alerts: int | None) -> None:
    assert resolver.resolve(0, alerts, "TLD1-A") is None


def test_zero_is_no_alarm_under_a_pin(resolver: CodeResolver) -> None:
    resolver.pin("TLD1-A", Numbering.EVENT)
    assert resolver.resolve(0, None, "TLD1-A") is None


@pytest.mark.parametrize("model", [None, "", "White Label 7"])
def test_unknown_model_gets_the_bytes_of_both_families(
    resolver: CodeResolver, model: str | None
) -> None:
    resolved = resolve(resolver, 22, model)
    assert resolved.name == "Alarm 22 (ignition off, moving begins or external power recovered)"
    assert [kind.key for kind in resolved.candidates] == [
        "ignition_off",
        "moving_begins",
        "external_power_recovered",
    ]


def test_unresolved_alarm_is_as_severe_as_its_worst_candidate(resolver: CodeResolver) -> None:
    resolved = resolve(resolver, 16, "TLW1")
    assert resolved.name == "Alarm 16 (anti-theft, AC off or SOS)"
    assert resolved.severity is Severity.CRITICAL


def test_alarm_with_one_candidate_left_stays_unresolved_but_named(resolver: CodeResolver) -> None:
    resolved = resolve(resolver, 112, "TLP1-P")
    assert resolved.name == "Alarm 112 (over speed)"
    assert (resolved.kind, resolved.numbering) == (None, None)
    assert resolved.candidates == (BY_KEY["over_speed"],)


def test_byte_of_another_family_is_no_candidate(resolver: CodeResolver) -> None:
    assert resolve(resolver, 112, "TLW1").name == "Alarm 112 (not in any table)"


@pytest.mark.parametrize(
    ("cur_event", "code"), [(-(2**31), 2**31), (2**31, 2**31), (0x4000, 0x4000), (96, 96)]
)
def test_number_in_no_table_is_kept_as_a_warning(
    resolver: CodeResolver, cur_event: int, code: int
) -> None:
    resolved = resolve(resolver, cur_event)
    assert resolved.code == code
    assert resolved.name == f"Alarm {code} (not in any table)"
    assert resolved.severity is Severity.WARNING
    assert resolved.candidates == ()


@pytest.mark.parametrize(
    ("code", "key"), [(64, "towing"), (0x2000, "ac_on"), (0x4000_0000, "collision")]
)
def test_power_of_two_from_64_up_is_read_as_bit(
    resolver: CodeResolver, code: int, key: str
) -> None:
    resolved = resolve(resolver, code)
    assert resolved.kind is BY_KEY[key]
    assert resolved.name == BY_KEY[key].name
    assert resolved.severity is BY_KEY[key].severity
    assert resolved.numbering is Numbering.BITS
    assert resolved.candidates == (BY_KEY[key],)


def test_power_of_two_below_64_is_not_read_as_a_bit(resolver: CodeResolver) -> None:
    assert resolve(resolver, 32).name == "Alarm 32 (idle end, front light detected or over speed)"


def test_sure_bit_teaches_nothing(resolver: CodeResolver) -> None:
    resolve(resolver, 64)
    assert resolve(resolver, 1).kind is None


def test_alerts_that_confirm_one_reading_settle_it(resolver: CodeResolver) -> None:
    resolved = resolve(resolver, 22, "TLD1-A", PARKING_BIT | SOS_BIT)
    assert resolved.kind is BY_KEY["ignition_off"]
    assert resolved.numbering is Numbering.VEHICLE
    assert resolved.severity is Severity.NOTICE


def test_alerts_can_confirm_any_of_the_numberings(resolver: CodeResolver) -> None:
    assert resolve(resolver, 22, "TLD1-A", SUPPLY_BACK_BIT).numbering is Numbering.EVENT
    assert resolve(resolver, 16, "TLW1", SOS_BIT).numbering is Numbering.BITS
    assert resolve(resolver, 16, "TLP1-P", 0x4000_0000).numbering is Numbering.ASSET


def test_alerts_may_be_signed(resolver: CodeResolver) -> None:
    assert resolve(resolver, 22, "TLD1-A", -(2**31) | PARKING_BIT).kind is BY_KEY["ignition_off"]


@pytest.mark.parametrize("alerts", [PARKING_BIT | SUPPLY_BACK_BIT, SOS_BIT, 0, None])
def test_alerts_that_confirm_several_or_none_settle_nothing(
    resolver: CodeResolver, alerts: int | None
) -> None:
    assert resolve(resolver, 22, "TLD1-A", alerts).kind is None
    assert resolve(resolver, 23, "TLD1-A").kind is None


def test_alarm_with_one_number_in_two_numberings_is_settled_without_teaching(
    resolver: CodeResolver,
) -> None:
    resolved = resolve(resolver, 9, "TLD2-L", 0x80)
    assert resolved.kind is BY_KEY["address_request"]
    assert resolved.severity is Severity.NOTICE
    assert resolved.numbering is None
    assert resolve(resolver, 22, "TLD2-L").kind is None


def test_proof_is_remembered_for_the_model_and_its_family(resolver: CodeResolver) -> None:
    resolve(resolver, 22, "TLW1", PARKING_BIT)
    assert resolve(resolver, 23, "tlw1").kind is BY_KEY["ac_on"]
    assert resolve(resolver, 23, "TLW2-12B").kind is BY_KEY["ac_on"]
    assert resolve(resolver, 23, "TLW2-12B").numbering is Numbering.VEHICLE


def test_proof_does_not_reach_another_family(resolver: CodeResolver) -> None:
    resolve(resolver, 22, "TLW1", PARKING_BIT)
    assert resolve(resolver, 23, "TLD1-A").kind is None
    assert resolve(resolver, 23, None).kind is None


def test_proof_of_a_white_label_model_counts_for_that_model_only(resolver: CodeResolver) -> None:
    resolve(resolver, 22, "Fleet Box", PARKING_BIT)
    assert resolve(resolver, 23, "FLEET BOX").kind is BY_KEY["ac_on"]
    assert resolve(resolver, 23, "Fleet Crate").kind is None


def test_device_without_model_teaches_nothing(resolver: CodeResolver) -> None:
    assert resolve(resolver, 22, None, PARKING_BIT).kind is BY_KEY["ignition_off"]
    assert resolve(resolver, 22, None).kind is None


def test_models_own_proof_goes_before_its_familys(resolver: CodeResolver) -> None:
    resolve(resolver, 22, "TLW1", SUPPLY_BACK_BIT)
    resolve(resolver, 22, "TLW2-12B", PARKING_BIT)
    assert resolve(resolver, 22, "TLW1").numbering is Numbering.EVENT


def test_latest_proof_counts(resolver: CodeResolver) -> None:
    resolve(resolver, 22, "TLW1", SUPPLY_BACK_BIT)
    resolve(resolver, 22, "TLW1", PARKING_BIT)
    assert resolve(resolver, 22, "TLW1").numbering is Numbering.VEHICLE


def test_number_that_the_learned_numbering_lacks_keeps_its_other_candidates(
    resolver: CodeResolver,
) -> None:
    resolve(resolver, 22, "TLW1", PARKING_BIT)
    assert resolve(resolver, 48, "TLW1").name == "Alarm 48 (power on)"


def test_learned_enumeration_does_not_silence_a_one(resolver: CodeResolver) -> None:
    resolver.learn("TLW1", Numbering.EVENT)
    assert resolve(resolver, 1, "TLW1").severity is Severity.CRITICAL


def test_pin_goes_before_alerts_and_sure_bits(resolver: CodeResolver) -> None:
    resolver.pin("TLD1-A", Numbering.EVENT)
    resolved = resolve(resolver, 22, " tld1-a", PARKING_BIT)
    assert resolved.kind is BY_KEY["external_power_recovered"]
    assert resolved.numbering is Numbering.EVENT
    assert resolve(resolver, 64, "TLD1-A").kind is None


def test_pin_goes_before_the_family_of_the_model(resolver: CodeResolver) -> None:
    resolver.pin("TLD1-A", Numbering.ASSET)
    assert resolve(resolver, 22, "TLD1-A").kind is BY_KEY["moving_begins"]


def test_pin_holds_for_its_model_only(resolver: CodeResolver) -> None:
    resolver.pin("TLW1", Numbering.VEHICLE)
    assert resolve(resolver, 23, "TLW1").kind is BY_KEY["ac_on"]
    assert resolve(resolver, 23, "TLW2-12B").kind is None


def test_pin_can_be_set_for_devices_without_model(resolver: CodeResolver) -> None:
    resolver.pin(None, Numbering.VEHICLE)
    assert resolve(resolver, 23, None).kind is BY_KEY["ac_on"]


def test_number_outside_the_pinned_table_is_kept_as_a_warning(resolver: CodeResolver) -> None:
    resolver.pin("TLW1", Numbering.VEHICLE)
    resolved = resolve(resolver, 105, "TLW1")
    assert resolved.name == "Alarm 105 (not in the pinned table)"
    assert resolved.severity is Severity.WARNING
    assert resolved.numbering is Numbering.VEHICLE
    assert resolved.kind is None


def test_pinned_enumeration_reads_one_as_no_alarm(resolver: CodeResolver) -> None:
    resolver.pin("TLW1", Numbering.EVENT)
    assert resolver.resolve(1, None, "TLW1") is None
    resolver.pin("TLW1", Numbering.VEHICLE)
    assert resolve(resolver, 1, "TLW1").kind is BY_KEY["external_power_lost"]


def test_removed_pin_gives_back_the_rule(resolver: CodeResolver) -> None:
    resolver.pin("TLW1", Numbering.VEHICLE)
    resolver.pin("TLW1", None)
    resolver.pin("TLW2-12B", None)
    assert resolve(resolver, 23, "TLW1").kind is None


@pytest.mark.parametrize("text", ["ac ON", " AC-on. ", "Ac_on"])
def test_servers_text_is_compared_by_letters_only(resolver: CodeResolver, text: str) -> None:
    narrowed = narrow(resolve(resolver, 23), text)
    assert narrowed.kind is BY_KEY["ac_on"]
    assert narrowed.candidates == (BY_KEY["ac_on"],)
    assert narrowed.code == 23


@pytest.mark.parametrize("text", [None, "", "  ", "123", "SOS", "AC on since noon"])
def test_text_that_names_no_candidate_changes_nothing(
    resolver: CodeResolver, text: str | None
) -> None:
    resolved = resolve(resolver, 23)
    assert narrow(resolved, text) is resolved


def test_text_does_not_move_a_resolved_reading(resolver: CodeResolver) -> None:
    resolved = resolve(resolver, 64)
    assert narrow(resolved, "AC on") is resolved


def test_servers_text_is_the_name_of_a_message(resolver: CodeResolver) -> None:
    assert name_for_message(resolve(resolver, 22), "  Parked at depot ") == "Parked at depot"
    assert name_for_message(None, "Parked at depot") == "Parked at depot"


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_message_without_text_is_named_by_its_number(
    resolver: CodeResolver, text: str | None
) -> None:
    assert name_for_message(resolve(resolver, 64), text) == "Towing"
    assert name_for_message(None, text) == NAMELESS
