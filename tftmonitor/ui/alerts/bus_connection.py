"""One connection to a D-Bus message bus: a time limit on each call, and errors that say why.

With dbus-fast, because it works on the running loop without tasks of its own; jeepney, which the
keyring brings, starts one that nobody owns.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dbus_fast import BusType, Message, MessageFlag, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError

from tftmonitor.model.fields.formatting import clip

ANSWER_LIMIT_S = 5.0
# The library remembers each call until it is answered; a new connection forgets them.
UNANSWERED_LIMIT = 20
_TEXT_LIMIT = 80
_NO_BUS = (OSError, ValueError, KeyError, EOFError, AuthError)
_ABSENT = {
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.UnknownMethod",
    "org.freedesktop.DBus.Error.UnknownObject",
    "org.freedesktop.DBus.Error.UnknownInterface",
    "org.freedesktop.DBus.Error.Spawn.ExecFailed",
    "org.freedesktop.DBus.Error.Spawn.ChildExited",
}

MessageListener = Callable[[Message], None]


@dataclass(frozen=True, slots=True)
class BusObject:
    """Where a call goes: a name on the bus, an object of its owner, and the interface meant."""

    name: str
    path: str
    interface: str


BUS_DRIVER = BusObject("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


class BusUnavailableError(Exception):
    """There is no such bus, or it went away; the text is for people."""


class BusCallError(Exception):
    """A service answered with an error; the text is its own."""

    def __init__(self, reply: Message) -> None:
        self.name = str(reply.error_name)
        super().__init__(clip(str(reply.body[0]), _TEXT_LIMIT) if reply.body else self.name)

    @property
    def is_absent(self) -> bool:
        """True when nobody is there who could have answered."""
        return self.name in _ABSENT


class BusConnection:
    """A connection that is opened once; after a loss or ``close`` another one is needed.

    ``on_signal`` is called with each signal that ``subscribe`` asked for.
    """

    def __init__(
        self,
        bus_type: BusType,
        on_signal: MessageListener | None = None,
        *,
        file_handles: bool = False,
    ) -> None:
        self._bus_type = bus_type
        self._on_signal = on_signal
        self._file_handles = file_handles
        self._bus: MessageBus | None = None
        self._unanswered: dict[int, MessageListener] = {}

    @property
    def connected(self) -> bool:
        """True while calls can be made."""
        return self._bus is not None and bool(self._bus.connected)

    async def open(self) -> None:
        """Connect. Raises BusUnavailableError and TimeoutError."""
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S):
                bus = MessageBus(bus_type=self._bus_type, negotiate_unix_fd=self._file_handles)
                self._bus = await bus.connect()
        except _NO_BUS as error:
            raise self._unavailable(error) from error
        self._bus.add_message_handler(self._on_message)

    async def subscribe(self, rule: str) -> None:
        """Receive the signals that match this rule. Raises as ``call`` does."""
        await self.call(BUS_DRIVER, "AddMatch", "s", [rule])

    async def call(
        self,
        target: BusObject,
        member: str,
        signature: str = "",
        body: Sequence[object] = (),
        on_reply: MessageListener | None = None,
    ) -> Message:
        """Call a method and return the reply.

        ``on_reply`` gets it at once, in its order among the signals, and also when it comes after
        the limit; whoever awaits the call runs only after all that was read along with it.
        Raises BusUnavailableError, BusCallError and TimeoutError.
        """
        if self._bus is None or not self._bus.connected:
            raise self._unavailable()
        message = _method_call(target, member, signature, body)
        message.serial = self._bus.next_serial()
        self._unanswered[message.serial] = on_reply or _ignore
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S):
                reply = await self._bus.call(message)
        except (TimeoutError, asyncio.CancelledError):
            if len(self._unanswered) >= UNANSWERED_LIMIT and self._bus is not None:
                self._bus.disconnect()
            raise
        except _NO_BUS as error:
            self._unanswered.pop(message.serial, None)
            raise self._unavailable(error) from error
        if reply.message_type is MessageType.ERROR:
            raise BusCallError(reply)
        return reply

    def post(
        self, target: BusObject, member: str, signature: str = "", body: Sequence[object] = ()
    ) -> None:
        """Call a method whose outcome does not matter; nothing happens without a connection."""
        if self._bus is None or not self._bus.connected:
            return
        message = _method_call(target, member, signature, body)
        message.flags = MessageFlag.NO_REPLY_EXPECTED
        # Or asyncio logs the reason of a loss as never retrieved.
        self._bus.send(message).add_done_callback(lambda sent: sent.cancelled() or sent.exception())

    async def close(self) -> None:
        """Disconnect; what the other side holds for this connection ends with it."""
        bus, self._bus = self._bus, None
        self._unanswered.clear()
        if bus is None:
            return
        bus.disconnect()
        # Until the socket is closed. After a loss it raises the reason of that, which asyncio would
        # otherwise log as never retrieved.
        with contextlib.suppress(*_NO_BUS):
            async with asyncio.timeout(ANSWER_LIMIT_S):
                await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def _on_message(self, message: Message) -> None:
        # It returns None, so that the library goes on with the message.
        if message.message_type is MessageType.SIGNAL:
            if self._on_signal is not None:
                self._on_signal(message)
        elif message.reply_serial in self._unanswered:
            on_reply = self._unanswered.pop(message.reply_serial)
            if message.message_type is MessageType.METHOD_RETURN:
                on_reply(message)

    def _unavailable(self, error: BaseException | None = None) -> BusUnavailableError:
        reason = clip(str(error or "")) or "the connection was lost"
        return BusUnavailableError(f"no {self._bus_type.name.lower()} bus ({reason})")


def _method_call(target: BusObject, member: str, signature: str, body: Sequence[object]) -> Message:
    return Message(
        destination=target.name,
        path=target.path,
        interface=target.interface,
        member=member,
        signature=signature,
        body=list(body),
    )


def _ignore(_reply: Message) -> None:
    pass
