"""One notification of the desktop, and what a service that shows them offers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tftmonitor.model.alarms.codes import Severity


@dataclass(frozen=True, slots=True)
class Notification:
    """What is shown, as plain text: the service escapes what its desktop would render.

    ``on_open`` is called when it is clicked.
    """

    title: str
    body: str
    severity: Severity
    on_open: Callable[[], None]


class NotificationError(Exception):
    """A notification that was not shown; the text says why, for people."""


class NotificationService(Protocol):
    """The desktop's notifications, one a key; each method raises when it does not work."""

    async def show(self, key: int, notification: Notification) -> None:
        """Show a notification in place of the one with the same key."""
        ...

    async def withdraw(self, key: int) -> None:
        """Take a notification away, if it is still there."""
        ...

    async def close(self) -> None:
        """Take all of them away and disconnect, at the end."""
        ...
