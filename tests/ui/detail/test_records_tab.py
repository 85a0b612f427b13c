"""Tyres, drivers, trouble codes, probes: what was found is shown, the rest stays readable."""

from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.detail.bench import DetailBench, texts_of
from tests.ui.harness import NOW_MS, Harness, checked
from tftmonitor.model.fields.field import Unit
from tftmonitor.protocol import lenient
from tftmonitor.protocol.records import RECORD_TABLES, RecordColumn, RecordTable
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.detail.record_model import RecordModel, TextTable, in_places_of
from tftmonitor.ui.detail.tabs.tyres import TyresPage
from tftmonitor.ui.theme.theme import DARK, install_theme

IN_LAST_REPORT = 2
OF_THE_MAKER = "no public meaning known (a code of the vehicle's maker)"
# The place of the column of wheels.
WHEEL = 1
TYRES = [
    {"mac": "A1", "airPressure": 862.46, "airTemp": 41.4, "voltage": 3.02, "status": 0},
    {"mac": "A2", "airPressure": -999, "airTemp": -999, "voltage": -999, "status": 1},
]


def choose(page: TyresPage, unit: str) -> None:
    """As a user does."""
    page.unit.setCurrentText(unit)
    page.unit.textActivated.emit(unit)


def test_tyre_pressure_is_shown_in_the_unit_chosen_and_the_choice_is_saved(
    bench: DetailBench,
) -> None:
    bench.send("bleTire", bleDataList=TYRES)
    section = bench.section("Tyres", "bleTire")
    table = section.records.table
    assert table.headers[2] == "Pressure\n(bar)"
    assert table.rows[0] == ("A1", "—", "8.62", "41", "3.02", "normal")
    assert table.rows[1] == ("A2", "—", "—", "—", "—", "leak")
    page = bench.pane.page
    assert isinstance(page, TyresPage)
    choose(page, "psi")
    assert section.records.table.rows[0][2] == "125.1"
    choose(page, "kPa")
    assert section.records.table.rows[0][2] == "862"
    assert bench.harness.restarted().values.pressure_unit == "kPa"


