from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.alarms.alarm_bench import AlarmBench
from tests.ui.harness import Harness
from tftmonitor.settings.store import SettingsStore

# 2026-11-18 12:00:00 UTC: hours before and after it are of the same day.
NOON_MS = 1_795_003_200_000


@pytest.fixture
def harness(qtbot: QtBot, settings: SettingsStore) -> Harness:
    """The shared harness at noon."""
    return Harness(qtbot, settings, NOON_MS)


@pytest.fixture
def bench(harness: Harness) -> Iterator[AlarmBench]:
    """The pane over a service with a journal on disk."""
    made = AlarmBench(harness)
    yield made
    made.close()
