"""What is read of the past is what the sample ring would have kept of the same pushes."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.history.past.recorded import (
    HOUR_MS,
    KEY,
    WIRES,
    assert_same,
    read,
    record,
    ring_of,
    row_of,
    snapshot,
)
from tests.unit.history.samples.pushes import T0, simulated
from tftmonitor.history.past.column_reader import ColumnReader
from tftmonitor.history.samples.stored import Recorded
from tftmonitor.model.fields.plausibility import LEFT_OUT


def driving(count: int, step: int = 10_000, **more: Any) -> list[Recorded]:
    chance = random.Random(5)
    return [
        snapshot(
            turn * step,
            turn * step + chance.randint(20, 90),
            external_power_voltage=round(12 + chance.random(), 2),
            battery_voltage=4.1,
            speed=float(turn % 7 * 10),
            lat=52.4 + turn * 1e-5,
            lng=13.1,
            acc=turn // 5 % 2,
            latlng_valid=1,
            input="1:1|2:0" if turn % 3 else "1:0|2:0",
            **more,
        )
        for turn in range(count)
    ]


def odd(count: int) -> list[Recorded]:
    """All that makes a value something else than the number that it is."""
    chance = random.Random(7)
    choices: dict[str, list[Any]] = {
        "external_power_voltage": [12.5, 0, 0.0, None, ..., "12.6", -999, 6553.5, 250, "x", 13],
        "battery_voltage": [0, 0, 4.1, None, ..., 1e39, 65.535],
        "speed": [0, 2.9, 3.0, 50.5, None, ..., "40", -999],
        "lat": [52.4, 0, 0.0, None, ..., 95],
        "lng": [13.1, 0, 0.0, None, ...],
        "acc": [0, 1, True, False, None, ..., "1", 7, -1],
        "latlng_valid": [0, 1, 1, 1, None, ...],
        "gps": [0, 1, 1, None, ...],
        "iop": [0, 0x4000, None, ..., 65535],
        "input": ["1:1|2:0", "1:0", "", "odd", None, ..., 5],
        "is_usb_charging": [0, 1, ...],
        "location_date": [T0, T0 + HOUR_MS, None, ..., 0, "x"],
    }
    return [
        snapshot(turn * 10_000, **{name: chance.choice(values) for name, values in choices.items()})
        for turn in range(count)
    ]


def with_times(count: int) -> list[Recorded]:
    """Clocks that are ahead or wrong, and what was stored and came later."""
    chance, rows = random.Random(11), []
    for turn in range(count):
        at = turn * 30_000
        date = chance.choice([T0 + at] * 6 + [T0 + at + 60_000, T0 + at - 2 * HOUR_MS])
        polling = chance.choice([T0 + at - 100, None, ..., T0 + at - 2 * HOUR_MS])
        speed = chance.choice([0.0, 30.0])
        rows.append(snapshot(at, date=date, polling=polling, speed=speed, lat=52.0, lng=13.0))
    return rows


def of_statuses(*frames: Any) -> list[Recorded]:
    return [row_of(frame, turn * 10_000) for turn, frame in enumerate(frames)]


_TWICE = b'{"event":"snapshot","event":"snapshot","data":{"imei":"1","status":{"speed":3}}}'
CASES = {
    "driving": driving(700),
    "a silence at first": driving(40)
    + [snapshot(4 * HOUR_MS + n * 5_000, speed=20.0, lat=52.0) for n in range(300)],
    "odd": odd(900),
    "times": with_times(300),
    "no date": [snapshot(n * 30_000, date=n % 3 or None, speed=5.0, lat=52.0) for n in range(50)],
    "records": [*driving(20), row_of({"event": "obd", "data": {"imei": KEY, "rpm": 1}}, 250_000)],
    "named by type": of_statuses(
        *({"type": "snapshot", "data": {"imei": KEY, "status": {"speed": n}}} for n in range(9))
    ),
    "status as text": of_statuses(
        *(
            {"event": "snapshot", "data": {"imei": KEY, "status": f'{{"speed": {n}}}'}}
            for n in range(9)
        )
    ),
    "other objects": of_statuses(
        *(
            {
                "event": "snapshot",
                "more": {"a": n},
                "data": {"imei": KEY, "odd": {"b": {"c": 1}}, "status": {"speed": n}},
            }
            for n in range(9)
        )
    ),
    "one shape, other events": of_statuses(
        *(
            {"event": event, "data": {"imei": KEY, "status": {"speed": n}}}
            for n in range(9)
            for event in ("snapshot", "obd")
        )
    ),
    "nearly": [
        *driving(5),
        *of_statuses(
            *(
                {"event": " snapshot", "data": {"imei": KEY, "status": {"speed": n}}}
                for n in range(9)
            ),
            *({"event": "snapshot", "data": {"imei": KEY, "state": n}} for n in range(9)),
            *({"event": n % 2, "data": {"imei": KEY, "state": n}} for n in range(9)),
        ),
    ],
    "a silence": [
        *driving(1_100),
        *(snapshot(14_600_000 + n * 10_000, speed=20.0, lat=52.0) for n in range(600)),
    ],
    "a key twice": [*driving(5), row_of(_TWICE, 60_000)],
}


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("name", CASES)
def test_is_what_the_ring_kept(name: str, sealed: bool, tmp_path: Path) -> None:
    rows = CASES[name]
    record(tmp_path, rows, sealed=sealed)
    # Of a clock that jumps the fleet forgets which interval was in force when.
    assert_same(read(tmp_path), ring_of(rows), with_pace=name != "times")


def test_of_a_simulated_fleet_each_device_is_its_own(tmp_path: Path) -> None:
    rows = [row for row in simulated(3, 400) if row[0] == "1"]
    everybody = simulated(3, 400)
    record(tmp_path, everybody)
    reader = ColumnReader(tmp_path)
    found = reader.read(["1"], WIRES, T0 - 1, T0 + 10**9).samples
    reader.close()
    assert found is not None
    assert len(found.times_ms) == len(rows) == 400
    assert reader_times(found) == sorted(row[2] - 1 for row in rows)


def reader_times(found: Any) -> list[int]:
    return [int(time_ms) for time_ms in found.times_ms]


def test_one_sample_stands_on_either_side(tmp_path: Path) -> None:
    record(tmp_path, driving(700))
    found = read(tmp_path, T0 + 1_000_001, T0 + 1_100_001)
    assert found.times_ms[[0, 1, -2, -1]].tolist() == [
        T0 + 1_000_000,
        T0 + 1_010_000,
        T0 + 1_100_000,
        T0 + 1_110_000,
    ]


def test_what_the_one_before_the_edge_left_out_holds_from_before(tmp_path: Path) -> None:
    rows = [
        snapshot(0, speed=5.0, lat=52.0, lng=13.0),
        *(snapshot(n * 10_000, external_power_voltage=12.0 + n) for n in range(1, 5)),
    ]
    record(tmp_path, rows)
    found = read(tmp_path, T0 + 35_000, T0 + 60_000)
    speed = WIRES.index("speed")
    assert found.times_ms.tolist() == [T0 + 30_000, T0 + 40_000]
    assert found.values[speed].tolist() == [5.0, LEFT_OUT]
    assert found.since_ms[speed].tolist() == [T0, T0 + 40_000]


def test_what_was_sent_days_later_stands_where_it_belongs(tmp_path: Path) -> None:
    day = 24 * HOUR_MS
    rows = driving(300)
    stored = [
        snapshot(HOUR_MS + n * 10_000, 3 * day + n * 100, speed=44.0, lat=52.0, lng=13.0)
        for n in range(200)
    ]
    record(tmp_path, [*rows, *driving(0), *stored])
    found = read(tmp_path, T0 + HOUR_MS + 5_000, T0 + HOUR_MS + 600_000)
    within = found.times_ms >= T0 + HOUR_MS + 5_000
    assert within.sum() > 50
    assert set(found.values[WIRES.index("speed")][within]) == {44.0}


def test_much_is_thinned_to_what_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tftmonitor.history.past.gathering.RAW_ROWS", 100)
    monkeypatch.setattr("tftmonitor.history.past.stored_rows._ROWS", 500)
    rows = driving(3_000)
    rows[1_500] = snapshot(15_000_000, external_power_voltage=30.0, acc=1, latlng_valid=1)
    record(tmp_path, rows)
    everything = read(tmp_path)
    reader = ColumnReader(tmp_path)
    stretch = reader.read([KEY], WIRES, T0, T0 + 30_000_000, 40)
    reader.close()
    assert stretch.is_thinned
    few = stretch.samples
    assert few is not None
    assert len(few.times_ms) < 1_000
    # What is there was recorded, and the one that stands out is.
    assert np.isin(few.times_ms, everything.times_ms).all()
    volts = WIRES.index("external_power_voltage")
    assert few.values[volts].max() == 30.0
    assert few.times_ms[few.values[volts].argmax()] == T0 + 15_000_000
    # Nothing is left out in it, and no line breaks that did not.
    assert not (few.values == LEFT_OUT).any()
    gaps = np.diff(few.times_ms)
    assert (gaps <= 3 * few.usual_ms[:-1]).all()


def test_a_month_is_read_from_a_while_before_it(tmp_path: Path) -> None:
    record(tmp_path, driving(2_500))
    found = read(tmp_path, T0 + 20_000_000, T0 + 21_000_000)
    assert found.times_ms[0] == T0 + 20_000_000 - 10_000
    # The interval of then was learned from what lies before.
    assert {10_000, 600_000} & set(found.usual_ms.tolist()) == {10_000}


def test_only_late_ones_at_once_change_nothing_of_what_is_usual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.history.past.stored_rows._ROWS", 1)
    rows = driving(100)
    late = [snapshot(995 + n * 10_000, 1_000_000, speed=9.0, lat=52.0) for n in range(50, 60)]
    record(tmp_path, rows, sealed=False)
    record(tmp_path, late, sealed=False)
    assert_same(read(tmp_path), ring_of([*rows, *late]), with_pace=False)


def test_many_combinations_of_flags_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.history.past.motions._FEW", 2)
    rows = odd(600)
    record(tmp_path, rows)
    assert_same(read(tmp_path), ring_of(rows))


def test_flags_are_numbers_too_and_texts_are_none(tmp_path: Path) -> None:
    rows = [snapshot(n * 1_000, acc=acc) for n, acc in enumerate([1, True, 0, None, 7, "1"])]
    record(tmp_path, rows)
    reader = ColumnReader(tmp_path)
    found = reader.read([KEY], ["acc"], T0, T0 + 10**6).samples
    assert found is not None
    np.testing.assert_array_equal(found.values[0], [1, 1, 0, np.nan, np.nan, 1])
    for wire in ("input", "no such field"):
        with pytest.raises(ValueError, match="no field that has a number"):
            reader.read([KEY], [wire], T0, T0 + 1)
    reader.close()
