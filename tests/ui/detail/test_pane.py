"""The detail pane as a whole: what it says of real frames, and that hidden tabs rest."""

import json
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import UNSET
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTableView,
    QTreeView,
    QWidget,
)

from tests.ui.detail.bench import DetailBench, texts_of
from tests.ui.harness import NOW_MS, Harness
from tftmonitor.model.fields.field import FieldSpec, FieldTable, Group, Number, Unit
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.device import Device
from tftmonitor.ui.detail import page as page_module
from tftmonitor.ui.detail.page import DetailPage
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.detail.tabs.inputs_outputs import Lamps
from tftmonitor.ui.detail.tabs.overview import OverviewPage
from tftmonitor.ui.detail.tabs.raw_frame import RawPage
from tftmonitor.ui.detail.tile import Tile
from tftmonitor.ui.theme.theme import DARK, LIGHT, Theme, install_theme

IMEI = "1000000000000007"
FRAMES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "golden" / "frames.jsonl").read_text().splitlines()
]
DEVICE_FRAMES = [line for line in FRAMES if line["channel"] == "devices"]


@pytest.fixture
def pane(bench: DetailBench) -> DetailPane:
    return bench.pane


def show(bench: DetailBench, **status: Any) -> Device:
    """A device reports this, five seconds ago, and is picked."""
    device = bench.snapshot(IMEI, **{"date": bench.clock.now_ms() - 5_000, **status})
    bench.show(device)
    return device


@pytest.mark.parametrize("number", range(len(DEVICE_FRAMES)))
def test_nothing_false_is_said_of_a_real_frame(
    bench: DetailBench, pane: DetailPane, number: int
) -> None:
    line = DEVICE_FRAMES[number]
    bench.show(bench.harness.feed(line["frame"]))
    by_tab = bench.texts_by_tab()
    everything = "\n".join(text for texts in by_tab.values() for text in texts)
    assert "engine cut" not in everything.lower()
    assert "-999" not in everything
    assert "65535" not in everything
    status = line["frame"]["data"].get("status", {})
    fields = by_tab["Fields"]
    overview = "\n".join(by_tab["Overview"])
    if status.get("external_power_voltage", 0) == 0:
        assert "External voltage: 0" not in overview
    if status.get("battery_voltage", 0) == 0:
        assert "Battery: —" in overview or not status
        assert not any(row.startswith("Battery voltage | 0") for row in fields)
    if line.get("no_fix"):
        assert "No\u00a0fix" in overview
        assert "°" not in overview
        assert any(row.startswith("Latitude | no fix") for row in fields)
    if line.get("clock_unset"):
        assert "clock not set" in overview
        assert "2080" not in everything


def test_unset_clock_of_2080_is_named_in_both_tabs(bench: DetailBench, pane: DetailPane) -> None:
    line = next(line for line in DEVICE_FRAMES if line.get("clock_unset"))
    bench.show(bench.harness.feed(line["frame"]))
    by_tab = bench.texts_by_tab()
    assert any("Age: 0 s (clock not set)" in text for text in by_tab["Overview"])
    assert any("Device time | clock not set" in text for text in by_tab["Fields"])
    assert any("date: clock not set" in text for text in by_tab["Fields"])


def test_without_a_device_it_says_what_to_do(bench: DetailBench, pane: DetailPane) -> None:
    assert "No device selected. Pick one in the list." in texts_of(pane)
    show(bench, speed=1)
    pane.show_device(None)
    assert texts_of(pane) == ["No device selected. Pick one in the list."]
    assert pane.device_key is None


