"""The table of alarm numbers, against the sources' lists written down a second time."""

from collections import Counter

import pytest

from tftmonitor.model.alarms.codes import (
    ALARMS,
    BY_KEY,
    NO_EVENT,
    AlarmKind,
    Family,
    Numbering,
    Severity,
    alarms_in_bits,
    family_of,
    lookup,
)

INFO, WARNING, CRITICAL = Severity.NOTICE, Severity.WARNING, Severity.CRITICAL

# The vendor's alarm_code list, in decimal: mask, name, severity.
BITS = [
    (1, "Ignition on", INFO),
    (2, "Ignition off", INFO),
    (4, "External power disconnected", CRITICAL),
    (8, "Internal battery low", WARNING),
    (16, "SOS", CRITICAL),
    (32, "Over speed", WARNING),
    (64, "Towing", CRITICAL),
    (128, "Address request", INFO),
    (256, "Anti-theft", CRITICAL),
    (512, "Tank filled", INFO),
    (1024, "Fuel leak", CRITICAL),
    (2048, "Geofence left", WARNING),
    (4096, "Geofence entered", WARNING),
    (8192, "AC on", INFO),
    (262144, "AC off", INFO),
    (524288, "Idle start", INFO),
    (1048576, "Idle end", INFO),
    (2097152, "Vibration", WARNING),
    (4194304, "Invalid move", WARNING),
    (8388608, "POI left", INFO),
    (16777216, "POI reached", INFO),
    (33554432, "Jamming start", CRITICAL),
    (67108864, "Jamming end", INFO),
    (134217728, "External power recovered", INFO),
    (268435456, "External power below threshold", WARNING),
    (536870912, "Harsh driving", WARNING),
    (1073741824, "Collision", CRITICAL),
]

# The byte of vehicles and OBD units, in decimal.
VEHICLE = [
    (1, "External power disconnected", CRITICAL),
    (2, "Internal battery low", WARNING),
    (3, "SOS", CRITICAL),
    (4, "Over speed", WARNING),
    (5, "Geofence entered", WARNING),
    (6, "Geofence left", WARNING),
    (7, "Towing", CRITICAL),
    (8, "Vibration", WARNING),
    (9, "Address request", INFO),
    (16, "Anti-theft", CRITICAL),
    (17, "Tank filled", INFO),
    (18, "Fuel leak", CRITICAL),
    (19, "Tank filled", INFO),
    (20, "Fuel leak", CRITICAL),
    (21, "Ignition on", INFO),
    (22, "Ignition off", INFO),
    (23, "AC on", INFO),
    (24, "AC off", INFO),
    (25, "Idle start", INFO),
    (32, "Idle end", INFO),
    (33, "Jamming start", CRITICAL),
    (34, "Jamming end", INFO),
    (35, "External power recovered", INFO),
    (36, "External power below threshold", WARNING),
    (37, "Harsh driving", WARNING),
    (38, "Collision", CRITICAL),
    (39, "Turn-over", CRITICAL),
]

# The byte of asset trackers, in decimal.
ASSET = [
    (1, "Device removed", CRITICAL),
    (2, "Rear cover opened", CRITICAL),
    (3, "SOS", CRITICAL),
    (4, "Front light detected", WARNING),
    (5, "Falling begins", WARNING),
    (6, "Internal battery low", WARNING),
    (7, "Internal battery recovered", INFO),
    (8, "Device too hot", WARNING),
    (9, "Vibration begins", WARNING),
    (16, "Collision", CRITICAL),
    (17, "Tilt begins", WARNING),
    (18, "USB charging start", INFO),
    (19, "USB charging end", INFO),
    (20, "Geofence entered", WARNING),
    (21, "Geofence left", WARNING),
    (22, "Moving begins", INFO),
    (23, "Moving stops", INFO),
    (24, "Idle start", INFO),
    (25, "Idle end", INFO),
    (32, "Address requested or power on", INFO),
    (33, "Device mounted", INFO),
    (34, "Rear cover closed", INFO),
    (35, "Front light gone", INFO),
    (36, "Falling stopped", INFO),
    (37, "Device no longer too hot", INFO),
    (38, "Vibration stopped", INFO),
    (39, "Collision over", INFO),
    (40, "Tilt recovered", INFO),
    (41, "Power on or power off", INFO),
    (48, "Device too cold", WARNING),
    (49, "Device no longer too cold", INFO),
    (50, "Short stop", INFO),
    (102, "Jamming start", CRITICAL),
    (103, "Jamming end", INFO),
    (112, "Over speed", WARNING),
    (113, "Over speed end", INFO),
    (114, "Towing", CRITICAL),
    (116, "Address request", INFO),
    (119, "Towing stopped", INFO),
]

