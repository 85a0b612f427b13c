"""Which colours the window has: what the settings say, and the system's where they leave it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.theme.theme import DARK, LIGHT, Theme, install_theme, system_theme

_BY_NAME = {"light": LIGHT, "dark": DARK}


class ThemeChoice:
    """Puts the colours on, and others as soon as the setting or the system's choice changes.

    ``override`` is the command line's word, which holds until somebody chooses in the window.
    """

    def __init__(self, app: QApplication, settings: SettingsStore, override: str = "") -> None:
        self._app = app
        self._settings = settings
        self._name = override or settings.values.theme
        install_theme(app, self._wanted(system_theme()))
        self._end_setting = settings.on_change(self._follow_setting, "theme")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def stop(self) -> None:
        """Follow nothing any more."""
        self._end_setting()
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._follow_system)

    def _wanted(self, system: Theme) -> Theme:
        return _BY_NAME.get(self._name, system)

    def _follow_setting(self) -> None:
        self._name = self._settings.values.theme
        install_theme(self._app, self._wanted(system_theme()))

    def _follow_system(self, scheme: Qt.ColorScheme) -> None:
        if self._name not in _BY_NAME:
            install_theme(self._app, DARK if scheme is Qt.ColorScheme.Dark else LIGHT)
