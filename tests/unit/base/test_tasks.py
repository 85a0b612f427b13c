import asyncio
import logging

import pytest

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
    told: list[tuple[str, str]] = []

    async def fail() -> None:
        raise ValueError("no")

    async def main() -> None:
        async with TaskScope(lambda name, error: told.append((name, str(error)))) as scope:
            scope.keep("service", asyncio.Event().wait)  # type: ignore[arg-type]
            scope.start("command", fail())
            await asyncio.sleep(0.01)
            assert scope.names == ["service"]

    with caplog.at_level(logging.ERROR):
        asyncio.run(main())
    assert told == [("command", "no")]
    assert "command failed" in caplog.text


def test_failed_service_runs_again_later_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    runs = 0

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def service() -> None:
        nonlocal runs
        runs += 1
        if runs < 9:
            raise OSError("down")

    async def main() -> None:
        async with TaskScope() as scope:
            scope.keep("service", service)
            while scope.names:
                await real_sleep(0)

    real_sleep = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", sleep)
    asyncio.run(main())
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


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
