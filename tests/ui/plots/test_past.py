"""The plots over what was recorded before the program began: without a seam, a double or a wait."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.unit.history.past.recorded import KEY, record, snapshot
from tests.unit.history.samples.pushes import T0
from tftmonitor.base.clock import HOUR_MS, SECOND_MS, ManualClock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import Pending, Recorded
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Raised
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.past.past import Past
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.plots.follower import PlotFollower
from tftmonitor.ui.plots.past.of_device import PastOfDevice
from tftmonitor.ui.plots.past.typed_moment import read_moment

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

DAY_MS = 24 * HOUR_MS
SPEED = [field.name for field in SERIES.channels].index("speed")
VOLTS = [field.name for field in SERIES.channels].index("external_power_voltage")


def trip(start_ms: int, count: int, step_ms: int = 10_000) -> list[Recorded]:
    """Reports of the device, ``start_ms`` after the beginning."""
    return [
        snapshot(
            start_ms + n * step_ms,
            start_ms + n * step_ms + 50,
            speed=float(n % 40),
            external_power_voltage=12.0 + n % 10 / 10,
            lat=52.0,
            lng=13.0,
            acc=1,
        )
        for n in range(count)
    ]


class Bench:
    """A program that began at ``T0 + begun_ms``, on a profile where something was recorded."""

    def __init__(self, qtbot: QtBot, profile: Path, begun_ms: int) -> None:
        self.clock = ManualClock()
        self.clock.advance((T0 + begun_ms - self.clock.now_ms()) / SECOND_MS)
        self.fleet = Fleet()
        self.journal = JournalThread(Journal.open(profile / FILE_NAME, self.clock))
        desk = AlarmService(OpenAlarms(), self.journal, CodeResolver(), self.clock, self.fleet.find)
        self.monitor = Monitor({}, self.clock, self.fleet, desk)
        self.scope = TaskScope()
        self.past = Past(profile)
        of_device = PastOfDevice(self.monitor, self.clock, self.past, self.scope)
        settings = SettingsStore(profile)
        settings.set("zone", "utc")
        self.follower = PlotFollower(self.monitor, settings, self.clock, of_device)
        self.stack = self.follower.load()
        qtbot.addWidget(self.stack)
        self.stack.resize(900, 500)
        self.stack.show()
        QApplication.processEvents()

    def report(self, row: Recorded) -> None:
        """A push comes in now."""
        push = decode(Channel.DEVICES, row[5])
        self.clock.advance((row[2] - self.clock.now_ms()) / SECOND_MS)
        self.monitor.receiver.receive(Channel.DEVICES, push, row[5], row[2])

    async def show(self) -> None:
        """Look at the device, and wait for all that comes of it."""
        self.follower.show(KEY)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(1_000):
            QApplication.processEvents()
            await asyncio.sleep(0.002)
            if not self.scope.names:
                QApplication.processEvents()
                if not self.scope.names:
                    return
        raise AssertionError(self.scope.names)

    def times(self) -> np.ndarray[Any, Any]:
        """Of the samples that can be shown, in ms after the beginning."""
        samples = self.stack._navigator.shown.read()
        assert samples is not None
        return np.rint(samples.times * SECOND_MS - T0).astype(np.int64)

    def line(self, channel: int = SPEED) -> tuple[Any, Any]:
        """The corners of a curve as they were handed to be painted."""
        row = next(r for r in self.stack._board.plot_rows if channel in r._channels)
        x, y = row.canvas._curves[row._channels.index(channel)].getData()
        return np.asarray(x), np.asarray(y)

    def is_reading(self) -> bool:
        return self.stack.header._is_reading

    def is_live(self) -> bool:
        return self.stack.is_live

    def texts(self) -> list[str]:
        return [row.canvas.foreground.text for row in self.stack._board.plot_rows]

    async def close(self) -> None:
        await self.scope.close()
        await self.past.close()
        await self.journal.close()


def run(
    qtbot: QtBot, profile: Path, begun_ms: int, test: Callable[[Bench], Coroutine[Any, Any, None]]
) -> None:
    async def main() -> None:
        bench = Bench(qtbot, profile, begun_ms)
        try:
            await test(bench)
        finally:
            await bench.close()

    asyncio.run(main())


def test_memory_and_history_are_one_line(qtbot: QtBot, tmp_path: Path) -> None:
    rows = trip(0, 720)
    record(tmp_path, rows)

    async def test(bench: Bench) -> None:
        # The program began in the middle; the recorder went on beside it.
        for row in rows[360:]:
            bench.report(row)
        bench.stack.set_window(7_200)
        await bench.show()
        assert bench.times().tolist() == [n * 10_000 for n in range(720)]
        samples = bench.stack._navigator.shown.read()
        assert samples is not None
        assert samples.values[SPEED].tolist() == [float(n % 40) for n in range(720)]
        # Nothing breaks at the seam.
        x, y = bench.line()
        assert not np.isnan(y[:-1]).any()
        assert x.min() <= bench.stack.window_s[0] + 10

    run(qtbot, tmp_path, 3_600_000 - 1, test)


def test_what_memory_has_is_drawn_before_the_history_answers(qtbot: QtBot, tmp_path: Path) -> None:
    rows = trip(0, 720)
    record(tmp_path, rows)

    async def test(bench: Bench) -> None:
        for row in rows[700:]:
            bench.report(row)
        bench.follower.show(KEY)
        QApplication.processEvents()
        assert len(bench.times()) == 20
        assert len(bench.line()[0])
        assert bench.is_reading()
        await bench.settle()
        assert not bench.is_reading()
        assert bench.stack.header.state.text() == ""
        assert len(bench.times()) > 90

    run(qtbot, tmp_path, 7_000_000 - 1, test)


def test_yesterday_is_read_when_somebody_goes_there(qtbot: QtBot, tmp_path: Path) -> None:
    record(tmp_path, [*trip(0, 720), *trip(DAY_MS, 60)])

    async def test(bench: Bench) -> None:
        for row in trip(DAY_MS, 60):
            bench.report(row)
        await bench.show()
        # Of the past only the sample is there that stands before what is seen.
        assert bench.times()[1:].tolist() == [DAY_MS + n * 10_000 for n in range(60)]
        moment_s = T0 / SECOND_MS + 3_605
        bench.follower.go_to(moment_s)
        await bench.settle()
        assert not bench.is_live()
        assert bench.stack.window_s == (moment_s - 450, moment_s + 450)
        # The crosshair reads the sample before it, with its own time and age.
        assert "0.0 km/h  at 2026-11-18 12:06:40, 23 h 9 min ago" in bench.stack.readout_text
        lane_on = bench.stack._board.lane_strip
        assert "Ignition" in " ".join(lane_on.titles)
        bench.stack.back_to_live()
        await bench.settle()
        assert bench.is_live()
        assert bench.times()[1:].tolist() == [DAY_MS + n * 10_000 for n in range(60)]

    run(qtbot, tmp_path, DAY_MS - 1, test)


def test_dragging_on_into_the_past_reads_on(qtbot: QtBot, tmp_path: Path) -> None:
    record(tmp_path, trip(0, 2_000))

    async def test(bench: Bench) -> None:
        bench.report(trip(20_000_000, 1)[0])
        await bench.show()
        for _ in range(40):
            bench.stack._navigator.pan(120)
            QApplication.processEvents()
            await asyncio.sleep(0.001)
        await bench.settle()
        start_s, end_s = bench.stack.window_s
        seen = bench.times() / SECOND_MS + T0 / SECOND_MS
        assert ((seen >= start_s) & (seen <= end_s)).sum() >= 85

    run(qtbot, tmp_path, 20_000_000 - 1, test)


def test_before_the_first_record_the_plots_say_so(qtbot: QtBot, tmp_path: Path) -> None:
    record(tmp_path, trip(0, 60))

    async def test(bench: Bench) -> None:
        bench.report(trip(HOUR_MS, 1)[0])
        await bench.show()
        bench.follower.go_to(T0 / SECOND_MS - 40 * 86_400)
        await bench.settle()
        assert all(text.startswith("Nothing recorded before ") for text in bench.texts())
        assert "18 November" in bench.texts()[0]

    run(qtbot, tmp_path, HOUR_MS - 1, test)


def test_without_a_record_nothing_is_promised(qtbot: QtBot, tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        bench.report(trip(0, 1)[0])
        await bench.show()
        bench.follower.go_to(T0 / SECOND_MS - 40 * 86_400)
        await bench.settle()
        assert bench.texts()[0].startswith("Nothing is kept of this window")
        assert bench.stack.header.state.text() == ""

    run(qtbot, tmp_path, 0, test)


def test_what_cannot_be_read_is_said_once_and_hinders_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "history.db").write_bytes(b"no database" * 1_000)

    async def test(bench: Bench) -> None:
        bench.report(trip(0, 1)[0])
        await bench.show()
        assert bench.stack.header.state.text() == "history unreadable"
        assert "cannot be read" in bench.stack.header.state.toolTip()
        assert len(bench.times()) == 1

    run(qtbot, tmp_path, 0, test)


def test_blind_time_and_alarms_of_then_stand_there(qtbot: QtBot, tmp_path: Path) -> None:
    record(tmp_path, [*trip(0, 60), *trip(3 * HOUR_MS, 60)])
    store = SampleStore(tmp_path, T0)
    gone = BlindInterval("devices", Blindness.LINK, T0 + 2 * HOUR_MS, T0 + 3 * HOUR_MS)
    store.write(Pending(blind=[gone]), T0)
    store.close()

    async def test(bench: Bench) -> None:
        bench.report(trip(DAY_MS, 1)[0])
        raised = Raised(
            at_ms=T0 + HOUR_MS,
            source=Source.MESSAGE,
            key="code:1",
            name="SOS",
            severity=Severity.CRITICAL,
            device=KEY,
        )
        bench.monitor.alarm_service.pipeline.put(raised)
        await bench.monitor.alarm_service.drain()
        bench.stack.set_window(6 * 3_600)
        await bench.show()
        bench.follower.go_to(T0 / SECOND_MS + 2 * 3_600)
        await bench.settle()
        view = bench.stack._navigator.view
        assert [mark.text for _, mark in view.shown_marks] == ["SOS"]
        x_of = view.x_of
        wanted = (x_of(gone.start_ms / SECOND_MS), x_of(gone.end_ms / SECOND_MS))  # type: ignore[operator]
        assert any(
            left == pytest.approx(wanted[0], abs=1) and right >= wanted[1] - 1
            for left, right in view.blind_spans
        )

    run(qtbot, tmp_path, DAY_MS - 1, test)


def test_much_is_drawn_as_what_can_be_seen_and_read_anew_when_zoomed(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.history.past.gathering.RAW_ROWS", 500)
    rows = trip(0, 30_000)
    rows[15_000] = snapshot(150_000_000, speed=199.0, lat=52.0, lng=13.0)
    record(tmp_path, rows)

    async def test(bench: Bench) -> None:
        bench.report(trip(300_000_000, 1)[0])
        bench.stack.set_window(300_000)
        await bench.show()
        few = bench.times()
        assert len(few) < 15_000
        samples = bench.stack._navigator.shown.read()
        assert samples is not None
        assert samples.values[SPEED].max() == 199.0
        x, y = bench.line()
        assert np.isfinite(y[1:-2]).all()
        assert len(x) < 8 * bench.stack.pixels
        table = bench.follower.table()
        assert table is not None
        assert "# shortened" in table()
        bench.stack.set_window(3_600)
        bench.follower.go_to(T0 / SECOND_MS + 150_000)
        await bench.settle()
        near = bench.times()
        near = near[(near > 148_500_000) & (near < 151_500_000)]
        assert np.diff(near).tolist() == [10_000] * (len(near) - 1)
        table = bench.follower.table()
        assert table is not None
        assert "# shortened" not in table()
        assert "199" in table()

    run(qtbot, tmp_path, 300_000_000 - 1, test)


def test_the_calendar_leads_to_a_day_and_a_time(qtbot: QtBot, tmp_path: Path) -> None:
    record(tmp_path, trip(0, 720))

    async def test(bench: Bench) -> None:
        bench.report(trip(3 * DAY_MS, 1)[0])
        await bench.show()
        bench.follower.ask_go_to()
        popup = bench.stack._go_to.popup
        assert popup is not None
        assert popup.isVisible()
        assert not popup.isModal()
        popup.calendar.setSelectedDate(QDate(2026, 11, 18))
        popup.time.setText("at noon")
        popup.show_button.click()
        assert popup.isVisible()
        assert not popup.problem.isHidden()
        popup.time.setText("11:30")
        popup.show_button.click()
        assert not popup.isVisible()
        await bench.settle()
        start_s, end_s = bench.stack.window_s
        assert (start_s + end_s) / 2 == 1_795_001_400.0
        assert bench.stack.readout_text.startswith("2026-11-18 11:30:00")

    run(qtbot, tmp_path, 3 * DAY_MS - 1, test)


def test_yesterday_is_typed(qtbot: QtBot, tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        bench.report(trip(0, 1)[0])
        await bench.show()
        bench.follower.ask_go_to()
        popup = bench.stack._go_to.popup
        assert popup is not None
        assert popup.time.hasFocus()
        assert popup.time.selectedText() == "11:06"
        QTest.keyClicks(popup.time, "yesterday 3:12")
        QTest.keyClick(popup.time, Qt.Key.Key_Return)
        assert not popup.isVisible()
        start_s, end_s = bench.stack.window_s
        assert (start_s + end_s) / 2 == T0 / SECOND_MS - 86_400 - 7 * 3_600 - 54 * 60 - 40

    run(qtbot, tmp_path, 0, test)


@pytest.mark.parametrize(
    ("text", "day", "time"),
    [
        ("3:12", None, (3, 12)),
        ("03.12", None, (3, 12)),
        ("today 0:00", (2026, 11, 18), (0, 0)),
        ("18 Nov 3:12", (2026, 11, 18), (3, 12)),
        ("19. november, 3:12", (2025, 11, 19), (3, 12)),
        ("1 jan 2024 23:59", (2024, 1, 1), (23, 59)),
        ("2026-02-03 03:12", (2026, 2, 3), (3, 12)),
    ],
)
def test_a_day_is_typed_in_many_ways(text: str, day: Any, time: Any) -> None:
    expected = None if day is None else QDate(*day)
    assert read_moment(text, QDate(2026, 11, 18)) == (expected, QTime(*time))


@pytest.mark.parametrize("text", ["", "noon", "25:00", "31 feb 3:12", "31 foo 3:12", "once 3:12"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_moment(text, QDate(2026, 11, 18)) is None


def test_longer_windows_are_in_a_menu(qtbot: QtBot, tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        header = bench.stack.header
        menu = header.open_longer()
        names = [action.text() for action in menu.actions()]
        assert names == ["1 day", "7 days", "30 days", "91 days", "1 year"]
        menu.actions()[2].trigger()
        menu.close()
        assert header.longer.text() == "30 days"
        assert header.longer.isChecked()
        assert bench.stack.window_s[1] - bench.stack.window_s[0] == 30 * 86_400
        bench.stack.set_window(900)
        assert header.longer.text() == "Longer"
        assert not header.longer.isChecked()

    run(qtbot, tmp_path, 0, test)
