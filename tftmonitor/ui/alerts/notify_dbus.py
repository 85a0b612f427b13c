"""Notifications of Linux desktops, by ``org.freedesktop.Notifications``.

Each daemon counts its ids anew, so an id is only ever used with the process that gave it: calls
and signals go by that process's unique name on the bus, and a successor begins with none. What
the former one still showed is offered to be shown again once there is a successor.
"""

import contextlib
import html
from collections.abc import Callable, Mapping
from functools import partial

from dbus_fast import BusType, Message, Variant

from tftmonitor.base.paths import resource
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.alerts.bus_connection import (
    BUS_DRIVER,
    BusCallError,
    BusConnection,
    BusObject,
    BusUnavailableError,
)
from tftmonitor.ui.alerts.notification import Notification, NotificationError
from tftmonitor.ui.alerts.notify_daemon import NotificationDaemon, Shown

_APP = "tftmonitor"
_CATEGORY = "x-tftmonitor.alarm"
_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_SERVICE = BusObject(_NAME, _PATH, _NAME)
_RULES = (
    f"type='signal',sender='{_NAME}',path='{_PATH}',interface='{_NAME}'",
    f"type='signal',sender='{BUS_DRIVER.name}',member='NameOwnerChanged',arg0='{_NAME}'",
)
_NOTIFY_SIGNATURE = "susssasa{sv}i"
# What a click on the notification invokes; the label is shown only by daemons that have buttons.
_DEFAULT_ACTION, _DEFAULT_LABEL = "default", "Show"
_LOW, _NORMAL, _CRITICAL = 0, 1, 2
_URGENCIES = {
    Severity.CRITICAL: _CRITICAL,
    Severity.HIGH: _CRITICAL,
    Severity.WARNING: _NORMAL,
    Severity.NOTICE: _LOW,
}
_STAYS = 0  # ms; the desktop keeps it until somebody acts
_DESKTOP_DECIDES = -1

Lost = Callable[[Mapping[int, Notification]], None]


class DBusNotifications:
    """One connection to the session bus, made when first needed and again after a loss."""

    def __init__(self, on_successor: Lost = lambda _shown: None) -> None:
        self._on_successor = on_successor
        # What a daemon that ended still showed, by our keys.
        self._lost: dict[int, Notification] = {}
        self._connection: BusConnection | None = None
        self._daemon: NotificationDaemon | None = None

    async def show(self, key: int, notification: Notification) -> None:
        """Show a notification; NotificationError or TimeoutError when it is not."""
        try:
            connection = await self._connect()
            await self.withdraw(key)
            if self._daemon is not None and await self._was_shown(connection, key, notification):
                return
            self._lose_daemon()
            self._daemon = await _find_daemon(connection)
            self._offer_lost()
            await _notify(connection, self._daemon, key, notification)
        except BusCallError as error:
            absent = "this desktop has no notification service"
            raise NotificationError(absent if error.is_absent else str(error)) from error
        except BusUnavailableError as error:
            raise NotificationError(str(error)) from error

    async def withdraw(self, key: int) -> None:
        """Take a notification away, if it is still there."""
        self._lost.pop(key, None)
        daemon, connection = self._daemon, self._connection
        if daemon is None or connection is None or not connection.connected:
            return
        shown = daemon.shown.pop(key, None)
        if shown is not None and shown.id is not None:
            # An error says that it was closed meanwhile.
            with contextlib.suppress(BusCallError):
                await connection.call(daemon.address, "CloseNotification", "u", [shown.id])

    async def close(self) -> None:
        """Take all of them away and disconnect; the next call connects again."""
        self._lost.clear()
        try:
            while self._daemon is not None and self._daemon.shown:
                await self.withdraw(next(iter(self._daemon.shown)))
        finally:
            await self._disconnect()

    async def _connect(self) -> BusConnection:
        if self._connection is not None and self._connection.connected:
            return self._connection
        await self._disconnect()
        self._connection = connection = BusConnection(BusType.SESSION, self._on_signal)
        try:
            await connection.open()
            for rule in _RULES:
                await connection.subscribe(rule)
        except BaseException:
            # Without its signals no click would arrive.
            await self._disconnect()
            raise
        return connection

    async def _disconnect(self) -> None:
        # Another bus may give the same names to other programs.
        self._daemon = None
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _was_shown(
        self, connection: BusConnection, key: int, notification: Notification
    ) -> bool:
        """Show it by the daemon that is known; False when that one ended.

        The signal that says so may still be on its way.
        """
        assert self._daemon is not None
        try:
            await _notify(connection, self._daemon, key, notification)
        except BusCallError as error:
            if not error.is_absent:
                raise
            return False
        return True

    def _lose_daemon(self) -> None:
        if self._daemon is not None:
            self._lost |= {key: shown.notification for key, shown in self._daemon.shown.items()}
            self._daemon = None

    def _offer_lost(self) -> None:
        lost, self._lost = self._lost, {}
        if lost:
            self._on_successor(lost)

    def _note_owner(self, owner: str) -> None:
        if self._daemon is not None and owner != self._daemon.address.name:
            self._lose_daemon()
        if owner:
            self._offer_lost()

    def _on_signal(self, message: Message) -> None:
        match message.sender, message.member, message.body:
            case BUS_DRIVER.name, "NameOwnerChanged", [str(name), _, str(owner)]:
                if name == _NAME:
                    self._note_owner(owner)
            case _:
                if self._daemon is not None:
                    _note_end(self._daemon, message)


