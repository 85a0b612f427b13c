"""The plots go on with a device that turns out to be another one."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tftmonitor.base.clock import MINUTE_MS, ManualClock
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.coverage import Blindness
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.messages import SnapshotData
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.plots.follower import PlotFollower


def test_plots_show_the_samples_of_both_rows(qtbot: QtBot, tmp_path: Path) -> None:
    clock, fleet = ManualClock(), Fleet()
    service = AlarmService(OpenAlarms(), None, CodeResolver(), clock, fleet.find)
    monitor = Monitor({}, clock, fleet, service)
    plots = PlotFollower(monitor, SettingsStore(tmp_path), clock)
    stack = plots.load()
    qtbot.addWidget(stack)

    def report(data: SnapshotData) -> None:
        now_ms = clock.now_ms()
        fleet.apply(data, DeviceStatus(date=now_ms, speed=5.0), b"", now_ms)
        clock.advance(1)

    report(SnapshotData(device_key="K"))
    report(SnapshotData(imei="A"))
    now_ms = clock.now_ms()
    monitor.coverage.add("K", Blindness.DEVICE, now_ms - MINUTE_MS, now_ms - 1)
    plots.show("A")
    assert stack._navigator.shown.ring is not None
    assert len(stack._navigator.shown.ring) == 1
    report(SnapshotData(imei="A", device_key="K"))
    plots.tick()
    assert len(stack._navigator.shown.ring) == 3
    assert plots._key == "K"
    assert plots._blind != []
