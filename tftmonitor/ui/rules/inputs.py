"""What the editor asks for a condition: one input for each row of its table, made from the row."""

from typing import Any

from PySide6.QtCore import Qt, QTime, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QTimeEdit, QWidget

from tftmonitor.model.fields.field import Unit
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fields.units import ShownUnit, shown_as, unit_text
from tftmonitor.model.places.store import Places
from tftmonitor.model.rules.condition import Condition
from tftmonitor.model.rules.kinds import (
    FIELDS,
    Ask,
    AskKind,
    ConditionKind,
    build,
    fields_for,
    suggest,
)
from tftmonitor.model.rules.surroundings import PlaceRef
from tftmonitor.protocol.channels import Channel
from tftmonitor.ui.rules.place_combo import fill_places
from tftmonitor.ui.widgets.labels import plain_label
from tftmonitor.ui.widgets.number_box import NumberBox
from tftmonitor.ui.widgets.wheel_guard import guard_wheel

_WIDEST = "Severity"
_CHOICES: dict[AskKind, list[tuple[str, Any]]] = {
    AskKind.ON_OFF: [("on", True), ("off", False)],
    AskKind.SIDE: [("outside of the place", False), ("in the place", True)],
    AskKind.CHANNEL: [("either", None), *((channel.value, channel.value) for channel in Channel)],
}
_MOST_DIGITS = 6
_OF_FIELD = frozenset({AskKind.LIMIT, AskKind.BACK})


