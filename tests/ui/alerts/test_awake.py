import asyncio
import gc
import logging
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tftmonitor.base.tasks import TaskScope
from tftmonitor.ui.alerts.awake import KeepAwake, ProcessInhibitor, Told

NEEDS_BUS = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("dbus-daemon") is None, reason="needs dbus-daemon"
)
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
SAVER = ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver")
LOGIN = ("org.freedesktop.login1", "/org/freedesktop/login1")


class PrivateBus:
    """A message bus that only this test knows."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.address = f"unix:path={folder}/bus"
        config = folder / "bus.conf"
        config.write_text(BUS.format(path=folder / "bus"))
        command = ["dbus-daemon", "--nofork", f"--config-file={config}", "--print-address=1"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert self._process.stdout.readline()

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


class FakeService:
    """A screen saver or login manager that forgets a lock when its owner leaves the bus."""

    def __init__(self, address: str, name: str, path: str) -> None:
        self.address, self.name, self.path = address, name, path
        self.holders: dict[str, list[Any]] = {}
        self.refusal = ""
        self.silent = False
        self._bus: Any = None
        self._handle = -1

    async def start(self) -> None:
        from dbus_fast import Message
        from dbus_fast.aio import MessageBus

        self._handle = os.open(os.devnull, os.O_RDONLY)
        self._bus = await MessageBus(self.address, negotiate_unix_fd=True).connect()
        self._bus.add_message_handler(self._take)
        rule = "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"
        driver = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
        await self._bus.call(Message(*driver, "AddMatch", signature="s", body=[rule]))
        await self._bus.request_name(self.name)

    async def stop(self) -> None:
        self.holders.clear()
        os.close(self._handle)
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()

    def _take(self, message: Any) -> Any:
        from dbus_fast import Message

        if message.member == "NameOwnerChanged" and not message.body[2]:
            self.holders.pop(message.body[0], None)
        if message.member != "Inhibit" or message.path != self.path:
            return None
        if self.silent:
            return True
        if self.refusal:
            return Message.new_error(message, "org.freedesktop.DBus.Error.Failed", self.refusal)
        self.holders[message.sender] = message.body
        if self.name == LOGIN[0]:
            return Message.new_method_return(message, "h", [0], [self._handle])
        return Message.new_method_return(message, "u", [7])


class Stage:
    def __init__(self, scope: TaskScope, session: PrivateBus, system: PrivateBus) -> None:
        self.saver = FakeService(session.address, *SAVER)
        self.login = FakeService(system.address, *LOGIN)
        self.session = session
        self.awake = KeepAwake(scope)
        self.states: list[str] = []
        self.awake.state_changed.connect(self.states.append)

    async def until(self, fact: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not fact():  # noqa: ASYNC110 - nothing tells it
                await asyncio.sleep(0.01)

    async def until_decided(self) -> str:
        await self.until(lambda: not self.awake.state.startswith("Asking"))
        return self.awake.state


Work = Callable[[Stage, TaskScope], Coroutine[Any, Any, None]]
Run = Callable[[Work], None]


@pytest.fixture
def run(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a test's work between two private buses; no task may be left behind."""
    buses = [PrivateBus(tmp_path / name) for name in ("session", "system")]
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", buses[0].address)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", buses[1].address)

    async def main(work: Work) -> None:
        failures: list[BaseException] = []
        async with (
            asyncio.timeout(30),
            TaskScope(lambda _name, error: failures.append(error)) as scope,
        ):
            await work(Stage(scope, *buses), scope)
        assert failures == []
        assert asyncio.all_tasks() == {asyncio.current_task()}

    yield lambda work: asyncio.run(main(work))
    for bus in buses:
        bus.stop()


@NEEDS_BUS
def test_both_services_hold_until_it_is_taken_back(run: Run) -> None:
    async def work(stage: Stage, _scope: TaskScope) -> None:
        await stage.saver.start()
        await stage.login.start()
        handles = len(os.listdir("/proc/self/fd"))
        stage.awake.set(True)
        assert stage.awake.state == "Asking the desktop…"
        assert await stage.until_decided() == "Kept awake"
        assert [body[0] for body in stage.saver.holders.values()] == ["tftmonitor"]
        (what, who, why, mode) = next(iter(stage.login.holders.values()))
        assert (what, who, mode) == ("idle", "tftmonitor", "block")
        assert why
        stage.awake.set(False)
        assert stage.awake.state == ""
        await stage.until(lambda: not stage.saver.holders and not stage.login.holders)
        # The login manager's lock is a handle, which must not stay open.
        await stage.until(lambda: len(os.listdir("/proc/self/fd")) == handles)
        stage.awake.set(True)
        await stage.until(lambda: stage.saver.holders and stage.login.holders)
        assert stage.states[:3] == ["Asking the desktop…", "Kept awake", ""]
        await stage.saver.stop()
        await stage.login.stop()

    run(work)


@NEEDS_BUS
def test_end_of_the_program_gives_the_locks_back(run: Run) -> None:
    async def work(stage: Stage, scope: TaskScope) -> None:
        await stage.saver.start()
        stage.awake.set(True)
        await stage.until_decided()
        assert stage.saver.holders
        await scope.close()
        await stage.until(lambda: not stage.saver.holders)
        await stage.saver.stop()

    run(work)


