"""What the tables of alarms and of the journal have in common: cells of text, made once a row."""

from collections.abc import Hashable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alarms.today import Today
from tftmonitor.ui.theme.theme import tabular

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")
_DISPLAY = Qt.ItemDataRole.DisplayRole


class TextTableModel(QAbstractTableModel, Generic[Row]):
    """Rows in the order of ``_rows``; a subclass says what their cells say.

    Texts are kept by a key of the row, and only for the very row that they were made of: hashing
    a flood is dear. They are made anew at midnight, when times get their date, and in another
    zone.
    """

    def __init__(
        self,
        titles: Sequence[str],
        clock: Clock,
        settings: SettingsStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._titles = tuple(titles)
        self._clock = clock
        self._settings = settings
        self._rows: list[Row] = []
        self._texts: dict[Hashable, tuple[Row, list[str]]] = {}
        self._font = tabular(QFont())
        self._today = Today(clock, settings)
        settings.on_change(self.refresh_texts, "zone")

    def tick(self) -> None:
        """A second went by."""
        if self._today.is_another():
            self.refresh_texts()

    def refresh_texts(self) -> None:
        """Make all texts anew: theme, zone or the date is another."""
        self._texts.clear()
        if self._rows:
            last = self.index(len(self._rows) - 1, len(self._titles) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @property
    def rows(self) -> Sequence[Row]:
        """What is shown, in order; not to be changed."""
        return self._rows

    def row(self, index: Index) -> Row | None:
        """What a row shows, None for no row."""
        return self._rows[index.row()] if index.isValid() else None

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._titles)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        wanted = orientation is Qt.Orientation.Horizontal and role == _DISPLAY
        return self._titles[section] if wanted and 0 <= section < len(self._titles) else None

    def _texts_of(self, key: Hashable, row: Row) -> list[str]:
        made = self._texts.get(key)
        if made is None or made[0] is not row:
            made = self._texts[key] = (row, self._make_texts(row))
        return made[1]

    def _make_texts(self, row: Row) -> list[str]:
        """A text for each column."""
        raise NotImplementedError
