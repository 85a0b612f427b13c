"""Alarms as desktop notifications: each opens its alarm, none is lost without a word.

On Linux straight to ``org.freedesktop.Notifications``, because Qt's tray cannot say which message
was clicked and shows nothing without a tray; elsewhere through the tray.
"""

import asyncio
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from tftmonitor.base.clock import Clock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.formatting import clip

# What one person can read: more within the window become one line that counts them.
FLOOD_WINDOW_S = 10.0
FLOOD_LIMIT = 5
# Critical ones come singly, up to where the desktop would drown in them.
CRITICAL_LIMIT = 20
# A notification service that does not answer must not hold up the next alarm for long.
ANSWER_LIMIT_S = 5.0
_END_LIMIT_S = 1.0
_FLOOD = 0  # alarms are numbered from 1

Opened = Callable[[int], None]
Trouble = Callable[[str], None]


class Channel(Protocol):
    """A way to the desktop; each method raises when it does not work.

    Texts are plain: the channel escapes what its desktop would render.
    """

    async def show(
        self, title: str, body: str, severity: Severity, opened: Callable[[], None]
    ) -> str:
        """Show a notification and return what names it."""
        ...

    async def withdraw(self, name: str) -> None:
        """Take a notification away, if it is still there."""
        ...

    def leave(self) -> None:
        """Cut the connection, at the end."""
        ...


class Balloons(Protocol):
    """What the tray offers for a message; False when it cannot show it."""

    def show_message(self, title: str, body: str, severity: Severity, alarm: int) -> bool:
        """Show a balloon for this alarm."""
        ...


@dataclass(slots=True)
class _Order:
    alarm: int
    title: str = ""
    body: str = ""
    severity: Severity = Severity.NOTICE
    withdraw: bool = False


@dataclass(slots=True)
class _Flood:
    ids: set[int] = field(default_factory=set)
    latest: int = 0
    worst: Severity = Severity.NOTICE


class DesktopNotifier:
    """Shows and withdraws notifications in order, from a task of the scope given.

    ``opened(alarm)`` is called when one is clicked; the flood line opens its latest alarm.
    ``trouble(words)`` tells when notifications cannot be shown, and "" when they can again.
    """

    def __init__(
        self,
        scope: TaskScope,
        clock: Clock,
        opened: Opened,
        trouble: Trouble,
        *,
        tray: Balloons | None = None,
        channel: Channel | None = None,
    ) -> None:
        self._scope = scope
        self._clock = clock
        self._opened = opened
        self._trouble = trouble
        self._tray = tray
        self._channel = channel
        self._orders: deque[_Order] = deque()
        self._wake = asyncio.Event()
        self._shown: dict[int, str] = {}
        self._recent: deque[tuple[float, bool]] = deque()
        self._flood = _Flood()
        self._told = ""

    def start(self) -> None:
        """Begin to work; call it on the running loop."""
        if self._channel is None and sys.platform == "linux":
            from tftmonitor.ui.alerts.notify_dbus import DBusChannel

            self._channel = DBusChannel()
        self._scope.keep("desktop notifications", self._run)

    def show(self, alarm: int, title: str, body: str, severity: Severity) -> None:
        """Show an alarm, in place of what was shown for it before."""
        if self._too_many(severity):
            self._join_flood(alarm, severity)
            return
        self._order(_Order(alarm, clip(title), clip(body), severity))

    def withdraw(self, alarm: int) -> None:
        """Take an alarm's notification away, because it was acknowledged or put aside."""
        if alarm in self._flood.ids:
            self._flood.ids.discard(alarm)
            if self._flood.ids:
                self._order_flood()
            else:
                self._order(_Order(_FLOOD, withdraw=True))
        self._order(_Order(alarm, withdraw=True))

    async def close(self) -> None:
        """Withdraw everything, because nobody would hear a click any more."""
        self._orders.clear()
        names, self._shown = list(self._shown.values()), {}
        if self._channel is None:
            return
        try:
            async with asyncio.timeout(_END_LIMIT_S):
                for name in names:
                    await self._channel.withdraw(name)
        except Exception as error:  # noqa: BLE001 - the program ends whatever the desktop says
            self._tell(f"notifications could not be withdrawn: {_reason(error)}")
        finally:
            self._channel.leave()

    def _order(self, order: _Order) -> None:
        # What waits for the same alarm is out of date.
        waiting = [kept for kept in self._orders if kept.alarm != order.alarm]
        if len(waiting) != len(self._orders):
            self._orders = deque(waiting)
        self._orders.append(order)
        self._wake.set()

    def _too_many(self, severity: Severity) -> bool:
        now_s = self._clock.monotonic_s()
        while self._recent and now_s - self._recent[0][0] >= FLOOD_WINDOW_S:
            self._recent.popleft()
        critical = severity is Severity.CRITICAL
        limit = CRITICAL_LIMIT if critical else FLOOD_LIMIT
        if sum(kind == critical for _, kind in self._recent) >= limit:
            return True
        if not self._recent:
            self._flood = _Flood()
        self._recent.append((now_s, critical))
        return False

    def _join_flood(self, alarm: int, severity: Severity) -> None:
        flood = self._flood
        flood.ids.add(alarm)
        flood.latest = alarm
        flood.worst = max(flood.worst, severity)
        self._order_flood()

    def _order_flood(self) -> None:
        count, worst = len(self._flood.ids), self._flood.worst
        noun = "alarm" if count == 1 else "alarms"
        body = f"Worst {worst.word}. All are in the window."
        self._order(_Order(_FLOOD, f"{count} more {noun}", body, worst))

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._orders:
                await self._carry_out(self._orders.popleft())

    async def _carry_out(self, order: _Order) -> None:
        if self._channel is None:
            self._balloon(order, "this desktop shows no notifications")
            return
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S):
                await self._on_desktop(self._channel, order)
        except Exception as error:  # noqa: BLE001 - told in words, whatever the desktop did
            self._balloon(order, f"notifications do not work: {_reason(error)}")
        else:
            self._tell("")

    async def _on_desktop(self, channel: Channel, order: _Order) -> None:
        before = self._shown.pop(order.alarm, None)
        if before is not None:
            await channel.withdraw(before)
        if not order.withdraw:
            opened = partial(self._open, order.alarm)
            name = await channel.show(order.title, order.body, order.severity, opened)
            self._shown[order.alarm] = name

    def _open(self, alarm: int) -> None:
        self._shown.pop(alarm, None)
        self._opened(self._flood.latest if alarm == _FLOOD else alarm)

    def _balloon(self, order: _Order, problem: str) -> None:
        if order.withdraw:
            return
        alarm = self._flood.latest if order.alarm == _FLOOD else order.alarm
        shown = self._tray is not None and self._tray.show_message(
            order.title, order.body, order.severity, alarm
        )
        self._tell("" if shown else problem)

    def _tell(self, words: str) -> None:
        if words != self._told:
            self._told = words
            self._trouble(words)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "the desktop does not answer"
    return clip(str(error)) or type(error).__name__
