"""Reads the accessibility tree of a program as a screen reader does, over the bus of AT-SPI."""

import asyncio
from pathlib import Path
from typing import Any

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus

LAUNCHERS = (
    Path("/usr/libexec/at-spi-bus-launcher"),
    Path("/usr/lib/at-spi2-core/at-spi-bus-launcher"),
)
_ROOT = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
_ACCESSIBLE = "org.a11y.atspi.Accessible"
_SHOWING = 25
_LINES = {"text", "entry"}


def has_accessibility() -> bool:
    """True when this computer has the bus of screen readers."""
    return any(path.exists() for path in LAUNCHERS)


class Reader:
    """One screen reader; ``heard`` are the announcements so far."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self.heard: list[str] = []
        bus.add_message_handler(self._hear)

    @classmethod
    async def on(cls, session: str) -> "Reader":
        """Begin to listen, on the session bus of this address."""
        first = await MessageBus(bus_address=session).connect()
        answer = await first.call(
            Message("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")
        )
        assert answer is not None
        first.disconnect()
        bus = await MessageBus(bus_address=answer.body[0], bus_type=BusType.SESSION).connect()
        reader = cls(bus)
        await reader._call(
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus",
            "AddMatch",
            "s",
            ["interface='org.a11y.atspi.Event.Object'"],
        )
        await reader._call(
            _ROOT[0],
            "/org/a11y/atspi/registry",
            "org.a11y.atspi.Registry",
            "RegisterEvent",
            "s",
            ["object:announcement"],
        )
        return reader

    async def names(self) -> list[tuple[str, str]]:
        """Role and name of everything that is shown in the tree of all programs.

        What is within a line of text is the toolkit's own.
        """
        found: list[tuple[str, str]] = []
        waiting = [_ROOT]
        while waiting:
            owner, path = waiting.pop()
            for child_owner, child in await self._children(owner, path):
                name = await self._name(child_owner, child)
                role = await self._role(child_owner, child)
                if await self._is_shown(child_owner, child):
                    found.append((role, name))
                if role not in _LINES:
                    waiting.append((child_owner, child))
        return found

    def close(self) -> None:
        self._bus.disconnect()

    def _hear(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL and message.member == "Announcement":
            self.heard.append(str(message.body[3].value))

    async def _children(self, owner: str, path: str) -> list[tuple[str, str]]:
        body = await self._call(owner, path, _ACCESSIBLE, "GetChildren")
        return [(child[0], child[1]) for child in body[0]] if body else []

    async def _is_shown(self, owner: str, path: str) -> bool:
        body = await self._call(owner, path, _ACCESSIBLE, "GetState")
        return bool(body and body[0] and body[0][0] >> _SHOWING & 1)

    async def _role(self, owner: str, path: str) -> str:
        body = await self._call(owner, path, _ACCESSIBLE, "GetRoleName")
        return str(body[0]) if body else ""

    async def _name(self, owner: str, path: str) -> str:
        body = await self._call(
            owner, path, "org.freedesktop.DBus.Properties", "Get", "ss", [_ACCESSIBLE, "Name"]
        )
        return str(body[0].value) if body else ""

    async def _call(
        self,
        owner: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        body: list[Any] | None = None,
    ) -> list[Any]:
        message = Message(owner, path, interface, member, signature=signature, body=body or [])
        async with asyncio.timeout(10):
            answer = await self._bus.call(message)
        return answer.body if answer.message_type is MessageType.METHOD_RETURN else []
