"""Our side of the protocol, on a real bus; a real daemon is in tests/e2e."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from tests.ui.alerts.private_bus import (
    BusService,
    BusType,
    Message,
    PrivateBus,
    Variant,
    run_in_scope,
    until,
)
from tftmonitor.base.clock import SystemClock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.alerts.bus_connection import UNANSWERED_LIMIT, BusConnection, BusUnavailableError
from tftmonitor.ui.alerts.notification import Notification, NotificationError
from tftmonitor.ui.alerts.notify import DesktopNotifier
from tftmonitor.ui.alerts.notify_daemon import SHOWN_LIMIT, NotificationDaemon, Shown
from tftmonitor.ui.alerts.notify_dbus import _SERVICE, DBusNotifications

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"


class Daemon(BusService):
    """A notification daemon that counts from ``first`` on and answers when it is let."""

    def __init__(self, address: str, first: int = 1) -> None:
        super().__init__(address, NAME)
        self.capabilities = ["actions", "body", "body-markup"]
        self.next_id = first
        self.shown: dict[int, list[Any]] = {}
        self.closed: list[int] = []
        self.refusal = ""
        self.silent = False
        self.waiting: list[Message] = []

    @override
    def answer(self, message: Message) -> Message | bool | None:
        match message.member:
            case "GetCapabilities":
                return Message.new_method_return(message, "as", [self.capabilities])
            case "CloseNotification":
                self.closed.append(message.body[0])
                self.shown.pop(message.body[0], None)
                return Message.new_method_return(message)
            case "Notify" if self.silent:
                self.waiting.append(message)
                return True
            case "Notify" if self.refusal:
                return Message.new_error(message, f"{NAME}.Error", self.refusal)
            case "Notify":
                return self.notify(message)
        return None

    def notify(self, message: Message) -> Message:
        self.shown[self.next_id] = message.body
        self.next_id += 1
        return Message.new_method_return(message, "u", [self.next_id - 1])

    def emit(self, member: str, signature: str, body: list[Any]) -> None:
        self.bus.send(Message.new_signal(PATH, NAME, member, signature, body))

    def click(self, number: int, action: str = "default") -> None:
        self.emit("ActionInvoked", "us", [number, action])


class Stage:
    def __init__(self, address: str) -> None:
        self.address = address
        self.daemon = Daemon(address)
        self.ours = DBusNotifications()
        self.opened: list[int] = []

    async def show(self, key: int, body: str = "now", severity: Severity = Severity.HIGH) -> None:
        shown = Notification(f"VAN-{key}", body, severity, lambda: self.opened.append(key))
        await self.ours.show(key, shown)

    async def settle(self) -> None:
        """Return when all that the daemon sent so far has arrived."""
        assert self.ours._connection is not None
        await self.ours._connection.call(_SERVICE, "GetCapabilities")


Work = Callable[[Stage], Coroutine[Any, Any, None]]
Run = Callable[[Work], None]


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    made = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.address)
    yield made
    made.stop()


@pytest.fixture
def run(bus: PrivateBus) -> Run:
    """Runs a test's work with a daemon on a bus of its own, and leaves nothing behind."""

    def run_it(work: Work) -> None:
        async def main(_scope: object) -> None:
            stage = Stage(bus.address)
            await stage.daemon.start()
            await work(stage)
            await stage.ours.close()
            await stage.daemon.stop()

        run_in_scope(main)

    return run_it


@pytest.fixture
def short_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.bus_connection.ANSWER_LIMIT_S", 0.2)


def test_daemon_is_given_all_that_it_needs(run: Run) -> None:
    async def work(stage: Stage) -> None:
        await stage.show(1, "<b>14:31</b> & now", Severity.CRITICAL)
        name, replaces, icon, title, body, actions, hints, timeout = stage.daemon.shown[1]
        assert (name, replaces, title) == ("tftmonitor", 0, "VAN-1")
        assert icon.startswith("file:///")
        assert body == "&lt;b&gt;14:31&lt;/b&gt; &amp; now"
        assert actions == ["default", "Show"]
        assert timeout == 0, "a critical one stays until somebody acts"
        assert hints == {
            "urgency": Variant("y", 2),
            "desktop-entry": Variant("s", "tftmonitor"),
            "category": Variant("s", "x-tftmonitor.alarm"),
        }

    run(work)


