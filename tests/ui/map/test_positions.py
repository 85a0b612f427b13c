"""Where devices are drawn: at the last fix, never at null island, and never after a jump."""

import numpy as np
import pytest

from tests.ui.map.rig import BERLIN, HAMBURG, POTSDAM, SUVA, MapBench
from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.geo.fixes import LeftOut
from tftmonitor.ui.map.devices.cluster_signs import (
    CRITICAL,
    IDLING,
    KINDS,
    MOVING,
    PARKED,
    STALE,
    kinds_of,
    ring_steps,
)
from tftmonitor.ui.map.devices.positions import AlarmMark
from tftmonitor.ui.map.devices.sign_atlas import CROSSED, FILLED, HOLLOW


def test_a_device_is_where_it_says(bench: MapBench) -> None:
    row = bench.report("a", BERLIN, azimuth=90.0)
    positions = bench.pane.positions
    assert (positions.latitude[row], positions.longitude[row]) == BERLIN
    assert positions.course[row] == 90.0
    assert not positions.is_hollow[row]
    assert positions.left_out[row] == LeftOut.NO
    assert bench.pane.devices.looks(np.array([row])).tolist() == [FILLED]


def test_without_a_fix_it_stays_where_the_last_one_was_hollow_and_in_doubt(
    bench: MapBench,
) -> None:
    row = bench.report("a", BERLIN, speed=60.0)
    bench.clock.advance(20)
    bench.report("a", None, latlng_valid=False, lat=0.0, lng=0.0, speed=60.0)
    positions = bench.pane.positions
    assert (positions.latitude[row], positions.longitude[row]) == BERLIN
    assert positions.is_hollow[row]
    assert positions.left_out[row] == LeftOut.NULL_ISLAND
    bench.clock.advance(40)
    metres = positions.doubt_m(np.array([row]), bench.clock.now_ms())
    # Sixty seconds at sixty km/h.
    assert metres[0] == pytest.approx(1_000, rel=0.02)


def test_null_island_and_what_is_off_the_globe_are_left_out_and_counted(bench: MapBench) -> None:
    bench.report("good", BERLIN)
    null = bench.report("null", (0.0, 0.0))
    off = bench.report("off", (95.0, 10.0))
    never = bench.report("never", None, latlng_valid=False)
    positions = bench.pane.positions
    assert positions.left_out[[null, off, never]].tolist() == [
        LeftOut.NULL_ISLAND,
        LeftOut.OFF_GLOBE,
        LeftOut.NONE_YET,
    ]
    assert np.isnan(positions.x[[null, off, never]]).all()
    assert bench.pane.tools.left_out.text() == "2 positions left out…"
    assert positions.left_out_rows().tolist() == [null, off]


def test_a_jump_is_not_believed_until_a_second_fix_says_the_same(bench: MapBench) -> None:
    row = bench.report("a", BERLIN)
    bench.clock.advance(30)
    bench.report("a", HAMBURG)
    positions = bench.pane.positions
    assert (positions.latitude[row], positions.longitude[row]) == BERLIN
    assert positions.left_out[row] == LeftOut.JUMP
    assert bench.pane.tools.left_out.text() == "1 position left out…"
    # One that comes back was an outlier.
    bench.clock.advance(30)
    bench.report("a", (52.521, 13.406))
    assert positions.left_out[row] == LeftOut.NO
    assert bench.pane.tools.left_out.isHidden()
    # One that stays was carried there.
    for _ in range(2):
        bench.clock.advance(30)
        bench.report("a", HAMBURG)
    assert (positions.latitude[row], positions.longitude[row]) == HAMBURG
    assert positions.left_out[row] == LeftOut.NO


def test_an_old_fix_is_hollow_however_new_the_report(bench: MapBench) -> None:
    old_ms = bench.clock.now_ms() - 600 * MINUTE_MS
    row = bench.report("a", BERLIN, location_date=old_ms)
    assert bench.pane.positions.is_hollow[row]
    assert bench.pane.positions.since_ms[row] == old_ms


def test_what_is_not_heard_of_is_crossed(bench: MapBench) -> None:
    row = bench.report("a", BERLIN)
    bench.wait(3_600)
    assert bench.pane.devices.looks(np.array([row])).tolist() == [CROSSED]
    fresh = bench.report("b", POTSDAM)
    assert bench.pane.devices.looks(np.array([fresh])).tolist() == [FILLED]
    bench.pane.set_link_down(True)
    assert bench.pane.devices.looks(np.array([row, fresh])).tolist() == [CROSSED, HOLLOW]


def test_across_180_degrees_all_are_in_sight(bench: MapBench) -> None:
    bench.report("west", SUVA)
    bench.report("east", (-17.0, -179.5))
    bench.canvas.arrange()
    assert len(bench.pane.devices.singles) == 2
    lefts = bench.pane.devices.left.tolist()
    assert max(lefts) - min(lefts) > 100
    assert bench.canvas.view.zoom > 5


def test_kinds_of_a_ring_put_an_active_alarm_before_all_else() -> None:
    kinds = kinds_of(
        np.array([2, 3, 4, 4, 4, 2]),
        np.array([False, False, False, True, False, False]),
        np.array([0, 0, 0, 0, 4, 4]),
        np.array([False, False, False, False, False, True]),
    )
    assert kinds.tolist() == [PARKED, IDLING, MOVING, STALE, CRITICAL, PARKED]


def test_alarms_are_read_again_when_they_change(bench: MapBench) -> None:
    row = bench.report("a", BERLIN)
    assert bench.pane.positions.severities[row] == 0
    bench.alarms["a"] = AlarmMark(4, True)
    bench.pane.alarms_changed(["a", "unknown"])
    assert bench.pane.positions.severities[row] == 4
    assert bench.pane.positions.is_over[row]


def test_one_alarm_among_a_thousand_keeps_its_share_of_the_ring() -> None:
    shares = np.zeros((3, KINDS), np.intp)
    shares[0, [PARKED, CRITICAL]] = 999, 1
    shares[1, MOVING] = 5
    shares[2] = 1
    rings = ring_steps(shares)
    assert rings.sum(axis=1).tolist() == [36, 36, 36]
    assert rings[0, CRITICAL] == 3
    assert rings[1, MOVING] == 36
    assert rings[2].min() >= 3
    assert ring_steps(shares[:0]).shape == (0, KINDS)


def test_a_place_that_is_not_of_now_bears_its_age(bench: MapBench) -> None:
    row = bench.report("a", BERLIN)
    words, clock = bench.pane.words, bench.clock
    assert words.label(row, clock.now_ms()) == "a"
    bench.wait(26 * 3_600 + 600)
    assert words.label(row, clock.now_ms()) == "a · 1 d"
    bench.report("a", None, latlng_valid=False)
    assert words.label(row, clock.now_ms()) == "a · 1 d"
    fresh = bench.report("b", POTSDAM)
    assert words.label(fresh, clock.now_ms()) == "b"
    never = bench.report("c", None, latlng_valid=False)
    assert words.label(never, clock.now_ms()) == "c"
