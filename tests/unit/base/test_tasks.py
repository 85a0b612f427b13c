import asyncio
import logging
import time
from itertools import pairwise

import pytest

from tftmonitor.base.backoff import Backoff
from tftmonitor.base.clock import ManualClock
from tftmonitor.base.tasks import TaskScope


def test_leaving_the_scope_ends_every_task() -> None:
    ended: list[str] = []

    async def stand(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    async def main() -> None:
        async with TaskScope() as scope:
            scope.start("once", stand("once"))
            scope.keep("service", lambda: stand("service"))
            await asyncio.sleep(0)
            assert scope.names == ["once", "service"]
        assert scope.names == []
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(main())
    assert sorted(ended) == ["once", "service"]


def test_failed_command_is_reported_and_ends_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    reported: list[tuple[str, str]] = []

    async def fail() -> None:
        raise ValueError("no")

    async def main() -> None:
        async with TaskScope(lambda name, error: reported.append((name, str(error)))) as scope:
            scope.keep("service", asyncio.Event().wait)  # type: ignore[arg-type]
            scope.start("command", fail())
            await asyncio.sleep(0.01)
            assert scope.names == ["service"]

    with caplog.at_level(logging.ERROR):
        asyncio.run(main())
    assert reported == [("command", "no")]
    assert "command failed" in caplog.text


class FailingService:
    """Fails so often, each run after ``run_s[its number]`` seconds of the clock, else at once."""

    def __init__(self, clock: ManualClock, failures: int, run_s: dict[int, float]) -> None:
        self.clock = clock
        self.runs = 0
        self._failures = failures
        self._run_s = run_s

    async def run(self) -> None:
        self.runs += 1
        self.clock.advance(self._run_s.get(self.runs, 0.0))
        if self.runs <= self._failures:
            raise OSError("down")


def restart_delays(
    monkeypatch: pytest.MonkeyPatch, failures: int, run_s: dict[int, float]
) -> list[float]:
    """The waits of a service that fails so often; some of its runs last for so many seconds."""
    waits: list[float] = []
    real_sleep = asyncio.sleep
    service = FailingService(ManualClock(), failures, run_s)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def main() -> None:
        async with TaskScope(clock=service.clock) as scope:
            scope.keep("service", service.run)
            while scope.names:
                await real_sleep(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    asyncio.run(main())
    assert service.runs == failures + 1
    return waits


def test_failed_service_runs_again_later_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert restart_delays(monkeypatch, 8, {}) == [1, 2, 4, 8, 16, 32, 60, 60]


def test_service_that_ran_for_a_minute_restarts_as_after_its_first_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs_s = {4: 59.9, 6: 60.0, 8: 86_400.0}
    assert restart_delays(monkeypatch, 9, runs_s) == [1, 2, 4, 8, 16, 1, 2, 1, 2]


def test_real_service_that_fails_now_and_then_never_waits_for_long() -> None:
    starts: list[float] = []
    ended = asyncio.Event()

    async def service() -> None:
        starts.append(time.monotonic())
        if len(starts) == 8:
            ended.set()
            return
        if len(starts) >= 4:  # three failures at once, then runs that are stable on this scale
            await asyncio.sleep(0.02)
        raise OSError("down")

    async def main() -> None:
        def quick() -> Backoff:
            return Backoff(jitter=0, first_s=0.05, longest_s=10, stable_s=0.015)

        async with asyncio.timeout(20), TaskScope(backoff=quick) as scope:
            scope.keep("service", service)
            await ended.wait()

    asyncio.run(main())
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert pauses[2] >= 0.2  # the third failure in a row
    # After a stable run 50 ms again; without the reset the last pause alone were 3.2 s.
    assert max(pauses[3:]) < 1.5


def test_each_service_has_delays_of_its_own() -> None:
    made: list[Backoff] = []

    def counted() -> Backoff:
        made.append(Backoff(jitter=0, first_s=0.001))
        return made[-1]

    async def main() -> None:
        async with TaskScope(backoff=counted) as scope:
            for name in "ab":
                scope.keep(name, asyncio.Event().wait)  # type: ignore[arg-type]
            await asyncio.sleep(0)

    asyncio.run(main())
    assert len(made) == 2


def test_service_that_ends_well_is_not_started_again() -> None:
    runs = 0

    async def service() -> None:
        nonlocal runs
        runs += 1

    async def main() -> None:
        async with TaskScope() as scope:
            scope.keep("service", service)
            await asyncio.sleep(0.01)

    asyncio.run(main())
    assert runs == 1
