"""The settings: everything takes effect at once and is saved; the window makes it a dock."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.settings.group import SettingsGroup
from tftmonitor.ui.settings.names_group import NamesGroup
from tftmonitor.ui.settings.numberings_group import NumberingsGroup
from tftmonitor.ui.settings.table import ALARMS, LOOK, UNITS
from tftmonitor.ui.theme.theme import THEME, current_theme
from tftmonitor.ui.widgets.labels import plain_label, scrolled


class SettingsPane(QWidget):
    """A group a theme, most of them derived from ``settings_table``.

    ``setting_changed`` tells the name of any row's setting; the others are for those who must
    act. ``refresh`` after a setting was changed elsewhere.
    """

    setting_changed = Signal(str)
    theme_changed = Signal(str)
    zone_changed = Signal()
    sound_changed = Signal()
    awake_changed = Signal(bool)
    drill_changed = Signal()
    units_changed = Signal()
    numberings_changed = Signal()
    names_changed = Signal(dict)
    sound_test_requested = Signal()

    def __init__(
        self, settings: SettingsStore, fleet: Fleet, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._fleet = fleet
        self.problem = plain_label()
        self.problem.hide()
        self.sound_text = plain_label()
        self.awake_text = plain_label()
        self.awake_text.hide()
        self.test_sound = QPushButton("Test")
        self.test_sound.setAutoDefault(False)
        self.test_sound.setAccessibleName("Test the alarm sound")
        self.test_sound.clicked.connect(self.sound_test_requested)
        extras = {"volume": self._sound_line(), "keep_awake": self.awake_text}
        self.groups = [SettingsGroup(g, Settings, extras) for g in (LOOK, ALARMS, UNITS)]
        self.numberings = NumberingsGroup(settings)
        self.names = NamesGroup(settings, fleet)
        self._lay_out()
        self._connect()
        self.refresh()
        self._order_keys()
        self._apply_theme()

    def refresh(self) -> None:
        """Show what the settings are now."""
        for group in self.groups:
            group.show_values(self._settings.values)
        self.numberings.show_values()
        self.names.show_values()

    def tick(self) -> None:
        """Once a second while it is seen: models and devices may have been added."""
        if self.isVisible():
            self.numberings.show_models(device.model for device in self._fleet)
            self.names.tick()

    def show_sound_state(self, words: str) -> None:
        """What can be heard, in the words of ``AlarmSound.state``."""
        self.sound_text.setText(words)
        self.refresh()

    def show_awake_state(self, words: str) -> None:
        """Whether the computer is kept awake, in the words of ``KeepAwake.state``."""
        self.awake_text.setText(words)
        self.awake_text.setVisible(bool(words))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self.tick()

    def _connect(self) -> None:
        for group in self.groups:
            group.edited.connect(self._edit)
        self.numberings.added.connect(self._order_keys)
        self.numberings.edited.connect(self._show_problem)
        self.numberings.edited.connect(self.numberings_changed)
        self.names.edited.connect(self._use_names)
        # The menu chooses colours too.
        THEME.changed.connect(self.refresh)
        THEME.changed.connect(self._apply_theme)

    def _edit(self, name: str, value: Any) -> None:
        self._settings.set(name, value)
        self._show_problem()
        self._tell(name, value)
        self.setting_changed.emit(name)

    def _tell(self, name: str, value: Any) -> None:
        match name:
            case "theme":
                self.theme_changed.emit(value)
            case "zone":
                self.zone_changed.emit()
            case "sound" | "volume":
                self.sound_changed.emit()
            case "keep_awake":
                self.awake_changed.emit(value)
            case "drill_hours":
                self.drill_changed.emit()
            case "pressure_unit":
                self.units_changed.emit()

    def _use_names(self) -> None:
        self._show_problem()
        self.names_changed.emit(self._settings.values.names)

    def _show_problem(self) -> None:
        words = self._settings.problem
        self.problem.setText(f"It holds until the program ends: {words}" if words else "")
        self.problem.setVisible(bool(words))

    def _order_keys(self) -> None:
        *_, last = self.groups[1].editors.values()
        self.numberings.order_keys(last.control)

    def _sound_line(self) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.test_sound, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.sound_text, 1)
        return line

    def _lay_out(self) -> None:
        page = QWidget()
        look, alarms, units = self.groups
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(8)
        for group in (look, alarms, self.numberings, self.names, units):
            column.addWidget(group)
        column.addStretch(1)
        self.area = scrolled(page)
        # Tab stops at each control; the page itself is none.
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.problem.setContentsMargins(10, 6, 10, 4)
        outer.addWidget(self.problem)
        outer.addWidget(self.area, 1)

    def _apply_theme(self) -> None:
        palette = self.problem.palette()
        palette.setColor(palette.ColorRole.WindowText, current_theme().trouble)
        self.problem.setPalette(palette)
