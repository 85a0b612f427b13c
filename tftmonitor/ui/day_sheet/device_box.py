"""Chooses a device by its name: typed, or from the list of all that are known."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

_LETTERS = 22


class DeviceBox(QComboBox):
    """``device_chosen`` carries the key of the chosen one."""

    device_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Device")
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        # Measuring the names of ten thousand devices takes longer than a frame.
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.setSizeAdjustPolicy(policy)
        self.setMinimumContentsLength(_LETTERS)
        completer = QCompleter(self.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.activated.connect(lambda _text: self._settle())
        self.setCompleter(completer)
        self.activated.connect(self._choose)
        self._key = ""
        # Beside the box, because data of ten thousand items is put into it one by one.
        self._devices: Sequence[tuple[str, str]] = ()
        self._keys: list[str] = []
        line = self.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._settle)

    def show_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these, as names with keys; the chosen one stays."""
        if devices == self._devices:
            return
        self._devices = devices
        self._keys = [key for _, key in devices]
        self.clear()
        self.addItems([name for name, _ in devices])
        self.show_device(self._key)

    def show_device(self, key: str) -> None:
        """Have this one chosen; it is offered as it is where nobody knows it."""
        self._key = key
        if key and key not in self._keys:
            self._keys.append(key)
            self.addItem(key)
        self.setCurrentIndex(self._keys.index(key) if key else -1)

    def _choose(self, place: int) -> None:
        key = self._keys[place]
        if key != self._key:
            self._key = key
            self.device_chosen.emit(key)

    def _settle(self) -> None:
        """What was typed is a device, or it is taken back."""
        place = self.findText(self.currentText(), Qt.MatchFlag.MatchFixedString)
        if place >= 0:
            self.setCurrentIndex(place)
            self._choose(place)
        else:
            self.show_device(self._key)
