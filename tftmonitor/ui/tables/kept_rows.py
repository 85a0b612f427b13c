"""Rows that the user keeps, as rules and places: each has a key, and one column is lively."""

from collections.abc import Callable, Hashable, Mapping, Sequence

from PySide6.QtCore import QObject, Qt

from tftmonitor.ui.tables.rows_model import Row, RowsModel

_DISPLAY = Qt.ItemDataRole.DisplayRole


class KeptRows(RowsModel[Row]):
    """Only another number or order of keys is a reset; ``tick`` renews the lively column.

    ``lively`` is the column whose texts time changes; they are kept in ``_lively_texts``.
    """

    def __init__(
        self,
        titles: Sequence[str],
        key_of: Callable[[Row], Hashable],
        lively: int,
        parent: QObject | None = None,
        *,
        tips: Mapping[int, str] | None = None,
    ) -> None:
        super().__init__(titles, parent, tips=tips)
        self._key_of = key_of
        self._lively = lively
        self._lively_texts: list[str] = []

    def row_of(self, key: Hashable) -> int:
        """Where the row of this key is, -1 where there is none."""
        return next((n for n, row in enumerate(self._rows) if self._key_of(row) == key), -1)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these."""
        is_other = [*map(self._key_of, rows)] != [*map(self._key_of, self._rows)]
        if is_other:
            self.beginResetModel()
        self._rows = list(rows)
        self._lively_texts = [self._lively_text(row) for row in rows]
        if is_other:
            self.endResetModel()
        else:
            self.refresh()

    def tick(self) -> None:
        """Time went on: the lively column may read otherwise now."""
        before, self._lively_texts = self._lively_texts, [*map(self._lively_text, self._rows)]
        changed = [n for n, text in enumerate(self._lively_texts) if text != before[n]]
        if changed:
            # One signal for all: each costs the view more than a row does.
            first, last = (self.index(n, self._lively) for n in (changed[0], changed[-1]))
            self.dataChanged.emit(first, last, [_DISPLAY])

    def refresh(self) -> None:
        """Texts, colours and signs are others now."""
        self._all_changed()

    def _lively_text(self, row: Row) -> str:
        """What the lively column says of this row now."""
        raise NotImplementedError
