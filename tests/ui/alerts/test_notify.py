import asyncio
from collections.abc import Callable

import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.alerts.notification import Notification
from tftmonitor.ui.alerts.notify import DesktopNotifier
from tftmonitor.ui.alerts.notify_flood import CRITICAL_LIMIT, FLOOD_LIMIT, FLOOD_WINDOW_S

W = Severity.WARNING


class RecordingService:
    """What a desktop shows; the real one is in test_notify_dbus and in tests/e2e."""

    def __init__(self) -> None:
        self.shown: dict[int, Notification] = {}
        self.calls: list[str] = []
        self.problem: Exception | None = None
        self.hangs = False
        self.closed = False

    async def show(self, key: int, notification: Notification) -> None:
        if self.hangs:
            await asyncio.sleep(60)
        if self.problem is not None:
            raise self.problem
        await self.withdraw(key)
        self.calls.append(f"show {notification.title}")
        self.shown[key] = notification

    async def withdraw(self, key: int) -> None:
        if self.hangs:
            await asyncio.sleep(60)
        if shown := self.shown.pop(key, None):
            self.calls.append(f"withdraw {shown.title}")

    async def close(self) -> None:
        try:
            if self.hangs:
                await asyncio.sleep(60)
            self.shown.clear()
        finally:
            self.closed = True

    def titles(self) -> list[str]:
        return [shown.title for shown in self.shown.values()]


class FakeTray:
    def __init__(self, *, there: bool) -> None:
        self.there = there
        self.shown: list[tuple[str, int]] = []

    def show_message(self, title: str, body: str, severity: Severity, alarm: int) -> bool:
        if self.there:
            self.shown.append((title, alarm))
        return self.there


class Desktop:
    def __init__(self, scope: TaskScope, *, tray: FakeTray | None = None) -> None:
        self.clock = ManualClock()
        self.service = RecordingService()
        self.opened: list[int] = []
        self.problems: list[str] = []
        self.notifier = DesktopNotifier(
            scope,
            self.clock,
            self.opened.append,
            self.problems.append,
            tray=tray,
            service=self.service,
        )
        self.notifier.start()

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    def click(self, title: str) -> None:
        """Desktops take a notification away that was clicked."""
        key, shown = next(item for item in self.service.shown.items() if item[1].title == title)
        del self.service.shown[key]
        shown.on_open()


def on_loop(work: Callable[[TaskScope], object]) -> None:
    async def main() -> None:
        async with asyncio.timeout(20), TaskScope() as scope:
            await work(scope)  # type: ignore[misc]

    asyncio.run(main())


def test_click_opens_the_alarm_that_was_clicked() -> None:
    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        desktop.notifier.show(1, "one", "a", W)
        desktop.notifier.show(2, "two", "b", Severity.CRITICAL)
        await desktop.settle()
        two = desktop.service.shown[2]
        assert (two.title, two.body, two.severity) == ("two", "b", Severity.CRITICAL)
        desktop.click("one")
        desktop.click("two")
        assert desktop.opened == [1, 2]

    on_loop(work)


def test_newer_text_takes_the_place_of_the_older() -> None:
    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        desktop.notifier.show(1, "one", "a", W)
        await desktop.settle()
        desktop.notifier.show(1, "one again", "a", W)
        await desktop.settle()
        assert desktop.service.titles() == ["one again"]

    on_loop(work)


def test_acknowledged_before_it_was_shown_is_never_shown() -> None:
    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        desktop.notifier.show(1, "one", "a", W)
        desktop.notifier.withdraw(1)
        await desktop.settle()
        assert desktop.service.calls == []
        desktop.notifier.show(2, "two", "a", W)
        await desktop.settle()
        desktop.notifier.withdraw(2)
        await desktop.settle()
        assert desktop.service.calls == ["show two", "withdraw two"]

    on_loop(work)


def test_alarm_that_was_never_shown_is_not_withdrawn() -> None:
    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        desktop.notifier.show(1, "one", "a", W)
        await desktop.settle()
        asked: list[int] = []
        withdraw = desktop.service.withdraw

        async def note(key: int) -> None:
            asked.append(key)
            await withdraw(key)

        desktop.service.withdraw = note  # type: ignore[method-assign]
        for number in (1, 1, 2, 3):
            desktop.notifier.withdraw(number)
        await desktop.settle()
        assert asked == [1]
        assert not desktop.service.shown

    on_loop(work)


def test_flood_becomes_one_line_that_counts() -> None:
    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        for number in range(1, 51):
            desktop.notifier.show(number, f"a{number}", "x", W)
        await desktop.settle()
        singles = [f"a{n}" for n in range(1, FLOOD_LIMIT + 1)]
        assert desktop.service.titles() == [*singles, f"{50 - FLOOD_LIMIT} more alarms"]
        desktop.click(f"{50 - FLOOD_LIMIT} more alarms")
        assert desktop.opened == [50]
        for number in range(1, 50):
            desktop.notifier.withdraw(number)
        await desktop.settle()
        assert desktop.service.titles() == ["1 more alarm"]
        desktop.notifier.withdraw(50)
        await desktop.settle()
        assert desktop.service.titles() == []
        desktop.clock.advance(FLOOD_WINDOW_S)
        desktop.notifier.show(60, "a60", "x", W)
        await desktop.settle()
        assert desktop.service.titles() == ["a60"]

    on_loop(work)


