from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QTableView

from tests.ui.harness import Harness
from tftmonitor.ui.tables.plain_rows import PlainRows
from tftmonitor.ui.tables.row_menu import RowMenu
from tftmonitor.ui.tables.row_table import style_table


def test_menu_has_the_commands_of_the_row_and_copies_it(harness: Harness) -> None:
    model = PlainRows(("Device", "Alarms"), frozenset({1}))
    model.show_rows([("VAN-1", "3"), ("VAN-2", "1")])
    view = QTableView()
    view.setModel(model)
    style_table(view)
    done: list[int] = []
    menu = RowMenu(view, lambda index: [("Show device", lambda: done.append(index.row()))])
    harness.show(view, 300, 200)
    view.selectRow(1)
    opened = menu.menu_of(model.index(1, 0))
    assert opened.defaultAction().text() == "Show device"
    for action in opened.actions():
        action.trigger()
    assert done == [1]
    assert QGuiApplication.clipboard().text() == "Device\tAlarms\nVAN-2\t1"


def test_beside_the_rows_the_menu_is_of_the_current_one_or_none(harness: Harness) -> None:
    model = PlainRows(("Device",), frozenset())
    model.show_rows([("VAN-1",)])
    view = QTableView()
    view.setModel(model)
    RowMenu(view)
    harness.show(view, 300, 200)
    view.customContextMenuRequested.emit(QPoint(290, 190))
    assert QApplication.activePopupWidget() is None
