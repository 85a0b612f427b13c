"""The detail pane as a whole: what it says of real frames, and that hidden tabs rest."""

import json
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import UNSET
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QTableView,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tftmonitor.base.clock import ManualClock
from tftmonitor.model.fields.field import FieldSpec, FieldTable, Group, Number, Unit
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import Snapshot
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.detail.page import DetailPage
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.detail.tabs.inputs_outputs import Lamps
from tftmonitor.ui.detail.tabs.overview import OverviewPage
from tftmonitor.ui.detail.tabs.raw_frame import RawPage
from tftmonitor.ui.detail.tile import Tile

NOW_MS = 1_795_212_060_000
FRAMES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "golden" / "frames.jsonl").read_text().splitlines()
]
DEVICE_FRAMES = [line for line in FRAMES if line["channel"] == "devices"]


def feed(fleet: Fleet, frame: dict[str, Any], received_ms: int = NOW_MS) -> str:
    """Take a frame in as the monitor does; the key of its device."""
    raw = json.dumps(frame).encode()
    push = decode(Channel.DEVICES, raw)
    if isinstance(push, Snapshot):
        applied = fleet.apply(push.data, push.status, raw, received_ms)
        applied.device.problems = push.problems
        return applied.device.key
    assert isinstance(push, Records)
    return fleet.keep_records(push, raw, received_ms).key


def event(kind: str, **data: Any) -> dict[str, Any]:
    return {"event": kind, "data": {"imei": "1000000000000007", "model": "T1", **data}, "error": 0}


def snapshot(**status: Any) -> dict[str, Any]:
    return event("snapshot", status={"date": NOW_MS - 5_000, **status})


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW_MS)


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    file = SettingsStore(tmp_path)
    file.set("zone", "utc")
    return file


@pytest.fixture
def fleet() -> Fleet:
    return Fleet()


@pytest.fixture
def pane(qtbot: QtBot, fleet: Fleet, clock: ManualClock, settings: SettingsStore) -> DetailPane:
    pane = DetailPane(fleet, clock, settings)
    qtbot.addWidget(pane)
    pane.resize(560, 640)
    pane.show()
    return pane


def model_texts(view: QAbstractItemView, parent: QModelIndex | None = None) -> list[str]:
    model, parent = view.model(), parent or QModelIndex()
    texts: list[str] = []
    for row in range(model.rowCount(parent)):
        cells = [
            str(model.data(model.index(row, column, parent)) or "")
            for column in range(model.columnCount(parent))
        ]
        texts.append(" | ".join(cells))
        texts += model_texts(view, model.index(row, 0, parent))
    return texts


def texts_of(widget: QWidget) -> list[str]:
    """Everything that somebody can read in a widget now."""
    texts: list[str] = []
    for child in widget.findChildren(QWidget):
        if not child.isVisibleTo(widget):
            continue
        if isinstance(child, QLabel):
            texts.append(child.text())
        elif isinstance(child, Tile | Lamps):
            texts.append(child.accessibleName())
        elif isinstance(child, QAbstractItemView) and child.model() is not None:
            texts += model_texts(child)
    return texts


def read_all(pane: DetailPane, *, raw: bool = False) -> dict[str, list[str]]:
    found = {}
    for page in pane.tabs.pages:
        if isinstance(page, RawPage) and not raw:
            continue
        pane.show_tab(page.title)
        found[page.title] = texts_of(page)
    found["head"] = texts_of(pane.head)
    return found


@pytest.mark.parametrize("number", range(len(DEVICE_FRAMES)))
def test_nothing_false_is_said_of_a_real_frame(pane: DetailPane, fleet: Fleet, number: int) -> None:
    line = DEVICE_FRAMES[number]
    key = feed(fleet, line["frame"])
    pane.show_device(key)
    by_tab = read_all(pane)
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


def test_unset_clock_of_2080_is_named_in_both_tabs(pane: DetailPane, fleet: Fleet) -> None:
    line = next(line for line in DEVICE_FRAMES if line.get("clock_unset"))
    pane.show_device(feed(fleet, line["frame"]))
    by_tab = read_all(pane)
    assert any("Age: 0 s (clock not set)" in text for text in by_tab["Overview"])
    assert any("Device time | clock not set" in text for text in by_tab["Fields"])
    assert any("date: clock not set" in text for text in by_tab["Fields"])


