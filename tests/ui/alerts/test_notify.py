import asyncio
from collections.abc import Callable

import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.alerts.notify import CRITICAL_LIMIT, FLOOD_LIMIT, FLOOD_WINDOW_S, DesktopNotifier

W = Severity.WARNING


class FakeChannel:
    def __init__(self) -> None:
        self.shown: dict[str, tuple[str, str, Severity]] = {}
        self.clicks: dict[str, Callable[[], None]] = {}
        self.calls: list[str] = []
        self.problem: Exception | None = None
        self.hangs = False
        self.left = False

    async def show(
        self, title: str, body: str, severity: Severity, opened: Callable[[], None]
    ) -> str:
        if self.hangs:
            await asyncio.sleep(60)
        if self.problem is not None:
            raise self.problem
        name = f"n{len(self.calls)}"
        self.calls.append(f"show {title}")
        self.shown[name] = (title, body, severity)
        self.clicks[name] = opened
        return name

    async def withdraw(self, name: str) -> None:
        if self.hangs:
            await asyncio.sleep(60)
        self.calls.append(f"withdraw {self.shown.pop(name)[0]}")

    def leave(self) -> None:
        self.left = True

    def titles(self) -> list[str]:
        return [title for title, _, _ in self.shown.values()]


class FakeTray:
    def __init__(self, *, there: bool) -> None:
        self.there = there
        self.shown: list[tuple[str, int]] = []

    def show_message(self, title: str, body: str, severity: Severity, alarm: int) -> bool:
        if self.there:
            self.shown.append((title, alarm))
        return self.there


class Stage:
    def __init__(self, scope: TaskScope, *, tray: FakeTray | None = None) -> None:
        self.clock = ManualClock()
        self.channel = FakeChannel()
        self.opened: list[int] = []
        self.troubles: list[str] = []
        self.notifier = DesktopNotifier(
            scope,
            self.clock,
            self.opened.append,
            self.troubles.append,
            tray=tray,
            channel=self.channel,
        )
        self.notifier.start()

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    def click(self, title: str) -> None:
        """Desktops take a notification away that was clicked."""
        name = next(n for n, facts in self.channel.shown.items() if facts[0] == title)
        del self.channel.shown[name]
        self.channel.clicks[name]()


def on_loop(work: Callable[[TaskScope], object]) -> None:
    async def main() -> None:
        async with asyncio.timeout(20), TaskScope() as scope:
            await work(scope)  # type: ignore[misc]

    asyncio.run(main())


def test_click_opens_the_alarm_that_was_clicked() -> None:
    async def work(scope: TaskScope) -> None:
        stage = Stage(scope)
        stage.notifier.show(1, "one", "a", W)
        stage.notifier.show(2, "two", "b", Severity.CRITICAL)
        await stage.settle()
        assert stage.channel.shown["n1"] == ("two", "b", Severity.CRITICAL)
        stage.click("one")
        stage.click("two")
        assert stage.opened == [1, 2]

    on_loop(work)


def test_newer_telling_takes_the_place_of_the_older() -> None:
    async def work(scope: TaskScope) -> None:
        stage = Stage(scope)
        stage.notifier.show(1, "one", "a", W)
        await stage.settle()
        stage.notifier.show(1, "one again", "a", W)
        await stage.settle()
        assert stage.channel.titles() == ["one again"]

    on_loop(work)


def test_acknowledged_before_it_was_shown_is_never_shown() -> None:
    async def work(scope: TaskScope) -> None:
        stage = Stage(scope)
        stage.notifier.show(1, "one", "a", W)
        stage.notifier.withdraw(1)
        await stage.settle()
        assert stage.channel.calls == []
        stage.notifier.show(2, "two", "a", W)
        await stage.settle()
        stage.notifier.withdraw(2)
        await stage.settle()
        assert stage.channel.calls == ["show two", "withdraw two"]

    on_loop(work)