def _note_end(daemon: NotificationDaemon, message: Message) -> None:
    """A click, or somebody closed it."""
    match message.sender, message.member, message.body:
        case daemon.address.name, "ActionInvoked", [int(number), str(action)]:
            shown = daemon.drop_id(number)
            if shown is not None and action == _DEFAULT_ACTION:
                shown.notification.on_open()
        case daemon.address.name, "NotificationClosed", [int(number), _]:
            daemon.drop_id(number)


async def _find_daemon(connection: BusConnection) -> NotificationDaemon:
    """Ask who serves the name now, which starts one where the desktop can."""
    reply = await connection.call(_SERVICE, "GetCapabilities")
    address = BusObject(str(reply.sender), _PATH, _NAME)
    return NotificationDaemon(address, frozenset(reply.body[0] if reply.body else ()))


async def _notify(
    connection: BusConnection, daemon: NotificationDaemon, key: int, notification: Notification
) -> None:
    shown = Shown(notification)
    daemon.add(key, shown)
    on_reply = partial(_on_reply, connection, daemon, key, shown)
    try:
        await connection.call(
            daemon.address, "Notify", _NOTIFY_SIGNATURE, _arguments(daemon, notification), on_reply
        )
    except (BusCallError, BusUnavailableError):
        daemon.drop(key, shown)
        raise


def _on_reply(
    connection: BusConnection, daemon: NotificationDaemon, key: int, shown: Shown, reply: Message
) -> None:
    """Remember the daemon's id, or close what a slow one shows after it was withdrawn."""
    if daemon.shown.get(key) is shown:
        shown.id = reply.body[0]
    else:
        connection.post(daemon.address, "CloseNotification", "u", [reply.body[0]])


def _arguments(daemon: NotificationDaemon, notification: Notification) -> list[object]:
    """The arguments of ``Notify``."""
    severity = notification.severity
    body = _bus_text(notification.body)
    hints = {
        "urgency": Variant("y", _URGENCIES[severity]),
        "desktop-entry": Variant("s", _APP),
        "category": Variant("s", _CATEGORY),
    }
    return [
        _APP,
        0,  # in place of none
        resource("icons", "app.svg").as_uri(),
        _bus_text(notification.title),
        html.escape(body, quote=False) if daemon.renders_markup else body,
        [_DEFAULT_ACTION, _DEFAULT_LABEL] if daemon.has_actions else [],
        hints,
        _STAYS if severity is Severity.CRITICAL else _DESKTOP_DECIDES,
    ]


def _bus_text(text: str) -> str:
    """Text without what no message may contain: the bus would cut the connection."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
