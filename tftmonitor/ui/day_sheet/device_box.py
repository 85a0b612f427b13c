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
        line = self.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._settle)

    def show_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these, as names with keys; the chosen one stays."""
        if devices == [(self.itemText(n), self.itemData(n)) for n in range(self.count())]:
            return
        self.blockSignals(True)
        self.clear()
        for name, key in devices:
            self.addItem(name, key)
        self.blockSignals(False)
        self.show_device(self._key)

    def show_device(self, key: str) -> None:
        """Have this one chosen; it is offered as it is where nobody knows it."""
        self._key = key
        place = self.findData(key)
        if place < 0 and key:
            self.addItem(key, key)
            place = self.count() - 1
        self.setCurrentIndex(place)

    def _choose(self, place: int) -> None:
        key = self.itemData(place)
        if isinstance(key, str) and key != self._key:
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
