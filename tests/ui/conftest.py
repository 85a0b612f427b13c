import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tftmonitor.settings.store import SettingsStore

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _widgets_end_with_their_test() -> Iterator[None]:
    """Or each change of the theme styles those of all former tests again."""
    yield
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    for widget in QApplication.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    """Settings in a fresh profile, with times in UTC."""
    store = SettingsStore(tmp_path)
    store.set("zone", "utc")
    return store
