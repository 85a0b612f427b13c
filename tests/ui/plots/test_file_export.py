"""What is seen in the plots can be saved, with what could not be known."""

from datetime import UTC
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.harness import AtOnce
from tftmonitor.base.clock import ManualClock
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.coverage import Blindness
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.messages import SnapshotData
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.plots.export import iso_in
from tftmonitor.ui.plots.file_export import PlotExport
from tftmonitor.ui.plots.follower import PlotFollower


class Bench:
    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.clock = ManualClock()
        self.told: list[str] = []
        fleet = Fleet()
        desk = AlarmService(OpenAlarms(), None, CodeResolver(), self.clock, fleet.find)
        self.monitor = Monitor({}, self.clock, fleet, desk)
        self.plots = PlotFollower(self.monitor, SettingsStore(folder), self.clock)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.export = PlotExport(self.plots, self.window, self.told.append, AtOnce())

    def load(self, qtbot: QtBot) -> None:
        stack = self.plots.load()
        qtbot.addWidget(stack)
        stack.resize(600, 400)
        stack.show()

    def report(self, speed: float) -> None:
        now_ms = self.clock.now_ms()
        status = DeviceStatus(date=now_ms, speed=speed, external_power_voltage=12.6)
        self.monitor.fleet.apply(SnapshotData(imei="VAN/1"), status, b"", now_ms)
        self.clock.advance(10)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    made = Bench(qtbot, tmp_path)
    made.load(qtbot)
    made.report(10.5)
    made.report(20)
    made.plots.show("VAN/1")
    return made


def test_table_holds_the_samples_and_what_was_not_known(bench: Bench, tmp_path: Path) -> None:
    now_ms = bench.clock.now_ms()
    bench.monitor.coverage.add("devices", Blindness.LINK, now_ms - 5_000, now_ms)
    file = tmp_path / "a.csv"
    bench.export.write_table(file)
    lines = file.read_text("utf-8").splitlines()
    assert lines[0].startswith("time (UTC),")
    assert "10.5" in lines[1]
    assert lines[-1].startswith("# not known: ")
    assert lines[-1].endswith("link down")
    assert bench.told == ["Saved a.csv."]


def test_picture_is_a_png(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    bench.export.write_picture(file)
    assert file.read_bytes()[:4] == b"\x89PNG"


def test_folder_that_refuses_is_told_in_text(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "no").write_text("a file where a folder should be")
    bench.export.write_table(tmp_path / "no" / "a.csv")
    bench.export.write_picture(tmp_path / "no" / "a.png")
    assert bench.told[0].startswith("The table could not be written to a.csv: ")
    assert bench.told[1] == "The picture could not be written to a.png."


def test_without_samples_there_is_nothing_to_save(bench: Bench, tmp_path: Path) -> None:
    bench.plots.show("")
    bench.export.write_table(tmp_path / "a.csv")
    assert bench.told == ["The plots show no samples to save."]
    assert not (tmp_path / "a.csv").exists()


def test_name_of_the_file_is_safe_on_every_system(bench: Bench) -> None:
    assert bench.plots.file_stem().startswith("VAN-1-2026-")
    assert not set('/\\:*?"<>|') & set(bench.plots.file_stem())


def test_asking_for_a_file_does_not_hold_up_the_window(bench: Bench) -> None:
    bench.export.save_table()
    dialog = bench.window.findChild(QWidget, "QFileDialog")
    assert dialog is not None
    dialog.close()


def saved(bench: Bench, folder: Path) -> list[str]:
    bench.export.write_table(folder / "seen.csv")
    return (folder / "seen.csv").read_text("utf-8").splitlines()


def test_table_holds_what_is_seen_and_nothing_else(bench: Bench, tmp_path: Path) -> None:
    add, now_ms = bench.monitor.coverage.add, bench.clock.now_ms()
    add("devices", Blindness.LINK, now_ms - 7_200_000, now_ms - 3_600_000)
    add("devices", Blindness.LINK, now_ms - 1_000_000, now_ms - 200_000)
    stack = bench.plots.stack
    assert stack is not None
    stack.set_window(300.0)
    start_s, _ = stack.window_s
    lines = saved(bench, tmp_path)
    assert len(lines) == 1 + 2 + 1
    # Of what was not known it has the part that is hatched.
    assert lines[3].startswith(f"# not known: {iso_in(start_s, UTC)} to ")
    stack._board.plot_rows[0].legend.items[0].click()
    stack._navigator.zoom(0.1, now_ms / 1000)
    assert "External voltage" not in saved(bench, tmp_path)[0]
    assert not any("not known" in line for line in saved(bench, tmp_path))


def test_line_that_reaches_into_the_window_is_in_the_table_as_a_remark(
    bench: Bench, tmp_path: Path
) -> None:
    stack = bench.plots.stack
    assert stack is not None
    now_s = bench.clock.now_ms() / 1000
    # Between the two reports, at 20 and at 10 s before now.
    navigator = stack._navigator
    navigator.hold()
    navigator.window.span, navigator.window.end = 5.0, now_s - 12
    navigator.changed.emit()
    first, *remarks = saved(bench, tmp_path)
    assert first.startswith("time (UTC),")
    since = iso_in(now_s - 20, UTC)
    assert remarks == [
        f"# held since {since}: External voltage 12.60 V",
        f"# held since {since}: Speed 10.5 km/h",
    ]
