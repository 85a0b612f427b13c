"""Another theme, with many widgets on the screen."""

from typing import cast

from PySide6.QtWidgets import QApplication

from tests.cliffs.situation import Act, Situation, new_harness
from tests.ui.harness import AtOnce
from tftmonitor.ui.settings.pane import SettingsPane
from tftmonitor.ui.theme.theme import DARK, LIGHT, install_theme


def _change(panes: int) -> Act:
    app = cast("QApplication", QApplication.instance())
    install_theme(app, LIGHT)
    harness = new_harness()
    for _ in range(panes):
        harness.show(SettingsPane(harness.settings, harness.fleet, scope=AtOnce()), 400, 600)

    def change(turn: int) -> None:
        install_theme(app, LIGHT if turn % 2 else DARK)

    return change


SITUATIONS = (Situation("another theme", "panes of 150 widgets", (1, 3, 10), 1, _change, (1, 10)),)
