"""The tab of inputs and outputs: lamps, analogue inputs, switches, and raw status words."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.model.fields.field import Field, FieldKind, Group, Quality, parse_pins
from tftmonitor.model.fleet.activity import Staleness
from tftmonitor.model.fleet.device import Device
from tftmonitor.ui.detail.page import AgingPage, DetailContext
from tftmonitor.ui.detail.reading import read_field
from tftmonitor.ui.detail.value_grid import ValueGrid
from tftmonitor.ui.theme.theme import current_theme
from tftmonitor.ui.widgets.labels import column_of, heading, plain_label, scrolled

# Pins are numbered 1 to 8 on the wire.
_PINS = 8
_LAMP = 20
_LEVEL_TEXTS = {True: "on", False: "off", None: "—"}
# Other status words, the relay's mode among them, stand in this group.
_STATUS_WORD_GROUPS = (Group.INPUTS, Group.SECURITY)
_STATUS_WORDS_NOTE = (
    "Numbers as the device sends them. What their bits mean depends on the model, so they are not "
    "interpreted here."
)


class Lamps(QWidget):
    """Eight lamps: a filled disc is on, a ring off, dots not reported; each with its text."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.levels: dict[int, bool] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.stale = False
        self.show_levels({})

    def show_levels(self, levels: dict[int, bool], *, stale: bool = False) -> None:
        """Show these levels by pin number; stale ones lose their colour."""
        self.levels = levels
        self.stale = stale
        texts = (f"{pin} {_LEVEL_TEXTS[levels.get(pin)]}" for pin in range(1, _PINS + 1))
        self.setAccessibleName(f"{self._title}: {', '.join(texts)}")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(_PINS * (_LAMP + 16), _LAMP + 2 * line + 10)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = min(self.width() / _PINS, 64.0)
        for pin in range(1, _PINS + 1):
            self._paint_lamp(painter, pin, QRectF((pin - 1) * cell, 0, cell, self.height()))

    def _paint_lamp(self, painter: QPainter, pin: int, box: QRectF) -> None:
        theme = current_theme()
        level = self.levels.get(pin)
        line = painter.fontMetrics().height()
        middle = Qt.AlignmentFlag.AlignHCenter
        painter.setPen(QColor(theme.muted_text))
        painter.drawText(QRectF(box.left(), 0, box.width(), line), middle, str(pin))
        pen = QPen(QColor(theme.text if level else theme.muted_text), 1.6)
        if level is None:
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        lit = QColor(theme.muted_text if self.stale else theme.accent)
        painter.setBrush(lit if level else Qt.BrushStyle.NoBrush)
        centre = QPointF(box.center().x(), line + 5 + _LAMP / 2)
        painter.drawEllipse(centre, _LAMP / 2 - 1, _LAMP / 2 - 1)
        painter.setPen(QColor(theme.text if level and not self.stale else theme.muted_text))
        below = QRectF(box.left(), line + _LAMP + 8, box.width(), line)
        painter.drawText(below, middle, _LEVEL_TEXTS[level])


class InputsOutputsPage(AgingPage):
    """Everything of the group of inputs and outputs, whatever fields the table has in it."""

    title = "I/O"

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        fields = context.table.in_group(Group.INPUTS)
        self._lamps: list[tuple[Field, Lamps]] = []
        body = QWidget()
        column = column_of(body, spacing=6)
        for field in _of_kind(fields, FieldKind.PINS):
            lamps = Lamps(field.spec.label)
            self._lamps.append((field, lamps))
            column.addWidget(heading(field.spec.label))
            column.addWidget(lamps)
            column.addSpacing(8)
        status_words = [f for g in _STATUS_WORD_GROUPS for f in context.table.in_group(g)]
        parts = (
            ("Analogue inputs", "", _of_kind(fields, FieldKind.NUMBER, FieldKind.COUNT)),
            ("Switches", "", _of_kind(fields, FieldKind.FLAG)),
            ("Status words", _STATUS_WORDS_NOTE, _of_kind(status_words, FieldKind.WORD)),
        )
        self._grids: list[ValueGrid] = []
        for title, note, members in parts:
            if members:
                column.addWidget(heading(title))
                if note:
                    column.addWidget(plain_label(note, muted=True))
                self._grids.append(ValueGrid(members))
                column.addWidget(self._grids[-1])
                column.addSpacing(8)
        column.addStretch(1)
        self.set_body(scrolled(body))

    @classmethod
    @override
    def why_empty(cls, context: DetailContext, device: Device) -> str:
        status, now_ms, zone = device.status, context.now_ms, context.zone
        fields = context.table.in_group(Group.INPUTS)
        readings = (read_field(field, status, now_ms, zone) for field in fields)
        if all(reading.quality is Quality.ABSENT for reading in readings):
            return "This device has reported no inputs or outputs."
        return ""

    @override
    def apply_theme(self) -> None:
        super().apply_theme()
        for _, lamps in self._lamps:
            lamps.update()

    @override
    def _fill(self, device: Device, *, is_new: bool) -> None:
        stale = self.context.staleness(device) >= Staleness.OVERDUE
        for field, lamps in self._lamps:
            value = field.read(device.status, self.context.now_ms) if device.status else None
            levels = parse_pins(str(value)) if value else {}
            if (levels, stale) != (lamps.levels, lamps.stale):
                lamps.show_levels(levels, stale=stale)
        for grid in self._grids:
            grid.show_values(device, self.context, stale=stale)


def _of_kind(fields: list[Field], *kinds: FieldKind) -> list[Field]:
    return [field for field in fields if field.spec.kind in kinds]