def test_another_kind_of_records_has_a_tab_without_any_other_edit(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = (
        RecordColumn("door", "Door", ("doorname",)),
        RecordColumn("cold_c", "Inside", ("insidetemp",), lenient.number, Unit.CELSIUS),
    )
    doors = RecordTable("bleDoor", "Cargo doors", "Cargo", columns)
    monkeypatch.setitem(RECORD_TABLES, doors.kind, doors)
    bench = DetailBench(harness)
    titles = [bench.pane.tabs.tabText(number) for number in range(bench.pane.tabs.count())]
    assert titles[-3:] == ["Fuel", "Cargo", "Raw"]
    bench.show(bench.send("driver", driver_id="7"), "Cargo")
    assert "This device has sent no data of this kind: cargo doors." in texts_of(bench.pane.page)
    bench.send("bleDoor", doors=[{"doorName": "rear", "insideTemp": 4}, {"doorName": "side"}])
    texts = texts_of(bench.pane.page)
    assert "Cargo doors" in texts
    assert {"rear | 4", "side | —"} <= set(texts)
    assert bench.section("Cargo", "bleDoor").records.table.headers == ("Door", "Inside\n(°C)")


def test_another_kind_joins_the_tab_of_its_group(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = (RecordColumn("trailer", "Trailer", ("trailerid",)),)
    table = RecordTable("trailerTire", "Trailer", TyresPage.title, columns)
    monkeypatch.setitem(RECORD_TABLES, table.kind, table)
    bench = DetailBench(harness)
    assert bench.pane.tabs.count() == 9
    bench.show(bench.send("trailerTire", trailerId="T-7"), "Tyres")
    assert "T-7" in texts_of(bench.pane.page)


def tyre_model(bench: DetailBench) -> RecordModel:
    return bench.section("Tyres", "bleTire").records


def test_the_wheel_of_a_sensor_is_kept_and_shown_after_a_restart(
    harness: Harness, bench: DetailBench
) -> None:
    bench.send("bleTire", bleDataList=TYRES)
    model = checked(tyre_model(bench))
    index = model.index(1, WHEEL)
    assert model.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert not model.flags(model.index(1, 0)) & Qt.ItemFlag.ItemIsEditable
    assert model.setData(index, " Rear left ")
    assert model.table.rows[1][:2] == ("A2", "Rear left")
    stored = harness.restarted()
    assert stored.values.wheels == {"1": {"A2": "Rear left"}}
    pane = harness.show(DetailPane(harness.fleet, harness.clock, stored))
    pane.show_device("1")
    pane.show_tab("Tyres")
    assert any("A2 | Rear left" in text for text in texts_of(pane.page))


def test_a_wheel_stays_with_its_sensor_in_another_row_and_on_another_transport(
    bench: DetailBench,
) -> None:
    bench.send("bleTire", bleDataList=TYRES)
    model = checked(tyre_model(bench))
    model.setData(model.index(1, WHEEL), "Rear left")
    bench.send("bleTire", bleDataList=TYRES[::-1])
    assert [row[:2] for row in model.table.rows] == [("A2", "Rear left"), ("A1", "—")]
    bench.send("rs232Tire", list=TYRES)
    other = bench.section("Tyres", "rs232Tire").records
    assert [row[:2] for row in other.table.rows] == [("A1", "—"), ("A2", "Rear left")]
    model.setData(model.index(0, WHEEL), "")
    assert bench.settings.values.wheels == {}
    assert model.table.rows[0][:2] == ("A2", "—")


def test_what_is_being_typed_goes_to_the_sensor_that_it_was_begun_for(bench: DetailBench) -> None:
    bench.send("bleTire", bleDataList=TYRES)
    section = bench.section("Tyres", "bleTire")
    view, model = section.table, checked(section.records)
    view.edit(model.index(1, WHEEL))
    editor = view.viewport().findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "Rear left")
    bench.send("bleTire", bleDataList=TYRES[::-1])
    QTest.keyClick(editor, Qt.Key.Key_Return)
    # The delegate commits with the next turn of the loop.
    QCoreApplication.processEvents()
    assert bench.settings.values.wheels == {"1": {"A2": "Rear left"}}


def test_a_sensor_without_an_id_has_no_wheel(bench: DetailBench) -> None:
    bench.send("bleTire", bleDataList=[*TYRES, {"airPressure": 800}, {"mac": "m" * 999}])
    model = checked(tyre_model(bench))
    editable = [
        bool(model.flags(model.index(row, WHEEL)) & Qt.ItemFlag.ItemIsEditable)
        for row in range(model.rowCount())
    ]
    assert editable == [True, True, False, False]
    assert not model.setData(model.index(2, WHEEL), "Rear left")
    assert bench.settings.values.wheels == {}


def test_a_wheel_is_short_plain_text_and_found_under_any_id_of_the_device(
    bench: DetailBench,
) -> None:
    bench.settings.set("wheels", {"K-1": {"A1": "Front\n" + "x" * 900}, "2": {"A1": "other"}})
    bench.send("bleTire", device_key="K-1", bleDataList=TYRES)
    model = tyre_model(bench)
    wheel = model.table.rows[0][WHEEL]
    assert wheel.startswith("Front x")
    assert len(wheel) == 40
    model.setData(model.index(0, WHEEL), "  Fro\x00nt\t" + "y" * 900)
    kept = bench.settings.values.wheels
    assert set(kept) == {"1", "2"}
    assert kept["1"]["A1"] == "Fro nt " + "y" * 33
    assert kept["2"] == {"A1": "other"}


def test_times_of_receipt_and_device_are_both_shown(bench: DetailBench) -> None:
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


def test_time_of_a_device_whose_clock_is_not_right_is_corrected_or_doubted(
    bench: DetailBench,
) -> None:
    behind_ms = 19_800_000
    bench.send("driver", driver_id="7", date=NOW_MS - behind_ms)
    section = bench.section("Driver", "driver")
    assert section.times.text().endswith("device time 2026-11-20 16:31:00 (time doubtful)")
    for _ in range(2):
        bench.clock.advance(1)
        now_ms = bench.clock.now_ms()
        bench.snapshot(date=now_ms - behind_ms, polling=now_ms)
    bench.send("driver", driver_id="7", date=now_ms - behind_ms)
    section = bench.section("Driver", "driver")
    assert section.times.text().endswith(
        "device time 2026-11-20 22:01:02 (clock 5 h 30 behind, by it 2026-11-20 16:31:02)"
    )


def test_an_event_without_known_keys_stays_readable(bench: DetailBench) -> None:
    bench.send("rs232Fuel", strange="<i>x</i>", depth={"a": 1})
    section = bench.section("Fuel", "rs232Fuel")
    assert "as received" in section.note.text()
    assert not section.table.isVisible()
    assert section.others.table.rows == (("strange", "<i>x</i>"), ("depth", '{"a": 1}'))


def test_a_probe_without_percent_gets_it_from_its_heights(bench: DetailBench) -> None:
    bench.send("rs232Fuel", list=[{"curLiquidHeight": 450, "fullLiquidHeight": 900}])
    assert bench.section("Fuel", "rs232Fuel").records.table.rows[0][0] == "50"


def test_trouble_codes_keep_first_and_last_sight(bench: DetailBench) -> None:
    trouble: dict[str, Any] = {"errorCode": "J1979", "messageType": 0}
    bench.send("obdErrorInfo", errorData="P0301;C1201", date=NOW_MS - 3_600_000, **trouble)
    bench.clock.advance(60)
    bench.send("obdErrorInfo", errorData="P0301", date=NOW_MS, **trouble)
    rows = bench.section("Codes", "obdErrorInfo").records.table.rows
    first, last = "21:01:00", "22:01:00"
    assert rows == (
        ("C1201", OF_THE_MAKER, "no", first, first, "chassis, J1979"),
        ("P0301", "Cylinder 1 Misfire Detected", "yes", last, first, "powertrain, J1979"),
    )
    # The meaning gives way before anything has to be scrolled for.
    view = bench.section("Codes", "obdErrorInfo").table
    for width in (480, 575, 700):
        bench.pane.resize(width, 600)
        assert view.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("width", [380, 560, 900])
def test_no_row_of_a_short_table_is_hidden_by_a_scroll_bar(
    qapp: QApplication, harness: Harness, width: int
) -> None:
    install_theme(qapp, DARK)
    bench = DetailBench(harness)
    bench.pane.resize(width, 640)
    bench.send("obdErrorInfo", errorCode="J1979", errorData="P0301;C1201")
    view = bench.section("Codes", "obdErrorInfo").table
    for _ in range(3):
        QCoreApplication.processEvents()
    assert view.model().rowCount() == 2
    assert view.viewport().height() >= 2 * view.rowHeight(0)


def test_an_empty_report_clears_what_is_there_now(bench: DetailBench) -> None:
    bench.send("obdErrorInfo", errorCode="J1979", errorData="")
    section = bench.section("Codes", "obdErrorInfo")
    assert section.note.text() == "The last report contained no trouble codes."
    bench.send("obdErrorInfo", errorCode="J1979", errorData="P0301")
    assert section.records.table.rows[0][IN_LAST_REPORT] == "yes"
    bench.send("obdErrorInfo", errorCode="J1979", errorData="")
    assert section.records.table.rows[0][IN_LAST_REPORT] == "no"


def test_a_vehicle_number_alone_says_nothing_about_codes(bench: DetailBench) -> None:
    bench.send("obdErrorInfo", errorCode="J1979", errorData="P0301")
    bench.send("obdErrorInfo", messageType=1, vin="TESTV1N0000000001")
    section = bench.section("Codes", "obdErrorInfo")
    assert section.records.table.rows[0][IN_LAST_REPORT] == "yes"
    assert any(
        "TESTV1N0000000001" in label.text()
        for label in bench.pane.page.findChildren(type(section.times))
    )


def test_the_codes_of_the_last_report_are_read_out_with_their_meaning(bench: DetailBench) -> None:
    bench.send("obdErrorInfo", errorCode="J1979", errorData="P0420")
    bench.send("obdErrorInfo", errorCode="J1979", errorData="P0301;U0100")
    note = bench.section("Codes", "obdErrorInfo").note
    assert note.wordWrap()
    assert note.text().split("\n") == [
        "P0301: Cylinder 1 Misfire Detected",
        'U0100: Lost Communication with ECM/PCM "A"',
    ]


def test_many_codes_do_not_fill_the_tab_with_sentences(bench: DetailBench) -> None:
    codes = ";".join(f"P03{number:02}" for number in range(15))
    bench.send("obdErrorInfo", errorCode="J1979", errorData=codes)
    lines = bench.section("Codes", "obdErrorInfo").note.text().split("\n")
    assert len(lines) == 13
    assert lines[-1] == "and 3 more in the table below"


def test_a_code_of_a_truck_is_read_out_as_its_two_numbers(bench: DetailBench) -> None:
    bench.send("obdErrorInfo", errorCode="J1939", errorData="SPN 100 FMI 1, 110-0")
    assert bench.section("Codes", "obdErrorInfo").note.text().split("\n") == [
        "110-0: SPN 110, FMI 0: far above its normal range",
        "SPN100-FMI1: SPN 100, FMI 1: far below its normal range",
    ]


def test_codes_of_devices_that_are_not_shown_are_remembered(bench: DetailBench) -> None:
    bench.send("obdErrorInfo", errorCode="J1979", errorData="P0301", date=NOW_MS - 9_000)
    bench.send("obdErrorInfo", key="2", errorCode="J1979", errorData="P0420")
    bench.send("obdErrorInfo", errorCode="J1979", errorData="P0301", date=NOW_MS)
    codes = bench.pane.context.code_history.of(bench.fleet.devices[0]).codes
    assert codes["P0301"].last_ms - codes["P0301"].first_ms == 9_000


def test_the_model_of_texts_is_sound(qtbot: QtBot) -> None:
    model = checked(RecordModel())
    model.set_table(TextTable(("A", "B"), (("1", "2"), ("3", "4"))))
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_table(TextTable(("A", "B"), (("1", "2"), ("3", "5"))))
    model.set_table(TextTable(("A",), ()))
    assert model.rowCount() == 0


def test_rows_of_a_table_that_is_pointed_at_keep_their_places() -> None:
    shown = TextTable(("Code", "Seen"), (("P2", "a"), ("P3", "a")))
    now = TextTable(("Code", "Seen"), (("P1", "b"), ("P2", "b"), ("P3", "b")))
    held = in_places_of(shown, now)
    assert [row[0] for row in held.rows] == ["P2", "P3", "P1"]
    assert in_places_of(TextTable(("Other",), ()), now) == now
