"""The settings: everything takes effect at once and is saved; the window makes it a dock."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.base.tasks import TaskScope
from tftmonitor.link.network import network_of
from tftmonitor.link.tls import ca_problem
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.settings.editors import ListedEditor
from tftmonitor.ui.settings.found_text import fits, texts_of
from tftmonitor.ui.settings.group import SettingsGroup
from tftmonitor.ui.settings.names_group import NamesGroup
from tftmonitor.ui.settings.navigation import SettingsNavigation
from tftmonitor.ui.settings.numberings_group import NumberingsGroup
from tftmonitor.ui.settings.streets_lines import StreetsLines
from tftmonitor.ui.settings.table import GROUPS, SettingGroup
from tftmonitor.ui.theme.theme import current_theme
from tftmonitor.ui.widgets.labels import plain_label, scrolled
from tftmonitor.ui.widgets.pane import Pane

# So many groups stand before the two that have no rows in the table.
_BEFORE = 2
# A longer line of a form is read with a finger on the screen.
_WIDEST = 720
# Where the sections find room beside the groups.
_WIDE = 700
_AIR = 6


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
        sound_devices: Callable[[], Mapping[str, str]] = dict,
        history_size: Callable[[], str] = str,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._fleet = fleet
        self._scope = scope
        self._sound_devices = sound_devices
        self._history_size = history_size
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
        self.streets = StreetsLines(settings, scope)
        self.history_text = plain_label(muted=True)
        self.history_text.hide()
        extras = {
            "record_gb": self.history_text,
            "volume": self._sound_line(),
            "keep_awake": self.awake_text,
            "ca_file": self.ca_text,
            **self.streets.lines,
        }
        self.groups = [SettingsGroup(group, settings.schema, extras) for group in groups]
        self.numberings = NumberingsGroup(settings)
        self.names = NamesGroup(settings, fleet, scope)
        self._sections: tuple[QGroupBox, ...] = (
            *self.groups[:_BEFORE],
            self.numberings,
            self.names,
            *self.groups[_BEFORE:],
        )
        self._nothing = plain_label(muted=True)
        self._nothing.hide()
        self.navigation = SettingsNavigation([group.title() for group in self._sections])
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
        self.streets.show_values()
        self._show_ca_file()

    @override
    def tick(self) -> None:
        # Models and devices may have been added.
        self.numberings.show_models(device.model for device in self._fleet)
        self.names.tick()
        words = self._history_size()
        self.history_text.setText(words)
        self.history_text.setVisible(bool(words))

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
        self.streets.show_kept()
        self._scope.start("sound devices", self._list_sound_devices())

    async def _list_sound_devices(self) -> None:
        listed = await asyncio.to_thread(self._sound_devices)
        for group in self.groups:
            editor = group.editors.get("sound_device")
            if isinstance(editor, ListedEditor):
                editor.offer({"": "The system's own", **listed})

    def _connect(self) -> None:
        for group in self.groups:
            group.edited.connect(self._edit)
        self.numberings.added.connect(self._order_keys)
        self.navigation.chosen.connect(self._go_to)
        self.navigation.searched.connect(self._find)
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

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.navigation.setVisible(self.width() >= _WIDE)

    def _go_to(self, place: int) -> None:
        """Scroll to a section; its top comes to the top where that can be."""
        bar = self.area.verticalScrollBar()
        bar.setValue(min(self._sections[place].y() - _AIR, bar.maximum()))

    def _find(self, words: str) -> None:
        found = []
        for group in self._sections:
            if isinstance(group, SettingsGroup):
                found.append(group.show_found(words))
            else:
                found.append(fits(texts_of(group), words))
            group.setVisible(found[-1])
        self._nothing.setText(f"No setting has “{words.strip()}”.")
        self._nothing.setVisible(not any(found))
        self.navigation.show_found(found)

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(10, 0, 8, 0)
        column.setSpacing(8)
        for group in self._sections:
            column.addWidget(group)
        column.addWidget(self._nothing)
        page.setMaximumWidth(_WIDEST)
        column.addStretch(1)
        self.area = scrolled(page)
        # Tab stops at each control; the page itself is none.
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.problem.setContentsMargins(0, 0, 0, 6)
        outer.addWidget(self.problem)
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addWidget(self.navigation)
        both.addWidget(self.area, 1)
        outer.addLayout(both, 1)

    @override
    def apply_theme(self) -> None:
        palette = self.problem.palette()
        palette.setColor(palette.ColorRole.WindowText, current_theme().error)
        self.problem.setPalette(palette)
        self.ca_text.setPalette(palette)
