"""Ownership of tasks: every task of the program belongs to one scope and ends with it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from types import TracebackType
from typing import Any, Self

from tftmonitor.base.backoff import Backoff
from tftmonitor.base.clock import Clock, SystemClock

_log = logging.getLogger(__name__)

Report = Callable[[str, BaseException], None]


def _restart_backoff() -> Backoff:
    # One program restarts its own services: nothing is to be spread.
    return Backoff(jitter=0)


class TaskScope:
    """Owns tasks; leaving the scope cancels and awaits them all.

    ``report(name, error)`` is called at each failure, so that it reaches the user. ``backoff``
    makes the delays between the runs of one service, which last as long as ``clock`` says.
    """

    def __init__(
        self,
        report: Report | None = None,
        clock: Clock | None = None,
        backoff: Callable[[], Backoff] = _restart_backoff,
    ) -> None:
        self._report = report
        self._clock = clock or SystemClock()
        self._backoff = backoff
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        """Run a command once; a failure is reported and ends nothing else."""
        self.start_task(name, work)

    def start_task(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[None]:
        """As ``start``, for whoever may want it no longer: the task may be cancelled."""
        task = asyncio.get_running_loop().create_task(self._run_command(name, work), name=name)
        # One that is cancelled before its first step would otherwise never be awaited.
        task.add_done_callback(lambda _task: work.close())
        self._own(task)
        return task

    def keep(self, name: str, factory: Callable[[], Awaitable[None]]) -> None:
        """Run a service until the scope ends; after a failure again, later each time.

        A run that was stable makes the next failure the first one again.
        """
        work = self._run_service(name, factory)
        self._own(asyncio.get_running_loop().create_task(work, name=name))

    @property
    def names(self) -> list[str]:
        """Names of the tasks that still run."""
        return sorted(task.get_name() for task in self._tasks)

    async def close(self) -> None:
        """Cancel all and wait until each has ended."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def _own(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_command(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - reported, whatever it is
            self._report_failure(name, error)

    async def _run_service(self, name: str, factory: Callable[[], Awaitable[None]]) -> None:
        backoff = self._backoff()
        while True:
            started_s = self._clock.monotonic_s()
            try:
                await factory()
            except Exception as error:  # noqa: BLE001 - reported, whatever it is
                self._report_failure(name, error)
            else:
                return
            backoff.note_run(self._clock.monotonic_s() - started_s)
            await asyncio.sleep(backoff.next_delay_s())

    def _report_failure(self, name: str, error: BaseException) -> None:
        _log.error("%s failed", name, exc_info=error)
        if self._report is not None:
            self._report(name, error)