class ConditionInputs(QWidget):
    """The inputs of one kind of condition; ``changed`` after each change by the user."""

    changed = Signal()

    def __init__(
        self,
        row: ConditionKind,
        places: Places | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.row = row
        self._places = places or Places()
        # What the shown condition calls its place, for one that is gone.
        self._place = PlaceRef()
        self._inputs: dict[str, QWidget] = {}
        # The units in which the limits stand there now.
        self._shown: dict[str, ShownUnit] = {}
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for ask in row.asks:
            made = self._make(ask)
            made.setToolTip(ask.help)
            made.setAccessibleName(ask.label)
            guard_wheel(made)
            self._inputs[ask.name] = made
            form.addRow(caption(ask.label), made)
        if row.help:
            form.addRow(caption(""), plain_label(row.help))
        self._suggest()
        self.changed.connect(self._show_sides)
        self._show_sides()

    def input(self, name: str) -> QWidget:
        """The input of one attribute; KeyError for others."""
        return self._inputs[name]

    def widgets(self) -> list[QWidget]:
        """The inputs, in the order in which they are seen."""
        return list(self._inputs.values())

    def condition(self) -> Condition:
        """What the inputs say now."""
        return build(self.row, {ask.name: self._answer(ask) for ask in self.row.asks})

    def show_condition(self, condition: Condition) -> None:
        """Put a condition of this kind into the inputs."""
        for ask in self.row.asks:
            value, made = getattr(condition, ask.name), self._inputs[ask.name]
            if isinstance(made, NumberBox):
                number = self._to_shown(ask, float(value))
                # More digits than are usual must not be lost by looking at them.
                made.setDecimals(max(made.decimals(), _digits(number)))
                made.setValue(number)
            elif isinstance(made, QTimeEdit):
                made.setTime(QTime(0, 0).addSecs(int(value) * 60))
            elif isinstance(made, QComboBox):
                self._choose(ask, made, value)
        self._show_sides()

    def _answer(self, ask: Ask) -> Any:
        made = self._inputs[ask.name]
        if isinstance(made, NumberBox):
            return self._from_shown(ask, made.value())
        if isinstance(made, QTimeEdit):
            return made.time().hour() * 60 + made.time().minute()
        if ask.kind is AskKind.PLACE:
            return self._place_of(_combo(made).currentData())
        return _combo(made).currentData()

    def refresh_units(self) -> None:
        """Show the same limits in the units that are in force now."""
        condition = self.condition()
        self._show_units()
        self.show_condition(condition)

    def _to_shown(self, ask: Ask, value: float) -> float:
        """What stands in the input of a number; a way back is a difference and has no offset."""
        shown = self._shown.get(ask.name)
        if shown is None:
            return value
        return round(shown.of(value) - shown.offset * (ask.kind is AskKind.BACK), _MOST_DIGITS)

    def _from_shown(self, ask: Ask, number: float) -> float:
        shown = self._shown.get(ask.name)
        if shown is None:
            return number
        return shown.back(number + shown.offset * (ask.kind is AskKind.BACK))

    def _place_of(self, key: str) -> PlaceRef:
        known = self._place if self._place.key == key else PlaceRef(key)
        return known.as_now(self._places)

    def _choose(self, ask: Ask, combo: QComboBox, value: Any) -> None:
        name = value
        if isinstance(value, PlaceRef):
            self._place = value
            name, value = value.name, value.key
        place = combo.findData(value)
        if place < 0 and not (ask.kind is AskKind.PLACE and not value):
            combo.addItem(f"{name} (no longer exists)", value)
            place = combo.count() - 1
        combo.blockSignals(True)
        combo.setCurrentIndex(place)
        combo.blockSignals(False)
        if ask.kind in FIELDS:
            self._show_units()

    def _make(self, ask: Ask) -> QWidget:
        if ask.kind in FIELDS:
            return self._make_field(ask)
        if ask.kind is AskKind.TIME_OF_DAY:
            return self._make_time(ask)
        if ask.kind is AskKind.PLACE:
            return self._make_place(ask)
        words: list[tuple[str, Any]] = [(word, word) for word in ask.words]
        choices = words or _CHOICES.get(ask.kind)
        return self._make_number(ask) if choices is None else self._make_choice(choices)

    def _make_number(self, ask: Ask) -> QWidget:
        spin = NumberBox()
        spin.setRange(ask.low, ask.high)
        spin.setDecimals(ask.digits)
        spin.setSuffix(ask.suffix)
        spin.setSpecialValueText(ask.at_zero)
        spin.setValue(ask.default)
        spin.setMinimumHeight(new_combo().sizeHint().height())
        spin.valueChanged.connect(self.changed)
        return spin

    def _show_sides(self) -> None:
        """Anywhere has no inside."""
        asks = {ask.kind: ask for ask in self.row.asks}
        if AskKind.SIDE in asks and AskKind.PLACE in asks:
            place = self._answer(asks[AskKind.PLACE])
            self._inputs[asks[AskKind.SIDE].name].setEnabled(bool(place.key))

    def _make_time(self, ask: Ask) -> QWidget:
        edit = QTimeEdit(QTime(0, 0).addSecs(int(ask.default) * 60))
        edit.setDisplayFormat("HH:mm")
        edit.setMinimumHeight(new_combo().sizeHint().height())
        edit.timeChanged.connect(self.changed)
        return edit

    def _make_place(self, ask: Ask) -> QWidget:
        combo = new_combo()
        fill_places(combo, self._places, ask.at_zero)
        combo.currentIndexChanged.connect(self.changed)
        return combo

    def _make_field(self, ask: Ask) -> QWidget:
        combo = new_combo()
        for field in fields_for(ask):
            unit = unit_text(field.spec)
            combo.addItem(f"{field.spec.label} ({unit})" if unit else field.spec.label, field.name)
            combo.setItemData(combo.count() - 1, field.spec.help, Qt.ItemDataRole.ToolTipRole)
        combo.currentIndexChanged.connect(self._field_chosen)
        return combo

    def _make_choice(self, choices: list[tuple[str, Any]]) -> QWidget:
        combo = new_combo()
        for text, value in choices:
            combo.addItem(text, value)
        combo.currentIndexChanged.connect(self.changed)
        return combo

    def _field_chosen(self) -> None:
        self._suggest()
        self.changed.emit()

    def _suggest(self) -> None:
        """Begin with limits that make sense for the field chosen."""
        self._show_units()
        for other in self.row.asks:
            spin = self._inputs[other.name]
            if other.unit is not None and isinstance(spin, NumberBox):
                spin.setValue(self._to_shown(other, other.default))
        ask = next((ask for ask in self.row.asks if ask.kind is AskKind.NUMERIC_FIELD), None)
        field = STATUS_FIELDS.by_name.get(self._answer(ask)) if ask else None
        if field is None:
            return
        values = dict(
            zip((AskKind.LIMIT, AskKind.BACK), suggest(field, self.row.above), strict=True)
        )
        for other in self.row.asks:
            if other.kind in _OF_FIELD:
                spin = self._inputs[other.name]
                assert isinstance(spin, NumberBox)
                spin.blockSignals(True)
                spin.setValue(self._to_shown(other, values[other.kind]))
                spin.blockSignals(False)

    def _show_units(self) -> None:
        """Put the units in force behind the limits, with ranges and decimals to fit."""
        names = [self._answer(ask) for ask in self.row.asks if ask.kind in FIELDS]
        field = STATUS_FIELDS.by_name.get(names[0]) if names else None
        for ask in self.row.asks:
            spin = self._inputs[ask.name]
            if ask.kind not in _OF_FIELD or not isinstance(spin, NumberBox):
                continue
            unit = ask.unit or (field.spec.unit if field else Unit.NONE)
            digits = field.spec.digits if field else ask.digits if ask.unit else _MOST_DIGITS
            shown = self._shown[ask.name] = shown_as(unit)
            spin.setDecimals(shown.digits(digits))
            spin.setRange(self._to_shown(ask, ask.low), self._to_shown(ask, ask.high))
            spin.setSuffix(f" {shown.text}" if shown.text else "")
            spin.setSingleStep(10.0 ** -min(digits, 1) if field else 10.0 ** -shown.digits(digits))


def caption(text: str) -> QLabel:
    """The label of an input; all are as wide, so that several forms stand in line."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setMinimumWidth(label.fontMetrics().horizontalAdvance(_WIDEST) + 6)
    return label


def new_combo() -> QComboBox:
    """A combo box that gives way in a narrow pane."""
    combo = QComboBox()
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(12)
    combo.setMaxVisibleItems(20)
    return combo


def _combo(widget: QWidget) -> QComboBox:
    assert isinstance(widget, QComboBox)
    return widget


def _digits(value: float) -> int:
    """Decimals that a number needs, at most six."""
    return len(f"{round(value, 6):.6f}".rstrip("0").partition(".")[2])
