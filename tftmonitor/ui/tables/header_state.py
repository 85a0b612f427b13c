"""Widths and order of a table's columns as the user left them, kept in the settings."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHeaderView
from typing_extensions import override

from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.widgets.single_shot import single_shot

T = TypeVar("T")

# A drag is many changes, and the file is written whole.
STORE_AFTER_MS = 500


class HeaderState(QObject):
    """Restores one header and stores what the user changes in it, a moment after the last change.

    ``keys`` names the columns by logical section, ``lay_out`` gives them their usual widths.
    What the program itself moves or resizes belongs into ``arranging``, or it is taken for the
    user's. Sections that stretch, and hidden ones, have no width of their own.
    """

    def __init__(
        self,
        table: str,
        header: QHeaderView,
        keys: Callable[[], Sequence[str]],
        lay_out: Callable[[], None],
        settings: SettingsStore,
        *,
        with_order: bool = True,
    ) -> None:
        super().__init__(header)
        self._table = table
        self._header = header
        self._keys = keys
        self._lay_out = lay_out
        self._settings = settings
        self._with_order = with_order
        self._arranging = 0
        # Read at each change: a header that is being destroyed can no longer be asked.
        self._widths: dict[str, int] = {}
        self._order: tuple[str, ...] = ()
        self._timer = single_shot(self, self.flush, STORE_AFTER_MS)
        header.sectionResized.connect(self._on_resized)
        if with_order:
            header.setSectionsMovable(True)
            header.sectionMoved.connect(self._on_changed)
        header.installEventFilter(self)
        header.destroyed.connect(self.flush)

    @property
    def is_chosen(self) -> bool:
        """True when the user has given this table's columns other widths than the usual ones."""
        return bool(self._widths or self._settings.values.column_widths.get(self._table))

    def restore(self) -> None:
        """Give the columns their usual widths, and over them what the user chose."""
        self.flush()
        with self.arranging():
            self._lay_out()
            self._restore_widths()
            if self._with_order:
                self._restore_order()

    def reset(self) -> None:
        """Forget the user's widths and order of this table."""
        self._timer.stop()
        self._widths, self._order = {}, ()
        values = self._settings.values
        self._settings.update(
            column_widths=_without(values.column_widths, self._table),
            column_order=_without(values.column_order, self._table),
        )
        self.restore()

    def switch(self, table: str) -> None:
        """Go over to another layout of the same header, with widths and order of its own."""
        self.flush()
        self._table = table
        self.restore()

    def offer_reset(self) -> None:
        """Give the header a context menu with the one entry that resets the columns."""
        action = QAction("Default columns", self._header)
        action.triggered.connect(self.reset)
        self._header.addAction(action)
        self._header.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    @contextmanager
    def arranging(self) -> Iterator[None]:
        """What happens to the header in here is not the user's doing."""
        self._arranging += 1
        try:
            yield
        finally:
            self._arranging -= 1

    def flush(self) -> None:
        """Store now what is still to be stored."""
        if not self._widths:
            return
        self._timer.stop()
        values, table = self._settings.values, self._table
        # A column that is not shown now keeps the width that it had.
        widths = values.column_widths.get(table, {}) | self._widths
        changes: dict[str, object] = {"column_widths": values.column_widths | {table: widths}}
        if self._with_order:
            changes["column_order"] = values.column_order | {table: self._order}
        self._widths, self._order = {}, ()
        self._settings.update(**changes)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Hide:
            self.flush()
        return False

    def _on_resized(self, section: int, _old: int, new: int) -> None:
        # A section that is hidden is told as one without width, anew with each change of layout.
        if new and self._is_own_width(section):
            self._on_changed()

    def _on_changed(self) -> None:
        if self._arranging:
            return
        header, keys = self._header, self._keys()
        places = range(header.count())
        self._widths = {keys[p]: header.sectionSize(p) for p in places if self._is_own_width(p)}
        self._order = tuple(keys[header.logicalIndex(place)] for place in places)
        self._timer.start()

    def _is_own_width(self, section: int) -> bool:
        header = self._header
        interactive = header.sectionResizeMode(section) is QHeaderView.ResizeMode.Interactive
        return interactive and not header.isSectionHidden(section)

    def _restore_widths(self) -> None:
        header = self._header
        stored = self._settings.values.column_widths.get(self._table, {})
        least, most = header.minimumSectionSize(), header.maximumSectionSize()
        for section, key in enumerate(self._keys()):
            if key in stored and self._is_own_width(section):
                header.resizeSection(section, min(max(stored[key], least), most))

    def _restore_order(self) -> None:
        keys, header = list(self._keys()), self._header
        stored = self._settings.values.column_order.get(self._table, ())
        order = [key for key in dict.fromkeys(stored) if key in keys]
        for place, key in enumerate(keys):
            if key not in order:
                # A column that the settings do not know stands where it usually does.
                order.insert(place, key)
        for place, key in enumerate(order):
            header.moveSection(header.visualIndex(keys.index(key)), place)


def _without(tables: dict[str, T], table: str) -> dict[str, T]:
    return {name: kept for name, kept in tables.items() if name != table}
