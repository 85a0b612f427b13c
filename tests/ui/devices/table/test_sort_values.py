"""The fast reading of a whole column says what the table's own reading says."""

import math
from typing import Any

import pytest
from msgspec import UNSET

from tftmonitor.base.clock import DAY_MS
from tftmonitor.model.fields.bulk_reading import read_numbers
from tftmonitor.model.fields.field import Field, FieldKind
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.ui.devices.table.sort_values import (
    is_text,
    natural_key,
    read_texts,
)

NOW_MS = 1_795_212_060_000
NUMBERS: list[Any] = [
    UNSET, None, -999.0, -1.0, 0.0, 0.5, 1.0, 12.6, 100.0, 501.0, 65_535.0, -1e9, 1e12, math.inf,
]  # fmt: skip
WHOLE: list[Any] = [UNSET, None, -999, -1, 0, 1, 2, 4, 255, -5, 2**31]
TIMES: list[Any] = [UNSET, None, 0, -1, 946_684_800_000, NOW_MS, NOW_MS + DAY_MS + 1, NOW_MS - 5]


def samples(field: Field) -> list[Any]:
    if field.spec.kind is FieldKind.TIME:
        return TIMES
    return NUMBERS if field.spec.kind in {FieldKind.NUMBER, FieldKind.COUNT} else WHOLE


@pytest.mark.parametrize(
    "field", [f for f in STATUS_FIELDS if not is_text(f)], ids=lambda f: f.name
)
def test_column_of_numbers_equals_the_fields_own_reading(field: Field) -> None:
    statuses = [DeviceStatus(**{field.name: value}) for value in samples(field)]
    # A void rule may look at another field too.
    statuses += [DeviceStatus(battery_voltage=0.0, battery_voltage_percent=100.0, lat=0.0, lng=0.0)]
    fast = read_numbers(field, statuses, NOW_MS)
    slow = [field.read(status, NOW_MS) for status in statuses]
    assert [None if math.isnan(value) else value for value in fast.tolist()] == slow


@pytest.mark.parametrize("field", [f for f in STATUS_FIELDS if is_text(f)], ids=lambda f: f.name)
def test_column_of_texts_takes_empty_for_none(field: Field) -> None:
    values: list[Any] = [UNSET, None, "", "1:1|2:0"]
    statuses = [DeviceStatus(**{field.name: value}) for value in values]
    assert read_texts(field, statuses) == [None, None, None, "1:1|2:0"]


def test_numbers_in_names_sort_by_value() -> None:
    assert sorted(["v10", "V9", "v1"], key=natural_key) == ["v1", "V9", "v10"]
