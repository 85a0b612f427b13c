"""Big numbers: a tile a field, in a grid that reflows with the width."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.ui.detail.reading import CLOSE_UNITS
from tftmonitor.ui.theme.icons import stale_icon
from tftmonitor.ui.theme.theme import current_theme, tabular
from tftmonitor.ui.widgets.tooltip import plain_tip

_PAD = 9
# Above and below: the plots need the height.
_PADDING_Y = 4
_GAP = 6
_RADIUS = 5
_SIGN = 12
# A value longer than its tile is drawn smaller, down to this share, and then cut.
_LEAST_SCALE = 0.55
# So is a title.
_LEAST_TITLE_SCALE = 0.85
# Beside a note a value is drawn this much smaller at most; the note needs this width.
_LEAST_SCALE_BESIDE = 0.8
_LEAST_NOTE = 58
_NOTE_LINES = 2
_BIG = 1.6
_SMALL = 0.88
# In average characters: a title beside the sign of a stale value, or a note of two words.
_LEAST_CHARACTERS = 11


class Tile(QWidget):
    """A title, a big value with its unit, and a note: behind the title, or behind the value."""

    def __init__(self, title: str, tip: str = "") -> None:
        super().__init__()
        self.title = title
        self.tip = tip
        self.value, self.unit, self.note = "", "", ""
        self.muted = self.stale = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_value(
        self, value: str, unit: str, note: str, *, muted: bool = False, stale: bool = False
    ) -> None:
        """Paint anew when anything of it differs."""
        facts = (value, unit, note, muted, stale)
        if facts == (self.value, self.unit, self.note, self.muted, self.stale):
            return
        self.value, self.unit, self.note, self.muted, self.stale = facts
        parts = (f"{self.title}: {value}", unit, f"({note})" if note else "")
        self.setAccessibleName(" ".join(part for part in parts if part))
        text = " ".join(part for part in (value, unit, f"({note})" if note else "") if part)
        self.setToolTip(plain_tip(text) + self.tip)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        small = QFontMetricsF(self._scaled(_SMALL))
        big = QFontMetricsF(self._value_font())
        width = round(small.averageCharWidth() * _LEAST_CHARACTERS) + 2 * _PAD
        return QSize(
            width, round(2 * _PADDING_Y + small.height() + max(big.height(), 2 * small.height()))
        )

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.border))
        painter.setBrush(QColor(theme.base))
        edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(edge, _RADIUS, _RADIUS)
        ink = QColor(theme.muted_text if self.muted or self.stale else theme.text)
        top = self._paint_title(painter, QColor(theme.muted_text))
        self._paint_value(painter, ink, QColor(theme.muted_text), top)
        self._paint_note(painter, QColor(theme.muted_text), top)

    def _paint_title(self, painter: QPainter, ink: QColor) -> float:
        left = self._title_left()
        room = self.width() - _PAD - left
        wanted = QFontMetricsF(self._scaled(_SMALL)).horizontalAdvance(self.title)
        scale = max(_LEAST_TITLE_SCALE, min(1.0, room / max(wanted, 1.0)))
        painter.setFont(self._scaled(_SMALL * scale))
        painter.setPen(ink)
        metrics = QFontMetricsF(painter.font())
        # Half a pixel of rounding must not cost the last letters.
        text = metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, room + 1)
        if self.stale:
            top = round(_PADDING_Y + (metrics.height() - _SIGN) / 2)
            stale_icon(_SIGN).paint(painter, _PAD, top, _SIGN, _SIGN)
        painter.drawText(QRectF(left, _PADDING_Y, room + 1, metrics.height()), text)
        return _PADDING_Y + metrics.height()

    def _paint_value(self, painter: QPainter, ink: QColor, faint: QColor, top: float) -> None:
        font = self._value_font()
        room = self._room()
        if self._note_stands_beside():
            room -= _LEAST_NOTE
        scale = max(_LEAST_SCALE, min(1.0, room / max(self._value_width(), 1.0)))
        baseline = top + QFontMetricsF(font).ascent()
        font.setPointSizeF(font.pointSizeF() * scale)
        painter.setFont(font)
        painter.setPen(ink)
        metrics = QFontMetricsF(font)
        unit_room = self._unit_width() * scale
        text = self.value
        if scale <= _LEAST_SCALE:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room - unit_room + 1)
        painter.drawText(_PAD, round(baseline), text)
        if self.unit:
            apart = 0 if self.unit in CLOSE_UNITS else self._apart()
            left = _PAD + metrics.horizontalAdvance(text) + apart
            painter.setFont(self.font())
            painter.setPen(faint)
            painter.drawText(round(left), round(baseline), self.unit)

    def _paint_note(self, painter: QPainter, ink: QColor, top: float) -> None:
        if not self.note:
            return
        painter.setFont(self._scaled(_SMALL))
        painter.setPen(ink)
        metrics = QFontMetricsF(painter.font())
        left = self._title_left() + metrics.horizontalAdvance(self.title) + _GAP
        right = Qt.AlignmentFlag.AlignRight
        if self._note_fits_above():
            box = QRectF(left, _PADDING_Y, self.width() - _PAD - left + 1, metrics.height())
            painter.drawText(box, int(right), self.note)
            return
        if not self._note_stands_beside():
            return
        left = _PAD + min(self._value_width(), self._room() - _LEAST_NOTE) + _GAP
        height = self.height() - top - _PADDING_Y
        box = QRectF(left, top, self.width() - _PAD - left + 1, height)
        wrapped = right | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box, int(wrapped), self.note)

    def _note_fits_above(self) -> bool:
        metrics = QFontMetricsF(self._scaled(_SMALL))
        texts = metrics.horizontalAdvance(self.title) + metrics.horizontalAdvance(self.note)
        return self._title_left() - _PAD + texts + _GAP <= self._room()

    def _note_stands_beside(self) -> bool:
        """A note gives way to its value: it is in the tooltip as well."""
        if not self.note or self._note_fits_above():
            return False
        room = self._room() - self._value_width() * _LEAST_SCALE_BESIDE
        return room >= _LEAST_NOTE and self._note_lines(room - _GAP) <= _NOTE_LINES

    def _note_lines(self, room: float) -> int:
        """How many lines the note takes, or more than there may be where a word is too long."""
        metrics = QFontMetricsF(self._scaled(_SMALL))
        box = QRectF(0, 0, room, 1_000)
        needed = metrics.boundingRect(box, int(Qt.TextFlag.TextWordWrap), self.note)
        if needed.width() > room:
            return _NOTE_LINES + 1
        return round(needed.height() / metrics.lineSpacing())

    def _title_left(self) -> int:
        return _PAD + _SIGN + 4 if self.stale else _PAD

    def _room(self) -> float:
        return self.width() - 2 * _PAD

    def _apart(self) -> float:
        return QFontMetricsF(self.font()).averageCharWidth() * 0.6

    def _unit_width(self) -> float:
        if not self.unit:
            return 0.0
        return self._apart() + QFontMetricsF(self.font()).horizontalAdvance(self.unit)

    def _value_width(self) -> float:
        return QFontMetricsF(self._value_font()).horizontalAdvance(self.value) + self._unit_width()

    def _scaled(self, scale: float) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * scale)
        return font

    def _value_font(self) -> QFont:
        font = tabular(self._scaled(_BIG))
        font.setWeight(QFont.Weight.DemiBold)
        return font


class TileGrid(QWidget):
    """Tiles of one size, in as few rows as fit and evenly filled."""

    def __init__(self, tiles: Sequence[Tile]) -> None:
        super().__init__()
        self.tiles = tuple(tiles)
        for tile in self.tiles:
            tile.setParent(self)
        self._left_out: frozenset[Tile] = frozenset()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._place()

    def leave_out(self, tiles: Iterable[Tile]) -> None:
        """Show all but these."""
        left_out = frozenset(tiles)
        if left_out != self._left_out:
            self._left_out = left_out
            for tile in self.tiles:
                tile.setVisible(tile not in left_out)
            self._place()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self.tiles[0].sizeHint().width() if self.tiles else 0, self.minimumHeight())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        shown = [tile for tile in self.tiles if tile not in self._left_out]
        count = len(shown)
        if not count:
            return
        least = self.tiles[0].sizeHint().width()
        fitting = max(1, (self.width() + _GAP) // (least + _GAP))
        rows = -(-count // fitting)
        columns = -(-count // rows)
        width = (self.width() + _GAP) / columns - _GAP
        self.tiles[0].resize(round(width), self.tiles[0].height())
        height = self.tiles[0].sizeHint().height()
        for number, tile in enumerate(shown):
            row, column = divmod(number, columns)
            left = round(column * (width + _GAP))
            right = round(column * (width + _GAP) + width)
            tile.setGeometry(left, row * (height + _GAP), right - left, height)
        self.setFixedHeight(rows * (height + _GAP) - _GAP)
