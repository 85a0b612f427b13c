"""What the tables of alarms and of the journal have in common: cells of text, made once a row."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QFont

from tftmonitor.base.clock import Clock
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alarms.today import Today
from tftmonitor.ui.tables.rows_model import Index, Row, RowsModel
from tftmonitor.ui.theme.theme import tabular


class TextTableModel(RowsModel[Row]):
    """A subclass says what the cells of a row say.

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
        super().__init__(titles, parent)
        self._clock = clock
        self._settings = settings
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
        self._all_changed()

    def row(self, index: Index) -> Row | None:
        """What a row shows, None for no row."""
        return self._rows[index.row()] if index.isValid() else None

    def _texts_of(self, key: Hashable, row: Row) -> list[str]:
        made = self._texts.get(key)
        if made is None or made[0] is not row:
            made = self._texts[key] = (row, self._make_texts(row))
        return made[1]

    def _make_texts(self, row: Row) -> list[str]:
        """A text for each column."""
        raise NotImplementedError
