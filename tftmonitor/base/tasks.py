"""Ownership of tasks: every task of the program belongs to one scope and ends with it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from types import TracebackType
from typing import Any, Self

_log = logging.getLogger(__name__)

_FIRST_RESTART_S = 1.0
_LONGEST_RESTART_S = 60.0

Report = Callable[[str, BaseException], None]


class TaskScope:
    """Owns tasks; leaving the scope cancels and awaits them all.

    ``report(name, error)`` is told of each failure, so that it reaches the user.
    """

    def __init__(self, report: Report | None = None) -> None:
        self._report = report
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        """Run a command once; a failure is reported and ends nothing else."""
        task = asyncio.get_running_loop().create_task(self._once(name, work), name=name)
        # One that is cancelled before its first step would otherwise never be awaited.
        task.add_done_callback(lambda _task: work.close())
        self._own(task)

    def keep(self, name: str, factory: Callable[[], Awaitable[None]]) -> None:
        """Run a service until the scope ends; after a failure again, later each time."""
        self._own(asyncio.get_running_loop().create_task(self._again(name, factory), name=name))

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

    async def _once(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - reported, whatever it is
            self._tell(name, error)

    async def _again(self, name: str, factory: Callable[[], Awaitable[None]]) -> None:
        delay_s = _FIRST_RESTART_S
        while True:
            try:
                await factory()
            except Exception as error:  # noqa: BLE001 - reported, whatever it is
                self._tell(name, error)
            else:
                return
            await asyncio.sleep(delay_s)
            delay_s = min(2 * delay_s, _LONGEST_RESTART_S)

    def _tell(self, name: str, error: BaseException) -> None:
        _log.error("%s failed", name, exc_info=error)
        if self._report is not None:
            self._report(name, error)