def test_critical_ones_come_singly_through_a_flood() -> None:
    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        for number in range(1, 31):
            desktop.notifier.show(number, f"a{number}", "x", W)
        for number in range(31, 31 + CRITICAL_LIMIT):
            desktop.notifier.show(number, f"c{number}", "x", Severity.CRITICAL)
        await desktop.settle()
        await desktop.settle()
        await desktop.settle()
        assert [t for t in desktop.service.titles() if t[0] == "c"] == [
            f"c{n}" for n in range(31, 31 + CRITICAL_LIMIT)
        ]

    on_loop(work)


def test_failure_is_reported_once_and_its_end_too() -> None:
    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        desktop.service.problem = RuntimeError("no such service")
        desktop.notifier.show(1, "one", "a", W)
        desktop.notifier.show(2, "two", "a", W)
        await desktop.settle()
        assert desktop.problems == ["notifications do not work: no such service"]
        desktop.service.problem = None
        desktop.notifier.show(3, "three", "a", W)
        await desktop.settle()
        assert desktop.problems[1:] == [""]
        assert desktop.service.titles() == ["three"]

    on_loop(work)


def test_tray_helps_out_before_a_problem_is_reported() -> None:
    async def work(scope: TaskScope) -> None:
        tray = FakeTray(there=True)
        desktop = Desktop(scope, tray=tray)
        desktop.service.problem = RuntimeError("no such service")
        desktop.notifier.show(1, "one", "a", W)
        await desktop.settle()
        assert tray.shown == [("one", 1)]
        assert desktop.problems == []
        tray.there = False
        desktop.notifier.show(2, "two", "a", W)
        await desktop.settle()
        assert desktop.problems == ["notifications do not work: no such service"]

    on_loop(work)


def test_service_that_does_not_answer_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.notify.ANSWER_LIMIT_S", 0.05)

    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        desktop.service.hangs = True
        desktop.notifier.show(1, "one", "a", W)
        await asyncio.sleep(0.2)
        assert desktop.problems == ["notifications do not work: the desktop does not answer"]
        desktop.service.hangs = False
        desktop.notifier.show(2, "two", "a", W)
        await desktop.settle()
        assert desktop.service.titles() == ["two"]

    on_loop(work)


def test_close_withdraws_all_and_disconnects_even_if_it_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.notify._END_LIMIT_S", 0.05)

    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        desktop.notifier.show(1, "one", "a", W)
        await desktop.settle()
        await desktop.notifier.close()
        assert desktop.service.shown == {}
        assert desktop.service.closed
        hanging = Desktop(scope)
        hanging.notifier.show(1, "one", "a", W)
        await hanging.settle()
        hanging.service.hangs = True
        await hanging.notifier.close()
        assert hanging.service.closed
        assert hanging.problems == [
            "notifications could not be withdrawn: the desktop does not answer"
        ]

    on_loop(work)


def test_long_text_is_bounded() -> None:
    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        desktop.notifier.show(1, "t" * 5_000, "b" * 5_000, W)
        await desktop.settle()
        shown = desktop.service.shown[1]
        assert len(shown.title) <= 300
        assert len(shown.body) <= 300

    on_loop(work)


def test_withdrawal_does_not_claim_that_notifications_work_again() -> None:
    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        desktop.service.problem = RuntimeError("no such service")
        desktop.notifier.show(1, "one", "a", W)
        await desktop.settle()
        desktop.notifier.withdraw(1)
        await desktop.settle()
        assert desktop.problems == ["notifications do not work: no such service"]

    on_loop(work)


def test_withdrawal_that_fails_shows_nothing_and_reports_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.notify.ANSWER_LIMIT_S", 0.05)

    async def work(scope: TaskScope) -> None:
        tray = FakeTray(there=True)
        desktop = Desktop(scope, tray=tray)
        desktop.service.hangs = True
        desktop.notifier.withdraw(1)
        await asyncio.sleep(0.2)
        assert (tray.shown, desktop.problems) == ([], [])

    on_loop(work)


def test_nothing_is_shown_after_the_end() -> None:
    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        desktop.notifier.show(1, "on its way", "a", W)
        await desktop.notifier.close()
        desktop.notifier.show(2, "too late", "a", W)
        await desktop.settle()
        assert desktop.service.calls == []

    on_loop(work)


def test_end_waits_for_a_notification_on_its_way() -> None:
    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        shown = asyncio.Event()
        show = desktop.service.show

        async def slow(key: int, notification: Notification) -> None:
            await shown.wait()
            await show(key, notification)

        desktop.service.show = slow  # type: ignore[method-assign]
        desktop.notifier.show(1, "one", "a", W)
        desktop.notifier.show(2, "two", "a", W)
        await desktop.settle()
        asyncio.get_running_loop().call_later(0.02, shown.set)
        await desktop.notifier.close()
        await desktop.settle()
        assert desktop.service.calls == ["show one"]
        assert desktop.service.shown == {}

    on_loop(work)


@pytest.mark.parametrize("there", [True, False])
def test_desktop_without_a_service_has_its_tray(
    there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")

    async def work(scope: TaskScope) -> None:
        tray, problems = FakeTray(there=there), list[str]()
        notifier = DesktopNotifier(scope, ManualClock(), print, problems.append, tray=tray)
        notifier.start()
        notifier.show(7, "seven", "a", W)
        await asyncio.sleep(0.01)
        assert tray.shown == ([("seven", 7)] if there else [])
        assert problems == ([] if there else ["this desktop shows no notifications"])
        await notifier.close()

    on_loop(work)


def test_error_without_a_text_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(scope: TaskScope) -> None:
        desktop = Desktop(scope)
        desktop.service.problem = LookupError()
        desktop.notifier.show(1, "one", "a", W)
        await desktop.settle()
        assert desktop.problems == ["notifications do not work: LookupError"]

    on_loop(work)
