"""What becomes of a credential that is to be kept."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tftmonitor.base.clock import ManualClock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Credential
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.sign_in.flow import SignInFlow
from tftmonitor.ui.sign_in.sheet import SignInSheet
from tftmonitor.ui.window.main_window import MainWindow


@pytest.fixture
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


def test_user_is_told_when_no_keyring_takes_the_password(
    qtbot: QtBot, tmp_path: Path, no_keyring: None
) -> None:
    clock, fleet, settings = ManualClock(), Fleet(), SettingsStore(tmp_path)
    desk = AlarmService(OpenAlarms(), None, CodeResolver(), clock, fleet.find)
    monitor = Monitor({}, clock, fleet, desk)
    sheet = SignInSheet(settings.values)
    window = MainWindow([], QWidget(), sheet, {})
    qtbot.addWidget(window)
    told: list[str] = []
    flow = SignInFlow(monitor, sheet, window.show_welcome, settings, TaskScope(), told.append)
    asyncio.run(flow._store(Credential.from_password("user", "secret")))
    assert len(told) == 1
    assert "for this run only" in told[0]
