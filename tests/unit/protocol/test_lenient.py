import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tftmonitor.protocol import lenient


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (12.6, 12.6),
        ("12.6", 12.6),
        (" 7 ", 7.0),
        ("1e3", 1000.0),
        (0, 0.0),
        (-1, -1.0),
        (-999, None),
        ("-999.0", None),
        (True, None),
        ("", None),
        ("12,6", None),
        (None, None),
        ([1], None),
        ({}, None),
        (math.nan, None),
        ("inf", None),
        (10**400, None),
    ],
)
def test_number_is_finite_and_no_sentinel(value: object, number: float | None) -> None:
    assert lenient.number(value) == number


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (22, 22),
        ("22", 22),
        ("0x16", 22),
        (" 0X16", 22),
        (22.0, 22),
        ("0xzz", None),
        (22.5, None),
        (None, None),
        (True, None),
    ],
)
def test_whole_number_comes_out_of_decimal_and_hex_text(value: object, whole: int | None) -> None:
    assert lenient.whole(value) == whole


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        ("", None),
        (None, None),
        ([], None),
        ({"a": 1}, None),
        (900009, "900009"),
        (900009.0, "900009"),
        (1.5, "1.5"),
        (0, "0"),
    ],
)
def test_text_takes_numbers_and_leaves_containers(value: object, text: str | None) -> None:
    assert lenient.text(value) == text


def test_text_is_bounded() -> None:
    assert len(lenient.text("x" * 100_000) or "") == 4_000


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        ("1", True),
        ("0", False),
        (" TRUE", True),
        ("false", False),
        ("yes", None),
        (-1, None),
        (2, None),
        (None, None),
    ],
)
def test_flag_is_true_false_or_unknown(value: object, flag: bool | None) -> None:
    assert lenient.flag(value) is flag


@pytest.mark.parametrize(
    ("value", "time_ms"),
    [
        (1_627_693_682_000, 1_627_693_682_000),
        ("1627693682000", 1_627_693_682_000),
        (1_627_693_682, 1_627_693_682_000),
        (99_999_999_999, 99_999_999_999_000),
        (100_000_000_000, 100_000_000_000),
        (0, None),
        (-5, None),
        ("now", None),
        (None, None),
    ],
)
def test_time_below_ten_to_the_eleventh_is_seconds(value: object, time_ms: int | None) -> None:
    assert lenient.time_ms(value) == time_ms


def test_text_that_holds_json_is_opened_and_other_text_is_left() -> None:
    assert lenient.inner_json(' {"a": 1}') == {"a": 1}
    assert lenient.inner_json("[1]") == [1]
    assert lenient.inner_json("{broken") == "{broken"
    assert lenient.inner_json("12") == "12"
    assert lenient.inner_json("[" * 90 + "]" * 90) == "[" * 90 + "]" * 90
    assert lenient.inner_json(None) is None
    assert lenient.inner_json({"a": 1}) == {"a": 1}


def test_keys_are_compared_without_case_and_separators() -> None:
    assert {lenient.folded(key) for key in ("air_pressure", "airPressure", "Air-Pressure")} == {
        "airpressure"
    }


@pytest.mark.parametrize("value", [-999, -999.0, "-999", " -999.0 "])
def test_sentinel_is_recognised_as_number_and_as_text(value: object) -> None:
    assert lenient.is_sentinel(value)


@pytest.mark.parametrize("value", [-1, 0, "", None, [-999], "999", True])
def test_nothing_else_is_a_sentinel(value: object) -> None:
    assert not lenient.is_sentinel(value)


@pytest.mark.parametrize("text", ["[" * 65 + "]" * 65, "[" * 5_000 + "]" * 5_000])
def test_json_without_bottom_is_refused(text: str) -> None:
    with pytest.raises(lenient.BoundlessError):
        lenient.parse_json(text)


def test_json_with_many_brackets_side_by_side_is_taken() -> None:
    items = [{"a": [n]} for n in range(100)]
    assert lenient.parse_json(json.dumps(items)) == items
    assert lenient.parse_json("[" * 64 + "]" * 64)


def test_brackets_within_texts_do_not_nest() -> None:
    content = {"a": "[{" * 100, "b": [{"c": ["]"]}]}
    assert lenient.parse_json(json.dumps(content)) == content


def test_half_characters_are_replaced_and_whole_ones_kept() -> None:
    assert lenient.parse_json(r'"\ud83d\ude9a \ud800 \uDFFF \\ud800 \u00e9"') == (
        "\U0001f69a \ufffd \ufffd \\ud800 \u00e9"
    )


def test_number_without_end_is_a_number_still() -> None:
    assert lenient.parse_json("1" * 5_000) == math.inf
    assert lenient.parse_json("89490200001234567890") == 89490200001234567890


@settings(deadline=None, max_examples=50)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_sound_json_comes_out_as_it_went_in(content: Any) -> None:
    assert lenient.parse_json(json.dumps(content)) == content


def test_preview_is_bounded_in_depth_and_breadth() -> None:
    deep: Any = "bottom"
    for _ in range(20):
        deep = [deep]
    assert "bottom" not in json.dumps(lenient.preview(deep))
    wide = lenient.preview({f"k{n}": "x" * 1_000 for n in range(1_000)})
    assert len(json.dumps(wide)) < 5_000
    assert lenient.preview({"a": [1, None, "b"]}) == {"a": [1, None, "b"]}
