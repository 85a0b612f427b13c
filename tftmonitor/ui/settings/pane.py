"""The settings: everything takes effect at once and is saved; the window makes it a dock."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.base.tasks import TaskScope
from tftmonitor.link.network import network_of
from tftmonitor.link.tls import ca_problem
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.settings.group import SettingsGroup
from tftmonitor.ui.settings.names_group import NamesGroup
from tftmonitor.ui.settings.numberings_group import NumberingsGroup
from tftmonitor.ui.settings.table import GROUPS, SettingGroup
from tftmonitor.ui.theme.theme import current_theme
from tftmonitor.ui.widgets.labels import plain_label, scrolled
from tftmonitor.ui.widgets.pane import Pane

# So many groups stand before the two that have no rows in the table.
_BEFORE = 2


class SettingsPane(Pane):
    """A group a theme, most of them derived from ``settings/table.py``.

    It gives the store what was chosen; who must act listens to the store. It shows what is
    changed elsewhere.
    """

    sound_test_requested = Signal()

    def __init__(
        self,
        settings: SettingsStore,
        fleet: Fleet,
        parent: QWidget | None = None,
        *,
        scope: TaskScope,
        groups: Sequence[SettingGroup] = GROUPS,
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
        self.ca_text = plain_label()
        self.ca_text.hide()
        self._ca_file = ""
        extras = {
            "volume": self._sound_line(),
            "keep_awake": self.awake_text,
            "ca_file": self.ca_text,
        }
        self.groups = [SettingsGroup(group, settings.schema, extras) for group in groups]
        self.numberings = NumberingsGroup(settings)
        self.names = NamesGroup(settings, fleet, scope)
        self._lay_out()
        self._connect()
        self.refresh()
        self._order_keys()
        self.apply_theme()

    def refresh(self) -> None:
        """Show what the settings are now."""
        for group in self.groups:
            group.show_values(self._settings.values)
        self.numberings.show_values()
        self.names.show_values()
        self._show_ca_file()

    @override
    def tick(self) -> None:
        # Models and devices may have been added.
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
        self._settings.changed.add(self._show_change)

    def _edit(self, name: str, value: object) -> None:
        try:
            self._settings.set(name, value)
        except ValueError as error:
            self._show_problem(f"Not changed: {error}")
            self.refresh()

    def _show_change(self, _name: str) -> None:
        problem = self._settings.problem
        self._show_problem(f"It holds until the program ends: {problem}" if problem else "")
        self.refresh()

    def _show_ca_file(self) -> None:
        """Whether the certificates can be used; asked of the disk when it is another file."""
        name = self._settings.values.ca_file
        if name != self._ca_file:
            self._ca_file = name
            self.ca_text.setText(ca_problem(network_of("", name).ca_file))
            self.ca_text.setVisible(bool(self.ca_text.text()))

    def _show_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _order_keys(self) -> None:
        *_, last = self.groups[_BEFORE - 1].editors.values()
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
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(8)
        for group in (*self.groups[:_BEFORE], self.numberings, self.names, *self.groups[_BEFORE:]):
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

    @override
    def apply_theme(self) -> None:
        palette = self.problem.palette()
        palette.setColor(palette.ColorRole.WindowText, current_theme().error)
        self.problem.setPalette(palette)
        self.ca_text.setPalette(palette)
