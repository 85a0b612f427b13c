"""What was typed and not saved yet, kept in the settings: no end of the program takes it away."""

from PySide6.QtCore import QObject

from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.widgets.single_shot import single_shot

# Typing is many changes, and the file is written whole.
STORE_AFTER_MS = 500
# Of one draft, in characters; more is no text that somebody typed into a line.
_LONGEST = 20_000


class Draft(QObject):
    """One draft after the other under names of one owner; stored a moment after each change."""

    def __init__(self, settings: SettingsStore, owner: QObject) -> None:
        super().__init__(owner)
        self._settings = settings
        self._pending: dict[str, str] = {}
        self._timer = single_shot(self, self.flush, STORE_AFTER_MS)

    def text(self, name: str) -> str:
        """What was left under this name; empty when nothing was."""
        return self._pending.get(name, self._settings.values.drafts.get(name, ""))

    def keep(self, name: str, text: str) -> None:
        """Keep this text until it is saved elsewhere, or given up."""
        self._pending[name] = text[:_LONGEST]
        self._timer.start()

    def forget(self, name: str) -> None:
        """It was saved or given up."""
        self._pending.pop(name, None)
        drafts = self._settings.values.drafts
        if name in drafts:
            left = {other: text for other, text in drafts.items() if other != name}
            self._settings.set("drafts", left)

    def flush(self) -> None:
        """Store now what is still to be stored."""
        self._timer.stop()
        if self._pending:
            pending, self._pending = self._pending, {}
            self._settings.set("drafts", self._settings.values.drafts | pending)
