"""The one field for numbers: takes a point and a comma, and says what it does not take."""

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QFocusEvent, QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QWidget
from typing_extensions import override

from tftmonitor.base.number_text import NumberError, read_number
from tftmonitor.ui.widgets.passing_word import PassingWord

_TEXT_MARGIN = 5
_TYPED = frozenset("0123456789.,+- '\u066b\u066c\u2212")


class NumberBox(QDoubleSpinBox):
    """A number that is written with a point, as all sentences of the program write them.

    What cannot be read, or could be two numbers, is ``refused`` in words as soon as the user is
    done with it, and the number of before stays. ``trims`` writes 24 instead of 24.0.
    """

    refused = Signal(str)

    # Asked for while the base class is being made.
    _trims = False
    _before = 0.0

    def __init__(self, parent: QWidget | None = None, *, trims: bool = False) -> None:
        super().__init__(parent)
        self._trims = trims
        self.word = PassingWord(self)
        self.lineEdit().textEdited.connect(self.word.hide)
        # The style sheet cannot say it: a padding of the box does not reach its line.
        self.lineEdit().setTextMargins(_TEXT_MARGIN, 0, 0, 0)
        self.setLocale(QLocale.c())

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._before = self.value()
        super().focusInEvent(event)

    @override
    def textFromValue(self, value: float) -> str:
        return (
            self.locale().toString(value, "g", 6) if self._trims else super().textFromValue(value)
        )

    @override
    def valueFromText(self, text: str) -> float:
        found = self._read(text)
        return self.value() if isinstance(found, str) else found

    @override
    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        found = self._read(text)
        if not isinstance(found, str):
            state = QValidator.State.Acceptable
        elif all(sign in _TYPED or sign.isdecimal() for sign in self._bare(text)):
            state = QValidator.State.Intermediate
        else:
            state = QValidator.State.Invalid
        return state, text, place

    @override
    def fixup(self, text: str) -> str:
        """The user is done with what cannot be taken."""
        found = self._read(text)
        why = found if isinstance(found, str) else ""
        kept = self.textFromValue(self._before)
        self.setValue(self._before)
        if why:
            words = f"{why} {self.prefix()}{kept}{self.suffix()} stays."
            self.word.show(words)
            self.refused.emit(words)
        return f"{self.prefix()}{kept}{self.suffix()}"

    def _read(self, text: str) -> float | str:
        """The number, or in words why it is not taken."""
        bare = self._bare(text)
        if self.specialValueText() and text == self.specialValueText():
            return self.minimum()
        if bare == self.textFromValue(self.value()):
            return self.value()  # as it was written here, whatever it looks like
        try:
            number = read_number(bare)
        except NumberError as error:
            return str(error)
        if not self.minimum() <= number <= self.maximum():
            low, high = self.textFromValue(self.minimum()), self.textFromValue(self.maximum())
            return f"{bare} is not between {low} and {high}."
        if round(number, self.decimals()) != number:
            digits = self.decimals()
            most = f"has more than {digits} decimals" if digits else "is no whole number"
            return f"{bare} {most}."
        return number

    def _bare(self, text: str) -> str:
        return text.removeprefix(self.prefix()).removesuffix(self.suffix()).strip()
