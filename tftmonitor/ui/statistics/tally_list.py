"""One list of the statistics: a title, what it counts, and its rows."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from tftmonitor.model.alarm_statistics import Tally
from tftmonitor.model.fields.formatting import format_age
from tftmonitor.ui.tables.plain_rows import PlainRows
from tftmonitor.ui.tables.row_menu import Commands, RowMenu
from tftmonitor.ui.tables.row_table import style_table
from tftmonitor.ui.widgets.labels import heading


class TallyList(QWidget):
    """``device_requested`` and ``rule_requested`` carry the key and the id of the chosen row."""

    device_requested = Signal(str)
    rule_requested = Signal(str)

    def __init__(self, title: str, empty: str, what_title: str, count_title: str) -> None:
        super().__init__()
        self._tallies: Sequence[Tally] = ()
        self.model = PlainRows((what_title, count_title), frozenset({1}), self)
        self.view = QTableView()
        self.view.setAccessibleName(title)
        self.view.setModel(self.model)
        style_table(self.view)
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.menu = RowMenu(self.view, self._commands)
        self.view.activated.connect(self._open)
        self._empty = QLabel(empty)
        self._empty.setObjectName("muted")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(heading(title))
        column.addWidget(self.view, 1)
        column.addWidget(self._empty, 1)

    def show_tallies(self, tallies: Sequence[Tally], now_ms: int) -> None:
        """Show these; of those that have a ``since_ms`` the age stands for the number."""
        self._tallies = tallies
        self.model.show_rows([(tally.text, _count_text(tally, now_ms)) for tally in tallies])
        self.view.setVisible(bool(tallies))
        self._empty.setVisible(not tallies)

    def chosen(self) -> Tally | None:
        """The row that is chosen."""
        index = self.view.currentIndex()
        return self._tallies[index.row()] if index.isValid() else None

    def _open(self) -> None:
        tally = self.chosen()
        if tally is not None and tally.device:
            self.device_requested.emit(tally.device)
        elif tally is not None and tally.rule:
            self.rule_requested.emit(tally.rule)

    def _commands(self, index: QModelIndex) -> Commands:
        """What can be done with a row."""
        tally = self._tallies[index.row()]
        commands: list[tuple[str, Callable[[], object]]] = []
        if device := tally.device:
            commands.append(("Show device", lambda: self.device_requested.emit(device)))
        if rule := tally.rule:
            commands.append(("Make this rule quieter…", lambda: self.rule_requested.emit(rule)))
        return commands


def _count_text(tally: Tally, now_ms: int) -> str:
    if tally.since_ms is None:
        return f"{tally.count:,}"
    return format_age(now_ms - tally.since_ms)
