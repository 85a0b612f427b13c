"""Keeps Linux desktops awake over D-Bus: screen saver service and login manager."""

import asyncio
import contextlib
import os
from dataclasses import dataclass, field

from dbus_fast import BusType

from tftmonitor.base.tasks import TaskScope
from tftmonitor.ui.alerts.bus_connection import (
    BUS_DRIVER,
    BusCallError,
    BusConnection,
    BusObject,
    BusUnavailableError,
)
from tftmonitor.ui.alerts.sleep_inhibitor import InhibitReport

_REASON = "Alarms of the fleet are watched"
# A screen saver that was started anew knows nothing of us; none sleeps sooner than this.
CHECK_S = 60.0


@dataclass(slots=True)
class _Lock:
    """One service asked over a connection of its own: the lock ends with the connection."""

    label: str
    bus_type: BusType
    target: BusObject
    body: list[str]
    connection: BusConnection | None = None
    owner: str | None = None
    handles: list[int] = field(default_factory=list)

    async def renew(self) -> str:
        """Acquire the lock unless it is held; the reason why it could not be, or ""."""
        try:
            if not await self._is_held():
                await self.release()
                await self._acquire()
        except BusCallError as error:
            reason = f"no {self.label}" if error.is_absent else f"the {self.label} says: {error}"
        except TimeoutError:
            reason = f"the {self.label} does not answer"
        except BusUnavailableError:
            reason = f"no {self.bus_type.name.lower()} bus"
        else:
            return ""
        await self.release()
        return reason

    async def release(self) -> None:
        """Give the lock back, if it is held."""
        # The login manager's lock is a file handle, the screen saver's the connection.
        while self.handles:
            os.close(self.handles.pop())
        self.owner = None
        connection, self.connection = self.connection, None
        if connection is not None:
            await connection.close()

    async def _is_held(self) -> bool:
        """True when the process that granted the lock still owns the service's name."""
        if self.connection is None or self.owner is None or not self.connection.connected:
            return False
        with contextlib.suppress(BusCallError):
            reply = await self.connection.call(BUS_DRIVER, "GetNameOwner", "s", [self.target.name])
            return bool(reply.body[0] == self.owner)
        return False

    async def _acquire(self) -> None:
        self.connection = connection = BusConnection(self.bus_type, file_handles=True)
        await connection.open()
        reply = await connection.call(self.target, "Inhibit", "s" * len(self.body), self.body)
        self.handles = list(reply.unix_fds)
        self.owner = reply.sender


class DBusInhibitor:
    """Asks the desktop's screen saver and the login manager, and again when one was restarted.

    Desktops differ in which of the two they respect before the computer sleeps.
    """

    def __init__(self, scope: TaskScope) -> None:
        self._scope = scope
        self._wanted = False
        self._started = False
        self._report: InhibitReport | None = None
        self._wake = asyncio.Event()
        saver = "org.freedesktop.ScreenSaver"
        self._screen = _Lock(
            "screen saver service",
            BusType.SESSION,
            BusObject(saver, "/org/freedesktop/ScreenSaver", saver),
            ["tftmonitor", _REASON],
        )
        login = "org.freedesktop.login1"
        self._system = _Lock(
            "login manager",
            BusType.SYSTEM,
            BusObject(login, "/org/freedesktop/login1", f"{login}.Manager"),
            # Not "sleep": who sends the computer to sleep by hand means it.
            ["idle", "tftmonitor", _REASON, "block"],
        )

    def inhibit(self, report: InhibitReport) -> None:
        """Ask both, from a task of the scope."""
        self._report = report
        self._wanted = True
        self._wake.set()
        if not self._started:
            self._started = True
            self._scope.keep("keep awake", self._run)

    def release(self) -> None:
        """Give both locks back."""
        self._wanted = False
        self._wake.set()

    async def _run(self) -> None:
        """The only one who touches the locks, so that quick changes of mind cannot overlap."""
        try:
            while True:
                self._wake.clear()
                if self._wanted:
                    await self._renew()
                else:
                    await self._release_locks()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(CHECK_S if self._wanted else None):
                        await self._wake.wait()
        finally:
            await self._release_locks()

    async def _renew(self) -> None:
        no_screen = await self._screen.renew()
        no_system = await self._system.renew()
        if self._report is None or not self._wanted:
            return
        if not no_screen:
            self._report(True, "")
        elif not no_system:
            self._report(True, "the screen may go dark")
        else:
            self._report(False, f"{no_screen}, {no_system}")

    async def _release_locks(self) -> None:
        await self._screen.release()
        await self._system.release()
