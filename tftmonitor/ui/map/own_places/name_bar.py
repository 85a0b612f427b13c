"""Names what has just been drawn: a line over the map, without leaving it."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.model.places.place import COLOURS, NAME_LIMIT, one_line
from tftmonitor.model.places.polygon import Polygon
from tftmonitor.model.places.shapes import Circle
from tftmonitor.ui.widgets.wheel_guard import guard_wheel

_INSET = 8


class NameBar(QFrame):
    """``save`` is called with name, colour and shape; an empty name is asked for again."""

    def __init__(
        self, canvas: QWidget, save: Callable[[str, str, Circle | Polygon], object]
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._save = canvas, save
        self.shape_drawn: Circle | Polygon | None = None
        self.setObjectName("mapNameBar")
        self.setAutoFillBackground(True)
        self.name = QLineEdit()
        self.name.setMaxLength(NAME_LIMIT)
        self.name.setPlaceholderText("Name of the place")
        self.name.setAccessibleName("Name of the place")
        self.name.setMinimumWidth(90)
        self.colour = QComboBox()
        self.colour.setAccessibleName("Colour of the place")
        for word, value in COLOURS:
            self.colour.addItem(_swatch(value), word, value)
        guard_wheel(self.colour)
        self.save_button, self.cancel_button = QPushButton("Save"), QPushButton("Cancel")
        # Two lines: beside the other panes a map is narrower than all of it in one.
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 4)
        column.setSpacing(4)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(QLabel("New place"))
        first.addWidget(self.name, 1)
        second.addWidget(self.colour, 1)
        second.addWidget(self.save_button)
        second.addWidget(self.cancel_button)
        column.addLayout(first)
        column.addLayout(second)
        self.name.textChanged.connect(self._show_state)
        self.save_button.clicked.connect(self.finish)
        self.cancel_button.clicked.connect(self.close_bar)
        self.name.installEventFilter(self)
        self.hide()

    def ask(self, shape: Circle | Polygon) -> None:
        """Ask for the name of this shape."""
        self.shape_drawn = shape
        self.name.clear()
        self._show_state()
        self.adjustSize()
        self.resize(min(self.width(), self._canvas.width() - 2 * _INSET), self.height())
        self.move(_INSET, _INSET)
        self.show()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_bar(self) -> None:
        """Forget the shape."""
        self.shape_drawn = None
        # First the focus: hidden with it, the bar would have Qt go on to a device of the map.
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        # Taken here: from the line they would go on to the map, which opens a device by Enter.
        act = _KEYS.get(Qt.Key(event.key()))
        if act is None:
            return super().eventFilter(watched, event)
        act(self)
        return True

    def _show_state(self) -> None:
        self.save_button.setEnabled(bool(one_line(self.name.text())))

    def finish(self) -> None:
        """Save it under the name that was typed; without one nothing happens."""
        name, shape = one_line(self.name.text()), self.shape_drawn
        if name and shape is not None:
            self._save(name, str(self.colour.currentData()), shape)
            self.close_bar()


_KEYS: Final[Mapping[Qt.Key, Callable[[NameBar], None]]] = {
    Qt.Key.Key_Escape: NameBar.close_bar,
    Qt.Key.Key_Return: NameBar.finish,
    Qt.Key.Key_Enter: NameBar.finish,
}


def _swatch(value: str) -> QIcon:
    pixmap = QPixmap(14, 14)
    pixmap.fill(QColor(value))
    return QIcon(pixmap)