def test_only_the_tab_on_top_works_and_others_catch_up_once(
    bench: DetailBench, pane: DetailPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(bench, speed=1, rpm=800)
    filled: list[str] = []
    for page in pane.tabs.pages:
        plain = page._fill

        def note(device: Any, *, is_new: bool, plain: Any = plain, name: str = page.title) -> None:
            filled.append(name)
            plain(device, is_new=is_new)

        monkeypatch.setattr(page, "_fill", note)
    for speed in range(3):
        bench.snapshot(IMEI, speed=speed, date=NOW_MS + speed)
    assert filled == ["Overview"] * 3
    filled.clear()
    pane.show_tab("Fields")
    pane.show_tab("Overview")
    pane.show_tab("Fields")
    assert filled == ["Fields"]


def test_another_row_and_a_hidden_pane_cost_nothing(
    bench: DetailBench, pane: DetailPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(bench, speed=1)
    bench.harness.snapshot("2", speed=2)
    filled: list[Any] = []
    monkeypatch.setattr(pane.tabs.overview, "_fill", lambda *_, **__: filled.append(1))
    pane.refresh({1})
    pane.hide()
    pane.refresh({0})
    assert not filled
    pane.show()
    assert filled == [1]


def test_tabs_with_nothing_say_why_and_stay(bench: DetailBench, pane: DetailPane) -> None:
    show(bench, speed=1)
    by_tab = bench.texts_by_tab()
    assert by_tab["Tyres"] == ["This device has sent no tyre data."]
    assert by_tab["Driver"] == ["This device has sent no data of this kind: driver."]
    assert by_tab["I/O"] == ["This device has reported no inputs or outputs."]
    assert pane.tabs.count() == 9
    assert all(pane.tabs.isTabEnabled(number) for number in range(9))
    assert "tyre" in pane.tabs.tabToolTip(4)
    bench.send("bleTire", IMEI, tires=[{"mac": "A1", "airPressure": 800.0}])
    assert pane.tabs.tabToolTip(4) == ""


def test_rename_is_saved_and_shown(bench: DetailBench, pane: DetailPane) -> None:
    key = show(bench, speed=1).key
    pane.start_rename()
    editor = pane.head.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText("VAN-12")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert pane.head.name.text() == "VAN-12"
    assert bench.fleet.devices[0].label == "VAN-12"
    assert bench.harness.restarted().values.names == {key: "VAN-12"}
    pane.start_rename()
    editor.setText("no")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert bench.fleet.devices[0].label == "VAN-12"
    pane.start_rename()
    editor.clear()
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert bench.fleet.devices[0].label == key
    assert bench.settings.values.names == {}


def test_copy_imei_and_toggle_raw(bench: DetailBench, pane: DetailPane) -> None:
    show(bench, speed=1)
    pane.copy_imei()
    assert QGuiApplication.clipboard().text() == "1000000000000007"
    pane.show_tab("I/O")
    pane.toggle_raw()
    assert pane.page.title == "Raw"
    pane.toggle_raw()
    assert pane.page.title == "I/O"


def test_age_and_state_run_with_the_seconds(bench: DetailBench, pane: DetailPane) -> None:
    show(bench, speed=60, lat=1.0, lng=2.0, latlng_valid=1)
    assert pane.head.state.text() == "Moving"
    assert pane.head.age.text().startswith("5 s ago")
    bench.clock.advance(60)
    pane.tick()
    assert pane.head.age.text() == "1 min ago · due in 8:55"
    bench.clock.advance(3600)
    pane.tick()
    assert pane.head.state.text().startswith("Overdue")


def test_head_says_where_it_is_and_that_this_is_computed(
    bench: DetailBench, pane: DetailPane
) -> None:
    show(bench, lat=52.43, lng=13.11, latlng_valid=1)
    assert pane.head.place.text() == "5 km NE of Potsdam"
    assert "5 km NE of Potsdam: the nearest town, computed here" in pane.head.place.toolTip()
    bench.settings.set("distance_unit", "mi")
    assert pane.head.place.text() == "3 mi NE of Potsdam"
    show(bench, lat=0.0, lng=0.0)
    assert pane.head.place.text() == pane.head.place.toolTip() == ""


def test_device_without_a_snapshot_has_no_data_yet(bench: DetailBench, pane: DetailPane) -> None:
    bench.show(bench.send("driver", IMEI, driver_id="7"))
    assert pane.head.state.text() == "No data yet"
    texts = bench.texts_by_tab(raw=True)
    assert any("7" in text for text in texts["Driver"])
    assert texts["Fields"] == ["This device has sent no status yet, only other events."]
    assert any("no data yet" in text for text in texts["Overview"])


def test_markup_of_the_server_stays_text(bench: DetailBench, pane: DetailPane) -> None:
    status = {"address": "<b>x</b>", "comment": "y" * 5_000}
    bench.show(bench.send("snapshot", model="<img src='file:///x'>", status=status))
    bench.texts_by_tab(raw=True)
    labels = pane.findChildren(QLabel)
    assert any(label.text() for label in labels)
    for label in labels:
        # Qt's own extension areas hold labels without text.
        assert label.textFormat() is Qt.TextFormat.PlainText or not label.text()
        assert len(label.text()) <= 400
        assert "<b>" not in label.toolTip()


class WiderStatus(DeviceStatus, kw_only=True, gc=False):
    cabin: Annotated[
        Number, FieldSpec("Cabin heat", unit=Unit.CELSIUS, group=Group.SENSORS, column=True)
    ] = UNSET


def test_one_more_field_of_the_table_arrives_everywhere(harness: Harness) -> None:
    device = harness.snapshot(speed=1)
    assert device.status is not None
    device.status = WiderStatus(**msgspec.structs.asdict(device.status), cabin=21.0)
    bench = DetailBench(harness, FieldTable(WiderStatus))
    bench.show(device)
    by_tab = bench.texts_by_tab()
    assert any(text.startswith("Cabin heat: 21 °C") for text in by_tab["Overview"])
    assert any(row.startswith("Cabin heat | 21 | °C") for row in by_tab["Fields"])


def test_everything_has_a_name_for_screen_readers(bench: DetailBench, pane: DetailPane) -> None:
    show(bench, speed=1, input="1:1|2:0", rpm=800)
    bench.send("bleTire", IMEI, tires=[{"mac": "A1", "airPressure": 800.0, "extra": 1}])
    bench.send("obdErrorInfo", IMEI, errorCode="J1979", errorData="P0301")
    kinds = (QLineEdit, QTreeView, QTableView, QComboBox, QAbstractButton, Tile, Lamps)
    assert len(pane.tabs.pages) == 9
    for page in pane.tabs.pages:
        pane.show_tab(page.title)
        named = [
            bool(widget.accessibleName() or getattr(widget, "text", str)())
            for kind in kinds
            for widget in [*page.findChildren(kind), *pane.head.findChildren(kind)]
            if widget.isVisibleTo(pane) and not _is_part(widget)
        ]
        assert named
        assert all(named), page.title


def _is_part(widget: QWidget) -> bool:
    """Qt's own parts of a widget: the corner of a table, the clearing cross of a line."""
    return isinstance(widget, QAbstractButton) and isinstance(
        widget.parentWidget(), QLineEdit | QTableView
    )


def test_long_words_of_the_feed_do_not_widen_the_pane(bench: DetailBench, pane: DetailPane) -> None:
    key = "i" * 300
    status = {"date": NOW_MS, "altitude": "z" * 300, "comment": "w" * 400}
    bench.send("snapshot", key, model="m" * 300, status=status)
    bench.show(bench.send("obdErrorInfo", key, vin="v" * 300))
    bench.clock.advance(86_400 * 400)
    pane.tick()
    bench.texts_by_tab(raw=True)
    QGuiApplication.processEvents()
    assert pane.minimumSizeHint().width() <= 560
    assert pane.width() == 560


def test_plots_may_come_later(bench: DetailBench, pane: DetailPane) -> None:
    show(bench, speed=1)
    plots = QWidget()
    pane.set_plots(plots)
    QGuiApplication.processEvents()
    assert plots.isVisible()
    assert plots.height() > 250


def test_another_theme_keeps_what_is_shown(bench: DetailBench, pane: DetailPane) -> None:
    show(bench, speed=1)
    before = bench.texts_by_tab(raw=True)
    put_on(DARK)
    assert bench.texts_by_tab(raw=True) == before


def put_on(theme: Theme) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    install_theme(app, theme)


def test_colours_follow_the_theme_without_being_asked(bench: DetailBench, pane: DetailPane) -> None:
    put_on(LIGHT)
    show(bench, speed=1)
    pane.show_tab("Fields")
    ink = pane.tabs.tabBar().tabTextColor(4)
    sign = pane.head.sign.pixmap().toImage()
    put_on(DARK)
    assert pane.tabs.tabBar().tabTextColor(4) != ink
    assert pane.head.sign.pixmap().toImage() != sign


def test_zone_unit_and_names_are_followed_without_being_asked(
    bench: DetailBench, pane: DetailPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = timezone(timedelta(hours=5))
    monkeypatch.setattr(page_module, "zone_of", lambda s: UTC if s.zone == "utc" else zone)
    show(bench, speed=1)
    bench.send("bleTire", IMEI, tires=[{"mac": "A1", "airPressure": 800.0}])
    pane.show_tab("Fields")
    assert any("Device time | 2026-11-20 22:00:55" in text for text in texts_of(pane.page))
    bench.settings.set("zone", "local")
    assert any("Device time | 2026-11-21 03:00:55" in text for text in texts_of(pane.page))
    pane.show_tab("Tyres")
    assert any("8.00" in text for text in texts_of(pane.page))
    bench.settings.set("pressure_unit", "kPa")
    assert any("800" in text for text in texts_of(pane.page))
    bench.settings.set("names", {IMEI: "VAN-12"})
    assert pane.head.name.text() == "VAN-12"


def test_times_are_in_the_zone_of_the_device_where_that_is_wanted(
    bench: DetailBench, pane: DetailPane
) -> None:
    show(bench, lat=40.71, lng=-74.0, latlng_valid=1)
    pane.show_tab("Fields")
    assert any("Device time | 2026-11-20 22:00:55" in text for text in texts_of(pane.page))
    bench.settings.set("zone", "device")
    assert any("Device time | 2026-11-20 17:00:55" in text for text in texts_of(pane.page))
    assert pane.head.place.text() == "in New York City · times of America/New_York"
    show(bench, lat=0.5, lng=-30.0)
    assert pane.head.place.text() == "no town within 150 km · times of this computer"


def test_a_pane_that_is_gone_does_not_listen_any_more(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    bench = DetailBench(harness)
    bench.show(bench.snapshot(speed=1))
    bench.pane.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    bench.settings.set("pressure_unit", "kPa")
    put_on(DARK)
    assert not caplog.records


def test_a_tab_is_built_when_it_is_first_raised(bench: DetailBench, pane: DetailPane) -> None:
    show(bench, speed=1)
    pane.tick()
    put_on(DARK)
    assert len(pane.findChildren(DetailPage)) == 1
    assert "tyre" in pane.tabs.tabToolTip(4)
    pane.show_tab("Raw")
    assert [type(page) for page in pane.findChildren(DetailPage)] == [OverviewPage, RawPage]
    assert pane.page.device is not None


def front(bench: DetailBench) -> str:
    """The title of the tab on top."""
    return bench.pane.page.title


def test_a_tab_without_data_gives_way_to_the_overview_and_comes_back(bench: DetailBench) -> None:
    with_tyres = bench.send("bleTire", "1", bleDataList=[{"mac": "A1", "airPressure": 800}])
    without = bench.snapshot("2", external_power_voltage=12.1)
    bench.show(with_tyres, "Tyres")
    bench.pane.show_device(without.key)
    assert front(bench) == "Overview"
    assert any("12.1" in text for text in texts_of(bench.pane.page))
    bench.pane.show_device(with_tyres.key)
    assert front(bench) == "Tyres"
    assert any("A1" in text for text in texts_of(bench.pane.page))


def test_a_tab_chosen_while_another_gave_way_stays(bench: DetailBench) -> None:
    with_tyres = bench.send("bleTire", "1", bleDataList=[{"mac": "A1", "airPressure": 800}])
    without = bench.snapshot("2", external_power_voltage=12.1)
    bench.show(with_tyres, "Tyres")
    bench.pane.show_device(without.key)
    bar = bench.pane.tabs.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(0).center())
    bench.pane.show_device(with_tyres.key)
    assert front(bench) == "Overview"


def test_an_empty_tab_that_is_asked_for_stays_while_its_device_reports(bench: DetailBench) -> None:
    bench.show(bench.snapshot("2", external_power_voltage=12.1), "Tyres")
    bench.snapshot("2", external_power_voltage=12.4)
    bench.pane.refresh({0})
    assert front(bench) == "Tyres"


def test_only_where_tabs_have_no_room_are_empty_ones_left_out(bench: DetailBench) -> None:
    show(bench, speed=5.0)
    tabs = bench.pane.tabs
    titles = [tabs.tabText(number) for number in range(tabs.count())]

    def seen() -> list[str]:
        return [title for number, title in enumerate(titles) if tabs.isTabVisible(number)]

    bench.pane.resize(900, 500)
    assert seen() == titles
    bench.pane.resize(380, 500)
    assert "Tyres" not in seen()
    assert {"Overview", "Fields", "Raw"} <= set(seen())
    bench.pane.show_tab("Tyres")
    assert "Tyres" in seen()  # what is on top is never taken away


def test_a_note_without_room_beside_its_value_is_not_drawn_over_it(bench: DetailBench) -> None:
    tile = bench.harness.show(Tile("Manifold pressure"))
    tile.resize(150, tile.sizeHint().height())
    tile.show_value("0.00", "bar", "")
    bare = tile.grab().toImage()
    tile.show_value("0.00", "bar", "may mean that there is no data at all")
    assert tile.grab().toImage() == bare
    assert "no data at all" in tile.toolTip()
    tile.show_value("0.00", "bar", "no data?")
    assert tile.grab().toImage() != bare


def test_keys_of_a_frame_have_the_room_that_values_can_spare(bench: DetailBench) -> None:
    show(bench, speed=5.0, accumulating_fuel_consumption=3.0)
    bench.pane.resize(900, 500)
    bench.pane.show_tab("Raw")
    page = bench.pane.page
    assert isinstance(page, RawPage)
    wide = page.view.columnWidth(0)
    assert wide > page.fontMetrics().horizontalAdvance("accumulating_fuel_consumption")
    bench.pane.resize(380, 500)
    bench.snapshot(IMEI, date=bench.clock.now_ms() - 1_000, speed=6.0, another_key_of_a_frame=1)
    assert page.view.columnWidth(0) < wide
