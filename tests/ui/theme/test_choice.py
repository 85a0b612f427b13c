from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.theme.choice import ThemeChoice
from tftmonitor.ui.theme.theme import DARK, LIGHT, current_theme, install_theme, system_theme


@pytest.fixture
def choice(qapp: QApplication, settings: SettingsStore) -> Iterator[ThemeChoice]:
    choice = ThemeChoice(qapp, settings)
    yield choice
    choice.stop()
    install_theme(qapp, LIGHT)


def system_says(scheme: Qt.ColorScheme) -> None:
    """The signal that the platform sends; offscreen there is nobody who would."""
    QGuiApplication.styleHints().colorSchemeChanged.emit(scheme)


def test_change_of_the_system_is_followed_while_the_setting_leaves_it(choice: ThemeChoice) -> None:
    assert current_theme() is system_theme()
    system_says(Qt.ColorScheme.Dark)
    assert current_theme() is DARK
    system_says(Qt.ColorScheme.Light)
    assert current_theme() is LIGHT


def test_setting_holds_whatever_the_system_says(
    choice: ThemeChoice, settings: SettingsStore
) -> None:
    settings.set("theme", "light")
    system_says(Qt.ColorScheme.Dark)
    assert current_theme() is LIGHT
    settings.set("theme", "dark")
    assert current_theme() is DARK
    settings.set("theme", "system")
    assert current_theme() is system_theme()


def test_word_of_the_command_line_holds_until_somebody_chooses(
    qapp: QApplication, settings: SettingsStore
) -> None:
    choice = ThemeChoice(qapp, settings, "dark")
    assert (current_theme(), settings.values.theme) == (DARK, "system")
    system_says(Qt.ColorScheme.Light)
    assert current_theme() is DARK
    settings.set("theme", "light")
    assert current_theme() is LIGHT
    choice.stop()


def test_nothing_is_followed_after_the_end(qapp: QApplication, settings: SettingsStore) -> None:
    install_theme(qapp, LIGHT)
    choice = ThemeChoice(qapp, settings)
    choice.stop()
    before = current_theme()
    system_says(Qt.ColorScheme.Dark)
    settings.set("theme", "dark")
    assert current_theme() is before