@NEEDS_BUS
def test_login_manager_alone_keeps_awake_but_not_the_screen(run: Run) -> None:
    async def work(stage: Stage, _scope: TaskScope) -> None:
        await stage.login.start()
        stage.awake.set(True)
        assert await stage.until_decided() == "Kept awake; the screen may go dark"
        await stage.login.stop()

    run(work)


@NEEDS_BUS
def test_desktop_without_either_is_said_in_text(run: Run) -> None:
    async def work(stage: Stage, _scope: TaskScope) -> None:
        stage.awake.set(True)
        words = "Not possible on this desktop: no screen saver service, no login manager"
        assert await stage.until_decided() == words

    run(work)


@NEEDS_BUS
def test_refusal_is_told_with_its_reason(run: Run) -> None:
    async def work(stage: Stage, _scope: TaskScope) -> None:
        stage.saver.refusal = "policy forbids"
        await stage.saver.start()
        stage.awake.set(True)
        assert "the screen saver service says: policy forbids" in await stage.until_decided()
        await stage.saver.stop()

    run(work)


@NEEDS_BUS
def test_service_that_never_answers_holds_up_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.awake_dbus.ANSWER_LIMIT_S", 0.2)

    async def work(stage: Stage, _scope: TaskScope) -> None:
        stage.saver.silent = True
        await stage.saver.start()
        stage.awake.set(True)
        assert "the screen saver service does not answer" in await stage.until_decided()
        await stage.saver.stop()

    run(work)


@NEEDS_BUS
def test_service_that_was_started_anew_is_asked_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.awake_dbus.CHECK_S", 0.05)

    async def work(stage: Stage, _scope: TaskScope) -> None:
        await stage.saver.start()
        stage.awake.set(True)
        await stage.until_decided()
        first = dict(stage.saver.holders)
        await asyncio.sleep(0.3)
        assert stage.saver.holders == first, "a lock that is held is not asked for again"
        await stage.saver.stop()
        await stage.until(lambda: stage.awake.state.startswith("Not possible"))
        await stage.saver.start()
        await stage.until(lambda: stage.awake.state == "Kept awake")
        monkeypatch.setattr("tftmonitor.ui.alerts.awake_dbus.CHECK_S", 0.4)
        await asyncio.sleep(0.1)
        await stage.saver.stop()  # and back before anybody looked
        await stage.saver.start()
        await stage.until(lambda: stage.saver.holders)
        await stage.saver.stop()

    run(work)


@NEEDS_BUS
def test_loss_of_the_bus_is_told_and_logs_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.awake_dbus.CHECK_S", 0.05)
    caplog.set_level(logging.ERROR)

    async def work(stage: Stage, _scope: TaskScope) -> None:
        await stage.saver.start()
        stage.awake.set(True)
        assert await stage.until_decided() == "Kept awake"
        stage.session.stop()
        await stage.until(lambda: "no session bus" in stage.awake.state)
        with pytest.raises(EOFError):
            await stage.saver.stop()

    run(work)
    gc.collect()  # a reason that nobody asked for is logged when it is forgotten
    assert caplog.records == []


@NEEDS_BUS
def test_change_of_mind_while_asking_ends_as_last_wished(run: Run) -> None:
    async def work(stage: Stage, _scope: TaskScope) -> None:
        await stage.saver.start()
        for wanted in (True, False, True, False):
            stage.awake.set(wanted)
            await asyncio.sleep(0)
        await asyncio.sleep(0.3)
        assert (stage.awake.state, stage.saver.holders) == ("", {})
        await stage.saver.stop()

    run(work)


class FakeWay:
    def __init__(self) -> None:
        self.told: Told | None = None
        self.calls: list[str] = []

    def hold(self, told: Told) -> None:
        self.calls.append("hold")
        self.told = told

    def release(self) -> None:
        self.calls.append("release")


def test_same_wish_twice_is_one_and_late_answers_are_ignored(qapp: object) -> None:
    way = FakeWay()
    awake = KeepAwake(TaskScope(), way)
    awake.set(False)
    awake.set(True)
    awake.set(True)
    awake.set(False)
    assert way.calls == ["hold", "release"]
    assert way.told is not None
    way.told(True, "")
    assert awake.state == ""


def program(folder: Path, script: str) -> str:
    path = folder / "caffeinate"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return str(path)


NEEDS_SHELL = pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")


@NEEDS_SHELL
def test_program_runs_as_long_as_it_is_wanted(qtbot: QtBot, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    script = f'echo $$ "$@" > {pid}.new; mv {pid}.new {pid}; exec sleep 60'
    awake = KeepAwake(TaskScope(), ProcessInhibitor(program(tmp_path, script)))
    awake.set(True)
    qtbot.waitUntil(lambda: pid.exists() and awake.state == "Kept awake")
    number, *arguments = pid.read_text().split()
    assert arguments[:2] == ["-i", "-w"]
    awake.set(False)
    assert not Path(f"/proc/{number}").exists()
    assert awake.state == ""


@NEEDS_SHELL
def test_program_that_is_missing_or_ends_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    for way, words in (
        (ProcessInhibitor(str(tmp_path / "none")), "Not possible on this desktop: "),
        (ProcessInhibitor(program(tmp_path, "exit 3")), "caffeinate ended with 3"),
    ):
        awake = KeepAwake(TaskScope(), way)
        awake.set(True)
        qtbot.waitUntil(lambda awake=awake, words=words: words in awake.state)  # type: ignore[misc]
        awake.set(False)
