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
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.link_status import LinkState, LinkStatus
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


class Flow:
    """The flow on a window of its own, told of the links as a monitor would."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        clock, fleet, settings = ManualClock(), Fleet(), SettingsStore(folder)
        desk = AlarmService(OpenAlarms(), None, CodeResolver(), clock, fleet.find)
        self.monitor = Monitor({}, clock, fleet, desk)
        self.sheet = SignInSheet(settings.values)
        self.window = MainWindow([], QWidget(), self.sheet, {})  # which owns the sheet
        qtbot.addWidget(self.window)
        self.told: list[str] = []
        self.shown: list[bool] = []
        self.flow = SignInFlow(
            self.monitor, self.sheet, self.shown.append, settings, TaskScope(), self.told.append
        )

    def tell(
        self,
        state: LinkState,
        reason: str = "",
        advice: str = "",
        next_try_ms: int | None = None,
    ) -> None:
        status = LinkStatus(
            Channel.DEVICES, state, reason=reason, advice=advice, next_try_ms=next_try_ms
        )
        self.monitor.link_changed(status)


@pytest.fixture
def flow(qtbot: QtBot, tmp_path: Path) -> Flow:
    return Flow(qtbot, tmp_path)


def test_refusal_at_the_first_sign_in_shows_the_sheet(flow: Flow) -> None:
    flow.tell(LinkState.REFUSED, "wrong password")
    assert flow.shown == [True]


@pytest.mark.parametrize("up", [LinkState.LIVE, LinkState.QUIET])
def test_sheet_never_covers_a_fleet_that_was_live(flow: Flow, up: LinkState) -> None:
    flow.tell(up)
    flow.tell(LinkState.WAITING, "connection broke")
    flow.tell(LinkState.REFUSED, "error 5")
    assert True not in flow.shown


def test_next_sign_in_of_the_user_may_show_it_again(flow: Flow) -> None:
    async def sign_in() -> None:
        flow.flow.start(Credential.from_password("user", "secret"), {})
        await asyncio.sleep(0)

    flow.tell(LinkState.LIVE)
    asyncio.run(sign_in())
    flow.tell(LinkState.REFUSED, "wrong password")
    assert flow.shown[-1] is True


def test_later_refusal_leaves_what_is_being_typed_alone(flow: Flow, qtbot: QtBot) -> None:
    flow.flow._pending = Credential.from_password("user", "secret"), False
    flow.window.show()
    flow.window.show_welcome(True)
    qtbot.waitUntil(flow.sheet.isVisible)
    flow.tell(LinkState.REFUSED, "error 5")
    flow.sheet.user.setText("other us")
    flow.sheet.user.setFocus()
    flow.tell(LinkState.REFUSED, "error 6", next_try_ms=1)
    assert flow.sheet.user.text() == "other us"
    assert flow.sheet.stage.text().endswith(
        "error 6. Check user and password. It is tried again by itself."
    )


def test_sheet_says_what_to_do_about_a_lost_link(flow: Flow) -> None:
    flow.flow._pending = Credential.from_password("user", "secret"), False
    flow.tell(LinkState.WAITING, "certificate has expired", "Renew it.")
    assert flow.sheet.stage.text().endswith("Renew it.")


def test_user_is_told_when_no_keyring_takes_the_password(flow: Flow, no_keyring: None) -> None:
    asyncio.run(flow.flow._store(Credential.from_password("user", "secret"), ["wss://x"]))
    assert len(flow.told) == 1
    assert "for this run only" in flow.told[0]