# The codec's enumeration from 2 on, without a gap.
EVENT = [
    "Ignition on",
    "Ignition off",
    "External power disconnected",
    "Internal battery low",
    "SOS",
    "Over speed",
    "Towing",
    "Address request",
    "Anti-theft",
    "Tank filled",
    "Fuel leak",
    "Geofence left",
    "Geofence entered",
    "AC on",
    "AC off",
    "Idle start",
    "Idle end",
    "Vibration",
    "Jamming start",
    "Jamming end",
    "External power recovered",
    "External power below threshold",
    "Harsh driving",
    "Collision",
    "Turn-over",
    "Tyre leak",
    "Tyre sensor battery low",
    "Tracker power low",
    "Device removed",
    "Rear cover opened",
    "Front light detected",
    "Falling begins",
    "Internal battery recovered",
    "Device too hot",
    "Vibration begins",
    "Tilt begins",
    "USB charging start",
    "USB charging end",
    "Device mounted",
    "Rear cover closed",
    "Front light gone",
    "Falling stopped",
    "Device no longer too hot",
    "Vibration stopped",
    "Collision over",
    "Tilt recovered",
    "Power on",
    "Device too cold",
    "Device no longer too cold",
]


def numbers_held(numbering: Numbering) -> Counter[int]:
    return Counter(number for kind in ALARMS for number in kind.numbers(numbering))


@pytest.mark.parametrize(
    ("numbering", "expected"),
    [(Numbering.BITS, BITS), (Numbering.VEHICLE, VEHICLE), (Numbering.ASSET, ASSET)],
)
def test_table_agrees_with_source_row_by_row(
    numbering: Numbering, expected: list[tuple[int, str, Severity]]
) -> None:
    found = []
    for number in sorted(numbers_held(numbering)):
        kind = lookup(numbering, number)
        assert kind is not None
        found.append((number, kind.name, kind.severity))
    assert found == expected


def test_enumeration_agrees_with_codec_row_by_row() -> None:
    kinds = [lookup(Numbering.EVENT, number) for number in range(2, 51)]
    assert [kind.name for kind in kinds if kind is not None] == EVENT
    assert sorted(numbers_held(Numbering.EVENT)) == list(range(2, 51))


@pytest.mark.parametrize("numbering", Numbering)
def test_no_number_stands_for_two_alarms_in_one_numbering(numbering: Numbering) -> None:
    assert [number for number, count in numbers_held(numbering).items() if count > 1] == []


def test_bit_numbers_are_single_bits() -> None:
    masks = numbers_held(Numbering.BITS)
    assert {mask.bit_count() for mask in masks} == {1}


def test_keys_and_names_are_unique() -> None:
    assert len(BY_KEY) == len(ALARMS)
    assert len({kind.name.casefold() for kind in ALARMS}) == len(ALARMS)


@pytest.mark.parametrize("kind", [kind for kind in ALARMS if kind.ends], ids=lambda kind: kind.key)
def test_every_ended_alarm_exists_and_is_never_milder_than_its_end(kind: AlarmKind) -> None:
    assert kind.ends != kind.key
    assert BY_KEY[kind.ends].severity >= kind.severity


