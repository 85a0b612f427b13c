"""Editors of settings, derived from the type of a setting; ``group.py`` places them."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import inspect
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QWidget,
)
from typing_extensions import override

from tftmonitor.ui.settings.table import SettingRow
from tftmonitor.ui.widgets.number_box import NumberBox
from tftmonitor.ui.widgets.wheel_guard import guard_wheel

# Of numbers whose type sets no limit; a year in hours.
_LARGEST = 8_760.0
_LONGEST = 200


class SettingEditor(QWidget):
    """Shows one value. ``edited`` carries a new one, when the user has chosen it."""

    edited = Signal(object)

    def __init__(self, row: SettingRow, control: QWidget) -> None:
        super().__init__()
        self.control = control
        control.setAccessibleName(row.label)
        control.setAccessibleDescription(row.help)
        guard_wheel(control)
        self.setFocusProxy(control)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(control, 1)

    def show_value(self, value: Any) -> None:
        """Show the value without telling anybody."""
        self.control.blockSignals(True)
        self.put(value)
        self.control.blockSignals(False)

    def put(self, value: Any) -> None:
        """Write the value into the control."""
        raise NotImplementedError


class FlagEditor(SettingEditor):
    """A box to tick, with its label."""

    def __init__(self, row: SettingRow, _type: inspect.Type) -> None:
        self.box = QCheckBox(row.label)
        super().__init__(row, self.box)
        self.box.toggled.connect(self.edited.emit)

    @override
    def put(self, value: Any) -> None:
        self.box.setChecked(value)


class ChoiceEditor(SettingEditor):
    """A list of words of which one holds."""

    def __init__(self, row: SettingRow, kind: inspect.Type) -> None:
        assert isinstance(kind, inspect.LiteralType)
        self.box = QComboBox()
        # The type's own order is lost on the way.
        for value in row.words or kind.values:
            self.box.addItem(row.words.get(str(value), str(value)), value)
        super().__init__(row, self.box)
        self.box.currentIndexChanged.connect(lambda: self.edited.emit(self.box.currentData()))

    @override
    def put(self, value: Any) -> None:
        self.box.setCurrentIndex(self.box.findData(value))


class RangeEditor(SettingEditor):
    """A slider with its number; a value counts when the slider is let go."""

    def __init__(self, row: SettingRow, kind: inspect.Type) -> None:
        assert isinstance(kind, inspect.IntType)
        self._suffix = row.suffix
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(kind.ge or 0, kind.le or int(_LARGEST))
        self.slider.setPageStep(10)
        # Each value is written to disk: not a hundred on the way.
        self.slider.setTracking(False)
        super().__init__(row, self.slider)
        self.number = QLabel()
        self._show_number(self.slider.maximum())
        self.number.setMinimumWidth(self.number.sizeHint().width())
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = self.layout()
        assert line is not None
        line.addWidget(self.number)
        self.slider.sliderMoved.connect(self._show_number)
        self.slider.valueChanged.connect(self._show_number)
        self.slider.valueChanged.connect(self.edited.emit)

    @override
    def put(self, value: Any) -> None:
        self.slider.setValue(value)
        self._show_number(value)

    def _show_number(self, value: int) -> None:
        self.number.setText(f"{value}{self._suffix}")


class NumberEditor(SettingEditor):
    """A number with its unit; it counts when it is typed to the end."""

    def __init__(self, row: SettingRow, kind: inspect.Type) -> None:
        assert isinstance(kind, (inspect.IntType, inspect.FloatType))
        self._whole = isinstance(kind, inspect.IntType)
        self.box = NumberBox(trims=True)
        self.box.setDecimals(0 if self._whole else 1)
        above = (kind.gt or 0) + (1 if self._whole else 0.1)
        least = above if kind.ge is None else kind.ge
        self.box.setRange(least, _LARGEST if kind.le is None else kind.le)
        self.box.setSuffix(row.suffix)
        self.box.setKeyboardTracking(False)
        super().__init__(row, self.box)
        self.box.valueChanged.connect(self._tell)

    @override
    def put(self, value: Any) -> None:
        self.box.setValue(value)

    def _tell(self, value: float) -> None:
        self.edited.emit(round(value) if self._whole else value)


class TextEditor(SettingEditor):
    """A line of text; it counts when it is typed to the end."""

    def __init__(self, row: SettingRow, _type: inspect.Type) -> None:
        self.line = QLineEdit()
        self.line.setMaxLength(_LONGEST)
        if row.is_secret:
            self.line.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        super().__init__(row, self.line)
        self.line.editingFinished.connect(lambda: self.edited.emit(self.line.text().strip()))

    @override
    def put(self, value: Any) -> None:
        self.line.setText(value)


class ListedEditor(SettingEditor):
    """A text that can be written, or chosen from a list of words; it counts when it is left."""

    def __init__(self, row: SettingRow, _type: inspect.Type) -> None:
        self.box = QComboBox()
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._line = QLineEdit()
        self._line.setMaxLength(_LONGEST)
        self._line.setAccessibleName(row.label)
        self.box.setLineEdit(self._line)
        super().__init__(row, self.box)
        self._line.editingFinished.connect(self._tell)
        self.box.activated.connect(self._choose)

    def offer(self, listed: Mapping[str, str]) -> None:
        """What can be chosen: value -> words."""
        text = self._line.text()
        self.box.blockSignals(True)
        self.box.clear()
        for value, words in listed.items():
            self.box.addItem(words if value in {"", words} else f"{words}  ({value})", value)
        self.box.blockSignals(False)
        self._line.setPlaceholderText(listed.get("", ""))
        self._line.setText(text)

    @override
    def put(self, value: Any) -> None:
        self._line.setText(value)

    def _choose(self, place: int) -> None:
        self._line.setText(str(self.box.itemData(place)))
        self._tell()

    def _tell(self) -> None:
        self.edited.emit(self._line.text().strip())


def make_editor(settings: type[msgspec.Struct], row: SettingRow) -> SettingEditor:
    """The editor for this row's attribute; TypeError for a type that has none."""
    described = inspect.type_info(settings)
    assert isinstance(described, inspect.StructType)
    kind = next(f.type for f in described.fields if f.name == row.name)
    if isinstance(kind, inspect.BoolType):
        return FlagEditor(row, kind)
    if isinstance(kind, inspect.LiteralType):
        return ChoiceEditor(row, kind)
    if isinstance(kind, inspect.IntType) and None not in {kind.ge, kind.le}:
        return RangeEditor(row, kind)
    if isinstance(kind, (inspect.IntType, inspect.FloatType)):
        return NumberEditor(row, kind)
    if isinstance(kind, inspect.StrType):
        return ListedEditor(row, kind) if row.has_list else TextEditor(row, kind)
    raise TypeError(f"no editor for {row.name} of {type(kind).__name__}")
