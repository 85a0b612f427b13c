"""What the reports of a device tell beside its way: the supply, and what came late."""

import math

import pytest

from tests.unit.history.export.memory import NOW, MemoryReader, of
from tftmonitor.history.export.ways import reports_of

MINUTE = 60_000


def test_supply_is_read_with_a_cut_one_as_0() -> None:
    reader = MemoryReader()
    reader.add(NOW, external_power_voltage=12.4)
    reader.add(NOW + MINUTE, external_power_voltage=0)
    reader.add(NOW + 2 * MINUTE, external_power_voltage=None)
    reader.add(NOW + 3 * MINUTE)
    reader.add(NOW + 4 * MINUTE, external_power_voltage=1e6)
    supply = reports_of(of(reader), "100").supply.tolist()
    assert supply == pytest.approx([12.4, 0, math.nan, math.nan, math.nan], nan_ok=True)


def test_what_came_later_than_it_was_made_was_stored() -> None:
    reader = MemoryReader()
    reader.add(NOW)
    reader.add(NOW + 5 * MINUTE)
    # Older than the one before.
    reader.add(NOW + MINUTE, late_by=5 * MINUTE)
    # An upload in order: newer than all before, and an hour old.
    for minute in (20, 21, 22):
        reader.put(
            "100",
            NOW + 80 * MINUTE + minute * 1_000,
            NOW + minute * MINUTE,
            b'{"event":"snapshot","data":{"imei":"100","status":{"date":%d,"speed":3}},"error":0}'
            % (NOW + minute * MINUTE),
        )
    reports = reports_of(of(reader), "100")
    by_time = sorted(zip(reports.points.times_ms.tolist(), reports.stored.tolist(), strict=True))
    assert [stored for _, stored in by_time] == [False, True, False, True, True, True]
