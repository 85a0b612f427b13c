"""What becomes of a credential that is to be kept."""

import asyncio
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import keyring
import pytest
from keyring.backends import fail
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tftmonitor.app.startup import SessionStart
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
        self.window = MainWindow([], QWidget(), self.sheet, {}, {})  # which owns the sheet
        qtbot.addWidget(self.window)
        self.told: list[str] = []
        self.shown: list[bool] = []
        self.flow = SignInFlow(
            self.monitor, self.sheet, self.show, settings, TaskScope(), self.told.append
        )
        self.on_show: Callable[[], None] = lambda: None

    def show(self, shown: bool) -> None:
        self.shown.append(shown)
        self.on_show()

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


class Late:
    """A start whose keyring opens when the test says so."""

    def __init__(self, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened = threading.Event()
        self.flow = flow
        self.error: Exception | None = None
        self.started: list[Credential] = []
        monkeypatch.setattr(keyring, "get_password", self.get_password)
        monkeypatch.setattr(flow.monitor, "sign_in", self.sign_in)
        parts = SimpleNamespace(sheet=flow.sheet, flow=flow.flow)
        self.start = SessionStart(Namespace(), None, parts, TaskScope())  # type: ignore[arg-type]

    def get_password(self, *_: str) -> str:
        assert self.opened.wait(20)
        if self.error:
            raise self.error
        return "stored"

    async def sign_in(self, credential: Credential, *_: object, **__: object) -> None:
        self.started.append(credential)

    def run(self, meanwhile: Callable[[], None], error: Exception | None = None) -> None:
        """Wait for the keyring, do something, open it."""
        self.error = error

        async def start() -> None:
            urls = {Channel.DEVICES: "wss://here.example"}
            waiting = asyncio.Event()
            self.flow.on_show = waiting.set
            task = asyncio.create_task(
                self.start._sign_in_with_stored("4711", urls, "", [*urls.values()])
            )
            await asyncio.wait_for(waiting.wait(), 10)
            assert self.flow.sheet.stage.text().startswith("Waiting for the keyring")
            assert self.flow.sheet.user.text() == "4711"
            meanwhile()
            self.opened.set()
            await task
            await asyncio.sleep(0)

        asyncio.run(start())


def test_keyring_that_opens_late_signs_in(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    late = Late(flow, monkeypatch)
    late.run(lambda: None)
    assert late.started == [Credential("4711", "stored")]


def test_who_types_meanwhile_is_not_disturbed(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    late = Late(flow, monkeypatch)
    late.run(lambda: QTest.keyClicks(flow.sheet.password, "sec"))
    assert late.started == []
    assert flow.sheet.password.text() == "sec"
    assert "what you enter here counts" in flow.sheet.stage.text()
    assert flow.sheet.sign_in.isEnabled()


def test_who_signs_in_meanwhile_is_not_overruled(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Late(flow, monkeypatch)
    other = Credential.from_password("demo", "demo")
    late.run(lambda: flow.flow.start(other, {}))
    assert late.started == [other]


def test_cancelled_start_stays_cancelled(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    late = Late(flow, monkeypatch)
    monkeypatch.setattr(flow.monitor, "sign_out", lambda: asyncio.sleep(0))
    late.run(flow.sheet.cancelled.emit)
    assert late.started == []
    assert flow.sheet.stage.text() == "Cancelled."


@pytest.mark.parametrize("typed", [True, False])
def test_late_failure_is_told(flow: Flow, monkeypatch: pytest.MonkeyPatch, *, typed: bool) -> None:
    late = Late(flow, monkeypatch)
    late.run(
        lambda: QTest.keyClicks(flow.sheet.password, "sec") if typed else None,
        keyring.errors.KeyringLocked("dismissed"),
    )
    assert flow.sheet.stage.text() == "The keyring stayed locked. Enter the password of 4711."
    assert flow.sheet.password.text() == ("sec" if typed else "")
    assert late.started == []
