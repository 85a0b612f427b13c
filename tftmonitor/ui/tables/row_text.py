"""The chosen rows of a table, list or tree as text for other programs: a line a row, with tabs."""

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QTreeView, QWidget

MOST_ROWS = 2_000
"""More are not copied: making their texts would hold the window up."""

_DISPLAY = Qt.ItemDataRole.DisplayRole
_SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def chosen_rows(view: QAbstractItemView) -> tuple[str, int, int]:
    """Headings and chosen rows as they stand in the view, what is hidden left out.

    Beside the text how many rows are in it, and how many were chosen.
    """
    columns = _columns(view)
    rows = list(_rows(view))
    lines = [_line(index, columns) for index in rows[:MOST_ROWS]]
    header = _header(view)
    if header is not None and not header.isHidden() and lines:
        model = view.model()
        titles = [model.headerData(n, Qt.Orientation.Horizontal, _DISPLAY) for n in columns]
        lines.insert(0, "\t".join(_cell(title) for title in titles))
    return "\n".join(lines), min(len(rows), MOST_ROWS), len(rows)


def copy_chosen_rows(widget: QWidget | None) -> str:
    """Put the chosen rows of this widget on the clipboard; what became of it, as a sentence."""
    text, copied, chosen = "", 0, 0
    if isinstance(widget, QAbstractItemView):
        text, copied, chosen = chosen_rows(widget)
    if not text:
        return "Choose rows of a table first."
    QGuiApplication.clipboard().setText(text)
    if copied < chosen:
        return f"Only the first {copied:,} of {chosen:,} rows were copied."
    return "One row copied." if copied == 1 else f"{copied:,} rows copied."


def copy_text(text: str) -> None:
    """Put a text on the clipboard."""
    QGuiApplication.clipboard().setText(text)


def _header(view: QAbstractItemView) -> QHeaderView | None:
    if isinstance(view, QTableView):
        return view.horizontalHeader()
    return view.header() if isinstance(view, QTreeView) else None


def _columns(view: QAbstractItemView) -> list[int]:
    """The columns that are seen, from left to right."""
    header = _header(view)
    if header is None:
        return [0]
    order = [header.logicalIndex(place) for place in range(header.count())]
    return [column for column in order if not header.isSectionHidden(column)]


def _rows(view: QAbstractItemView) -> Iterator[QModelIndex]:
    """The first cell of each chosen row, from top to bottom."""
    if isinstance(view, QTreeView):
        yield from _rows_of_tree(view)
        return
    model, seen = view.model(), set[int]()
    # Of ranges, because the cells of ten thousand rows are a hundred thousand.
    ranges = view.selectionModel().selection()
    for place in range(ranges.size()):
        chosen = ranges.at(place)
        seen.update(range(chosen.top(), chosen.bottom() + 1))
    for row in sorted(seen):
        if not (isinstance(view, QTableView) and view.isRowHidden(row)):
            yield model.index(row, 0)


def _rows_of_tree(view: QTreeView) -> Iterator[QModelIndex]:
    chosen = view.selectionModel()
    index = view.model().index(0, 0)
    while index.isValid():
        cells = (index.siblingAtColumn(n) for n in range(view.model().columnCount()))
        if any(map(chosen.isSelected, cells)):
            yield index
        index = view.indexBelow(index)


def _line(index: QModelIndex, columns: list[int]) -> str:
    cells = (index.siblingAtColumn(column) for column in columns)
    return "\t".join(_cell(cell.data(_DISPLAY) or cell.data(_SPOKEN)) for cell in cells)


def _cell(value: object) -> str:
    """One line without tabs, which part the cells."""
    return "" if value is None else " ".join(str(value).split())
