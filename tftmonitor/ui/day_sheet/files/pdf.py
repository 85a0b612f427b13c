"""A day sheet on paper: A4, light colours always, the head lines on every page."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)

from tftmonitor import __version__
from tftmonitor.ui.day_sheet.bar_painting import Scale, paint_bar, paint_hours, paint_quality
from tftmonitor.ui.day_sheet.rows import NUMBERS, TITLES, WHERE
from tftmonitor.ui.day_sheet.sources import ShownDay
from tftmonitor.ui.day_sheet.wording import (
    MIDNIGHT_NOTE,
    REFUSED_NOTE,
    clock_text,
    day_text,
    event_text,
    length_text,
    rules_text,
    sums_lines,
    unknown_text,
    voltage_note,
    zone_text,
)
from tftmonitor.ui.theme.fonts import FAMILY
from tftmonitor.ui.theme.theme import LIGHT

# Points: 1/72 of an inch, on a page of 210 mm by 297.
_DPI: Final = 72
_MARGIN_MM: Final = 14.0
_BODY, _SMALL, _TITLE = 8.5, 7.0, 14.0
_BAR, _AIR = 30.0, 4.0
_REPLACING: Final = ("calt", "ccmp", "liga", "tnum")
_BESIDE: Final = 10.0
# What is measured is cut where it has not a little more than it needs.
_SLACK: Final = 2.0
# So much has the column of places at least; other columns are then cut.
_LEAST_WHERE: Final = 110.0
_SUMS_COLUMNS: Final = 2


def make_pdf(shown: ShownDay, made_at: str) -> bytes:
    """The document; ``made_at`` says when it was made, in words."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    writer.setTitle(f"Day sheet of {shown.label}, {shown.record.sheet.day.isoformat()}")
    writer.setCreator(f"tftmonitor {__version__}")
    painter = QPainter(writer)
    paper = _Paper(painter, QRectF(0, 0, writer.width(), writer.height()), writer.newPage)
    _Sheet(paper, shown, made_at).draw()
    painter.end()
    buffer.close()
    return bytes(content.data())


class _Paper:
    """Writes from top to bottom; ``head`` is drawn on each page that begins."""

    def __init__(self, painter: QPainter, page: QRectF, new_page: Callable[[], object]) -> None:
        self.painter, self.page = painter, page
        self.y = 0.0
        self.number = 1
        self.head: Callable[[], object] = lambda: None
        self._new_page = new_page

    def use(self, points: float, *, bold: bool = False, muted: bool = False) -> QFontMetricsF:
        """Write like this from now on; the metrics of the font."""
        font = QFont([FAMILY])
        font.setPointSizeF(points)
        font.setBold(bold)
        # Paper has more points than the 72 an inch that a hinted letter is fitted to.
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        # What replaces a letter by another drawing of it can be neither searched nor copied.
        for feature in _REPLACING:
            font.setFeature(QFont.Tag(feature), 0)
        self.painter.setFont(font)
        self.painter.setPen(QColor(LIGHT.muted_text if muted else LIGHT.text))
        return QFontMetricsF(font, self.painter.device())

    def need(self, height: float) -> bool:
        """Begin another page where that much does not fit; True when one was begun."""
        if self.y + height <= self.page.height() - 2 * _BODY:
            return False
        self._new_page()
        self.number += 1
        self.y = 0.0
        self.head()
        return True

    def text(self, text: str, points: float, *, bold: bool = False, muted: bool = False) -> None:
        """A paragraph over the whole width, on the next page where it does not fit."""
        metrics = self.use(points, bold=bold, muted=muted)
        flags = Qt.TextFlag.TextWordWrap
        room = QRectF(0, self.y, self.page.width(), self.page.height())
        height = metrics.boundingRect(room, flags, text).height()
        if self.need(height):
            self.use(points, bold=bold, muted=muted)
        self.painter.drawText(QRectF(0, self.y, self.page.width(), height + 1), flags, text)
        self.y += height + _AIR

    def rule(self) -> None:
        """A line across."""
        self.painter.setPen(QPen(QColor(LIGHT.border), 0.5))
        self.painter.drawLine(QPointF(0, self.y), QPointF(self.page.width(), self.y))
        self.y += _AIR


