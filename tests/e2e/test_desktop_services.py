"""Tray and notifications on a real desktop: real daemon, real tray, real mouse."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.desktop import Desktop, desktop, missing_programs, wait_until

ROOT = Path(__file__).resolve().parents[2]
_LIMIT_S = 20.0

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the desktop is made of X and D-Bus"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]


class Program:
    """The program under test, and what it said so far."""

    def __init__(self, place: Desktop, *, bus: bool = True, theme: str = "light") -> None:
        env = dict(place.env)
        if not bus:
            env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent/bus"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.desktop_program", theme],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[dict[str, Any]] = []
        self.errors = ""
        self._readers = [
            threading.Thread(target=self._read_said),
            threading.Thread(target=self._read_errors),
        ]
        for reader in self._readers:
            reader.start()
        self.wait_for("ready")

    def send(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def values(self, key: str) -> list[Any]:
        return [facts[key] for facts in self.said if key in facts]

    def wait_for(self, key: str, value: object = None) -> None:
        def there() -> bool:
            found = self.values(key)
            return bool(found) if value is None else value in found

        try:
            wait_until(there, f"{key} {value}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it said {self.said} {self.errors}") from None

    def end(self) -> int:
        self.send("quit")
        code = self._process.wait(_LIMIT_S)
        self._close_pipes()
        return code

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._close_pipes()

    def _close_pipes(self) -> None:
        for reader in self._readers:
            reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert pipe is not None
            pipe.close()

    def _read_said(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.append(json.loads(line))

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.errors += line


@pytest.fixture
def full(tmp_path: Path) -> Iterator[tuple[Desktop, Program]]:
    with desktop(tmp_path) as place:
        program = Program(place)
        try:
            yield place, program
        finally:
            program.kill()


def test_clicked_notification_opens_its_own_alarm(full: tuple[Desktop, Program]) -> None:
    place, program = full
    program.send("show 41|WARNING|VAN-01: Over speed|14:31:52")
    program.send("show 42|CRITICAL|VAN-12: SOS|<b>14:31:52</b> & now")
    wait_until(lambda: place.shown() == 2, "two notifications")
    assert "VAN-12: SOS" in place.seen()
    assert "urgency: CRITICAL" in place.seen()
    # The daemon shows the server's text as it is: nothing of it is rendered.
    assert "&lt;b&gt;14:31:52&lt;/b&gt; &amp; now" in place.seen()
    place.click_notification()  # the critical one is on top
    program.wait_for("opened", 42)
    place.click_notification()
    program.wait_for("opened", 41)
    assert program.values("problem") == []
    assert program.end() == 0
    assert program.values("left") == [[]]
    assert program.errors == ""


def test_acknowledged_alarm_leaves_the_desktop(full: tuple[Desktop, Program]) -> None:
    place, program = full
    program.send("show 7|CRITICAL|VAN-12: SOS|first")
    wait_until(lambda: place.shown() == 1, "the notification")
    program.send("show 7|CRITICAL|VAN-12: SOS|again")
    wait_until(lambda: "again" in place.seen(), "the newer text")
    wait_until(lambda: place.shown() == 1, "one in place of the other")
    program.send("withdraw 7")
    wait_until(lambda: place.shown() == 0, "an empty desktop")
    assert program.values("problem") == []


def test_end_of_program_takes_its_notifications_along(full: tuple[Desktop, Program]) -> None:
    place, program = full
    program.send("show 7|CRITICAL|VAN-12: SOS|first")
    wait_until(lambda: place.shown() == 1, "the notification")
    assert program.end() == 0
    wait_until(lambda: place.shown() == 0, "an empty desktop")


def test_restarted_daemon_shows_what_waits_and_the_next_alarm(
    full: tuple[Desktop, Program],
) -> None:
    place, program = full
    for alarm in (1, 2, 3):
        program.send(f"show {alarm}|CRITICAL|before {alarm}|x")
    wait_until(lambda: place.shown() == 3, "the notifications")
    program.send("withdraw 2")
    wait_until(lambda: place.shown() == 2, "one to be withdrawn")
    place.stop("dunst")
    place.start_notifications()
    wait_until(lambda: place.shown() == 2, "those that wait to be shown again")
    assert "before 2" not in place.seen()
    program.send("show 4|CRITICAL|after|x")
    wait_until(lambda: place.shown() == 3, "the next notification")
    for left in (2, 1, 0):
        place.click_notification()
        wait_until(partial(_is_shown, place, left), "the click")
    for alarm in (1, 3, 4):
        program.wait_for("opened", alarm)


def _is_shown(place: Desktop, count: int) -> bool:
    return place.shown() == count


def test_killed_daemons_successor_shows_the_next_and_keeps_what_is_not_ours(
    full: tuple[Desktop, Program],
) -> None:
    place, program = full
    first = notify_as_another_program(place)
    program.send("show 1|CRITICAL|before|x")
    wait_until(lambda: place.shown() == 2, "both notifications")
    place.kill("dunst")
    place.start_notifications()
    # It counts anew, so one of these has the id that ours had.
    assert first + 1 in [notify_as_another_program(place) for _ in range(2)]
    wait_until(lambda: place.shown() == 3, "the other program's notifications and ours again")
    program.send("withdraw 1")
    wait_until(lambda: place.shown() == 2, "ours to be withdrawn")
    program.send("show 2|CRITICAL|after|x")
    wait_until(lambda: place.shown() == 3, "the next notification")
    assert program.end() == 0
    wait_until(lambda: place.shown() == 2, "ours to be gone")
    assert program.values("problem") == []
    assert program.values("opened") == []


def notify_as_another_program(place: Desktop) -> int:
    """Show a notification that is not ours, and return its id."""
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

    async def send() -> int:
        bus = await MessageBus(place.env["DBUS_SESSION_BUS_ADDRESS"]).connect()
        name, path = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
        body = ["backup", 0, "", "Backup", str(time.monotonic()), [], {}, 0]
        call = Message(name, path, name, "Notify", signature="susssasa{sv}i", body=body)
        reply = await bus.call(call)
        bus.disconnect()
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
        return int(reply.body[0])

    return asyncio.run(send())


def test_icon_sits_in_the_tray_and_comes_back_with_it(full: tuple[Desktop, Program]) -> None:
    place, program = full
    assert program.values("ready") == [True]
    wait_until(lambda: len(place.docked()) == 1, "the icon in the tray")
    place.stop("tray")
    program.send("check")
    program.wait_for("tray", value=False)
    place.start_tray()
    program.send("check")
    wait_until(lambda: len(place.docked()) == 1, "the icon in the new tray")
    program.send("state CRITICAL")
    assert program.end() == 0
    assert place.docked() == []


def test_without_a_tray_notifications_still_work(tmp_path: Path) -> None:
    with desktop(tmp_path, tray=False) as place:
        program = Program(place)
        try:
            assert program.values("ready") == [False]
            program.send("show 5|HIGH|VAN-12: Towing|now")
            wait_until(lambda: place.shown() == 1, "the notification")
            place.click_notification()
            program.wait_for("opened", 5)
            assert program.end() == 0
        finally:
            program.kill()


def test_without_a_notification_service_the_tray_shows_it(tmp_path: Path) -> None:
    with desktop(tmp_path, notifications=False) as place:
        program = Program(place)
        try:
            program.send("show 5|HIGH|VAN-12: Towing|now")
            # Qt draws the balloon of such a tray itself.
            wait_until(place.balloon, "the balloon")
            assert program.values("problem") == []
            assert program.end() == 0
        finally:
            program.kill()


@pytest.mark.parametrize("bus", [True, False])
def test_without_both_it_says_so_and_goes_on(tmp_path: Path, *, bus: bool) -> None:
    with desktop(tmp_path, notifications=False, tray=False) as place:
        program = Program(place, bus=bus)
        try:
            program.send("show 5|HIGH|VAN-12: Towing|now")
            program.wait_for("problem")
            missing = "this desktop has no notification service" if bus else "no session bus"
            assert missing in program.values("problem")[0]
            place.start_notifications()
            if bus:
                program.send("show 6|HIGH|VAN-12: Towing|now")
                wait_until(lambda: place.shown() == 1, "the notification")
                program.wait_for("problem", "")
            assert program.end() == 0
        finally:
            program.kill()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_balloon_of_the_tray_is_readable_in_each_theme(tmp_path: Path, theme: str) -> None:
    with desktop(tmp_path, notifications=False) as place:
        program = Program(place, theme=theme)
        try:
            program.send("show 5|HIGH|VAN-12: Towing|now")
            wait_until(place.balloon, "the balloon")
            program.send(f"balloon {tmp_path / 'balloon.png'}")
            program.wait_for("balloon")
            contrasts = program.values("balloon")[0]
            assert len(contrasts) == 2
            assert min(contrasts) > 7, contrasts
            assert program.end() == 0
        finally:
            program.kill()
