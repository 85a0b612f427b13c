"""The tree of fields: qualities told apart, changes marked, groups folded, keys kept."""

from datetime import UTC
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QModelIndex, Qt
from pytestqt.qtbot import QtBot

from tests.ui.detail.bench import DetailBench
from tests.ui.harness import NOW_MS, checked
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.ui.detail.field_model import FieldColumn, FieldModel
from tftmonitor.ui.detail.field_view import FieldView
from tftmonitor.ui.detail.sections import OTHER_TITLE, Report
from tftmonitor.ui.detail.tabs.fields import FieldsPage


def report(moment_s: float = 0.0, other: dict[str, Any] | None = None, **status: Any) -> Report:
    reported = dict.fromkeys(status, NOW_MS - 4_000)
    since_ms = NOW_MS - 60_000
    return Report(DeviceStatus(**status), other or {}, reported, since_ms, NOW_MS, moment_s, UTC)


@pytest.fixture
def model(qtbot: QtBot) -> FieldModel:
    return checked(FieldModel(STATUS_FIELDS))


def find(model: FieldModel, label: str) -> QModelIndex:
    for number, section in enumerate(model.sections):
        for place, row in enumerate(section.shown):
            if row.label == label:
                return model.index(place, FieldColumn.VALUE, model.index(number, 0))
    raise AssertionError(label)


def cell(model: FieldModel, label: str, column: FieldColumn = FieldColumn.VALUE) -> Any:
    return model.data(find(model, label).siblingAtColumn(column))


def heading(model: FieldModel, title: str) -> str:
    titles = [str(model.data(model.index(number, 0))) for number in range(model.rowCount())]
    return next(text for text in titles if text.startswith(title))


def test_absent_unknown_invalid_and_zero_are_four_things(model: FieldModel) -> None:
    model.set_report(report(speed=0, altitude=None, rpm=-5, hdop=65_535, ac=-1), is_new=True)
    texts = [cell(model, label) for label in ("Speed", "Altitude", "Engine speed", "Course")]
    assert texts == ["0.0", "unknown", "invalid", "not reported"]
    assert cell(model, "HDOP") == "no reading"
    assert cell(model, "Air conditioning") == "not supported"
    assert cell(model, "Speed", FieldColumn.UNIT) == "km/h"
    assert cell(model, "Altitude", FieldColumn.UNIT) == ""


def test_times_stand_in_the_zone_and_impossible_ones_are_named(model: FieldModel) -> None:
    model.set_report(report(date=NOW_MS, location_date=3_471_724_812_000), is_new=True)
    assert cell(model, "Device time") == "2026-11-20 22:01:00"
    assert cell(model, "Fix time") == "clock not set"


def test_age_is_of_the_field_and_not_of_the_device(model: FieldModel) -> None:
    first = report(speed=1)
    reported = {"speed": NOW_MS - 4_000}
    merged = Report(DeviceStatus(speed=1, acc=1), {}, reported, first.since_ms, NOW_MS, 0.0, UTC)
    model.set_report(merged, is_new=True)
    assert cell(model, "Speed", FieldColumn.AGE) == "4 s"
    assert cell(model, "Ignition", FieldColumn.AGE) == "> 1 min"
    assert cell(model, "Course", FieldColumn.AGE) == ""
    model.tick(NOW_MS + 10_000, 10.0)
    assert cell(model, "Speed", FieldColumn.AGE) == "14 s"


def test_what_changed_just_now_is_marked_and_fades(model: FieldModel) -> None:
    model.set_report(report(speed=1, acc=1), is_new=True)
    background = Qt.ItemDataRole.BackgroundRole
    assert model.data(find(model, "Speed"), background) is None
    model.set_report(report(1.0, speed=2, acc=1), is_new=False)
    first = model.data(find(model, "Speed"), background).color().alphaF()
    assert model.data(find(model, "Ignition"), background) is None
    description = Qt.ItemDataRole.AccessibleDescriptionRole
    assert model.data(find(model, "Speed"), description) == "changed just now"
    model.tick(NOW_MS, 3.0)
    assert 0 < model.data(find(model, "Speed"), background).color().alphaF() < first
    model.tick(NOW_MS, 7.0)
    assert model.data(find(model, "Speed"), background) is None


def test_values_change_in_place(qtbot: QtBot, model: FieldModel) -> None:
    model.set_report(report(speed=1, acc=1), is_new=True)
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.set_report(report(speed=2, acc=1), is_new=False)
    with qtbot.assertNotEmitted(model.dataChanged):
        model.set_report(report(speed=2, acc=1), is_new=False)
    assert cell(model, "Speed") == "2.0"


