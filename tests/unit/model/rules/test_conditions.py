"""What each condition says of itself, and why it cannot work."""

from typing import Any

import pytest

from tftmonitor.model.fields.field import FieldKind
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.rules.condition import Condition, Unreadable
from tftmonitor.model.rules.condition_text import hold_text
from tftmonitor.model.rules.conditions import (
    FieldAbove,
    FieldBelow,
    FlagIs,
    LinkDown,
    Overdue,
    StandsStill,
)
from tftmonitor.model.rules.hysteresis import IN, OUT
from tftmonitor.model.rules.kinds import CONDITIONS, AskKind, build, fields_for, kind_of, suggest
from tftmonitor.model.rules.record_conditions import (
    DriverAlertIs,
    FuelAlarmIs,
    FuelLevelBelow,
    NewTroubleCode,
    TyrePressureAbove,
    TyrePressureBelow,
    TyreStatusIs,
    TyreTemperatureAbove,
)
from tftmonitor.model.rules.surroundings import PlaceRef

SUPPLY = "external_power_voltage"
LOW_SUPPLY = FieldBelow(field=SUPPLY, limit=11.5, hysteresis=0.3, hold_s=60)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (LOW_SUPPLY, "External voltage below 11.5 V for 60 s (back at 11.8 V)"),
        (FieldAbove(field="speed", limit=90), "Speed above 90 km/h"),
        (StandsStill(), "Stands still for 2 h"),
        (FieldAbove(field="satellite_count", limit=3, hysteresis=1, hold_s=120),
         "Satellites above 3 for 2 min (back at 2)"),
        (FieldAbove(field="gone", limit=3), "gone above 3"),
        (FlagIs(field="acc"), "Ignition on"),
        (FlagIs(field="acc", on=False, hold_s=7_200), "Ignition off for 2 h"),
        (FlagIs(field="gone"), "gone on"),
        (Overdue(), "No report for 3 usual intervals"),
        (Overdue(minutes=90), "No report for 90 min"),
        (LinkDown(), "Our link down on either channel for 60 s"),
        (LinkDown("devices", 0), "Our link down on the devices channel"),
        (TyrePressureBelow(600, 20), "Tyre pressure below 600 kPa (back at 620 kPa)"),
        (TyrePressureAbove(1_000, 20), "Tyre pressure above 1000 kPa (back at 980 kPa)"),
        (TyreTemperatureAbove(90), "Tyre temperature above 90 °C"),
        (FuelLevelBelow(15), "Fuel level below 15 %"),
        (NewTroubleCode(), "New trouble code"),
        (Unreadable({}, "why"), "Unknown condition"),
    ],
)  # fmt: skip
def test_condition_says_what_it_waits_for(condition: Condition, text: str) -> None:
    assert condition.describe() == text


@pytest.mark.parametrize(
    ("condition", "part"),
    [
        (FieldBelow(field="gone", limit=1), "no numeric field 'gone' any more"),
        (FieldBelow(field="acc", limit=1), "no numeric field 'acc'"),
        (FlagIs(field="speed"), "no on/off field 'speed'"),
        (FlagIs(field="acc", hold_s=-1), "from 0 s to one day"),
        (FieldBelow(field=SUPPLY, limit=float("nan")), "not a number"),
        (FieldBelow(field=SUPPLY, limit=11, hysteresis=-1), "0 or more"),
        (FieldBelow(field=SUPPLY, limit=11, hold_s=90_000), "from 0 s to one day"),
        (FieldAbove(field="speed", limit=500), "Speed is never above 500 km/h."),
        (FieldBelow(field="speed", limit=0), "Speed is never below 0 km/h."),
        (FieldAbove(field="satellite_count", limit=255), "Satellites is never above 255."),
        (FieldBelow(field="battery_voltage_percent", limit=98, hysteresis=5),
         "It would never end: Battery cannot come back to 103 %."),
        (Overdue(factor=0.5), "1 or more"),
        (Overdue(minutes=-1), "0 (not used) or more"),
        (LinkDown(after_s=-1), "from 0 s to one day"),
        (FuelLevelBelow(101), "from 0 to 100 %"),
        (FuelLevelBelow(99, 2), "from 0 to 100 %"),
        (FuelLevelBelow(10, 2, -1), "from 0 s to one day"),
        (Unreadable({}, "why"), "why"),
    ],
)  # fmt: skip
def test_condition_that_cannot_work_says_why(condition: Condition, part: str) -> None:
    assert part in condition.problem()


@pytest.mark.parametrize(
    "condition",
    [
        LOW_SUPPLY, FlagIs(field="acc"), Overdue(), Overdue(factor=0, minutes=5), LinkDown(),
        TyrePressureBelow(600), FuelLevelBelow(15, 3), NewTroubleCode(),
    ],
)  # fmt: skip
def test_condition_that_works_has_no_problem(condition: Condition) -> None:
    assert condition.problem() == ""


@pytest.mark.parametrize(
    ("condition", "value", "text"),
    [
        (LOW_SUPPLY, 11.321, "External voltage 11.32 V"),
        (FieldAbove(field="mileage", limit=3), 12_345.0, "Odometer 12.3 km"),
        (FlagIs(field="acc"), True, "Ignition on"),
        (FlagIs(field="acc"), False, "Ignition off"),
        (TyrePressureBelow(600), 512.3, "Tyre pressure 512 kPa"),
        (NewTroubleCode(), 1, ""),
        (LinkDown(), "refused", "refused"),
        (LinkDown(), None, ""),
    ],
)  # fmt: skip
def test_condition_says_what_was_seen(condition: Condition, value: Any, text: str) -> None:
    assert condition.value_text(value) == text


