"""For whom a rule holds: all, some models or devices, ticked in a list, or a part of the name."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tftmonitor.base.text_search import folded
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.ui.rules.tick_list import TickList
from tftmonitor.ui.tables.tick_delegate import TickDelegate
from tftmonitor.ui.widgets.labels import plain_label

ALL, MODELS, DEVICES, NAMED = range(4)
_CHOICES: Final = ("All devices", "Selected models", "Selected devices", "Devices by name")
_LONGEST_NAME: Final = 80
_LIST_HEIGHT: Final = 110


class RuleScope(QWidget):
    """A choice of four, and the list or the line that belongs to it."""

    changed = Signal()

    def __init__(self, fleet: Fleet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fleet = fleet
        self._chosen: dict[int, set[str]] = {MODELS: set(), DEVICES: set()}
        self.choice = QComboBox()
        self.choice.addItems(_CHOICES)
        self.choice.setAccessibleName("Scope")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        self.search.setAccessibleName("Search models or devices")
        self.search.setClearButtonEnabled(True)
        self.name = QLineEdit()
        self.name.setPlaceholderText("Part of the name, as TRL")
        self.name.setAccessibleName("Part of the name")
        self.name.setMaxLength(_LONGEST_NAME)
        self.name.setToolTip("Holds for every device whose name has it, also for those that come")
        self.named_now = plain_label(muted=True)
        self.tick_all = QPushButton()
        self.tick_all.setAutoDefault(False)
        self.list = TickList()
        self.view = QListView()
        self.view.setModel(self.list)
        self.view.setUniformItemSizes(True)
        self.view.setItemDelegate(TickDelegate(self.view))
        self.view.setAccessibleName("Models or devices")
        self.view.setFixedHeight(_LIST_HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        finding = QHBoxLayout()
        finding.setSpacing(5)
        finding.addWidget(self.search, 1)
        finding.addWidget(self.tick_all)
        column.addWidget(self.choice)
        column.addLayout(finding)
        column.addWidget(self.view)
        column.addWidget(self.name)
        column.addWidget(self.named_now)
        self.name.textChanged.connect(self._show_named)
        self.choice.currentIndexChanged.connect(self._switch)
        self.search.textChanged.connect(self.list.search)
        self.list.modelReset.connect(self._show_tick_all)
        self.list.ticked.connect(self._ticked)
        self.tick_all.clicked.connect(lambda: self.list.tick_shown(not self.list.all_ticked))
        self._switch()

    @property
    def models(self) -> tuple[str, ...]:
        """The models ticked, when models were chosen."""
        return self._of(MODELS)

    @property
    def devices(self) -> tuple[str, ...]:
        """The keys of the devices ticked, when devices were chosen."""
        return self._of(DEVICES)

    @property
    def named(self) -> str:
        """The part of the name, when that was chosen."""
        return self.name.text().strip() if self.choice.currentIndex() == NAMED else ""

    def show_scope(
        self, models: tuple[str, ...], devices: tuple[str, ...], named: str = ""
    ) -> None:
        """Put a rule's scope into the inputs; one with several (made by hand) keeps its devices."""
        self._chosen = {MODELS: set(models), DEVICES: set(devices)}
        self.name.setText(named)
        place = DEVICES if devices else MODELS if models else NAMED if named else ALL
        self.choice.blockSignals(True)
        self.choice.setCurrentIndex(place)
        self.choice.blockSignals(False)
        self._fill()

    def problem(self) -> str:
        """Why this is no scope; empty when it is one."""
        place = self.choice.currentIndex()
        if place == NAMED:
            return "" if self.named else "Say what the names have in common."
        if place == ALL or self._chosen[place]:
            return ""
        return f"Select at least one {'model' if place == MODELS else 'device'}."

    def words(self) -> str:
        """What the sentence of a rule says of its scope; empty when it holds for all."""
        place = self.choice.currentIndex()
        if place == NAMED:
            return f"devices named “{self.named}”" if self.named else ""
        count = 0 if place == ALL else len(self._chosen[place])
        if not count:
            return ""
        noun = "model" if place == MODELS else "device"
        return f"{count} {noun}{'s' * (count != 1)}"

    def _of(self, place: int) -> tuple[str, ...]:
        if self.choice.currentIndex() != place:
            return ()
        return tuple(sorted(self._chosen[place]))

    def _switch(self) -> None:
        self._fill()
        self.changed.emit()

    def _fill(self) -> None:
        place = self.choice.currentIndex()
        for widget in (self.search, self.tick_all):
            widget.setVisible(place == DEVICES)
        self.view.setVisible(place in self._chosen)
        for line in (self.name, self.named_now):
            line.setVisible(place == NAMED)
        self.search.clear()
        if place == MODELS:
            models = sorted({device.model for device in self._fleet if device.model})
            self.list.set_choices([(model, model) for model in models], self._chosen[MODELS])
        elif place == DEVICES:
            devices = [(device.key, device.label) for device in self._fleet]
            devices.sort(key=lambda pair: folded(pair[1]))
            self.list.set_choices(devices, self._chosen[DEVICES])

    def _show_named(self) -> None:
        wanted = folded(self.name.text().strip())
        count = sum(wanted in folded(device.label) for device in self._fleet) if wanted else 0
        many = "device has" if count == 1 else "devices have"
        self.named_now.setText(f"{count} {many} it now." if wanted else "")
        self.changed.emit()

    def _ticked(self) -> None:
        self._chosen[self.choice.currentIndex()] = set(self.list.chosen)
        self._show_tick_all()
        self.changed.emit()

    def _show_tick_all(self) -> None:
        count = self.list.rowCount()
        verb = "Untick" if count and self.list.all_ticked else "Tick"
        self.tick_all.setText(f"{verb} all {count}")
        self.tick_all.setToolTip("All devices that the search leaves in the list")
        self.tick_all.setAccessibleName(f"{self.tick_all.text()} devices in the list")
        self.tick_all.setEnabled(count > 0)
