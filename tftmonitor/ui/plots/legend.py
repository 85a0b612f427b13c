"""The row over one plot: its name and unit, and each curve with its newest value."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOptionFocusRect,
    QWidget,
)
from typing_extensions import override

from tftmonitor.ui.theme.theme import current_theme, tabular

# One line style a curve, so that curves are told apart without their colours.
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
_SWATCH = 22
_INDENT = 8


class LegendItem(QAbstractButton):
    """A piece of the line, its name, its value; pressing hides and shows the curve."""

    def __init__(self, name: str, dash: Qt.PenStyle, can_hide: bool) -> None:
        super().__init__()
        self.name = name
        self._dash = dash
        self._color = current_theme().text
        self._value = ""
        self.setFont(tabular(self.font()))
        self.setCheckable(can_hide)
        self.setChecked(can_hide)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if can_hide else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_value("")

    def set_color(self, color: str) -> None:
        """The curve's colour."""
        self._color = color
        self.update()

    @property
    def value(self) -> str:
        """The value as shown."""
        return self._value

    def set_value(self, value: str) -> None:
        """The newest value with its unit, and its age when it is old."""
        if value == self._value and self.accessibleName():
            return
        longer = len(value) != len(self._value)
        self._value = value
        self.setAccessibleName(f"{self.name}: {value}" if value else self.name)
        hint = f"Hide or show {self.name}" if self.isCheckable() else ""
        self.setToolTip("\n".join(part for part in (self.accessibleName(), hint) if part))
        if longer:
            self.updateGeometry()
        self.update()

    @property
    def shown(self) -> bool:
        """True while the curve is to be drawn."""
        return self.isChecked() or not self.isCheckable()

    @override
    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        width = _SWATCH + metrics.horizontalAdvance(f"{self.name}  {self._value}") + 8
        return QSize(width, metrics.height() + 4)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_SWATCH, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        color = QColor(self._color if self.shown else theme.disabled_text)
        middle = self.height() / 2
        painter.setPen(QPen(color, 1.5, self._dash))
        painter.drawLine(QLineF(2, middle, _SWATCH - 6, middle))
        if self.shown:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(color)
            painter.drawEllipse(QPointF(_SWATCH - 7, middle), 2.5, 2.5)
        font = self.font()
        font.setStrikeOut(not self.shown)
        painter.setFont(font)
        painter.setPen(color)
        box = QRect(_SWATCH, 0, self.width() - _SWATCH, self.height())
        text = f"{self.name}  {self._value}"
        metrics = painter.fontMetrics()
        if metrics.horizontalAdvance(text) > box.width():
            # The age gives way before the value does; the tooltip has it.
            value, comma, _age = self._value.partition(", ")
            text = f"{self.name}  {value}{' (old)' if comma else ''}"
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), text)
        if self.hasFocus():
            option = QStyleOptionFocusRect()
            option.initFrom(self)
            self.style().drawPrimitive(
                QStyle.PrimitiveElement.PE_FrameFocusRect, option, painter, self
            )


class LegendRow(QWidget):
    """The title and the items of one plot."""

    def __init__(self, title: str, names: Sequence[str]) -> None:
        super().__init__()
        several = len(names) > 1
        self.items = [
            LegendItem(name, DASHES[number % len(DASHES)], several)
            for number, name in enumerate(names)
        ]
        self._title = QLabel(title)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        # Under the title of the header; with the plot's own margin old values had no room.
        self._row.setContentsMargins(_INDENT, 0, 0, 0)
        self._row.setSpacing(12)
        self._row.addWidget(self._title)
        for item in self.items:
            self._row.addWidget(item)
        self._row.addStretch(1)

    def set_title(self, title: str) -> None:
        """The plot's name with its unit."""
        self._title.setText(title)