@pytest.mark.parametrize(
    ("severity", "urgency", "timeout"),
    [
        (Severity.CRITICAL, 2, 0),
        (Severity.HIGH, 2, -1),
        (Severity.WARNING, 1, -1),
        (Severity.NOTICE, 0, -1),
    ],
)
def test_urgency_and_stay_follow_the_severity(
    run: Run, severity: Severity, urgency: int, timeout: int
) -> None:
    async def work(stage: Stage) -> None:
        await stage.show(1, severity=severity)
        assert stage.daemon.shown[1][6]["urgency"].value == urgency
        assert stage.daemon.shown[1][7] == timeout

    run(work)


def test_daemon_without_markup_and_actions_gets_neither(run: Run) -> None:
    async def work(stage: Stage) -> None:
        stage.daemon.capabilities = ["body"]
        await stage.show(1, "<b> & now")
        assert stage.daemon.shown[1][4:6] == ["<b> & now", []]

    run(work)


def test_text_that_the_bus_would_refuse_is_shown_without_that(run: Run) -> None:
    async def work(stage: Stage) -> None:
        await stage.show(1, "a\0b\ud800c")
        assert stage.daemon.shown[1][4] == "ab?c"

    run(work)


def test_click_opens_its_own_alarm_once(run: Run) -> None:
    async def work(stage: Stage) -> None:
        await stage.show(41)
        await stage.show(42)
        stage.daemon.click(2)
        stage.daemon.click(2)
        stage.daemon.click(1)
        stage.daemon.click(99)
        await stage.settle()
        assert stage.opened == [42, 41]

    run(work)


def test_another_action_or_an_odd_signal_opens_nothing(run: Run) -> None:
    async def work(stage: Stage) -> None:
        await stage.show(1)
        stage.daemon.emit("ActionInvoked", "u", [1])
        stage.daemon.click(1, "snooze")
        await stage.settle()
        assert stage.opened == []

    run(work)


def test_signal_of_another_program_opens_nothing(run: Run) -> None:
    async def work(stage: Stage) -> None:
        await stage.show(1)
        other = Daemon(stage.address)
        other.name = f"{NAME}.Other"
        await other.start()
        assert stage.daemon.bus.unique_name is not None
        assert stage.ours._connection is not None
        await stage.ours._connection.subscribe("type='signal',member='ActionInvoked'")
        other.click(1)
        await other.stop()
        await stage.settle()
        assert stage.opened == []
        stage.daemon.click(1)
        await stage.settle()
        assert stage.opened == [1]

    run(work)