def test_flood_becomes_one_line_that_counts() -> None:
    async def work(scope: TaskScope) -> None:
        stage = Stage(scope)
        for number in range(1, 51):
            stage.notifier.show(number, f"a{number}", "x", W)
        await stage.settle()
        singles = [f"a{n}" for n in range(1, FLOOD_LIMIT + 1)]
        assert stage.channel.titles() == [*singles, f"{50 - FLOOD_LIMIT} more alarms"]
        stage.click(f"{50 - FLOOD_LIMIT} more alarms")
        assert stage.opened == [50]
        for number in range(1, 50):
            stage.notifier.withdraw(number)
        await stage.settle()
        assert stage.channel.titles() == ["1 more alarm"]
        stage.notifier.withdraw(50)
        await stage.settle()
        assert stage.channel.titles() == []
        stage.clock.advance(FLOOD_WINDOW_S)
        stage.notifier.show(60, "a60", "x", W)
        await stage.settle()
        assert stage.channel.titles() == ["a60"]

    on_loop(work)


def test_critical_ones_come_singly_through_a_flood() -> None:
    async def work(scope: TaskScope) -> None:
        stage = Stage(scope)
        for number in range(1, 31):
            stage.notifier.show(number, f"a{number}", "x", W)
        for number in range(31, 31 + CRITICAL_LIMIT):
            stage.notifier.show(number, f"c{number}", "x", Severity.CRITICAL)
        await stage.settle()
        await stage.settle()
        await stage.settle()
        assert [t for t in stage.channel.titles() if t[0] == "c"] == [
            f"c{n}" for n in range(31, 31 + CRITICAL_LIMIT)
        ]

    on_loop(work)


def test_failure_is_told_once_and_its_end_too() -> None:
    async def work(scope: TaskScope) -> None:
        stage = Stage(scope)
        stage.channel.problem = RuntimeError("no such service")
        stage.notifier.show(1, "one", "a", W)
        stage.notifier.show(2, "two", "a", W)
        await stage.settle()
        assert stage.troubles == ["notifications do not work: no such service"]
        stage.channel.problem = None
        stage.notifier.show(3, "three", "a", W)
        await stage.settle()
        assert stage.troubles[1:] == [""]
        assert stage.channel.titles() == ["three"]

    on_loop(work)


def test_tray_helps_out_before_trouble_is_told() -> None:
    async def work(scope: TaskScope) -> None:
        tray = FakeTray(there=True)
        stage = Stage(scope, tray=tray)
        stage.channel.problem = RuntimeError("no such service")
        stage.notifier.show(1, "one", "a", W)
        await stage.settle()
        assert tray.shown == [("one", 1)]
        assert stage.troubles == []
        tray.there = False
        stage.notifier.show(2, "two", "a", W)
        await stage.settle()
        assert stage.troubles == ["notifications do not work: no such service"]

    on_loop(work)


def test_service_that_does_not_answer_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.notify.ANSWER_LIMIT_S", 0.05)

    async def work(scope: TaskScope) -> None:
        stage = Stage(scope)
        stage.channel.hangs = True
        stage.notifier.show(1, "one", "a", W)
        await asyncio.sleep(0.2)
        assert stage.troubles == ["notifications do not work: the desktop does not answer"]
        stage.channel.hangs = False
        stage.notifier.show(2, "two", "a", W)
        await stage.settle()
        assert stage.channel.titles() == ["two"]

    on_loop(work)


def test_close_withdraws_all_and_leaves_even_if_it_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.notify._END_LIMIT_S", 0.05)

    async def work(scope: TaskScope) -> None:
        stage = Stage(scope)
        stage.notifier.show(1, "one", "a", W)
        await stage.settle()
        await stage.notifier.close()
        assert stage.channel.shown == {}
        assert stage.channel.left
        hanging = Stage(scope)
        hanging.notifier.show(1, "one", "a", W)
        await hanging.settle()
        hanging.channel.hangs = True
        await hanging.notifier.close()
        assert hanging.channel.left
        assert hanging.troubles == [
            "notifications could not be withdrawn: the desktop does not answer"
        ]

    on_loop(work)


def test_long_text_is_bounded() -> None:
    async def work(scope: TaskScope) -> None:
        stage = Stage(scope)
        stage.notifier.show(1, "t" * 5_000, "b" * 5_000, W)
        await stage.settle()
        title, body, _ = stage.channel.shown["n0"]
        assert len(title) <= 300
        assert len(body) <= 300

    on_loop(work)
