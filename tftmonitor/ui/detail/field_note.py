"""The line below the tree of fields: where the meaning of the chosen field is from."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from tftmonitor.model.fields.field import Field
from tftmonitor.model.fleet.device import Device
from tftmonitor.ui.detail.confirmed_meanings import how_to_check, model_of
from tftmonitor.ui.detail.reading import is_guessed, sentence
from tftmonitor.ui.widgets.labels import plain_label

_NONE_CHOSEN = "Choose a field to read what its meaning rests on."
_CONFIRM = "I have checked it on this model"
_REVOKE = "No longer confirmed"


class FieldNote(QWidget):
    """Says what is guessed and how to check it; ``confirmed(name, yes)`` when it was checked."""

    confirmed = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._field: Field | None = None
        self._is_confirmed = False
        self.text = plain_label(muted=True)
        # Three lines at the usual width: the tree above must not move with each choice.
        self.text.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self.button = QPushButton()
        self.button.clicked.connect(self._click)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.text, 1)
        line.addWidget(self.button)
        self.show_field(None, None, is_confirmed=False)

    def show_field(self, field: Field | None, device: Device | None, *, is_confirmed: bool) -> None:
        """Speak of this field of this device; None says that a field can be chosen."""
        self._field, self._is_confirmed = field, is_confirmed
        guessed = field is not None and is_guessed(field)
        self.button.setVisible(guessed)
        if field is None or device is None:
            self.text.setText(_NONE_CHOSEN)
            return
        model = model_of(device)
        self.button.setText(_REVOKE if is_confirmed else _CONFIRM)
        self.button.setEnabled(bool(model))
        self.text.setText(_words(field, model, is_confirmed=is_confirmed))

    def _click(self) -> None:
        if self._field is not None:
            self.confirmed.emit(self._field.name, not self._is_confirmed)


def _words(field: Field, model: str, *, is_confirmed: bool) -> str:
    spec = field.spec
    help_text = f" {sentence(spec.help)}." if spec.help else ""
    if not is_guessed(field):
        return f"{spec.label}: the meaning is {spec.confidence.value}.{help_text}"
    if is_confirmed:
        return f"{spec.label}: you have confirmed the meaning on {model}.{help_text}"
    guess = f'That "{field.wire}" means "{spec.label}" is guessed from its name.'
    if not model:
        return f"{guess} The device names no model that it could be confirmed for.{help_text}"
    return f"{guess} To confirm it, {how_to_check(field)}.{help_text}"
