"""Alarms as desktop notifications: each opens its alarm, none is lost without a message.

On Linux straight to ``org.freedesktop.Notifications``, because Qt's tray cannot say which message
was clicked and shows nothing without a tray; elsewhere through the tray.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from tftmonitor.base.clock import Clock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.formatting import clip
from tftmonitor.ui.alerts.notification import Notification, NotificationService
from tftmonitor.ui.alerts.notify_flood import NotificationFlood

# A notification service that does not answer must not hold up the next alarm for long.
ANSWER_LIMIT_S = 5.0
_END_LIMIT_S = 1.0
_FLOOD_KEY = 0  # alarms are numbered from 1


class TrayMessages(Protocol):
    """What the tray offers for a message; False when it cannot show it."""

    def show_message(self, title: str, body: str, severity: Severity, alarm: int) -> bool:
        """Show a message for this alarm."""
        ...


class DesktopNotifier:
    """Shows and withdraws notifications in order, from a task of the scope given.

    ``on_open(alarm)`` is called when one is clicked; the flood's opens its latest alarm.
    ``on_problem(text)`` reports when notifications cannot be shown, and "" when they can again.
    """

    def __init__(
        self,
        scope: TaskScope,
        clock: Clock,
        on_open: Callable[[int], None],
        on_problem: Callable[[str], None],
        *,
        tray: TrayMessages | None = None,
        service: NotificationService | None = None,
    ) -> None:
        self._scope = scope
        self._on_open = on_open
        self._on_problem = on_problem
        self._tray = tray
        self._service = service
        self._flood = NotificationFlood(clock)
        # By alarm, in order: what to show for it, None to withdraw what is shown.
        self._requests: dict[int, Notification | None] = {}
        # For all others there is nothing to withdraw.
        self._shown: set[int] = set()
        self._wake = asyncio.Event()
        # Held while the service works, so that the end waits for a notification on its way.
        self._busy = asyncio.Lock()
        self._closed = False
        self._problem = ""

    def start(self) -> None:
        """Begin to work; call it on the running loop."""
        if self._service is None and sys.platform == "linux":
            from tftmonitor.ui.alerts.notify_dbus import DBusNotifications

            self._service = DBusNotifications(self._show_again)
        self._scope.keep("desktop notifications", self._run)

    def show(self, alarm: int, title: str, body: str, severity: Severity) -> None:
        """Show an alarm, in place of what was shown for it before."""
        if self._flood.admit(severity):
            self._request(alarm, title, body, severity)
        else:
            self._flood.hold_back(alarm, severity)
            self._request_flood()

    def withdraw(self, alarm: int) -> None:
        """Take an alarm's notification away, because it was acknowledged or shelved."""
        if self._flood.discard(alarm):
            self._request_flood()
        self._add(alarm, None)

    async def close(self) -> None:
        """Withdraw everything, because nobody would answer a click any more."""
        self._closed = True
        self._requests.clear()
        if self._service is None:
            return
        try:
            async with asyncio.timeout(_END_LIMIT_S), self._busy:
                await self._service.close()
        except Exception as error:  # noqa: BLE001 - the program ends whatever the desktop says
            self._report(f"notifications could not be withdrawn: {_reason(error)}")

    def _show_again(self, lost: Mapping[int, Notification]) -> None:
        """The desktop's service was restarted: its successor shows what still waits."""
        for key, notification in lost.items():
            if key not in self._requests:
                self._add(key, notification)

    def _request(self, key: int, title: str, body: str, severity: Severity) -> None:
        on_open = partial(self._open, key)
        self._add(key, Notification(clip(title), clip(body), severity, on_open))

    def _request_flood(self) -> None:
        summary = self._flood.summary
        if summary is None:
            self._add(_FLOOD_KEY, None)
        else:
            self._request(_FLOOD_KEY, *summary)

    def _add(self, key: int, notification: Notification | None) -> None:
        if self._closed:
            return
        if notification is not None:
            self._shown.add(key)
        elif key in self._shown:
            self._shown.discard(key)
        else:
            return
        # What waits for the same alarm is out of date.
        self._requests.pop(key, None)
        self._requests[key] = notification
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._requests:
                async with self._busy:
                    key = next(iter(self._requests))
                    await self._carry_out(key, self._requests.pop(key))

    async def _carry_out(self, key: int, notification: Notification | None) -> None:
        if self._service is None:
            self._show_in_tray(key, notification, "this desktop shows no notifications")
            return
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S):
                await self._call(self._service, key, notification)
        except Exception as error:  # noqa: BLE001 - reported as a text, whatever the desktop did
            problem = f"notifications do not work: {_reason(error)}"
            self._show_in_tray(key, notification, problem)

    async def _call(
        self, service: NotificationService, key: int, notification: Notification | None
    ) -> None:
        if notification is None:
            # It may have had nothing to do, so its success proves nothing.
            await service.withdraw(key)
        else:
            await service.show(key, notification)
            self._report("")

    def _open(self, key: int) -> None:
        self._on_open(self._alarm_of(key))

    def _alarm_of(self, key: int) -> int:
        return self._flood.latest if key == _FLOOD_KEY else key

    def _show_in_tray(self, key: int, shown: Notification | None, problem: str) -> None:
        if shown is None:
            return
        alarm = self._alarm_of(key)
        in_tray = self._tray is not None and self._tray.show_message(
            shown.title, shown.body, shown.severity, alarm
        )
        self._report("" if in_tray else problem)

    def _report(self, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            self._on_problem(problem)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "the desktop does not answer"
    return clip(str(error)) or type(error).__name__