class _Sheet:
    def __init__(self, paper: _Paper, shown: ShownDay, made_at: str) -> None:
        self._paper, self._shown, self._made_at = paper, shown, made_at
        self._places: list[tuple[float, float]] = []
        paper.head = self._head

    def draw(self) -> None:
        paper, record = self._paper, self._shown.record
        sums = record.sums
        self._head()
        self._bar()
        self._sums()
        if text := unknown_text(sums):
            paper.text(text, _BODY, bold=True)
        self._table()
        day, zone = sums.first_day, record.zone
        events = [(clock_text(e.start_ms, zone, day), event_text(e)) for e in record.voltage.events]
        self._list("Supply voltage", events, voltage_note(record.voltage))
        alarms = [
            (clock_text(alarm.at_ms, zone, day), f"{alarm.name} ({alarm.severity.word})")
            for alarm in self._shown.alarms
        ]
        self._list(f"Alarms ({len(alarms)})", alarms, "")
        paper.y += _AIR
        paper.text(
            f"{MIDNIGHT_NOTE} What was not heard is unknown, and never a stop. This paper is a "
            "summary: the data is in the table that can be saved beside it.",
            _SMALL,
            muted=True,
        )
        if sums.totals.refused:
            paper.text(REFUSED_NOTE, _SMALL, muted=True)
        paper.text(rules_text(record.sheet.rules), _SMALL, muted=True)

    def _head(self) -> None:
        """The lines on top of each page, and the number at its foot."""
        paper, record = self._paper, self._shown.record
        paper.text(f"{self._shown.label}, {day_text(record.sheet.day)}", _TITLE, bold=True)
        about = f"{record.sums.device}. {zone_text(record.zone, record.sums)}"
        paper.text(about, _SMALL, muted=True)
        paper.rule()
        paper.use(_SMALL, muted=True)
        foot = QRectF(0, paper.page.height() - 1.5 * _SMALL, paper.page.width(), 1.5 * _SMALL)
        made = f"tftmonitor {__version__}, made {self._made_at}"
        paper.painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, made)
        paper.painter.drawText(foot, Qt.AlignmentFlag.AlignRight, f"Page {paper.number}")

    def _bar(self) -> None:
        paper, record = self._paper, self._shown.record
        sums = record.sums
        scale = Scale(sums.start_ms, sums.end_ms, 0.0, paper.page.width())
        box = QRectF(0, paper.y, paper.page.width(), _BAR)
        paint_bar(paper.painter, box, scale, record.spans, LIGHT)
        paint_quality(paper.painter, box.bottom() + _AIR, scale, record.quality, LIGHT)
        metrics = paper.use(_SMALL)
        top = box.bottom() + 2 * _AIR
        paint_hours(paper.painter, top, scale, record.zone, LIGHT)
        paper.y = top + metrics.height() + 2 * _AIR
        lengths = (
            ("full height: moving", sums.moving_ms),
            ("two thirds: idling", sums.idle_ms),
            ("low: stopped", sums.stopped_ms),
            ("hatched: no data", sums.unknown_ms),
            ("empty: still to come", sums.to_come_ms),
        )
        told = ", ".join(f"{name} {length_text(length)}" for name, length in lengths if length)
        line = "Line below: whole for GPS, dashed for stored, dotted for no fix."
        paper.text(f"Bar, {told}. {line}", _SMALL, muted=True)

    def _sums(self) -> None:
        """Names with values, in columns."""
        paper = self._paper
        lines = list(sums_lines(self._shown.record.sums, self._shown.record.zone))
        rows = -(-len(lines) // _SUMS_COLUMNS)
        height = paper.use(_BODY).height() + 1
        paper.need(rows * height)
        width = paper.page.width() / _SUMS_COLUMNS
        for place, (name, value) in enumerate(lines):
            column, row = divmod(place, rows)
            left, top = column * width, paper.y + row * height
            paper.use(_BODY, muted=True)
            paper.painter.drawText(QRectF(left, top, 92, height), Qt.AlignmentFlag.AlignLeft, name)
            metrics = paper.use(_BODY)
            room = QRectF(left + 94, top, width - 98, height)
            cut = metrics.elidedText(value, Qt.TextElideMode.ElideRight, room.width())
            paper.painter.drawText(room, Qt.AlignmentFlag.AlignLeft, cut)
        paper.y += rows * height + _AIR

    def _table(self) -> None:
        paper = self._paper
        height = paper.use(_BODY).height() + 3
        paper.need(3 * height)
        self._places = self._measured()
        self._row(TITLES, height, bold=True)
        paper.rule()
        for row in self._shown.rows:
            if paper.need(height):
                self._row(TITLES, height, bold=True)
                paper.rule()
            self._row(row.cells, height)
        if not self._shown.rows:
            paper.text("No trips and no stops can be told.", _BODY)
        paper.y += _AIR

    def _measured(self) -> list[tuple[float, float]]:
        """Left edge and width of each column: as wide as its texts, the rest for the places."""
        metrics = self._paper.use(_BODY - 0.7, bold=True)
        rows = (TITLES, *(row.cells for row in self._shown.rows))
        widths = [
            max(map(metrics.horizontalAdvance, column)) + _BESIDE
            for column in zip(*rows, strict=True)
        ]
        widths[WHERE] = 0.0
        widths[WHERE] = max(self._paper.page.width() + _BESIDE - sum(widths), _LEAST_WHERE)
        return [(sum(widths[:place]), width) for place, width in enumerate(widths)]

    def _row(self, cells: Sequence[str], height: float, *, bold: bool = False) -> None:
        paper = self._paper
        metrics = paper.use(_BODY - 0.7, bold=bold)
        for place, (left, width) in enumerate(self._places):
            box = QRectF(left, paper.y, width - _BESIDE + _SLACK, height)
            right = place in NUMBERS
            flags = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            mode = Qt.TextElideMode.ElideMiddle
            paper.painter.drawText(box, flags, metrics.elidedText(cells[place], mode, box.width()))
        paper.y += height

    def _list(self, title: str, lines: Sequence[tuple[str, str]], note: str) -> None:
        paper = self._paper
        height = paper.use(_BODY).height() + 1
        paper.need(3 * height)
        paper.text(title, _BODY, bold=True)
        for time, words in lines:
            paper.need(height)
            metrics = paper.use(_BODY)
            paper.painter.drawText(QRectF(0, paper.y, 66, height), Qt.AlignmentFlag.AlignLeft, time)
            room = QRectF(68, paper.y, paper.page.width() - 68, height)
            cut = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            paper.painter.drawText(room, Qt.AlignmentFlag.AlignLeft, cut)
            paper.y += height
        if not lines:
            paper.text("None.", _BODY)
        if note:
            paper.text(note, _SMALL, muted=True)
