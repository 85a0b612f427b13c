"""A setting with an effect: one line in the schema, one row in the pane, one listener."""

from pathlib import Path

from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from tests.ui.harness import AtOnce
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.settings.pane import SettingsPane
from tftmonitor.ui.settings.table import GROUPS, SettingGroup, SettingRow


class MoreSettings(Settings, kw_only=True, frozen=True):
    hologram: bool = False


def test_new_setting_is_shown_chosen_kept_and_acted_on(qtbot: QtBot, tmp_path: Path) -> None:
    store = SettingsStore(tmp_path, MoreSettings)
    effects: list[object] = []
    store.on_change(lambda: effects.append(store.values), "hologram")
    row = SettingRow("hologram", "Show a hologram")
    groups = (*GROUPS, SettingGroup("New", (row,)))
    pane = SettingsPane(store, Fleet(), scope=AtOnce(), groups=groups)
    qtbot.addWidget(pane)
    pane.show()
    boxes = [box for box in pane.findChildren(QCheckBox) if box.text() == "Show a hologram"]
    assert len(boxes) == 1
    boxes[0].click()
    assert effects == [MoreSettings(hologram=True)]
    assert SettingsStore(tmp_path, MoreSettings).values == MoreSettings(hologram=True)
    store.set("hologram", False)
    assert not boxes[0].isChecked()