def test_click_that_fails_is_logged_and_the_next_one_works(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(stage: Stage) -> None:
        def fail() -> None:
            raise ValueError("window is gone")

        await stage.ours.show(1, Notification("a", "b", Severity.HIGH, fail))
        await stage.show(2)
        stage.daemon.click(1)
        stage.daemon.click(2)
        await stage.settle()
        assert stage.opened == [2]

    caplog.set_level(logging.ERROR)
    run(work)
    assert "window is gone" in caplog.text


def test_same_key_takes_the_place_of_the_former(run: Run) -> None:
    async def work(stage: Stage) -> None:
        await stage.show(1, "first")
        await stage.show(1, "again")
        assert stage.daemon.closed == [1]
        assert [body[4] for body in stage.daemon.shown.values()] == ["again"]
        await stage.ours.withdraw(1)
        await stage.ours.withdraw(1)
        assert stage.daemon.closed == [1, 2]

    run(work)


def test_notification_that_was_dismissed_is_not_closed_again(run: Run) -> None:
    async def work(stage: Stage) -> None:
        await stage.show(1)
        stage.daemon.emit("NotificationClosed", "uu", [1, 2])
        await stage.settle()
        await stage.ours.withdraw(1)
        assert stage.daemon.closed == []

    run(work)


def test_end_takes_all_of_ours_away_and_nothing_else(run: Run) -> None:
    async def work(stage: Stage) -> None:
        stage.daemon.shown[1], stage.daemon.next_id = ["another program's"], 2
        await stage.show(1)
        await stage.show(2)
        await stage.ours.close()
        assert stage.daemon.closed == [2, 3]
        assert stage.daemon.shown == {1: ["another program's"]}

    run(work)


@pytest.mark.parametrize("signal_arrives", [True, False])
def test_restarted_daemon_shows_the_next_and_keeps_what_is_not_ours(
    run: Run, *, signal_arrives: bool
) -> None:
    async def work(stage: Stage) -> None:
        await stage.show(1)
        assert stage.ours._connection is not None
        if not signal_arrives:
            stage.ours._connection._on_signal = None
        await stage.daemon.stop()
        stage.daemon = Daemon(stage.address)
        await stage.daemon.start()
        # The new one counts from 1 again, and another program came first.
        stage.daemon.shown[1], stage.daemon.next_id = ["another program's"], 2
        await stage.settle()
        stage.daemon.click(1)
        await stage.ours.withdraw(1)
        await stage.show(2)
        await stage.settle()
        assert (stage.daemon.closed, sorted(stage.daemon.shown)) == ([], [1, 2])
        assert stage.opened == []
        await stage.ours.withdraw(2)
        assert stage.daemon.closed == [2]

    run(work)


def test_slow_daemon_shows_it_late_and_it_can_be_withdrawn(run: Run, short_limit: None) -> None:
    async def work(stage: Stage) -> None:
        stage.daemon.silent = True
        with pytest.raises(TimeoutError):
            await stage.show(1)
        stage.daemon.bus.send(stage.daemon.notify(stage.daemon.waiting.pop()))
        await stage.settle()
        stage.daemon.click(1)
        await stage.settle()
        assert stage.opened == [1]

    run(work)


def test_slow_daemon_that_shows_what_was_withdrawn_closes_it(run: Run, short_limit: None) -> None:
    async def work(stage: Stage) -> None:
        stage.daemon.silent = True
        with pytest.raises(TimeoutError):
            await stage.show(1)
        await stage.ours.withdraw(1)
        stage.daemon.bus.send(stage.daemon.notify(stage.daemon.waiting.pop()))
        await until(lambda: stage.daemon.closed == [1])

    run(work)


def test_slow_daemon_that_refuses_in_the_end_changes_nothing(run: Run, short_limit: None) -> None:
    async def work(stage: Stage) -> None:
        stage.daemon.silent = True
        with pytest.raises(TimeoutError):
            await stage.show(1)
        refused = stage.daemon.waiting.pop()
        stage.daemon.bus.send(Message.new_error(refused, f"{NAME}.Error", "no"))
        await stage.settle()
        await stage.ours.withdraw(1)
        assert stage.daemon.closed == []

    run(work)


def test_daemon_that_never_answers_costs_a_bounded_memory(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = "tftmonitor.ui.alerts.bus_connection.ANSWER_LIMIT_S"

    async def work(stage: Stage) -> None:
        await stage.show(0)
        first = stage.ours._connection
        assert first is not None
        stage.daemon.silent = True
        with monkeypatch.context() as patch:
            patch.setattr(limit, 0.02)
            for key in range(1, UNANSWERED_LIMIT + 1):
                assert first.connected
                with pytest.raises(TimeoutError):
                    await stage.show(key)
        assert not first.connected
        stage.daemon.silent = False
        await stage.show(100)
        assert stage.ours._connection is not first
        assert sorted(stage.daemon.shown) == [1, 2]

    run(work)


def test_click_that_comes_along_with_the_id_is_not_lost(run: Run) -> None:
    async def work(stage: Stage) -> None:
        await stage.show(1)
        stage.daemon.silent = True
        showing = asyncio.ensure_future(stage.show(2))
        await until(lambda: stage.daemon.waiting)
        # Both are in one read: the click is handled before who awaits the id has its turn.
        stage.daemon.bus.send(stage.daemon.notify(stage.daemon.waiting.pop()))
        stage.daemon.click(2)
        await showing
        await stage.settle()
        assert stage.opened == [2]

    run(work)


def test_refusal_is_an_error_with_its_reason(run: Run) -> None:
    async def work(stage: Stage) -> None:
        stage.daemon.refusal = "too many of them"
        with pytest.raises(NotificationError, match=r"^too many of them$"):
            await stage.show(1)
        stage.daemon.refusal = ""
        await stage.show(1)
        assert stage.daemon.closed == []
        stage.daemon.refusal = "still too many"
        with pytest.raises(NotificationError, match=r"^still too many$"):
            await stage.show(2)

    run(work)


def test_desktop_without_a_service_is_reported(run: Run) -> None:
    async def work(stage: Stage) -> None:
        await stage.daemon.stop()
        with pytest.raises(NotificationError, match=r"^this desktop has no notification service$"):
            await stage.show(1)
        await stage.daemon.start()
        await stage.show(1)
        assert len(stage.daemon.shown) == 1

    run(work)


def test_missing_bus_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")

    async def main(_scope: object) -> None:
        with pytest.raises(NotificationError, match=r"^no session bus \("):
            await Stage("").show(1)

    run_in_scope(main)


def test_bus_that_was_lost_is_reported_and_a_new_one_is_used(
    bus: PrivateBus, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)

    async def main(_scope: object) -> None:
        stage = Stage(bus.address)
        await stage.daemon.start()
        await stage.show(1)
        bus.stop()
        await until(lambda: not stage.daemon.bus.connected)
        with pytest.raises(EOFError):
            await stage.daemon.stop()
        with pytest.raises(NotificationError, match=r"^no session bus"):
            await stage.show(2)
        await stage.ours.withdraw(1)
        (tmp_path / "bus").unlink(missing_ok=True)
        successor = PrivateBus(tmp_path)
        stage.daemon = Daemon(stage.address)
        await stage.daemon.start()
        await stage.show(3)
        assert len(stage.daemon.shown) == 1
        await stage.ours.close()
        await stage.daemon.stop()
        successor.stop()

    run_in_scope(main)
    assert caplog.records == []


def test_end_while_a_call_waits_ends_it(run: Run) -> None:
    async def work(stage: Stage) -> None:
        stage.daemon.silent = True
        showing = asyncio.ensure_future(stage.show(1))
        await until(lambda: stage.daemon.waiting)
        await stage.ours.close()
        with pytest.raises(NotificationError, match="the connection was lost"):
            await showing

    run(work)


def test_notifier_uses_it_of_itself(bus: PrivateBus) -> None:
    async def main(scope: TaskScope) -> None:
        daemon, problems = Daemon(bus.address), list[str]()
        await daemon.start()
        opened: list[int] = []
        notifier = DesktopNotifier(scope, SystemClock(), opened.append, problems.append)
        notifier.start()
        notifier.show(7, "VAN-7: SOS", "now", Severity.CRITICAL)
        await until(lambda: daemon.shown)
        daemon.click(1)
        await until(lambda: opened == [7])
        notifier.show(8, "VAN-8: SOS", "now", Severity.CRITICAL)
        await until(lambda: 2 in daemon.shown)
        await notifier.close()
        assert (daemon.closed, problems) == ([2], [])
        await daemon.stop()

    run_in_scope(main)


def test_connection_that_is_not_open_says_so_and_posts_nothing() -> None:
    async def main(_scope: TaskScope) -> None:
        connection = BusConnection(BusType.SESSION)
        connection.post(_SERVICE, "CloseNotification", "u", [1])
        with pytest.raises(BusUnavailableError, match="the connection was lost"):
            await connection.call(_SERVICE, "GetCapabilities")
        await connection.close()

    run_in_scope(main)


def test_what_is_shown_is_bounded() -> None:
    daemon = NotificationDaemon(_SERVICE, frozenset())
    for key in range(SHOWN_LIMIT + 5):
        daemon.add(key, Shown(Notification("", "", Severity.NOTICE, print), key))
    assert len(daemon.shown) == SHOWN_LIMIT
    assert daemon.drop_id(4) is None
    assert daemon.drop_id(5) is not None