def test_without_a_device_it_says_what_to_do(pane: DetailPane, fleet: Fleet) -> None:
    assert "No device selected. Pick one in the list." in texts_of(pane)
    pane.show_device(feed(fleet, snapshot(speed=1)))
    pane.show_device(None)
    assert texts_of(pane) == ["No device selected. Pick one in the list."]
    assert pane.device_key is None


def test_only_the_tab_on_top_works_and_others_catch_up_once(
    pane: DetailPane, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane.show_device(feed(fleet, snapshot(speed=1, rpm=800)))
    filled: list[str] = []
    for page in pane.tabs.pages:
        plain = page._fill

        def note(device: Any, fresh: bool, plain: Any = plain, name: str = page.title) -> None:
            filled.append(name)
            plain(device, fresh)

        monkeypatch.setattr(page, "_fill", note)
    for speed in range(3):
        feed(fleet, snapshot(speed=speed, date=NOW_MS + speed))
        pane.refresh({0})
    assert filled == ["Overview"] * 3
    filled.clear()
    pane.show_tab("Fields")
    pane.show_tab("Overview")
    pane.show_tab("Fields")
    assert filled == ["Fields"]


def test_another_row_and_a_hidden_pane_cost_nothing(
    pane: DetailPane, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane.show_device(feed(fleet, snapshot(speed=1)))
    feed(fleet, {**snapshot(speed=2), "data": {"imei": "2", "status": {"speed": 2}}})
    filled: list[Any] = []
    monkeypatch.setattr(pane.tabs.overview, "_fill", lambda *_: filled.append(1))
    pane.refresh({1})
    pane.hide()
    pane.refresh({0})
    assert not filled
    pane.show()
    assert filled == [1]


def test_tabs_with_nothing_say_why_and_stay(pane: DetailPane, fleet: Fleet) -> None:
    pane.show_device(feed(fleet, snapshot(speed=1)))
    by_tab = read_all(pane)
    assert by_tab["Tyres"] == ["This device has sent no tyre data."]
    assert by_tab["Driver"] == ["This device has sent no driver data."]
    assert by_tab["I/O"] == ["This device has reported no inputs or outputs."]
    assert pane.tabs.count() == 9
    assert all(pane.tabs.isTabEnabled(number) for number in range(9))
    assert "tyre" in pane.tabs.tabToolTip(4)
    feed(fleet, event("bleTire", tires=[{"mac": "A1", "airPressure": 800.0}]))
    pane.refresh({0})
    assert pane.tabs.tabToolTip(4) == ""


def test_rename_is_saved_and_told(
    qtbot: QtBot, pane: DetailPane, fleet: Fleet, settings: SettingsStore
) -> None:
    key = feed(fleet, snapshot(speed=1))
    pane.show_device(key)
    pane.start_rename()
    editor = pane.head.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText("VAN-12")
    with qtbot.waitSignal(pane.device_renamed) as told:
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert told.args == [key]
    assert fleet.devices[0].label == "VAN-12"
    assert SettingsStore(settings.path.parent).values.names == {key: "VAN-12"}
    pane.start_rename()
    editor.setText("no")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert fleet.devices[0].label == "VAN-12"
    pane.start_rename()
    editor.clear()
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert fleet.devices[0].label == key
    assert settings.values.names == {}


def test_copy_imei_and_toggle_raw(pane: DetailPane, fleet: Fleet) -> None:
    pane.show_device(feed(fleet, snapshot(speed=1)))
    pane.copy_imei()
    assert QGuiApplication.clipboard().text() == "1000000000000007"
    pane.show_tab("I/O")
    pane.toggle_raw()
    assert pane.page.title == "Raw"
    pane.toggle_raw()
    assert pane.page.title == "I/O"


def test_age_and_state_run_with_the_beat(
    pane: DetailPane, fleet: Fleet, clock: ManualClock
) -> None:
    pane.show_device(feed(fleet, snapshot(speed=60, lat=1.0, lng=2.0, latlng_valid=1)))
    assert pane.head.state.text() == "Moving"
    assert pane.head.age.text().startswith("5 s ago")
    clock.advance(60)
    pane.tick()
    assert pane.head.age.text() == "1 min ago · due in 8:55"
    clock.advance(3600)
    pane.tick()
    assert pane.head.state.text().startswith("Overdue")


def test_device_without_a_snapshot_has_no_data_yet(pane: DetailPane, fleet: Fleet) -> None:
    pane.show_device(feed(fleet, event("driver", driver_id="7")))
    assert pane.head.state.text() == "No data yet"
    texts = read_all(pane, raw=True)
    assert any("7" in text for text in texts["Driver"])
    assert texts["Fields"] == ["This device has sent no status yet, only other events."]
    assert any("no data yet" in text for text in texts["Overview"])


def test_markup_of_the_server_stays_text(pane: DetailPane, fleet: Fleet) -> None:
    frame = snapshot(address="<b>x</b>", comment="y" * 5_000)
    frame["data"]["model"] = "<img src='file:///x'>"
    pane.show_device(feed(fleet, frame))
    read_all(pane, raw=True)
    for label in pane.findChildren(QLabel):
        # Qt's own extension areas hold labels without text.
        assert label.textFormat() is Qt.TextFormat.PlainText or not label.text()
        assert len(label.text()) <= 400
        assert "<b>" not in label.toolTip()


class WiderStatus(DeviceStatus, kw_only=True, gc=False):
    cabin: Annotated[
        Number, FieldSpec("Cabin heat", unit=Unit.CELSIUS, group=Group.SENSORS, column=True)
    ] = UNSET


def test_one_more_field_of_the_table_arrives_everywhere(
    qtbot: QtBot, fleet: Fleet, clock: ManualClock, settings: SettingsStore
) -> None:
    key = feed(fleet, snapshot(speed=1))
    status = fleet.devices[0].status
    assert status is not None
    known = msgspec.structs.asdict(status)
    fleet.devices[0].status = WiderStatus(**known, cabin=21.0)
    pane = DetailPane(fleet, clock, settings, table=FieldTable(WiderStatus))
    qtbot.addWidget(pane)
    pane.show()
    pane.show_device(key)
    by_tab = read_all(pane)
    assert any(text.startswith("Cabin heat: 21 °C") for text in by_tab["Overview"])
    assert any(row.startswith("Cabin heat | 21 | °C") for row in by_tab["Fields"])


def test_everything_has_a_name_for_screen_readers(pane: DetailPane, fleet: Fleet) -> None:
    pane.show_device(feed(fleet, snapshot(speed=1, input="1:1|2:0", rpm=800)))
    feed(fleet, event("bleTire", tires=[{"mac": "A1", "airPressure": 800.0, "extra": 1}]))
    feed(fleet, event("obdErrorInfo", errorCode="J1979", errorData="P0301"))
    pane.refresh({0})
    kinds = (QLineEdit, QTreeView, QTableView, QComboBox, QAbstractButton, Tile, Lamps)
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


def test_long_words_of_the_feed_do_not_widen_the_pane(
    pane: DetailPane, fleet: Fleet, clock: ManualClock
) -> None:
    frame = snapshot(speed=1, altitude="z" * 300, comment="w" * 400)
    frame["data"]["model"] = "m" * 300
    frame["data"]["imei"] = "i" * 300
    key = feed(fleet, frame)
    feed(fleet, {**frame, "event": "obdErrorInfo", "data": {"imei": key, "vin": "v" * 300}})
    pane.show_device(key)
    clock.advance(86_400 * 400)
    pane.tick()
    read_all(pane, raw=True)
    QGuiApplication.processEvents()
    assert pane.minimumSizeHint().width() <= 560
    assert pane.width() == 560


def test_plots_may_come_later(pane: DetailPane, fleet: Fleet) -> None:
    pane.show_device(feed(fleet, snapshot(speed=1)))
    plots = QWidget()
    pane.set_plots(plots)
    QGuiApplication.processEvents()
    assert plots.isVisible()
    assert plots.height() > 250


def test_restyle_keeps_what_is_shown(pane: DetailPane, fleet: Fleet) -> None:
    pane.show_device(feed(fleet, snapshot(speed=1)))
    before = read_all(pane, raw=True)
    pane.apply_theme()
    assert read_all(pane, raw=True) == before


def test_a_tab_is_built_when_it_is_first_raised(pane: DetailPane, fleet: Fleet) -> None:
    pane.show_device(feed(fleet, snapshot(speed=1)))
    pane.tick()
    pane.apply_theme()
    assert len(pane.findChildren(DetailPage)) == 1
    assert "tyre" in pane.tabs.tabToolTip(4)
    pane.show_tab("Raw")
    assert [type(page) for page in pane.findChildren(DetailPage)] == [OverviewPage, RawPage]
    assert pane.page.device is not None
