"""A sleep of the computer is told from a clock that somebody set."""

import pytest
from pytestqt.qtbot import QtBot

from tests.unit.monitor.test_monitor import Rig
from tftmonitor.base.clock import HOUR_MS
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.monitor.diagnostics import Diagnostics
from tftmonitor.ui.window.loop_monitor import LoopMonitor

HOUR_S = 3_600.0


def watched(rig: Rig) -> LoopMonitor:
    return LoopMonitor(Diagnostics(rig.monitor, rig.clock, lambda: 0), rig.monitor, rig.clock)


@pytest.mark.parametrize("by_s", [HOUR_S, -HOUR_S])
def test_clock_that_was_set_is_no_sleep(qtbot: QtBot, by_s: float) -> None:
    rig = Rig()
    monitor = watched(rig)
    rig.clock.jump_wall(by_s)
    monitor._report()
    assert rig.blind("devices") == []


@pytest.mark.parametrize("set_s", [0.0, 2 * HOUR_S, -2 * HOUR_S])
@pytest.mark.parametrize("is_computer", [True, False])
def test_sleep_is_blind_for_as_long_as_it_took(
    qtbot: QtBot, is_computer: bool, set_s: float
) -> None:
    rig = Rig()
    monitor = watched(rig)
    if is_computer:
        rig.clock.sleep(HOUR_S)
    else:
        rig.clock.advance(HOUR_S)
    if set_s:
        rig.clock.jump_wall(set_s)
    monitor._report()
    monitor._report()
    now_ms = rig.clock.now_ms()
    assert rig.monitor.coverage.between(("devices",), 0, now_ms + HOUR_MS) == [
        BlindInterval("devices", Blindness.SUSPENDED, now_ms - HOUR_MS, now_ms)
    ]