@pytest.mark.parametrize(
    ("end", "start"),
    [
        ("external_power_recovered", "external_power_lost"),
        ("jammer_end", "jammer_start"),
        ("usb_charging_end", "usb_charging_start"),
        ("battery_recovered", "battery_low"),
        ("device_mounted", "device_removed"),
        ("towing_stopped", "towing"),
        ("over_speed_end", "over_speed"),
    ],
)
def test_alarm_names_the_alarm_that_it_ends(end: str, start: str) -> None:
    assert BY_KEY[end].ends == start


@pytest.mark.parametrize(
    ("key", "severity"),
    [
        ("tyre_leak", CRITICAL),
        ("tyre_sensor_battery_low", WARNING),
        ("tracker_power_low", WARNING),
        ("power_on", INFO),
    ],
)
def test_alarms_that_no_source_grades_have_the_severity_of_their_like(
    key: str, severity: Severity
) -> None:
    assert BY_KEY[key].severity is severity


@pytest.mark.parametrize("numbering", Numbering)
@pytest.mark.parametrize("code", [0, -1, 105, 0x4000, 0x8000_0000])
def test_zero_and_unlisted_numbers_have_no_alarm(numbering: Numbering, code: int) -> None:
    assert lookup(numbering, code) is None


def test_none_of_the_enumeration_is_no_alarm() -> None:
    assert lookup(Numbering.EVENT, NO_EVENT) is None


def test_combination_of_bits_is_no_number() -> None:
    assert lookup(Numbering.BITS, 1 | 4) is None


def test_word_without_bits_has_no_alarms() -> None:
    assert alarms_in_bits(0) == []


def test_bits_of_a_word_come_lowest_first_with_undefined_ones_kept() -> None:
    assert alarms_in_bits(0x4000_4014) == [
        (0x4, BY_KEY["external_power_lost"]),
        (0x10, BY_KEY["sos"]),
        (0x4000, None),
        (0x4000_0000, BY_KEY["collision"]),
    ]


def test_signed_word_is_read_as_unsigned() -> None:
    assert alarms_in_bits(-(2**31)) == [(0x8000_0000, None)]
    assert len(alarms_in_bits(-1)) == 32


def test_published_sample_word_holds_ten_defined_alarms() -> None:
    kinds = [kind for _, kind in alarms_in_bits(404228143)]
    assert len(kinds) == 10
    assert None not in kinds


def test_severities_grow_and_read_as_text() -> None:
    ranked = sorted(Severity)
    assert [severity.word for severity in ranked] == ["info", "warning", "high", "critical"]
    assert max(Severity.HIGH, Severity.WARNING) is Severity.HIGH


@pytest.mark.parametrize(
    ("family", "models"),
    [
        (
            Family.VEHICLE,
            (
                "T8803,T8803 Pro,T8806,T8808,TLW1,TLW1-4A,TLW2-2BL,TLW2-12B,TLW2-12BL,TLD2-L,"
                "PioneerX 100,PioneerX 101,HeroX,tlw2-12b,tld2_l,HEROX"
            ),
        ),
        (Family.OBD, "TLD1-A,TLD1-DA,TLD2-D,TorchX 100,TorchX 110,TorchX 310, torchx310 ,tld1-a"),
        (
            Family.ASSET,
            (
                "TLP1-P,TLP1-SF,KnightX 100,WarriorX 100,SolarX 110,SolarX 120,SolarGuardX 110,"
                "SolarGuardX 200,CyberLabelX 100,tlp1-sf,solarguardx-120"
            ),
        ),
        (None, "T1,TLD2,TLD3-L,HeroXpress,Solar,Fleet Box 9,X100,T88,, "),
    ],
)
def test_model_name_gives_the_family(family: Family | None, models: str) -> None:
    assert {model: family_of(model) for model in models.split(",")} == dict.fromkeys(
        models.split(","), family
    )


def test_device_without_model_has_no_family() -> None:
    assert family_of(None) is None


def test_obd_units_send_the_bytes_of_vehicles() -> None:
    assert Family.OBD.numbering is Family.VEHICLE.numbering is Numbering.VEHICLE
    assert Family.ASSET.numbering is Numbering.ASSET
