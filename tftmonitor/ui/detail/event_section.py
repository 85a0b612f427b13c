"""One event of a device: when it came, its records as a table, and what was left over."""

from datetime import tzinfo

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.clock import is_believable
from tftmonitor.model.fields.formatting import format_age, format_time, one_line
from tftmonitor.model.fleet.clock_offset import DeviceClock, judge_date
from tftmonitor.model.fleet.records import ReceivedRecords
from tftmonitor.ui.detail.page import DetailContext
from tftmonitor.ui.detail.record_model import EMPTY, EN_SPACE, RecordModel, TextTable, other_table
from tftmonitor.ui.widgets.alarm_text import DOUBTFUL
from tftmonitor.ui.widgets.labels import heading, plain_label

_MOST_VISIBLE_ROWS = 16
# Between two columns, in pixels.
_APART = 8
_NOTHING_FOUND = "No known values in this event. It is shown below as received."


class EventSection(QWidget):
    """A heading, the times, the records, and the other keys; hidden before the first event."""

    def __init__(self, title: str, context: DetailContext) -> None:
        super().__init__()
        self._context = context
        self._received: ReceivedRecords | None = None
        self._clock: DeviceClock | None = None
        self.times = plain_label(muted=True)
        self.note = plain_label()
        self.records = RecordModel(self)
        self.others = RecordModel(self)
        self.table = TextView(self.records, title)
        self._others_title = heading("Also in this event")
        self._others_table = TextView(self.others, f"Other keys of {title}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 10)
        column.setSpacing(5)
        column.addWidget(heading(title))
        for part in (self.times, self.note, self.table, self._others_title, self._others_table):
            column.addWidget(part)

    def show_event(
        self,
        received: ReceivedRecords | None,
        table: TextTable,
        clock: DeviceClock | None = None,
    ) -> None:
        """Show the event and when it was received; None hides the section.

        ``clock`` is what is known of its device's.
        """
        self._received, self._clock = received, clock
        self.setVisible(received is not None)
        if received is None:
            return
        event = received.event
        self.tick()
        note = table.note
        if not note and not table.rows:
            note = _NOTHING_FOUND if event.other else "This event was empty."
        if event.error:
            note = f"{note} The server reports error {one_line(str(event.error))}.".strip()
        self.note.setText(note)
        self.note.setVisible(bool(note))
        _fill(self.table, self.records, table)
        others = other_table(event.other) if event.other else EMPTY
        _fill(self._others_table, self.others, others)
        self._others_title.setVisible(bool(others.rows))

    def tick(self) -> None:
        """The age of the event runs on."""
        if self._received is None:
            return
        event, received_ms = self._received
        context = self._context
        zone = context.zone
        age = format_age(context.now_ms - received_ms)
        device_time = _device_time(event.device_ms, received_ms, self._clock, zone)
        receipt = f"Received {format_time(received_ms, zone)} ({age} ago)"
        self.times.setText(f"{receipt}  ·  {device_time}")


def _device_time(
    date_ms: int | None, received_ms: int, clock: DeviceClock | None, zone: tzinfo
) -> str:
    """The time of an event by its device, as far as it is believed."""
    if date_ms is None:
        return "no device time"
    if not is_believable(date_ms, received_ms):
        return "device clock not set"
    believed_ms, is_doubtful = judge_date(clock, date_ms, received_ms)
    raw = format_time(date_ms, zone)
    if is_doubtful or believed_ms is None:
        return f"device time {raw} {DOUBTFUL}"
    note = clock.text() if clock is not None and believed_ms != date_ms else ""
    by_it = f" ({note}, by it {raw})" if note else ""
    return f"device time {format_time(believed_ms, zone)}{by_it}"


class _WideDelegate(QStyledItemDelegate):
    """Keeps the columns apart, also numbers from the texts beside them."""

    @override
    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if option.displayAlignment & Qt.AlignmentFlag.AlignRight:
            option.text += EN_SPACE

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width() + _APART, size.height())


class TextView(QTableView):
    """A plain table that is as high as its rows, up to a limit; without any it is hidden."""

    def __init__(self, model: RecordModel, title: str) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(title)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_WideDelegate(self))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)

    def fit(self) -> None:
        """Take the height that the rows need now."""
        rows = self.model().rowCount()
        self.setVisible(rows > 0)
        height = min(rows, _MOST_VISIBLE_ROWS) * self.verticalHeader().defaultSectionSize()
        height += self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth()
        header = self.horizontalHeader()
        needed = sum(
            max(header.sectionSizeHint(number), self.sizeHintForColumn(number))
            for number in range(header.count())
        )
        if needed > self.viewport().width():
            height += self.horizontalScrollBar().sizeHint().height()
        if height != self.height():
            self.setFixedHeight(height)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


def _fill(view: TextView, model: RecordModel, table: TextTable) -> None:
    model.set_table(table)
    view.fit()
