import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tftmonitor.base.number_text import NumberError, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("12.5", 12.5),
        ("12,5", 12.5),
        (" 7.5 ", 7.5),
        ("-7,25", -7.25),
        ("\u22127,25", -7.25),
        ("+3", 3),
        (".5", 0.5),
        (",5", 0.5),
        ("5.", 5),
        ("0.125", 0.125),
        ("0,125", 0.125),
        ("1234.567", 1234.567),
        ("12.3456", 12.3456),
        ("1.000,5", 1000.5),
        ("1,000.5", 1000.5),
        ("1.234.567", 1234567),
        ("1,234,567.25", 1234567.25),
        ("1 000", 1000),
        ("1 000 000.125", 1000000.125),
        ("1\u202f000,5", 1000.5),
        ("1\u00a0000", 1000),
        ("1'000.5", 1000.5),
        ("١٢٫٥", 12.5),
        ("١٬٠٠٠", 1000),
        ("１２", 12),
    ],
)
def test_both_marks_are_read(text: str, number: float) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["1.000", "1,000", "12.500", "999,999", "-1.000"])
def test_what_could_be_two_numbers_is_refused_with_both(text: str) -> None:
    with pytest.raises(NumberError, match="can be"):
        read_number(text)


def test_refusal_names_both_readings() -> None:
    with pytest.raises(NumberError) as raised:
        read_number("12,500")
    assert str(raised.value).startswith("\u201c12,500\u201d can be 12500 or 12.5: ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".",
        "1.2.3",
        "1,000.5.5",
        "1,0000.5",
        "12 V",
        "1e5",
        "nan",
        "inf",
        "½",
        "5²",
        "0x10",
    ],
)
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(NumberError, match="is no number"):
        read_number(text)


@given(st.text(alphabet="0123456789.,-+ '\u066b\u0663xe\u00b2", max_size=12))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with contextlib.suppress(NumberError):
        assert math.isfinite(read_number(text))


@given(st.decimals(min_value=-10_000, max_value=10_000, places=2))
def test_what_has_two_decimals_is_read_in_either_way(number: object) -> None:
    text = str(number)
    assert read_number(text) == read_number(text.replace(".", ",")) == float(text)
