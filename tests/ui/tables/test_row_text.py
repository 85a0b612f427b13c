from typing import Any

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QTableView, QTreeView
from pytestqt.qtbot import QtBot

from tftmonitor.ui.tables import row_text
from tftmonitor.ui.tables.row_text import chosen_rows, copy_chosen_rows

SELECT = QItemSelectionModel.SelectionFlag.Select


def table_model(rows: int = 4) -> QStandardItemModel:
    model = QStandardItemModel(rows, 3)
    model.setHorizontalHeaderLabels(["State", "Speed\nkm/h", "Name"])
    for row in range(rows):
        for column, text in enumerate((f"s{row}", str(row * 10), f"Van\t{row}\nblue")):
            model.setItem(row, column, QStandardItem(text))
    return model


def choose(view: QAbstractItemView, *rows: int, column: int = 0) -> None:
    model = view.model()
    for row in rows:
        index = model.index(row, column)
        view.selectionModel().select(QItemSelection(index, index), SELECT)


@pytest.fixture
def table(qtbot: QtBot) -> QTableView:
    view = QTableView()
    view.setModel(table_model())
    view.model().setParent(view)
    qtbot.addWidget(view)
    return view


def test_rows_have_headings_and_tabs_and_are_in_the_order_of_the_table(table: QTableView) -> None:
    choose(table, 2, 0)
    assert chosen_rows(table) == (
        "State\tSpeed km/h\tName\ns0\t0\tVan 0 blue\ns2\t20\tVan 2 blue",
        2,
        2,
    )


def test_one_cell_stands_for_its_row(table: QTableView) -> None:
    choose(table, 1, column=2)
    assert chosen_rows(table)[0].splitlines()[1] == "s1\t10\tVan 1 blue"


def test_columns_are_as_they_stand_without_hidden_ones(table: QTableView) -> None:
    table.horizontalHeader().moveSection(2, 0)
    table.setColumnHidden(1, True)
    choose(table, 1)
    assert chosen_rows(table)[0] == "Name\tState\nVan 1 blue\ts1"


def test_cell_that_is_a_sign_is_copied_as_it_is_spoken(table: QTableView) -> None:
    model = table.model()
    model.setData(model.index(0, 0), None, Qt.ItemDataRole.DisplayRole)
    model.setData(model.index(0, 0), "critical", Qt.ItemDataRole.AccessibleTextRole)
    choose(table, 0)
    assert chosen_rows(table)[0].splitlines()[1].startswith("critical\t")


def test_number_of_rows_is_bounded_and_told(
    table: QTableView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_text, "MOST_ROWS", 2)
    table.selectAll()
    assert copy_chosen_rows(table) == "Only the first 2 of 4 rows were copied."
    assert len(QGuiApplication.clipboard().text().splitlines()) == 3


def test_tree_gives_the_rows_that_are_seen(qtbot: QtBot) -> None:
    view, model = QTreeView(), QStandardItemModel(0, 2)
    qtbot.addWidget(view)
    model.setHorizontalHeaderLabels(["Key", "Value"])
    for name in ("a", "b"):
        parent = QStandardItem(name)
        parent.appendRow([QStandardItem(f"{name}.x"), QStandardItem("1")])
        model.appendRow([parent, QStandardItem("2")])
    view.setModel(model)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.expand(model.index(1, 0))
    view.selectAll()
    assert chosen_rows(view)[0] == "Key\tValue\na\t2\nb\t2\nb.x\t1"


def test_list_has_no_headings(qtbot: QtBot) -> None:
    view = QListView()
    view.setModel(table_model())
    view.model().setParent(view)
    qtbot.addWidget(view)
    choose(view, 1)
    assert copy_chosen_rows(view) == "One row copied."
    assert QGuiApplication.clipboard().text() == "s1"


@pytest.mark.parametrize("make", [lambda: None, QLineEdit, QTableView])
def test_where_nothing_is_chosen_the_clipboard_stays(qtbot: QtBot, make: Any) -> None:
    QGuiApplication.clipboard().setText("before")
    widget = make()
    if widget is not None:
        qtbot.addWidget(widget)
    if isinstance(widget, QTableView):
        widget.setModel(table_model(1))
        widget.model().setParent(widget)
    assert copy_chosen_rows(widget) == "Choose rows of a table first."
    assert QGuiApplication.clipboard().text() == "before"
