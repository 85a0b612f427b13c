"""The state of a header: what is the user's doing, when it is stored, and how it comes back."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHeaderView, QTableView

from tests.ui.harness import Harness
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.tables.header_state import STORE_AFTER_MS, HeaderState

KEYS = ("name", "speed", "text", "age")
USUAL = (120, 60, 90, 50)
NAME, SPEED, TEXT, AGE = range(4)
Make = Callable[..., "Table"]


class Table:
    """A shown table of four columns, of which one stretches; it ends with the test."""

    def __init__(self, settings: SettingsStore, **options: bool) -> None:
        self.view = QTableView()
        self.view.setModel(QStandardItemModel(0, len(KEYS), self.view))
        self.header = self.view.horizontalHeader()
        self.header.setMinimumSectionSize(30)
        self.header.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        self.state = HeaderState(
            "table", self.header, lambda: KEYS, self._use_usual_widths, settings, **options
        )
        self.state.restore()
        self.view.resize(600, 200)
        self.view.show()

    def _use_usual_widths(self) -> None:
        for section, width in enumerate(USUAL):
            self.header.resizeSection(section, width)

    def widths(self) -> list[int]:
        """Of all but the one that stretches."""
        return [self.header.sectionSize(section) for section in (NAME, SPEED, AGE)]

    def order(self) -> list[str]:
        return [KEYS[self.header.logicalIndex(place)] for place in range(len(KEYS))]


@pytest.fixture
def make(harness: Harness) -> Make:
    """A table on the profile as it is on the disk now."""

    def build(**options: bool) -> Table:
        return Table(harness.restarted(), **options)

    return build


def test_drag_with_the_pointer_is_stored_a_moment_later(make: Make, harness: Harness) -> None:
    table = make()
    port, edge = table.header.viewport(), table.header.sectionPosition(SPEED)
    y = table.header.height() // 2
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=QPoint(edge, y))
    for x in (edge + 10, edge + 25):
        QTest.mouseMove(port, QPoint(x, y))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=QPoint(edge + 25, y))
    assert table.widths() == [145, 60, 50]
    assert harness.restarted().values.column_widths == {}
    harness.qtbot.waitUntil(lambda: harness.restarted().values.column_widths != {}, timeout=3_000)
    assert harness.restarted().values.column_widths == {
        "table": {"name": 145, "speed": 60, "age": 50}
    }
    assert make().widths() == [145, 60, 50]


def test_many_changes_are_written_once(make: Make, harness: Harness) -> None:
    table, settings = make(), harness.settings
    state = HeaderState("other", table.header, lambda: KEYS, lambda: None, settings)
    written: list[str] = []
    settings.changed.add(written.append)
    for width in range(61, 80):
        table.header.resizeSection(SPEED, width)
    harness.qtbot.wait(STORE_AFTER_MS // 2)
    table.header.resizeSection(SPEED, 99)
    harness.qtbot.wait(STORE_AFTER_MS * 3 // 4)
    assert written == []
    harness.qtbot.waitUntil(lambda: written != [], timeout=3_000)
    state.flush()
    assert written == ["column_widths", "column_order"]
    assert settings.values.column_widths["other"]["speed"] == 99


def test_order_comes_back(make: Make) -> None:
    table = make()
    table.header.moveSection(AGE, 0)
    table.header.moveSection(2, 3)
    assert table.order() == ["age", "name", "text", "speed"]
    table.state.flush()
    assert make().order() == ["age", "name", "text", "speed"]


def test_order_that_is_kept_elsewhere_is_left_alone(make: Make, harness: Harness) -> None:
    table = make(with_order=False)
    table.header.setSectionsMovable(True)
    table.header.moveSection(AGE, 0)
    table.header.resizeSection(SPEED, 77)
    table.state.flush()
    assert harness.restarted().values.column_order == {}
    again = make(with_order=False)
    assert (again.order(), again.widths()) == ([*KEYS], [120, 77, 50])


def test_hiding_stores_at_once(make: Make) -> None:
    table = make()
    table.header.resizeSection(SPEED, 77)
    table.view.hide()
    assert make().widths() == [120, 77, 50]


def test_destroying_stores_at_once(make: Make) -> None:
    table = make()
    table.header.resizeSection(SPEED, 77)
    table.header.removeEventFilter(table.state)  # hiding comes first
    table.view.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert make().widths() == [120, 77, 50]


def test_unknown_columns_are_passed_over_and_new_ones_stand_where_they_usually_do(
    make: Make, harness: Harness
) -> None:
    harness.settings.update(
        column_widths={"table": {"speed": 77, "gone": 500, "text": 400}},
        column_order={"table": ("gone", "age", "name", "name", "text")},
    )
    table = make()
    assert table.widths() == [120, 77, 50]
    assert table.order() == ["age", "speed", "name", "text"]


@pytest.mark.parametrize(("stored", "shown"), [(-5, 30), (0, 30), (10**12, 1_048_575)])
def test_impossible_width_is_brought_into_bounds(
    make: Make, harness: Harness, stored: int, shown: int
) -> None:
    harness.settings.set("column_widths", {"table": {"speed": stored}})
    assert make().header.sectionSize(SPEED) == shown


def test_what_the_program_arranges_is_not_stored(make: Make, harness: Harness) -> None:
    table = make()
    with table.state.arranging():
        table.header.resizeSection(SPEED, 77)
        table.header.moveSection(0, 1)
    table.view.resize(800, 200)  # one column stretches
    assert table.header.sectionSize(TEXT) > USUAL[TEXT]
    assert not table.state.is_chosen
    table.state.flush()
    assert harness.restarted().values.column_widths == {}


def test_hidden_column_keeps_the_width_that_it_had(make: Make, harness: Harness) -> None:
    harness.settings.set("column_widths", {"table": {"speed": 77}})
    table = make()
    with table.state.arranging():
        table.header.setSectionHidden(SPEED, True)
    table.header.resizeSection(NAME, 150)
    table.state.flush()
    assert make().widths() == [150, 77, 50]


def test_reset_forgets_this_table_only(make: Make, harness: Harness) -> None:
    others = {"column_widths": {"other": {"a": 9}}, "column_order": {"other": ("b", "a")}}
    harness.settings.update(**others)
    table = make()
    table.header.resizeSection(SPEED, 77)
    table.header.moveSection(0, 1)
    table.state.flush()
    table.header.resizeSection(SPEED, 88)
    table.state.offer_reset()
    [action] = table.header.actions()
    action.trigger()
    assert (table.widths(), table.order()) == ([120, 60, 50], [*KEYS])
    assert not table.state.is_chosen
    stored = harness.restarted().values
    assert stored.column_widths == others["column_widths"]
    assert stored.column_order == others["column_order"]


def test_two_layouts_of_a_header_have_widths_of_their_own(make: Make) -> None:
    table = make()
    table.header.resizeSection(SPEED, 77)
    table.state.switch("table-narrow")
    assert table.widths() == [120, 60, 50]
    table.header.resizeSection(SPEED, 40)
    table.state.switch("table")
    assert table.widths() == [120, 77, 50]
    table.state.switch("table-narrow")
    assert table.widths() == [120, 40, 50]