def test_groups_with_nothing_fold_and_open_with_the_first_value(model: FieldModel) -> None:
    model.set_report(report(rpm=0, engine_load=0, cooling_fluid_temp=-999), is_new=True)
    assert heading(model, "Engine (OBD)") == "Engine (OBD): only zeros or no readings"
    assert heading(model, "Solar") == "Solar: not reported"
    model.set_report(report(rpm=900), is_new=False)
    assert heading(model, "Engine (OBD)") == "Engine (OBD)"
    assert heading(model, "Position") == "Position: not reported"


def test_zero_does_not_fold_other_groups(model: FieldModel) -> None:
    model.set_report(report(speed=0), is_new=True)
    assert heading(model, "Motion") == "Motion"


def test_unknown_keys_are_kept_as_they_came(model: FieldModel) -> None:
    model.set_report(report(other={"fms_speed": 62, "lac": {"a": [1]}}), is_new=True)
    assert cell(model, "fms_speed") == "62"
    assert cell(model, "lac") == '{"a": [1]}'
    model.set_report(report(other={"fms_speed": 63}), is_new=False)
    assert cell(model, "fms_speed") == "63"
    model.set_report(report(), is_new=False)
    assert heading(model, OTHER_TITLE) == f"{OTHER_TITLE}: none"


def test_guesses_are_marked_and_explained(model: FieldModel) -> None:
    model.set_report(report(acc=1, speed=0), is_new=True)
    assert cell(model, "Ignition", FieldColumn.NOTE) == "guessed"
    assert cell(model, "Speed", FieldColumn.NOTE) == ""
    tip = model.data(find(model, "Relay mode word"), Qt.ItemDataRole.ToolTipRole)
    assert "says nothing about a cut engine" in tip
    assert "relay_status" in tip


def test_filter_finds_labels_and_keys(model: FieldModel) -> None:
    model.set_report(report(speed=1), is_new=True)
    model.set_filter("VOLT", only_reported=False)
    shown = [row.wire for section in model.sections for row in section.shown]
    assert "external_power_voltage" in shown
    assert "speed" not in shown
    model.set_filter("", only_reported=True)
    assert [row.wire for section in model.sections for row in section.shown] == ["speed"]
    model.set_report(report(speed=1, acc=0), is_new=False)
    assert [row.wire for section in model.sections for row in section.shown] == ["speed", "acc"]


def test_text_from_the_server_is_bounded_and_escaped(model: FieldModel) -> None:
    model.set_report(report(address="<b>a\nb</b>" + "x" * 900), is_new=True)
    assert "\n" not in cell(model, "Address")
    assert len(cell(model, "Address")) <= 300
    assert "<b>" not in model.data(find(model, "Address"), Qt.ItemDataRole.ToolTipRole)


LONG = "Tow alarm distance (repeated)"


def field_view(bench: DetailBench, width: int) -> FieldView:
    bench.pane.resize(width, 640)
    bench.show(bench.snapshot(external_power_voltage=12.1, drag_threshold=5, dragThreshold=5))
    bench.pane.show_tab("Fields")
    QCoreApplication.processEvents()
    page = bench.pane.page
    assert isinstance(page, FieldsPage)
    return page.view


@pytest.mark.parametrize("width", [400, 460, 560, 900])
def test_no_value_age_or_unit_is_cut_while_its_row_has_room(bench: DetailBench, width: int) -> None:
    view = field_view(bench, width)
    model, metrics = view.model(), view.fontMetrics()
    for number in range(model.rowCount()):
        parent = model.index(number, 0)
        for row in range(model.rowCount(parent)):
            for column in list(FieldColumn)[1:]:
                text = str(model.index(row, column, parent).data() or "")
                assert metrics.horizontalAdvance(text) + 6 <= view.columnWidth(column), text


def test_a_long_name_goes_on_in_the_room_that_its_value_leaves(bench: DetailBench) -> None:
    view = field_view(bench, 460)
    model = view.model()
    names = {
        str(model.index(row, 0, model.index(number, 0)).data()): model.index(
            row, 0, model.index(number, 0)
        )
        for number in range(model.rowCount())
        for row in range(model.rowCount(model.index(number, 0)))
    }
    index = names[LONG]
    view.expand(index.parent())
    view.scrollTo(index)
    assert view.fontMetrics().horizontalAdvance(LONG) > view.visualRect(index).width()
    value = view.visualRect(index.siblingAtColumn(FieldColumn.VALUE))
    picture = view.viewport().grab(value).toImage()
    ground = picture.pixelColor(picture.width() // 2, 1)
    first = [picture.pixelColor(x, y) for x in range(12) for y in range(picture.height())]
    assert any(colour != ground for colour in first)


def test_field_can_be_gone_to_by_its_label(bench: DetailBench) -> None:
    bench.show(bench.snapshot(battery_voltage=3.9, speed=5))
    bench.pane.show_field("Battery voltage")
    page = bench.pane.page
    assert isinstance(page, FieldsPage)
    field = page.model.field_at(page.view.currentIndex())
    assert field == "battery_voltage"
    assert page.plot_button.isEnabled()
