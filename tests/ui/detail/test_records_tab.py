"""Tyres, drivers, trouble codes, probes: what was found is shown, the rest stays readable."""

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tftmonitor.base.clock import ManualClock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.detail.event_section import EventSection
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.detail.record_model import RecordModel, TextTable
from tftmonitor.ui.detail.tabs.records import RecordsPage, TyresPage

NOW_MS = 1_795_212_060_000
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


class Bench:
    def __init__(self, qtbot: QtBot, profile: Path) -> None:
        self.fleet = Fleet()
        self.clock = ManualClock(NOW_MS)
        self.settings = SettingsStore(profile)
        self.settings.set("zone", "utc")
        self.pane = DetailPane(self.fleet, self.clock, self.settings)
        qtbot.addWidget(self.pane)
        self.pane.show()

    def send(self, kind: str, key: str = "1", **data: Any) -> None:
        frame = json.dumps({"event": kind, "data": {"imei": key, **data}, "error": 0}).encode()
        push = decode(Channel.DEVICES, frame)
        assert isinstance(push, Records)
        device = self.fleet.keep_records(push, frame, self.clock.now_ms())
        self.pane.refresh({device.row})

    def section(self, tab: str, kind: str) -> EventSection:
        self.pane.show_device("1")
        self.pane.show_tab(tab)
        page = self.pane.page
        assert isinstance(page, RecordsPage)
        return page.sections[kind]


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    return Bench(qtbot, tmp_path)


TYRES = [
    {"mac": "A1", "airPressure": 862.46, "airTemp": 41.4, "voltage": 3.02, "status": 0},
    {"mac": "A2", "airPressure": -999, "airTemp": -999, "voltage": -999, "status": 1},
]


def test_tyre_pressure_is_rounded_in_the_unit_chosen_and_the_choice_is_saved(bench: Bench) -> None:
    bench.send("bleTire", bleDataList=TYRES)
    section = bench.section("Tyres", "bleTire")
    table = section.records.table
    assert table.headers[2] == "Pressure\n(bar)"
    assert table.rows[0] == ("A1", "—", "8.62", "41", "3.02", "normal")
    assert table.rows[1] == ("A2", "—", "—", "—", "—", "leak")
    page = bench.pane.page
    assert isinstance(page, TyresPage)
    page.unit.setCurrentText("psi")
    assert section.records.table.rows[0][2] == "125.1"
    page.unit.setCurrentText("kPa")
    assert section.records.table.rows[0][2] == "862"
    assert SettingsStore(bench.settings.path.parent).values.pressure_unit == "kPa"


def test_a_sensor_is_bound_to_a_wheel(qtbot: QtBot, bench: Bench) -> None:
    bench.send("bleTire", bleDataList=TYRES)
    model = bench.section("Tyres", "bleTire").records
    index = model.index(1, 1)
    assert model.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert not model.flags(model.index(1, 0)) & Qt.ItemFlag.ItemIsEditable
    with qtbot.waitSignal(bench.pane.wheel_bound) as told:
        assert model.setData(index, " Rear left ")
    assert told.args == ["1", "A2", "Rear left"]
    assert model.table.rows[1][1] == "Rear left"
    bench.send("bleTire", bleDataList=TYRES[::-1])
    assert model.table.rows[0][:2] == ("A2", "Rear left")
    bench.pane.bind_wheel("1", "A2", "")
    assert bench.pane.context.wheels == {"1": {}}


def test_times_of_receipt_and_device_are_both_told(bench: Bench) -> None:
    bench.send("driver", driver_id="7", date=NOW_MS - 61_000)
    section = bench.section("Driver", "driver")
    assert section.times.text() == (
        "Received 2026-11-20 22:01:00 (0 s ago)  ·  device time 2026-11-20 21:59:59"
    )
    bench.clock.advance(120)
    bench.pane.tick()
    assert "(2 min ago)" in section.times.text()
    bench.send("driver", driver_id="7", date=3_471_724_812_000)
    assert "device clock not set" in section.times.text()
    bench.send("driver", driver_id="7")
    assert "no device time" in section.times.text()


def test_an_event_without_known_keys_stays_readable(bench: Bench) -> None:
    bench.send("rs232Fuel", strange="<i>x</i>", depth={"a": 1})
    section = bench.section("Fuel", "rs232Fuel")
    assert "as it came" in section.note.text()
    assert not section.table.isVisible()
    assert section.others.table.rows == (("strange", "<i>x</i>"), ("depth", '{"a": 1}'))


def test_a_probe_without_percent_gets_it_from_its_heights(bench: Bench) -> None:
    bench.send("rs232Fuel", list=[{"curLiquidHeight": 450, "fullLiquidHeight": 900}])
    assert bench.section("Fuel", "rs232Fuel").records.table.rows[0][0] == "50"


def test_trouble_codes_keep_first_and_last_sight(bench: Bench) -> None:
    trouble: dict[str, Any] = {"errorCode": "J1979", "messageType": 0}
    bench.send("obdErrorInfo", errorData="P0301;C1201", date=NOW_MS - 3_600_000, **trouble)
    bench.clock.advance(60)
    bench.send("obdErrorInfo", errorData="P0301", date=NOW_MS, **trouble)
    rows = bench.section("Codes", "obdErrorInfo").records.table.rows
    first, last = "2026-11-20 21:01", "2026-11-20 22:01"
    assert rows == (
        ("C1201", "chassis", "J1979", first, first, "no"),
        ("P0301", "powertrain", "J1979", first, last, "yes"),
    )


def test_an_empty_report_clears_what_is_there_now(bench: Bench) -> None:
    bench.send("obdErrorInfo", errorCode="J1979", errorData="")
    section = bench.section("Codes", "obdErrorInfo")
    assert section.note.text() == "The last report held no trouble codes."
    bench.send("obdErrorInfo", errorCode="J1979", errorData="P0301")
    assert section.records.table.rows[0][-1] == "yes"
    bench.send("obdErrorInfo", errorCode="J1979", errorData="")
    assert section.records.table.rows[0][-1] == "no"


def test_a_vehicle_number_alone_says_nothing_about_codes(bench: Bench) -> None:
    bench.send("obdErrorInfo", errorCode="J1979", errorData="P0301")
    bench.send("obdErrorInfo", messageType=1, vin="TESTV1N0000000001")
    section = bench.section("Codes", "obdErrorInfo")
    assert section.records.table.rows[0][-1] == "yes"
    assert any(
        "TESTV1N0000000001" in label.text()
        for label in bench.pane.page.findChildren(type(section.times))
    )


def test_codes_of_devices_that_are_not_shown_are_remembered(bench: Bench) -> None:
    bench.send("obdErrorInfo", errorCode="J1979", errorData="P0301", date=NOW_MS - 9_000)
    bench.send("obdErrorInfo", key="2", errorCode="J1979", errorData="P0420")
    bench.send("obdErrorInfo", errorCode="J1979", errorData="P0301", date=NOW_MS)
    codes = bench.pane.context.codes.of(bench.fleet.devices[0]).codes
    assert codes["P0301"].last_ms - codes["P0301"].first_ms == 9_000


def test_the_model_of_texts_is_sound(qtbot: QtBot) -> None:
    model = RecordModel()
    tester = QAbstractItemModelTester(model, FATAL)
    model.set_table(TextTable(("A", "B"), (("1", "2"), ("3", "4"))))
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_table(TextTable(("A", "B"), (("1", "2"), ("3", "5"))))
    model.set_table(TextTable(("A",), ()))
    assert model.rowCount() == 0
    assert tester.model() is model
