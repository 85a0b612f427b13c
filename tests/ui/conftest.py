import os
import sys
from collections.abc import Iterator
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.harness import Harness
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.units import follow_units
from tftmonitor.ui.theme.theme import LIGHT, current_theme, install_theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _widgets_end_with_their_test() -> Iterator[None]:
    """Or each change of the theme styles those of all former tests again.

    The light theme is on again for the next test.
    """
    yield
    for widget in QApplication.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app = QApplication.instance()
    if isinstance(app, QApplication) and current_theme() is not LIGHT:
        install_theme(app, LIGHT)


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    """Settings in a fresh profile, with times in UTC and their units in force."""
    store = SettingsStore(tmp_path)
    store.set("zone", "utc")
    follow_units(store)
    return store


@pytest.fixture
def harness(qtbot: QtBot, settings: SettingsStore) -> Harness:
    """Clock, fleet and settings of one test, without any pane."""
    return Harness(qtbot, settings)


@pytest.fixture
def computer_in_berlin(monkeypatch: pytest.MonkeyPatch) -> ZoneInfo:
    """The computer's own zone, which has summer time until the last Sunday of October."""
    berlin = ZoneInfo("Europe/Berlin")

    def zone_of(values: Settings) -> tzinfo:
        return UTC if values.zone == "utc" else berlin

    for name, module in [*sys.modules.items()]:
        is_asking = name.startswith(("tftmonitor.ui.", "tftmonitor.monitor.where."))
        if is_asking and hasattr(module, "zone_of"):
            monkeypatch.setattr(module, "zone_of", zone_of)
    return berlin
