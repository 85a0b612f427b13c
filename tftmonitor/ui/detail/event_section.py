"""One event of a device: when it came, its records as a table, and what was left over."""

from datetime import tzinfo

from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from tftmonitor.base.clock import is_believable
from tftmonitor.model.fields.formatting import format_age, format_time, one_line
from tftmonitor.model.fleet.clock_offset import DeviceClock, judge_date
from tftmonitor.model.fleet.records import ReceivedRecords
from tftmonitor.ui.detail.page import DetailContext
from tftmonitor.ui.detail.record_model import (
    EMPTY,
    RecordModel,
    TextTable,
    in_places_of,
    other_table,
)
from tftmonitor.ui.detail.text_view import TextView
from tftmonitor.ui.widgets.alarm_text import DOUBTFUL
from tftmonitor.ui.widgets.labels import heading, plain_label

_NOTHING_FOUND = "No known values in this event. It is shown below as received."


class EventSection(QWidget):
    """A heading, the times, the records, and the other keys; hidden before the first event."""

    def __init__(self, title: str, context: DetailContext) -> None:
        super().__init__()
        self._context = context
        self._received: ReceivedRecords | None = None
        self._clock: DeviceClock | None = None
        self._opens = False
        self.times = plain_label(muted=True)
        self.note = plain_label()
        self.records = RecordModel(self)
        self.others = RecordModel(self)
        self.table = TextView(self.records, title)
        # Raw values: folded away where there is something to read without them.
        self.fold = QPushButton("Also in this event")
        self.fold.setCheckable(True)
        self.fold.setFlat(True)
        self.fold.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.fold.toggled.connect(self._show_others)
        self._others_table = TextView(self.others, f"Other keys of {title}")
        # The table shows itself when it has rows, so what is folded is a part around it.
        self._others_part = QWidget()
        inside = QVBoxLayout(self._others_part)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._others_table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 10)
        column.setSpacing(5)
        column.addWidget(heading(title))
        for part in (self.times, self.note, self.table, self.fold, self._others_part):
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
        self.fold.setText(f"Also in this event, as received ({len(event.other)})")
        self.fold.setVisible(bool(others.rows and table.rows))
        self._opens = not table.rows
        _fill(self._others_table, self.others, others)
        self._show_others()

    def _show_others(self) -> None:
        is_open = self._opens or self.fold.isChecked()
        self._others_part.setVisible(is_open and self.others.rowCount() > 0)

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


def _fill(view: TextView, model: RecordModel, table: TextTable) -> None:
    if view.hold.is_held():
        table = in_places_of(model.table, table)
    if model.set_table(table):
        view.measure()
    view.fit()
