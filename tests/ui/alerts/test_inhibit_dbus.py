import asyncio
import gc
import logging
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from tests.ui.alerts.private_bus import BusService, Message, PrivateBus, run_in_scope, until
from tftmonitor.base.tasks import TaskScope
from tftmonitor.ui.alerts.keep_awake import KeepAwake

SAVER = ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver")
LOGIN = ("org.freedesktop.login1", "/org/freedesktop/login1")


class InhibitService(BusService):
    """A screen saver or login manager that forgets a lock when its owner leaves the bus."""

    def __init__(self, address: str, name: str, path: str) -> None:
        super().__init__(address, name)
        self.path = path
        self.holders: dict[str, list[Any]] = {}
        self.refusal = ""
        self.silent = False
        self._handle = -1

    @override
    async def start(self) -> None:
        self._handle = os.open(os.devnull, os.O_RDONLY)
        await super().start()

    @override
    async def stop(self) -> None:
        self.holders.clear()
        os.close(self._handle)
        await super().stop()

    @override
    def answer(self, message: Message) -> Message | bool | None:
        if message.member == "NameOwnerChanged" and not message.body[2]:
            self.holders.pop(message.body[0], None)
        if message.member != "Inhibit" or message.path != self.path:
            return None
        if self.silent:
            return True
        if self.refusal:
            return Message.new_error(message, "org.freedesktop.DBus.Error.Failed", self.refusal)
        assert message.sender is not None
        self.holders[message.sender] = message.body
        if self.name == LOGIN[0]:
            return Message.new_method_return(message, "h", [0], [self._handle])
        return Message.new_method_return(message, "u", [7])


class Desktop:
    """Both services, not started yet, and the switch that asks them."""

    def __init__(self, scope: TaskScope, session: PrivateBus, system: PrivateBus) -> None:
        self.saver = InhibitService(session.address, *SAVER)
        self.login = InhibitService(system.address, *LOGIN)
        self.session = session
        self.awake = KeepAwake(scope)
        self.states: list[str] = []
        self.awake.state_changed.connect(self.states.append)

    async def until_decided(self) -> str:
        await until(lambda: not self.awake.state.startswith("Asking"))
        return self.awake.state


Work = Callable[[Desktop, TaskScope], Coroutine[Any, Any, None]]
Run = Callable[[Work], None]


@pytest.fixture
def run(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a test's work between two private buses."""
    buses = [PrivateBus(tmp_path / name) for name in ("session", "system")]
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", buses[0].address)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", buses[1].address)
    yield lambda work: run_in_scope(lambda scope: work(Desktop(scope, *buses), scope))
    for bus in buses:
        bus.stop()


def test_both_services_hold_until_it_is_taken_back(run: Run) -> None:
    async def work(desktop: Desktop, _scope: TaskScope) -> None:
        await desktop.saver.start()
        await desktop.login.start()
        handles = len(os.listdir("/proc/self/fd"))
        desktop.awake.set(True)
        assert desktop.awake.state == "Asking the desktop…"
        assert await desktop.until_decided() == "Kept awake"
        assert [body[0] for body in desktop.saver.holders.values()] == ["tftmonitor"]
        (what, who, why, mode) = next(iter(desktop.login.holders.values()))
        assert (what, who, mode) == ("idle", "tftmonitor", "block")
        assert why
        desktop.awake.set(False)
        assert desktop.awake.state == ""
        await until(lambda: not desktop.saver.holders and not desktop.login.holders)
        # The login manager's lock is a handle, which must not stay open.
        await until(lambda: len(os.listdir("/proc/self/fd")) == handles)
        desktop.awake.set(True)
        await until(lambda: desktop.saver.holders and desktop.login.holders)
        assert desktop.states[:3] == ["Asking the desktop…", "Kept awake", ""]
        await desktop.saver.stop()
        await desktop.login.stop()

    run(work)