def test_limits_are_in_the_unit_that_people_see() -> None:
    band = FieldAbove(field="mileage", limit=100, hysteresis=1).band()
    assert band is not None
    assert band.judge()(100_001.0) == IN
    assert band.judge()(99_000.0) == OUT


def test_hold_times_read_naturally() -> None:
    said = [hold_text(s) for s in (0, 60, 90, 119, 120, 150, 5_400, 7_200, 9_000, 0.5)]
    assert said == [
        "", " for 60 s", " for 90 s", " for 119 s", " for 2 min", " for 2.5 min", " for 90 min",
        " for 2 h", " for 2.5 h", " for 0.5 s",
    ]  # fmt: skip


def test_each_tyre_with_a_pressure_is_a_part_of_its_own() -> None:
    records: list[dict[str, Any]] = [
        {"sensor": "a1", "pressure_kpa": 512.0},
        {"sensor": None, "position": "2", "pressure_kpa": 600},
        {"sensor": None, "position": None, "pressure_kpa": 700},
        {"sensor": "a4", "pressure_kpa": None},
        {"sensor": "x\n" + 60 * "y", "pressure_kpa": 1.0},
    ]
    found = TyrePressureBelow(600).readings(records, ())
    assert found[:3] == [("a1", 512.0), ("2", 600.0), ("3", 700.0)]
    assert found[3] == ("x " + 37 * "y" + "…", 1.0)


@pytest.mark.parametrize(
    ("records", "found"),
    [
        ([{"codes": ["P2", "P1"]}], [("P1", 1), ("P2", 1), ("P9", 0)]),
        ([{"codes": ["P9"]}], [("P9", 1)]),
        ([{"codes": [], "content": "trouble codes"}], [("P9", 0)]),
        ([{"codes": [], "cleared": True}], [("P9", 0)]),
        ([{"codes": [], "content": "vehicle number", "vin": "W1"}], []),
        ([{"codes": None}], []),
        ([], []),
    ],
)
def test_code_is_gone_only_when_a_list_of_codes_has_it_no_more(
    records: list[dict[str, Any]], found: list[tuple[str, int]]
) -> None:
    assert NewTroubleCode().readings(records, ("P9",)) == found


def test_condition_without_own_reading_needs_one() -> None:
    with pytest.raises(NotImplementedError):
        Condition().readings([], ())
    with pytest.raises(NotImplementedError):
        Condition().describe()
    assert Condition().band() is None
    assert Condition().hold_ms == 0


def test_every_row_of_the_table_can_be_built_from_its_own_defaults() -> None:
    for row in CONDITIONS:
        answers: dict[str, Any] = {}
        for ask in row.asks:
            answers[ask.name] = ask.default
            if ask.kind in {AskKind.NUMERIC_FIELD, AskKind.FLAG_FIELD}:
                answers[ask.name] = fields_for(ask)[0].name
            elif ask.kind is AskKind.CHANNEL:
                answers[ask.name] = None
            elif ask.kind is AskKind.LIMIT:
                answers[ask.name] = 50.0
            elif ask.kind is AskKind.PLACE:
                answers[ask.name] = PlaceRef("d", "Depot")
            elif ask.kind in {AskKind.TIME_OF_DAY, AskKind.SIDE}:
                answers[ask.name] = int(ask.default)
            elif ask.kind is AskKind.WORD:
                answers[ask.name] = ask.words[0]
        condition = build(row, answers)
        assert condition.problem() == ""
        assert kind_of(condition) is row
        assert condition.describe()
    assert kind_of(Unreadable({})) is None


def test_editor_offers_every_numeric_field_and_every_flag() -> None:
    offered = {
        field.name for row in CONDITIONS for ask in row.asks
        if ask.kind in {AskKind.NUMERIC_FIELD, AskKind.FLAG_FIELD} for field in fields_for(ask)
    }  # fmt: skip
    kinds = {FieldKind.NUMBER, FieldKind.COUNT, FieldKind.FLAG}
    assert offered == {field.name for field in STATUS_FIELDS if field.spec.kind in kinds}


def test_suggested_limits_make_a_rule_that_works() -> None:
    for field in STATUS_FIELDS:
        if field.spec.kind in {FieldKind.NUMBER, FieldKind.COUNT}:
            for kind in (FieldAbove, FieldBelow):
                limit, back = suggest(field, above=kind is FieldAbove)
                assert back > 0
                assert kind(field=field.name, limit=limit, hysteresis=back).problem() == ""
    assert suggest(STATUS_FIELDS.by_name["speed"], above=True) == (130, 2.6)
    assert [row.above for row in CONDITIONS[:2]] == [False, True]


@pytest.mark.parametrize(
    ("condition", "column"),
    [
        (TyreStatusIs(word="inflating"), "status"),
        (FuelAlarmIs(word="inflating"), "alarm"),
        (DriverAlertIs(word=" Inflating "), "alert"),
    ],
)
def test_word_of_a_record_is_in_while_the_part_says_it(condition: Condition, column: str) -> None:
    records: list[dict[str, Any]] = [
        {column: "Inflating", "sensor": "a"},
        {column: "leak", "position": 2},
        {column: "leak", "driver_id": "d"},
        {column: None},
        {column: "inflating"},
    ]
    assert condition.readings(records, ()) == [("a", 1), ("2", 0), ("d", 0), ("5", 1)]
    assert condition.problem() == ""
    assert "nflating" in condition.describe()
    assert condition.value_text(1) == ""


def test_word_of_a_record_has_to_be_chosen() -> None:
    assert TyreStatusIs().problem() == "Choose a word."
