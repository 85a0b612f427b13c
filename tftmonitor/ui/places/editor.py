"""The editor of one place: part of the page, never a box in front of it."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.model.fields.field import Unit
from tftmonitor.model.fields.units import shown_as
from tftmonitor.model.geo.coordinates import coordinates_text
from tftmonitor.model.places.place import NAME_LIMIT, Place, one_line
from tftmonitor.model.places.polygon import Polygon, polygon_of
from tftmonitor.model.places.shapes import LEAST_RADIUS_M, MOST_RADIUS_M, Circle
from tftmonitor.model.places.typed_points import read_point, read_points
from tftmonitor.ui.places.swatch import choose_colour, colour_combo
from tftmonitor.ui.widgets.form_keys import ends_form
from tftmonitor.ui.widgets.labels import heading, plain_label
from tftmonitor.ui.widgets.number_box import NumberBox
from tftmonitor.ui.widgets.wheel_guard import guard_wheel

_POINT_LINES: Final = 10
_POINTS_HINT: Final = "52.52, 13.40\n52.52, 13.42\n52.51, 13.41"
_NO_CIRCLE: Final = Circle(float("nan"), float("nan"), 500.0)
_NO_POLYGON: Final = Polygon(())
_EMPTY_WORDS: Final = {True: "Type or paste the centre.", False: "Type or paste the points."}


class PlaceEditor(QWidget):
    """Edits a copy; ``saved`` carries the place, ``cancelled`` when it is left as it was."""

    saved = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        # What stands in the inputs as long as nobody changes it: texts have fewer digits.
        self._shape: Circle | Polygon = _NO_CIRCLE
        self._shown: tuple[str, float] = ("", 0.0)
        self._unit = shown_as(Unit.METRE)
        self.is_changed = False
        self.title = heading("")
        self.name = QLineEdit()
        self.name.setMaxLength(NAME_LIMIT)
        self.name.setAccessibleName("Name")
        self.colour = colour_combo()
        self.centre = QLineEdit()
        self.centre.setPlaceholderText("52.52, 13.405")
        self.centre.setAccessibleName("Centre: latitude, longitude")
        self.radius = NumberBox()
        self.radius.setAccessibleName("Radius")
        self.radius.setMinimumHeight(self.colour.sizeHint().height())
        self.points = QPlainTextEdit()
        self.points.setPlaceholderText(_POINTS_HINT)
        self.points.setAccessibleName("Points: latitude, longitude, one a line")
        self.points.setTabChangesFocus(True)
        self.points.setFixedHeight(self.points.fontMetrics().lineSpacing() * _POINT_LINES)
        # Else the rows of the form would share what is left of the page.
        self.points.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.size_text = plain_label(muted=True)
        self.problem = plain_label()
        self.problem.setObjectName("error")
        self.save, self.cancel = QPushButton("Save place"), QPushButton("Cancel")
        for widget in (self.colour, self.radius):
            guard_wheel(widget)
        self._lay_out()
        self.name.textEdited.connect(self._change)
        self.centre.textEdited.connect(self._change)
        self.colour.activated.connect(self._change)
        self.radius.valueChanged.connect(self._change)
        self.points.textChanged.connect(self._change)
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self.cancelled)

    def add_circle(self, key: str) -> None:
        """Begin a new circle."""
        self._open(Place(key=key, name="", shape=_NO_CIRCLE), "New circle")

    def add_polygon(self, key: str) -> None:
        """Begin a new polygon."""
        self._open(Place(key=key, name="", shape=_NO_POLYGON), "New polygon")

    def edit(self, place: Place) -> None:
        """Show a place."""
        self._open(place, place.kind_text)

    @property
    def is_circle(self) -> bool:
        """Which of the two it edits."""
        return isinstance(self._shape, Circle)

    def place(self) -> Place:
        """The place as the inputs say it now; raises ValueError, with words, when it is none."""
        shape = self._read_shape()
        if shape.problem:
            raise ValueError(shape.problem)
        name = one_line(self.name.text())
        if not name:
            raise ValueError("Give it a name.")
        return Place(key=self._key, name=name, colour=self.colour.currentData(), shape=shape)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not ends_form(event, self._save, self.cancelled.emit):
            super().keyPressEvent(event)

    def refresh_units(self) -> None:
        """Other units are in force: the same radius in them."""
        if not self.isHidden() and isinstance(self._shape, Circle):
            before = self._radius_m()
            self.radius.blockSignals(True)
            self._show_radius(before)
            self.radius.blockSignals(False)
            if self._shape.radius_m == before:
                self._shown = (self._shown[0], self.radius.value())
            self._judge()

    def _open(self, place: Place, title: str) -> None:
        self._key, self._shape = place.key, place.shape
        self.title.setText(title)
        for widget in (self.points, self.radius):
            widget.blockSignals(True)
        self.name.setText(place.name)
        choose_colour(self.colour, place.colour)
        shape = place.shape
        text = ""
        if isinstance(shape, Circle):
            if not shape.problem:
                text = coordinates_text(shape.latitude, shape.longitude)
            self.centre.setText(text)
            self._show_radius(shape.radius_m)
        else:
            text = "\n".join(coordinates_text(*point) for point in shape.points)
            self.points.setPlainText(text)
        self._shown = (text, self.radius.value())
        for widget in (self.points, self.radius):
            widget.blockSignals(False)
        self._form.setRowVisible(self.centre, self.is_circle)
        self._form.setRowVisible(self.radius, self.is_circle)
        self._form.setRowVisible(self.points, not self.is_circle)
        self.is_changed = False
        self._judge()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_radius(self, radius_m: float) -> None:
        shown = self._unit = shown_as(Unit.METRE)
        number = shown.of(radius_m)
        self.radius.setDecimals(0 if number == round(number) else 1)
        self.radius.setRange(shown.of(LEAST_RADIUS_M), shown.of(MOST_RADIUS_M))
        self.radius.setSingleStep(50.0)
        self.radius.setSuffix(f" {shown.text}")
        self.radius.setValue(number)

    def _radius_m(self) -> float:
        if isinstance(self._shape, Circle) and self.radius.value() == self._shown[1]:
            return self._shape.radius_m
        metres = self._unit.back(self.radius.value())
        return min(max(metres, LEAST_RADIUS_M), MOST_RADIUS_M)

    def _read_shape(self) -> Circle | Polygon:
        text = self.centre.text() if self.is_circle else self.points.toPlainText()
        is_same = text == self._shown[0]
        if not text.strip():
            raise ValueError(_EMPTY_WORDS[self.is_circle])
        if isinstance(self._shape, Circle):
            same = self._shape.centre
            return Circle(*(same if is_same else read_point(text)), self._radius_m())
        return self._shape if is_same else polygon_of(read_points(text))

    def _change(self) -> None:
        self.is_changed = True
        self._judge()

    def _judge(self) -> None:
        """Say what it is now, or why it is none."""
        try:
            place = self.place()
        except ValueError as error:
            # What is only begun is told what it needs, and not blamed for it.
            self.problem.setText(str(error) if self.is_changed else "")
            self.size_text.setText("" if self.is_changed else str(error))
            self.save.setEnabled(False)
        else:
            self.problem.setText("")
            self.size_text.setText(f"{place.kind_text}, {place.size_text}")
            self.save.setEnabled(True)
        self.problem.setVisible(bool(self.problem.text()))
        self.size_text.setVisible(not self.problem.text())

    def _save(self) -> None:
        if self.save.isEnabled():
            self.saved.emit(self.place())

    def _lay_out(self) -> None:
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, widget in (
            ("Name", self.name),
            ("Colour", self.colour),
            ("Centre", self.centre),
            ("Radius", self.radius),
            ("Points", self.points),
        ):
            self._form.addRow(text, widget)
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button in (self.save, self.cancel):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addLayout(self._form)
        column.addWidget(self.size_text)
        column.addWidget(self.problem)
        column.addLayout(buttons)
        column.addStretch()
