"""A message bus that only one test knows, and services on it; importing it skips elsewhere."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

if sys.platform != "linux" or shutil.which("dbus-daemon") is None:
    pytest.skip("needs dbus-daemon", allow_module_level=True)

from dbus_fast import BusType, Message, Variant
from dbus_fast.aio import MessageBus

from tests.bus_config import bus_address, bus_command
from tftmonitor.base.tasks import TaskScope

# Where dbus-fast is not installed, tests import it from here and are skipped.
__all__ = ["BusService", "BusType", "Message", "PrivateBus", "Variant", "run_in_scope", "until"]

_DRIVER = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


class PrivateBus:
    """A running ``dbus-daemon``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.address = bus_address(folder)
        command = [*bus_command(folder), "--print-address=1"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert self._process.stdout.readline()

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


class BusService:
    """A connection that owns a name and answers calls; ``bus`` is for what a test sends itself."""

    def __init__(self, address: str, name: str) -> None:
        self.address, self.name = address, name
        self.bus: MessageBus

    async def start(self) -> None:
        self.bus = await MessageBus(self.address, negotiate_unix_fd=True).connect()
        self.bus.add_message_handler(self._answer)
        rule = "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"
        await self.bus.call(Message(*_DRIVER, "AddMatch", signature="s", body=[rule]))
        await self.bus.request_name(self.name)

    async def stop(self) -> None:
        self.bus.disconnect()
        await self.bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def answer(self, message: Message) -> Message | bool | None:
        """The reply to a message, True for none at all, None for what is not meant."""
        raise NotImplementedError

    def _answer(self, message: Message) -> Message | bool | None:
        return self.answer(message)


async def until(fact: Callable[[], object]) -> None:
    """Wait for a fact that nothing reports."""
    async with asyncio.timeout(10):
        while not fact():  # noqa: ASYNC110 - nothing reports it
            await asyncio.sleep(0.01)


def run_in_scope(work: Callable[[TaskScope], Coroutine[Any, Any, None]]) -> None:
    """Run a test's work; no task may fail or be left behind."""

    async def main() -> None:
        failures: list[BaseException] = []
        async with (
            asyncio.timeout(30),
            TaskScope(lambda _name, error: failures.append(error)) as scope,
        ):
            await work(scope)
        assert failures == []
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
