"""Notifications of Linux desktops over D-Bus; ``notify`` is the only caller."""

import html
import uuid
from collections.abc import Callable

from dbus_fast.errors import DBusError
from desktop_notifier import Icon, Notification, Urgency
from desktop_notifier.backends.dbus import DBusDesktopNotifier
from typing_extensions import override

from tftmonitor.base.paths import resource
from tftmonitor.model.alarms.codes import Severity

_URGENCIES = {
    Severity.CRITICAL: Urgency.Critical,
    Severity.HIGH: Urgency.Critical,
    Severity.WARNING: Urgency.Normal,
    Severity.NOTICE: Urgency.Low,
}
_STAYS = 0  # seconds; the desktop keeps it until somebody acts
_DESKTOP_DECIDES = -1
_SERVICE_GONE = {
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.Spawn.ExecFailed",
    "org.freedesktop.DBus.Error.Spawn.ChildExited",
}


class NotificationError(Exception):
    """A notification that was not shown; the text says why, for people."""


class _Backend(DBusDesktopNotifier):
    """WORKAROUND desktop-notifier 6.2: ``send`` logs failures and raises none; remove when
    it does.
    """

    def __init__(self, app_name: str, app_icon: Icon) -> None:
        super().__init__(app_name, app_icon)
        self._markup: bool | None = None

    @override
    async def send(self, notification: Notification) -> None:
        await self._send(notification)
        if not self._knows(notification.identifier):
            raise NotificationError("the desktop's notification service is of an unknown kind")
        self._notification_cache[notification.identifier] = notification

    def _knows(self, identifier: str) -> bool:
        return identifier in self._platform_to_interface_notification_identifier.inverse

    async def withdraw(self, identifier: str) -> None:
        """Take it away unless it is gone already."""
        if self._knows(identifier):
            await self.clear(identifier)

    async def renders_markup(self) -> bool:
        """True when the body of a notification is not taken as it is."""
        if self._markup is None:
            interface = self.interface or await self._init_dbus()
            self.interface = interface
            words = await interface.call_get_capabilities()  # type: ignore[attr-defined]
            self._markup = "body-markup" in words
        return self._markup

    @property
    def connected(self) -> bool:
        """True while the session bus can be reached through this one."""
        return self.interface is not None and bool(self.bus.connected)

    def disconnect(self) -> None:
        """Close the connection, if there is one."""
        if self.connected:
            self.bus.disconnect()


class DBusChannel:
    """One connection to the session bus, made when first needed and again after a failure."""

    def __init__(self) -> None:
        self._backend: _Backend | None = None

    async def show(
        self, title: str, body: str, severity: Severity, opened: Callable[[], None]
    ) -> str:
        """Show a notification and return what names it; NotificationError when it is not."""
        if self._backend is None or not self._backend.connected:
            self.leave()
            self._backend = _Backend("tftmonitor", Icon(path=resource("icons", "app.svg")))
        try:
            if await self._backend.renders_markup():
                body = html.escape(body, quote=False)
            notification = _notification(title, body, severity, opened)
            await self._backend.send(notification)
        except DBusError as error:
            if error.type in _SERVICE_GONE:
                raise NotificationError("this desktop has no notification service") from error
            raise
        except (OSError, ValueError, EOFError) as error:
            raise NotificationError(f"no session bus ({error})") from error
        return notification.identifier

    async def withdraw(self, name: str) -> None:
        """Take a notification away, if it is still there."""
        if self._backend is not None and self._backend.connected:
            await self._backend.withdraw(name)

    def leave(self) -> None:
        """Cut the connection; the next call makes a new one."""
        backend, self._backend = self._backend, None
        if backend is not None:
            backend.disconnect()


def _notification(
    title: str, body: str, severity: Severity, opened: Callable[[], None]
) -> Notification:
    return Notification(
        title=title,
        message=body,
        urgency=_URGENCIES[severity],
        on_clicked=opened,
        timeout=_STAYS if severity is Severity.CRITICAL else _DESKTOP_DECIDES,
        identifier=uuid.uuid4().hex,
    )
