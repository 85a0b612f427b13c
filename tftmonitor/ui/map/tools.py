"""The buttons on the map: nearer, farther, all devices, follow, measure; and what is left out."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtWidgets import QFrame, QPushButton, QToolButton, QVBoxLayout, QWidget

from tftmonitor.ui.theme.icons import action_icon

_INSET: Final = 8
_ABOVE_SCALE: Final = 40
_LOW: Final = 240
"""Below this height of the map there is room for the first buttons only; all have keys."""


class MapTools:
    """The buttons of a canvas; ``place`` them when it has another size."""

    def __init__(
        self,
        canvas: QWidget,
        zoom: Callable[[float], object],
        show_all: Callable[[], object],
        centre: Callable[[], object],
    ) -> None:
        self._canvas = canvas
        self.frame = QFrame(canvas)
        self.frame.setObjectName("mapTools")
        self.frame.setAutoFillBackground(True)
        column = QVBoxLayout(self.frame)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(1)
        self._buttons: dict[QToolButton, str] = {}
        self.nearer = self._add(column, "plus", "Nearer (+)", lambda: zoom(1.0))
        self.farther = self._add(column, "minus", "Farther (−)", lambda: zoom(-1.0))
        self.all = self._add(column, "maximize", "All devices (Ctrl+0)", show_all)
        self.centre = self._add(column, "locate", "To the chosen device (M)", centre)
        self.follow = self._add(column, "locate-fixed", "Follow it (Shift+M)")
        self.trail = self._add(column, "route", "Trail of the chosen device…")
        self.places = self._add(column, "map-pin", "Places of your own…")
        self.measure = self._add(column, "ruler", "Measure along clicks (Esc ends it)")
        for button in (self.follow, self.measure):
            button.setCheckable(True)
        self.left_out = QPushButton(canvas)
        self.left_out.setObjectName("mapLeftOut")
        self.left_out.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.left_out.hide()
        self.coarse = QPushButton("Coarse from here on. Streets…", canvas)
        self.coarse.setToolTip("The built-in map has no more detail: choose a source of streets")
        self.coarse.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.coarse.hide()
        self.apply_theme()

    def apply_theme(self) -> None:
        """Draw the signs in the colours of the theme that is on."""
        for button, icon in self._buttons.items():
            button.setIcon(action_icon(icon))

    def set_left_out(self, count: int) -> None:
        """Say how many devices have no place, or one that is not believed."""
        self.left_out.setVisible(count > 0)
        many = "position" if count == 1 else "positions"
        text = f"{count} {many} left out…"
        if self.left_out.text() != text:
            self.left_out.setText(text)
            self.left_out.setToolTip("Devices that the map does not show, or not where they say")
            self.place()

    def set_coarse(self, *, coarse: bool) -> None:
        """Say that the ground has no more detail than this."""
        if coarse != self.coarse.isVisibleTo(self._canvas):
            self.coarse.setVisible(coarse)
            self.place()

    def place(self) -> None:
        """Put them to the edges of the canvas."""
        is_low = self._canvas.height() < _LOW
        for button in (self.centre, self.follow, self.trail, self.places, self.measure):
            button.setVisible(not is_low)
        self.frame.adjustSize()
        self.frame.move(self._canvas.width() - self.frame.width() - _INSET, _INSET)
        self.left_out.adjustSize()
        high = self._canvas.height() - self.left_out.height() - _ABOVE_SCALE
        self.left_out.move(QPoint(_INSET, max(high, 0)))
        self.coarse.adjustSize()
        if not self.left_out.isHidden():
            high -= self.coarse.height() + 4
        self.coarse.move(QPoint(_INSET, max(high, 0)))

    def covered(self) -> list[QRectF]:
        """Where they lie on the canvas."""
        shown = [self.frame, *(b for b in (self.left_out, self.coarse) if not b.isHidden())]
        return [QRectF(widget.geometry()) for widget in shown]

    def _add(
        self,
        column: QVBoxLayout,
        icon: str,
        text: str,
        act: Callable[[], object] | None = None,
    ) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setIconSize(QSize(16, 16))
        button.setToolTip(text)
        button.setAccessibleName(text.partition(" (")[0])
        # The map itself has the keys; Tab goes through its devices.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if act is not None:
            button.clicked.connect(lambda _on=False: act())
        self._buttons[button] = icon
        column.addWidget(button)
        return button
