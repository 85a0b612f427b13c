"""Widths and order of the columns of alarm table and journal, kept in the profile."""

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QTableView

from tests.ui.alarms.alarm_bench import AlarmBench
from tests.ui.harness import Harness
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.alarms.journal.model import JournalColumn
from tftmonitor.ui.alarms.pane import AlarmsPane
from tftmonitor.ui.alarms.table_model import AlarmColumn
from tftmonitor.ui.alarms.tabs import JOURNAL


def widths(view: QTableView) -> dict[str, int]:
    """By heading, of all columns that are seen and do not stretch."""
    header, model = view.horizontalHeader(), view.model()
    return {
        AlarmColumn(section).name: header.sectionSize(section)
        for section in range(model.columnCount())
        if not header.isSectionHidden(section)
        and header.sectionResizeMode(section) is QHeaderView.ResizeMode.Interactive
    }


def order(view: QTableView) -> list[int]:
    header = view.horizontalHeader()
    return [header.logicalIndex(place) for place in range(header.count())]


def reopened(bench: AlarmBench, harness: Harness) -> AlarmsPane:
    bench.pane.hide()
    return bench.new_pane(harness, harness.restarted())


@pytest.fixture
def bench(bench: AlarmBench) -> AlarmBench:
    """With an alarm: an empty table is not seen."""
    bench.raise_alarm("SOS", Severity.CRITICAL)
    return bench


def test_table_keeps_widths_and_order(bench: AlarmBench, harness: Harness) -> None:
    view = bench.pane.view
    before = widths(view)
    view.horizontalHeader().resizeSection(AlarmColumn.DEVICE, 222)
    view.horizontalHeader().moveSection(AlarmColumn.AGE, 0)
    again = reopened(bench, harness)
    assert widths(again.view) == before | {"DEVICE": 222}
    assert order(again.view)[:3] == [AlarmColumn.AGE, AlarmColumn.SEVERITY, AlarmColumn.DEVICE]


def test_journal_keeps_widths_and_order(bench: AlarmBench, harness: Harness) -> None:
    bench.pane.tabs.setCurrentIndex(JOURNAL)
    header = bench.pane.journal.view.horizontalHeader()
    header.resizeSection(JournalColumn.NAME, 222)
    header.moveSection(JournalColumn.DETAILS, 1)
    again = reopened(bench, harness)
    assert again.journal.view.columnWidth(JournalColumn.NAME) == 222
    assert order(again.journal.view)[:2] == [JournalColumn.TIME, JournalColumn.DETAILS]


def test_narrow_table_has_widths_of_its_own(bench: AlarmBench, harness: Harness) -> None:
    wide = widths(bench.pane.view)
    bench.pane.resize(500, 260)
    usual = widths(bench.pane.view)
    assert set(usual) == {"SEVERITY", "DEVICE", "AGE"}
    bench.pane.view.horizontalHeader().resizeSection(AlarmColumn.DEVICE, 99)
    again = reopened(bench, harness)
    assert widths(again.view) == wide
    again.resize(500, 260)
    assert widths(again.view) == usual | {"DEVICE": 99}


def test_resizing_the_pane_is_no_choice_of_widths(bench: AlarmBench, harness: Harness) -> None:
    for width in (500, 900, 640, 1_280):
        bench.pane.resize(width, 260)
    bench.pane.tabs.setCurrentIndex(JOURNAL)
    bench.pane.resize(900, 260)
    bench.pane.hide()
    assert harness.restarted().values.column_widths == {}


@pytest.mark.parametrize("page", ["table", "journal"])
def test_menu_of_the_header_goes_back_to_the_usual_columns(bench: AlarmBench, page: str) -> None:
    view = bench.pane.view if page == "table" else bench.pane.journal.view
    header = view.horizontalHeader()
    before = widths(view)
    header.resizeSection(1, 222)
    header.moveSection(4, 0)
    [reset] = header.actions()
    assert reset.text() == "Default columns"
    reset.trigger()
    assert widths(view) == before
    assert order(view) == [*range(header.count())]


@pytest.mark.parametrize("width", [720, 760, 900, 1_000, 1_280, 1_600])
def test_name_of_the_alarm_has_room_before_what_tells_less(bench: AlarmBench, width: int) -> None:
    bench.raise_alarm("External power disconnected", Severity.CRITICAL)
    bench.pane.resize(width, 260)
    view = bench.pane.view
    font = view.font()
    font.setBold(True)
    room = view.columnWidth(AlarmColumn.NAME)
    assert room >= QFontMetrics(font).horizontalAdvance("External power disconnected")
    assert view.horizontalScrollBar().maximum() == 0
    assert {"SEVERITY", "DEVICE", "TIME", "AGE"} <= set(widths(view))


def test_columns_that_gave_way_come_back_as_they_were(bench: AlarmBench, harness: Harness) -> None:
    bench.pane.resize(1_400, 260)
    wide = widths(bench.pane.view)
    assert set(wide) >= {"SOURCES", "COUNT", "POSITION", "STATE"}
    bench.pane.view.horizontalHeader().resizeSection(AlarmColumn.SOURCES, 222)
    bench.pane.resize(900, 260)
    assert "SOURCES" not in widths(bench.pane.view)
    bench.pane.resize(1_400, 260)
    assert widths(bench.pane.view) == wide | {"SOURCES": 222}


def test_a_long_place_is_whole_where_names_have_room_to_spare(bench: AlarmBench) -> None:
    view = bench.pane.view
    place = "12 km NW of Neumarkt in der Oberpfalz"
    metrics = QFontMetrics(view.font())
    bench.pane.resize(1_500, 260)
    QCoreApplication.processEvents()
    assert view.columnWidth(AlarmColumn.POSITION) >= metrics.horizontalAdvance(place)
    usual_name = metrics.horizontalAdvance("External power disconnected")
    for width in (1_000, 1_100, 1_200, 1_300, 1_500):
        bench.pane.resize(width, 260)
        QCoreApplication.processEvents()
        assert view.columnWidth(AlarmColumn.NAME) > usual_name
