"""The column beside the table of a day."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.model.trips.spans import Doing
from tftmonitor.monitor.days.day_record import DayRecord
from tftmonitor.ui.day_sheet.alarms_of_day import DayAlarm
from tftmonitor.ui.day_sheet.facts import FactSection
from tftmonitor.ui.day_sheet.wording import (
    MIDNIGHT_NOTE,
    REFUSED_NOTE,
    clock_text,
    event_text,
    rules_text,
    stretch_lines,
    sums_lines,
    voltage_note,
    zone_text,
)
from tftmonitor.ui.widgets.labels import column_of, plain_label, scrolled

_WIDTH = 330


class DayFacts(QWidget):
    """The chosen stretch, the whole day, what happened to the supply, alarms, and remarks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: DayRecord | None = None
        self.stretch = FactSection("Chosen stretch")
        self.whole = FactSection("Whole day")
        self.voltage = FactSection("Supply voltage")
        self.voltage_note = plain_label(muted=True)
        self.alarms = FactSection("Alarms")
        self.remarks = plain_label(muted=True)
        content = QWidget()
        column = column_of(content)
        for part in (
            self.stretch,
            self.whole,
            self.voltage,
            self.voltage_note,
            self.alarms,
            self.remarks,
        ):
            column.addWidget(part)
        column.addStretch()
        area = scrolled(content)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName("Sums of the day")
        own = QVBoxLayout(self)
        own.setContentsMargins(0, 0, 0, 0)
        own.addWidget(area)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 200)

    def show_day(self, record: DayRecord, alarms: Sequence[DayAlarm]) -> None:
        """All of this day, without a chosen stretch."""
        self._record = record
        sums, zone = record.sums, record.zone
        self.stretch.show_lines(())
        self.whole.show_lines(sums_lines(sums, zone))
        day = sums.first_day
        self.voltage.show_lines(
            [
                (clock_text(event.start_ms, zone, day), event_text(event))
                for event in record.voltage.events
            ]
            or [("", "No events.")]
        )
        self.voltage_note.setText(voltage_note(record.voltage))
        self.alarms.show_lines(
            [
                (clock_text(alarm.at_ms, zone, day), f"{alarm.name} ({alarm.severity.word})")
                for alarm in alarms
            ]
            or [("", "None.")],
            f"Alarms ({len(alarms)})",
        )
        remarks = [zone_text(zone, sums), rules_text(record.sheet.rules)]
        if any(row.before or row.after for row in record.sheet.rows):
            remarks.insert(0, MIDNIGHT_NOTE)
        if sums.totals.refused:
            remarks.insert(0, REFUSED_NOTE)
        self.remarks.setText("\n".join(remarks))

    def show_stretch(self, stretch: tuple[int, int] | None) -> None:
        """The sums of this part of the day, in ms since 1970; none for None."""
        record = self._record
        if record is None or stretch is None:
            self.stretch.show_lines(())
            return
        begin, end = stretch
        lengths = dict.fromkeys(Doing, 0)
        for span in record.spans:
            lengths[span.doing] += max(0, min(span.end_ms, end) - max(span.start_ms, begin))
        ends = (clock_text(at, record.zone, record.sheet.day) for at in stretch)
        self.stretch.show_lines(
            stretch_lines(lengths, record.found.totals(begin, end)),
            f"Chosen: {' to '.join(ends)}",
        )
