"""The inbox as a list, newest first: own order, search and filter, no proxy."""

import itertools
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from tftmonitor.base.clock import Clock, is_believable
from tftmonitor.base.text_search import folded
from tftmonitor.model.fields.formatting import one_line
from tftmonitor.model.fleet.clock_offset import judge_sent
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.inbox import Inbox, InboxItem, ItemKind
from tftmonitor.monitor.where.zones import ShownZone, shown_zone, shown_zone_at
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.widgets.alarm_text import DOUBTFUL
from tftmonitor.ui.widgets.short_time import short_time

Index = QModelIndex | QPersistentModelIndex

KIND_TEXTS = {
    ItemKind.SYSTEM: "System",
    ItemKind.ALARM: "Alarm",
    ItemKind.USER: "User",
    ItemKind.FILE: "File",
    ItemKind.OTHER: "Other",
}

DeviceOf = Callable[[str], Device | None]
"""The device of a key, None where nobody knows it."""

ITEM_ROLE = Qt.ItemDataRole.UserRole
_DISPLAY = Qt.ItemDataRole.DisplayRole
_ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole


class InboxListModel(QAbstractListModel):
    """Shows ``Inbox.items``; ``refresh`` shows what came, went or was read since."""

    def __init__(
        self,
        inbox: Inbox,
        clock: Clock,
        settings: SettingsStore,
        parent: QObject | None = None,
        *,
        device_of: DeviceOf = lambda _key: None,
    ) -> None:
        super().__init__(parent)
        self._device_of = device_of
        self._inbox = inbox
        self._clock = clock
        self._settings = settings
        self._kind: ItemKind | None = None
        self._words: list[str] = []
        self._rows: list[InboxItem] = []
        self._newest = 0
        self._known = 0
        self._unread = 0
        self._reload()
        settings.on_change(self._refresh_times, "zone")

    def refresh(self, *, hold: bool = False) -> int:
        """Show the inbox as it is now; rows that stay keep their selection.

        ``hold`` leaves all rows where they stand; the number of those that wait for that reason.
        """
        waiting = self._count_waiting() if hold else 0
        if not hold:
            self._move()
        if self._unread != self._inbox.unread and self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
        self._unread = self._inbox.unread
        return waiting

    def _count_waiting(self) -> int:
        items = itertools.takewhile(
            lambda item: item.number > self._newest, reversed(self._inbox.items)
        )
        return sum(self._fits(item) for item in items)

    def _move(self) -> None:
        """Let rows come and go."""
        items = self._inbox.items
        fresh = 0
        while fresh < len(items) and items[-1 - fresh].number > self._newest:
            fresh += 1
        gone = self._known + fresh - len(items)
        if gone:
            self._remove_dropped()
        if fresh:
            self._newest = items[-1].number
            arrived = [item for item in reversed(items[-fresh:]) if self._fits(item)]
            if arrived:
                self.beginInsertRows(QModelIndex(), 0, len(arrived) - 1)
                self._rows[:0] = arrived
                self.endInsertRows()
        self._known = len(items)

    def set_filter(self, kind: ItemKind | None, search: str) -> None:
        """Show one kind only (None: all) and only items that hold every word of the search."""
        words = folded(search).split()
        if (kind, words) != (self._kind, self._words):
            self._kind, self._words = kind, words
            self._reset()

    def search_again(self) -> None:
        """Devices have other names, and the search looks at these."""
        if self._words:
            self._reset()

    @property
    def filtered(self) -> bool:
        """True when a filter or search hides items."""
        return self._kind is not None or bool(self._words)

    def item(self, index: Index) -> InboxItem | None:
        """The item of a row, None for no row."""
        return self._rows[index.row()] if index.isValid() else None

    def row_of(self, number: int) -> int:
        """The row of the item with this number, -1 when it is not shown."""
        return next((row for row, item in enumerate(self._rows) if item.number == number), -1)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        item = self._rows[index.row()]
        if role == _DISPLAY:
            return one_line(item.text)
        if role == ITEM_ROLE:
            return item
        if role == _ACCESSIBLE:
            return self._spoken(item)
        return None

    def time_text(self, item: InboxItem) -> str:
        """When it was sent, as far as known, else received: short, in the chosen zone."""
        now_ms = self._clock.now_ms()
        sent_ms = judge_sent(item.sent_ms, item.received_ms)
        shown = self.zone_of(item)
        if sent_ms is not None:
            return shown.said(short_time(sent_ms, now_ms, shown.zone), sent_ms)
        if item.sent_ms is not None and not is_believable(item.sent_ms, item.received_ms):
            return "clock not set"
        received_ms = item.received_ms
        received = shown.said(short_time(received_ms, now_ms, shown.zone), received_ms)
        return received if item.sent_ms is None else f"{received} {DOUBTFUL}"

    def zone_of(self, item: InboxItem | None) -> ShownZone:
        """The zone of the place that it tells, else of its device; of neither, the computer's."""
        values = self._settings.values
        if item is not None and item.place is not None:
            return shown_zone_at(values, *item.place)
        key = None if item is None else item.device
        return shown_zone(values, self._device_of(key) if key else None)

    def _refresh_times(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _reset(self) -> None:
        self.beginResetModel()
        self._reload()
        self.endResetModel()

    def _spoken(self, item: InboxItem) -> str:
        unread = "" if item.read else "unread, "
        head = f"{unread}{KIND_TEXTS[item.kind]} from {item.from_name or 'unknown'}"
        return f"{head}, {self.time_text(item)}: {one_line(item.text)}"

    def _fits(self, item: InboxItem) -> bool:
        if self._kind is not None and item.kind is not self._kind:
            return False
        if not self._words:
            return True
        device = item.device or ""
        local = self._settings.values.names.get(device, "")
        parts = (item.from_name, item.text, device, local, item.address or "")
        hay = folded("\n".join(parts))
        return all(word in hay for word in self._words)

    def _reload(self) -> None:
        items = self._inbox.items
        self._rows = [item for item in reversed(items) if self._fits(item)]
        self._newest = items[-1].number if items else 0
        self._known = len(items)
        self._unread = self._inbox.unread

    def _remove_dropped(self) -> None:
        kept = {item.number for item in self._inbox.items}
        last = len(self._rows) - 1
        while last >= 0:
            if self._rows[last].number in kept:
                last -= 1
                continue
            first = last
            while first > 0 and self._rows[first - 1].number not in kept:
                first -= 1
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
            last = first - 1
