"""Numbers that sort as texts do, also while the texts change one by one."""

import random

import numpy as np
import pytest

from tftmonitor.ui.devices.table import text_column
from tftmonitor.ui.devices.table.sort_values import natural_key
from tftmonitor.ui.devices.table.text_column import TextColumn


def order_of(column: TextColumn) -> list[int]:
    rows: list[int] = np.argsort(column.keys, kind="stable").tolist()
    return rows


def sorted_rows(texts: list[str | None]) -> list[int]:
    """By natural keys, no text last, equal ones by row."""
    return sorted(range(len(texts)), key=lambda row: (texts[row] is None, natural(texts[row]), row))


def natural(text: str | None) -> str:
    return "" if text is None else natural_key(text)


def test_numbers_are_natural_and_leave_none_out() -> None:
    column = TextColumn(["VAN-12", "van-2", None, "VAN-12", "VAN-2"])
    assert order_of(column) == [1, 4, 0, 3, 2]
    assert np.isnan(column.keys[2])
    assert column.keys[1] == column.keys[4]


def test_changes_one_by_one_sort_as_all_at_once() -> None:
    draw, texts = random.Random(1), [f"VAN {n}" for n in range(50)]
    column, now = TextColumn(texts), [*texts]
    shown: list[str | None] = list(now)
    for _ in range(3_000):
        row = draw.randrange(50)
        text = draw.choice([None, f"VAN {draw.randrange(300)}", f"Åland {draw.random()}", "", "a"])
        shown[row] = text
        column.put(row, text)
        if draw.random() < 0.05:
            shown.append(text)
            column.extend([text])
        assert order_of(column) == sorted_rows(shown)


def test_a_change_reads_no_other_text(monkeypatch: pytest.MonkeyPatch) -> None:
    column = TextColumn(f"VAN {n}" for n in range(1_000))
    assert len(column.keys) == 1_000
    read: list[str] = []

    def note(text: str) -> str:
        read.append(text)
        return natural_key(text)

    monkeypatch.setattr(text_column, "natural_key", note)
    for number in range(20):
        column.put(number, f"LORRY {number}")
        assert len(column.keys) == 1_000
    assert len(read) == 20


def test_texts_squeezed_into_one_place_are_numbered_anew() -> None:
    column = TextColumn(["a", "b", *(None for _ in range(200))])
    text = "a"
    for row in range(2, 202):
        text += "a"
        column.put(row, text)
    assert order_of(column) == [0, *range(2, 202), 1]


def test_texts_that_no_row_has_any_more_are_forgotten() -> None:
    column = TextColumn(["a", "b"])
    for number in range(5_000):
        column.put(0, f"{number}")
        assert order_of(column) == [0, 1]
    assert len(column._ranks) <= text_column._LEAST_FORGOTTEN + 6


def test_column_without_any_text_takes_the_first_ones() -> None:
    column = TextColumn([None, None])
    assert np.isnan(column.keys).all()
    column.put(1, "b")
    column.put(0, "a")
    assert order_of(column) == [0, 1]
    column.put(0, "a")
    column.put(1, None)
    assert np.isnan(column.keys[1])
