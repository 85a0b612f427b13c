import time

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tftmonitor.model.fleet.changes import Changes
from tftmonitor.ui.window.frame_clock import FRAME_MS, FrameClock


class Seen:
    def __init__(self) -> None:
        self.frames: list[set[int]] = []
        self.lists: list[tuple[set[int], bool]] = []

    def clock(self, changes: Changes) -> FrameClock:
        clock = FrameClock(changes)
        clock.on_frame.add(self.frames.append)
        clock.on_list.add(lambda rows, added: self.lists.append((rows, added)))
        clock.start()
        return clock


def test_every_change_reaches_both_and_quiet_costs_no_frame(qtbot: QtBot) -> None:
    changes, seen = Changes(), Seen()
    clock = seen.clock(changes)
    qtbot.waitUntil(lambda: clock.frames == 1)
    changes.add(3)
    changes.touch(1)
    qtbot.waitUntil(lambda: bool(seen.lists))
    assert seen.frames == [{1, 3}]
    assert seen.lists == [({1, 3}, True)]
    changes.touch(2)
    qtbot.waitUntil(lambda: len(seen.lists) == 2)
    assert set().union(*seen.frames) == {1, 2, 3}
    assert seen.lists[1] == ({2}, False)
    frames = clock.frames
    qtbot.wait(3 * FRAME_MS)
    assert clock.frames == frames
    clock.stop()


def test_a_change_after_a_rest_does_not_wait_for_a_whole_frame(qtbot: QtBot) -> None:
    changes, seen = Changes(), Seen()
    clock = seen.clock(changes)
    qtbot.waitUntil(lambda: clock.frames == 1)
    qtbot.wait(2 * FRAME_MS)
    changes.touch(1)
    assert clock._timer.interval() < FRAME_MS / 2
    clock._timer.stop()
    clock._frame()
    changes.touch(1)
    assert clock._timer.interval() > FRAME_MS / 2
    clock.stop()


def test_what_came_before_the_start_is_in_the_first_frame(qtbot: QtBot) -> None:
    changes, seen = Changes(), Seen()
    changes.add(0)
    clock = seen.clock(changes)
    qtbot.waitUntil(lambda: bool(seen.lists))
    assert seen.lists == [({0}, True)]
    clock.stop()
    changes.touch(0)
    qtbot.wait(2 * FRAME_MS)
    assert len(seen.frames) == 1


def test_a_second_that_takes_long_lets_others_have_a_turn(qtbot: QtBot) -> None:
    clock, told = FrameClock(Changes()), list[str]()

    def slow() -> None:
        time.sleep(0.02)
        told.append("slow")

    def begin() -> None:
        QTimer.singleShot(0, lambda: told.append("other"))
        clock._begin_second()

    clock.on_second.add(slow)
    clock.on_second.add(slow)
    clock.on_second.add(lambda: told.append("last"))
    QTimer.singleShot(0, begin)
    qtbot.waitUntil(lambda: "last" in told)
    assert told == ["slow", "other", "slow", "last"]


def test_a_second_that_begins_before_the_last_was_told_leaves_nobody_out(qtbot: QtBot) -> None:
    clock, told = FrameClock(Changes()), list[str]()

    def slow() -> None:
        time.sleep(0.02)
        told.append("slow")

    clock.on_second.add(slow)
    clock.on_second.add(lambda: told.append("last"))
    clock._begin_second()
    clock._begin_second()
    assert told == ["slow"]
    qtbot.waitUntil(lambda: told == ["slow", "last"])
    clock._begin_second()
    clock.stop()
    qtbot.wait(20)
    assert told == ["slow", "last", "slow"]
