"""The short ways of reading a field say what examining it says."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from tftmonitor.base.clock import DAY_MS
from tftmonitor.model.fields.field import Field, FieldKind
from tftmonitor.model.fields.plausibility import Plausibility, compile_samples
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus

NOW_MS = 1_795_000_000_000
NUMBERS = [f for f in STATUS_FIELDS if f.spec.kind is FieldKind.NUMBER]
# Those of which the rest of the status decides whether they say anything.
CONDITIONAL = ("lat", "lng", "battery_voltage", "battery_voltage_percent")
VALUES = st.sampled_from(
    [UNSET, None, -999.0, -1.0, -0.0, 0.0, 3.9, 50.0, 90.0, 100.0, 180.5, math.nan, math.inf]
)


@settings(deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(CONDITIONAL, VALUES)))
def test_value_that_another_may_void_reads_as_it_is_examined(values: dict[str, Any]) -> None:
    status = DeviceStatus(**values)
    for name in CONDITIONAL:
        field = STATUS_FIELDS.by_name[name]
        assert field.read(status, NOW_MS) == field.examine(status, NOW_MS).value, name


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.name)
def test_number_reads_as_it_is_examined_at_and_beyond_its_bounds(field: Field) -> None:
    low, high = field.spec.low, field.spec.high
    odd = [0.0, -0.0, 100.0, low, high, math.nan, math.inf, -math.inf, *field.spec.unknown]
    odd += [math.nextafter(low, -math.inf), math.nextafter(high, math.inf)]
    read_all = compile_samples([(field.raw, field.rule, field.read)])
    for value in map(float, odd):
        values: dict[str, Any] = {field.name: value}
        status = DeviceStatus(**values)
        examined = field.examine(status, NOW_MS).value
        assert field.read(status, NOW_MS) == examined
        (sample,) = read_all(status)
        assert math.isnan(sample) if examined is None else sample == examined
        assert math.copysign(1, sample) == 1 or sample < 0 or math.isnan(sample)


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.name)
def test_column_of_numbers_is_known_where_examining_says_so(field: Field) -> None:
    odd = [-999.0, -1.0, 0.0, 3.9, 100.0, 65_535.0, field.spec.low, field.spec.high, math.nan]
    statuses = [DeviceStatus(**values) for value in odd for values in _with(field, value)]
    column = np.array([field.raw(status) for status in statuses])
    examined = [field.examine(status, NOW_MS).value is not None for status in statuses]
    assert field.rule.mask(column, statuses, NOW_MS).tolist() == examined


def _with(field: Field, value: float) -> list[dict[str, Any]]:
    """Statuses with this value, alone and beside others that may void it."""
    return [beside | {field.name: value} for beside in ({}, dict.fromkeys(CONDITIONAL, 0.0))]


def test_void_is_asked_of_the_named_values_alone() -> None:
    asked: list[Any] = []

    def void(status: Any) -> bool:
        asked.append(status)
        return True

    rule = Plausibility(0, 10, (), void, void_at=(0,))
    known = rule.mask(np.array([0.0, 5.0, 0.0, 11.0]), ["a", "b", "c", "d"], NOW_MS)
    assert (known.tolist(), asked) == ([False, True, False, False], ["a", "c"])
    asked.clear()
    anywhere = Plausibility(0, 10, (), void)
    known = anywhere.mask(np.array([0.0, 5.0, 11.0]), ["a", "b", "c"], NOW_MS)
    assert (known.tolist(), asked) == ([False, False, False], ["a", "b"])


def test_latest_time_that_can_be_goes_with_the_clock() -> None:
    rule = Plausibility.of_times((), None)
    assert rule.is_possible(NOW_MS + DAY_MS, NOW_MS)
    assert not rule.is_possible(NOW_MS + DAY_MS + 1, NOW_MS)
    times = np.array([0.0, NOW_MS, NOW_MS + DAY_MS, NOW_MS + DAY_MS + 1])
    assert rule.mask(times, [], NOW_MS).tolist() == [False, True, True, False]
