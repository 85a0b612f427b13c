from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.window.actions import ACTIONS, make_actions


def marked(actions: dict[str, QAction]) -> list[str]:
    return [key for key, action in actions.items() if action.isChecked()]


def test_choice_of_a_setting_sets_it_and_carries_its_mark(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    actions = make_actions(owner, {}, settings)
    assert list(actions) == ["theme_system", "theme_light", "theme_dark"]
    assert marked(actions) == ["theme_system"]
    actions["theme_dark"].trigger()
    assert (settings.values.theme, marked(actions)) == ("dark", ["theme_dark"])
    settings.set("theme", "light")
    assert marked(actions) == ["theme_light"]


def test_action_without_a_handler_is_left_out_and_one_with_it_calls_it(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    called: list[str] = []
    actions = make_actions(owner, {"quit": lambda: called.append("quit")}, settings)
    assert "search" in {spec.key for spec in ACTIONS}
    assert "search" not in actions
    actions["quit"].trigger()
    assert called == ["quit"]
