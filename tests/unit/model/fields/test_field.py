import math
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import UNSET

from tftmonitor.base.clock import DAY_MS
from tftmonitor.model.fields.field import (
    Field,
    FieldKind,
    FieldSpec,
    FieldTable,
    Flag,
    Group,
    Number,
    Quality,
    Text,
    Whole,
    parse_pins,
)

NOW_MS = 1_795_000_000_000


class Status(msgspec.Struct):
    number: Annotated[Number, FieldSpec("Number", low=-10, high=10, unknown=(-999, -1))] = UNSET
    open_number: Annotated[Number, FieldSpec("Open")] = UNSET
    count: Annotated[Whole, FieldSpec("Count", FieldKind.COUNT, low=0)] = UNSET
    flag: Annotated[Flag, FieldSpec("Flag", FieldKind.FLAG, unknown=(-999, -1))] = UNSET
    time: Annotated[Whole, FieldSpec("Time", FieldKind.TIME)] = UNSET
    text: Annotated[Text, FieldSpec("Text", FieldKind.TEXT, group=Group.POWER)] = UNSET
    pins: Annotated[Text, FieldSpec("Pins", FieldKind.PINS)] = UNSET
    word: Annotated[Whole, FieldSpec("Word", FieldKind.WORD)] = UNSET
    leaning: Annotated[Number, FieldSpec("Leaning", void=lambda status: status.flag)] = UNSET


TABLE = FieldTable(Status)


def examine(name: str, raw: Any, **others: Any) -> tuple[Any, Quality, str]:
    field = TABLE.by_name[name]
    status = Status(**{name: raw}, **others)
    found = field.examine(status, NOW_MS)
    assert field.read(status, NOW_MS) == found.value
    return found.value, found.quality, found.problem


@pytest.mark.parametrize("name", TABLE.by_name)
def test_absent_and_null_differ_and_neither_is_zero(name: str) -> None:
    assert examine(name, UNSET) == (None, Quality.ABSENT, "")
    assert examine(name, None) == (None, Quality.UNKNOWN, "")


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("number", 0, 0),
        ("number", 2.5, 2.5),
        ("number", -10.0, -10),
        ("number", 10.0, 10),
        ("count", 0, 0),
        ("flag", 0, False),
        ("flag", 1, True),
        ("flag", True, True),
        ("time", NOW_MS, NOW_MS),
        ("time", NOW_MS + DAY_MS, NOW_MS + DAY_MS),
        ("text", "", ""),
        ("text", "a", "a"),
        ("pins", "1:1|2:0", "1:1|2:0"),
        ("pins", "", ""),
        ("word", 5, 5),
        ("word", -1, 0xFFFF_FFFF),
        ("word", -2147483648, 0x8000_0000),
        ("leaning", 3.5, 3.5),
    ],
)
def test_sound_value_is_known(name: str, raw: Any, value: Any) -> None:
    found = examine(name, raw)
    assert found == (value, Quality.KNOWN, "")
    assert isinstance(found[0], bool) is isinstance(value, bool)


def test_minus_zero_is_zero() -> None:
    assert math.copysign(1, examine("number", -0.0)[0]) == 1
    examined = TABLE.by_name["number"].examine(Status(-0.0), 0).value
    assert isinstance(examined, float)
    assert math.copysign(1, examined) == 1


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("number", -999),
        ("number", -999.0),
        ("number", -1.0),
        ("open_number", -999.0),
        ("count", -999),
        ("flag", -1),
        ("flag", -999),
        ("time", -999),
        ("word", -999),
    ],
)
def test_sentinel_is_unknown_and_no_problem(name: str, raw: Any) -> None:
    assert examine(name, raw) == (None, Quality.UNKNOWN, "")


def test_value_that_another_field_voids_is_unknown() -> None:
    assert examine("leaning", 3.5, flag=1) == (None, Quality.UNKNOWN, "")


@pytest.mark.parametrize(
    ("name", "raw", "problem"),
    [
        ("number", 10.5, "number: 10.5 is outside -10 to 10"),
        ("number", math.nan, "number: not a finite number"),
        ("open_number", math.inf, "open_number: not a finite number"),
        ("open_number", -math.inf, "open_number: not a finite number"),
        ("count", -1, "count: -1 is outside 0 to inf"),
        ("flag", 2, "flag: 2 is neither 0 nor 1"),
        ("time", 946_684_816_000, "time: clock not set"),
        ("time", 0, "time: clock not set"),
        ("time", 3_471_724_812_000, "time: clock not set"),
        ("pins", "on", "pins: 'on' is not of the form 1:0|2:1"),
    ],
)
def test_value_that_cannot_be_is_invalid_and_named(name: str, raw: Any, problem: str) -> None:
    assert examine(name, raw) == (None, Quality.INVALID, problem)


@pytest.mark.parametrize(
    ("text", "pins"),
    [
        ("1:1|2:0", {1: True, 2: False}),
        (" 3 : 1 ", {3: True}),
        ("", {}),
        ("1:2", {}),
        ("1", {}),
        ("a:1", {}),
        ("1:1|", {}),
        ("1:1|x", {}),
    ],
)
def test_pins_are_read_only_in_their_own_form(text: str, pins: dict[int, bool]) -> None:
    assert parse_pins(text) == pins


def test_table_finds_fields_by_every_name_and_group() -> None:
    assert len(TABLE) == 9
    assert [field.index for field in TABLE] == list(range(9))
    assert TABLE.in_group(Group.POWER) == [TABLE.by_wire["text"]]
    assert TABLE.status_type is Status


def test_line_without_a_spec_is_a_mistake_that_is_told() -> None:
    class Bare(msgspec.Struct):
        speed: float | None = None

    with pytest.raises(TypeError, match=r"Bare\.speed has no FieldSpec"):
        FieldTable(Bare)


def test_read_and_examine_never_differ_for_a_plain_number() -> None:
    field: Field = TABLE.by_name["open_number"]
    for raw in (0.0, -0.0, 1e308, -1e308, -999.0, math.nan, math.inf, -math.inf, 5):
        status = Status(open_number=raw)
        assert field.read(status, 0) == field.examine(status, 0).value