def test_end_of_the_program_gives_the_locks_back(run: Run) -> None:
    async def work(desktop: Desktop, scope: TaskScope) -> None:
        await desktop.saver.start()
        desktop.awake.set(True)
        await desktop.until_decided()
        assert desktop.saver.holders
        await scope.close()
        await until(lambda: not desktop.saver.holders)
        await desktop.saver.stop()

    run(work)


def test_login_manager_alone_keeps_awake_but_not_the_screen(run: Run) -> None:
    async def work(desktop: Desktop, _scope: TaskScope) -> None:
        await desktop.login.start()
        desktop.awake.set(True)
        assert await desktop.until_decided() == "Kept awake; the screen may go dark"
        await desktop.login.stop()

    run(work)


def test_desktop_without_either_is_reported(run: Run) -> None:
    async def work(desktop: Desktop, _scope: TaskScope) -> None:
        desktop.awake.set(True)
        text = "Not possible on this desktop: no screen saver service, no login manager"
        assert await desktop.until_decided() == text

    run(work)


def test_refusal_is_reported_with_its_reason(run: Run) -> None:
    async def work(desktop: Desktop, _scope: TaskScope) -> None:
        desktop.saver.refusal = "policy forbids"
        await desktop.saver.start()
        desktop.awake.set(True)
        assert "the screen saver service says: policy forbids" in await desktop.until_decided()
        await desktop.saver.stop()

    run(work)


def test_service_that_never_answers_holds_up_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.bus_connection.ANSWER_LIMIT_S", 0.2)

    async def work(desktop: Desktop, _scope: TaskScope) -> None:
        desktop.saver.silent = True
        await desktop.saver.start()
        desktop.awake.set(True)
        assert "the screen saver service does not answer" in await desktop.until_decided()
        await desktop.saver.stop()

    run(work)


def test_service_that_was_started_anew_is_asked_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.inhibit_dbus.CHECK_S", 0.05)

    async def work(desktop: Desktop, _scope: TaskScope) -> None:
        await desktop.saver.start()
        desktop.awake.set(True)
        await desktop.until_decided()
        first = dict(desktop.saver.holders)
        await asyncio.sleep(0.3)
        assert desktop.saver.holders == first, "a lock that is held is not asked for again"
        await desktop.saver.stop()
        await until(lambda: desktop.awake.state.startswith("Not possible"))
        await desktop.saver.start()
        await until(lambda: desktop.awake.state == "Kept awake")
        monkeypatch.setattr("tftmonitor.ui.alerts.inhibit_dbus.CHECK_S", 0.4)
        await asyncio.sleep(0.1)
        await desktop.saver.stop()  # and back before anybody looked
        await desktop.saver.start()
        await until(lambda: desktop.saver.holders)
        await desktop.saver.stop()

    run(work)


def test_loss_of_the_bus_is_reported_and_logs_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.inhibit_dbus.CHECK_S", 0.05)
    caplog.set_level(logging.ERROR)

    async def work(desktop: Desktop, _scope: TaskScope) -> None:
        await desktop.saver.start()
        desktop.awake.set(True)
        assert await desktop.until_decided() == "Kept awake"
        desktop.session.stop()
        await until(lambda: "no session bus" in desktop.awake.state)
        with pytest.raises(EOFError):
            await desktop.saver.stop()

    run(work)
    gc.collect()  # a reason that nobody asked for is logged when it is forgotten
    assert caplog.records == []


def test_change_of_mind_while_asking_ends_as_last_wished(run: Run) -> None:
    async def work(desktop: Desktop, _scope: TaskScope) -> None:
        await desktop.saver.start()
        for wanted in (True, False, True, False):
            desktop.awake.set(wanted)
            await asyncio.sleep(0)
        await asyncio.sleep(0.3)
        assert (desktop.awake.state, desktop.saver.holders) == ("", {})
        await desktop.saver.stop()

    run(work)
