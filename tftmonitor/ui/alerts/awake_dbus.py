"""Keeps Linux desktops awake over D-Bus; ``awake`` is the only caller.

With dbus-fast, because it works on the running loop without tasks of its own and is loaded for
notifications anyway; jeepney, which the keyring brings, starts one that nobody owns.
"""

import asyncio
import contextlib
import os
from dataclasses import dataclass, field
from typing import Any

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError

from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.fields.formatting import clip
from tftmonitor.ui.alerts.awake import Told

_REASON = "Alarms of the fleet are watched"
# A screen saver that was started anew knows nothing of us; none sleeps sooner than this.
CHECK_S = 60.0
ANSWER_LIMIT_S = 5.0
_ABSENT = {
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.UnknownMethod",
    "org.freedesktop.DBus.Error.UnknownObject",
    "org.freedesktop.DBus.Error.UnknownInterface",
    "org.freedesktop.DBus.Error.Spawn.ExecFailed",
    "org.freedesktop.DBus.Error.Spawn.ChildExited",
}
_NO_BUS = (OSError, ValueError, KeyError, EOFError, AuthError)


class _RefusedError(Exception):
    """The service answered with an error; the text is for people."""


@dataclass(slots=True)
class _Lock:
    """One service asked over a connection of its own: the lock ends with the connection."""

    what: str
    bus_type: BusType
    name: str
    path: str
    interface: str
    body: list[str]
    bus: MessageBus | None = None
    owner: str | None = None
    handles: list[int] = field(default_factory=list)

    async def renew(self) -> str:
        """Take the lock unless it is held; why not, in words, or ""."""
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S):
                if not await self._is_held():
                    await self.let_go()
                    await self._take()
        except _RefusedError as error:
            problem = str(error)
        except TimeoutError:
            problem = f"the {self.what} does not answer"
        except _NO_BUS:
            problem = f"no {self.bus_type.name.lower()} bus"
        else:
            return ""
        await self.let_go()
        return problem

    async def let_go(self) -> None:
        """Give the lock back, if it is held."""
        while self.handles:
            os.close(self.handles.pop())
        self.owner = None
        bus, self.bus = self.bus, None
        if bus is None:
            return
        bus.disconnect()
        # Awaited also after a loss, or asyncio logs the reason as never retrieved.
        with contextlib.suppress(*_NO_BUS):
            async with asyncio.timeout(ANSWER_LIMIT_S):
                await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    async def _is_held(self) -> bool:
        if self.bus is None or self.owner is None or not self.bus.connected:
            return False
        with contextlib.suppress(_RefusedError):
            answer = await self._call("GetNameOwner", "s", [self.name])
            return bool(answer.body[0] == self.owner)
        return False

    async def _take(self) -> None:
        bus = MessageBus(bus_type=self.bus_type, negotiate_unix_fd=True)
        self.bus = await bus.connect()
        answer = await self._call("Inhibit", "s" * len(self.body), self.body, self)
        self.handles = list(answer.unix_fds)
        self.owner = answer.sender

    async def _call(
        self, member: str, signature: str, body: list[Any], to: "_Lock | None" = None
    ) -> Message:
        assert self.bus is not None
        message = Message(
            destination=to.name if to else "org.freedesktop.DBus",
            path=to.path if to else "/org/freedesktop/DBus",
            interface=to.interface if to else "org.freedesktop.DBus",
            member=member,
            signature=signature,
            body=body,
        )
        answer = await self.bus.call(message)
        if answer.message_type is MessageType.ERROR:
            absent = answer.error_name in _ABSENT
            said = clip(str(answer.body[0]), 80) if answer.body else str(answer.error_name)
            raise _RefusedError(f"no {self.what}" if absent else f"the {self.what} says: {said}")
        return answer


class DBusInhibitor:
    """Asks the desktop's screen saver and the login manager, and again when one was renewed.

    Desktops differ in which of the two they heed before the computer sleeps.
    """

    def __init__(self, scope: TaskScope) -> None:
        self._scope = scope
        self._wanted = False
        self._started = False
        self._told: Told | None = None
        self._stirred = asyncio.Event()
        saver = "org.freedesktop.ScreenSaver"
        self._screen = _Lock(
            "screen saver service",
            BusType.SESSION,
            saver,
            "/org/freedesktop/ScreenSaver",
            saver,
            ["tftmonitor", _REASON],
        )
        login = "org.freedesktop.login1"
        self._system = _Lock(
            "login manager",
            BusType.SYSTEM,
            login,
            "/org/freedesktop/login1",
            f"{login}.Manager",
            # Not "sleep": who sends the computer to sleep by hand means it.
            ["idle", "tftmonitor", _REASON, "block"],
        )

    def hold(self, told: Told) -> None:
        """Ask for it, from a task of the scope."""
        self._told = told
        self._wanted = True
        self._stirred.set()
        if not self._started:
            self._started = True
            self._scope.keep("keep awake", self._run)

    def release(self) -> None:
        """Give it back."""
        self._wanted = False
        self._stirred.set()

    async def _run(self) -> None:
        try:
            while True:
                self._stirred.clear()
                if self._wanted:
                    await self._renew()
                else:
                    await self._let_go()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(CHECK_S if self._wanted else None):
                        await self._stirred.wait()
        finally:
            await self._let_go()

    async def _renew(self) -> None:
        no_screen = await self._screen.renew()
        no_system = await self._system.renew()
        if self._told is None or not self._wanted:
            return
        if not no_screen:
            self._told(True, "")
        elif not no_system:
            self._told(True, "the screen may go dark")
        else:
            self._told(False, f"{no_screen}, {no_system}")

    async def _let_go(self) -> None:
        await self._screen.let_go()
        await self._system.let_go()
