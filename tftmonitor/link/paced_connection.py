"""A WebSocket connection whose text frames go round the library, in paced reads.

Getting each message from the library costs five times as much as cutting it out of what was
read. Handshake, control frames, fragments and everything odd stay the library's business.
"""

import asyncio
import math
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from typing_extensions import override
from websockets.asyncio.client import ClientConnection
from websockets.frames import DATA_OPCODES, Frame
from websockets.protocol import Event, State

from tftmonitor.protocol.frame_cutter import FrameCutter, LibraryRun

# A wake-up costs more than a message: let the socket fill and drain it once in this time.
DRAIN_S = 0.02
# A read of this size says that the socket held more than a drain's worth: go on reading.
_BUSY_READ = 65_536
# The longest stretch of work between two looks at the event loop.
SLICE_S = 0.004

# A peer that takes none of what is sent for this long does not read. Little is ever sent, so that
# only a peer that asks for answers and leaves them unread gets there.
SEND_TIMEOUT_S = 8.0
# No more than this is looked through for the answer to our goodbye.
MOST_AFTERWARDS = 65_536
# A message of 16 MB in parts of one byte would take fifty times that.
MOST_PARTS = 16_384

_PING = 0x89
_HEAD_END = b"\r\n\r\n"
# As much of an answer that opens nothing is kept to say what it is.
_MOST_ANSWER = 4_096
_UNREAD = "server does not read what is sent to it"
_MANY_PARTS = "server sent a message in too many parts"


class GivenUpError(Exception):
    """We ended the connection; the text is the reason, as a sentence part for the user."""


# WORKAROUND websockets 17: the library has no way to hand out messages without a queue and a
# task switch for each, so that this class stands between the transport and the library's own
# parser, and overrides methods that are not documented for it (test_websockets_hooks.py lists
# them; pyproject.toml pins the version); remove when the library can call back per message.
class PacedConnection(ClientConnection):
    """Gives each message to the ``receive`` of ``listen``, within the read that completed it."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._receive: Callable[[bytes], bool] | None = None
        self._over: asyncio.Future[None] = self.loop.create_future()
        self._leaving: asyncio.Future[None] = self.loop.create_future()
        self._is_made = self._is_open = False
        # The end of the handshake's answer so far, which can be cut anywhere.
        self._tail = b""
        self._cutter = FrameCutter()
        # The parts so far of a message that the server sends in several.
        self._parts: list[bytes] = []
        # What ends the pause in reading that is on.
        self._resumes: asyncio.Handle | None = None
        self._slice_s = SLICE_S
        # What ends the connection unless the peer begins to read again.
        self._unread: asyncio.TimerHandle | None = None
        self._has_given_up = False
        # Nobody listens any more, and how many bytes came since.
        self._is_done = False
        self._passed_on = 0
        # The beginning of what came before the connection was open.
        self.answer = b""

    async def listen(self, receive: Callable[[bytes], bool]) -> None:
        """Deliver messages until ``receive`` says False or we left; raises what ended it else."""
        self._receive = receive
        try:
            self._deliver()
            await asyncio.wait((self._over, self._leaving), return_when=asyncio.FIRST_COMPLETED)
            if not self._over.done():
                await self._say_goodbye()
                return
            self._over.result()
            if self._receive is not None:
                # A server that has said goodbye may leave its socket open: waits for the close
                # timeout, and not for the next keep-alive to find that out.
                await self.close()
                await self.recv()  # raises why the connection is no more
        finally:
            self._stop_listening()

    def leave(self) -> None:
        """Say goodbye. What the server sends before its answer is delivered, then all is over."""
        if not self._leaving.done():
            self._leaving.set_result(None)

    @override
    def data_received(self, data: bytes) -> None:
        if not self._is_open:
            data = self._shake_hands(data)
        if self._cutter.is_passing:
            self._pass_on(data)
            return
        if self._cutter.feed(data) and self._resumes is None:
            self._deliver()
        if len(data) < _BUSY_READ and self._resumes is None:
            self._pause_until(self.loop.call_later(DRAIN_S, self._resume))

    @override
    def eof_received(self) -> None:
        self._deliver_all()
        super().eof_received()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._is_made = True
        super().connection_made(transport)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if not self._is_made:
            # Behind an HTTP proxy the library learns only of a secure connection that stands.
            return
        self._deliver_all()
        self._forget_unread()
        super().connection_lost(exc)
        self._set_over()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(SEND_TIMEOUT_S, self._give_up, _UNREAD)

    @override
    def resume_writing(self) -> None:
        self._forget_unread()
        super().resume_writing()

    @override
    def process_event(self, event: Event) -> None:
        """Deliver what the library has put together: messages in parts, and all it took over."""
        if not (self._is_open and isinstance(event, Frame) and event.opcode in DATA_OPCODES):
            super().process_event(event)
            return
        self._parts.append(bytes(event.data))
        if len(self._parts) > MOST_PARTS:
            self._give_up(_MANY_PARTS)
        elif event.fin:
            message, self._parts = b"".join(self._parts), []
            if self._receive is not None and not self._receive(message):
                self._end()

    def _shake_hands(self, data: bytes) -> bytes:
        """Give the library the answer to the handshake; returns what came behind it."""
        self.answer = (self.answer + data[:_MOST_ANSWER])[:_MOST_ANSWER]
        seen = self._tail + data
        end = seen.find(_HEAD_END)
        if end < 0:
            self._tail = seen[1 - len(_HEAD_END) :]
            super().data_received(data)
            return b""
        end += len(_HEAD_END) - len(self._tail)
        super().data_received(data[:end])
        self._is_open = True
        if self.protocol.state is not State.OPEN:
            self._cutter.pass_through()
        return data[end:]

    def _deliver(self) -> bool:
        """Deliver what is whole; False when a slice was too short for it, or ``receive`` failed."""
        if self._receive is None:
            return True
        try:
            return self._deliver_slice(self._receive)
        except Exception as error:  # noqa: BLE001 - whoever listens gets it
            self._receive = None
            self._over.set_exception(error)
            self.transport.abort()
            return False

    def _deliver_slice(self, receive: Callable[[bytes], bool]) -> bool:
        clock, slice_end_s = time.monotonic, time.monotonic() + self._slice_s
        cutter = self._cutter
        for item in cutter.cut():
            if type(item) is LibraryRun:
                self._give_to_library(item.data)
            elif not receive(item):
                self._end()
            if clock() >= slice_end_s and cutter.has_uncut:
                self._pause_until(self.loop.call_soon(self._resume))
                return False
        return True

    def _deliver_all(self) -> None:
        """The socket has ended: deliver what it brought before, however long that takes."""
        self._slice_s = math.inf
        self._deliver()

    def _give_to_library(self, data: bytes) -> None:
        # CLOSED: it has seen the end of the stream, and would raise at anything behind it.
        if not data or self._has_given_up or self.protocol.state is State.CLOSED:
            return
        if self._unread is not None and data[0] == _PING:
            # Answers that it does not read are not kept for it, and none is owed (RFC 6455, 5.5.3):
            # they would fill the memory, and each slows down the next.
            return
        super().data_received(data)
        if not (self.protocol.state is State.OPEN or self._is_waiting_for_goodbye):
            self._cutter.pass_through()
            self._set_over()

    @property
    def _is_waiting_for_goodbye(self) -> bool:
        """True while texts may still come before the answer to ours."""
        is_ours = self._leaving.done() and self.protocol.state is State.CLOSING
        return is_ours and self.protocol.close_rcvd is None

    async def _say_goodbye(self) -> None:
        # A dead peer answers nothing: the time limit of the closing is all that it gets. Who takes
        # none of what is sent gets no goodbye either.
        with suppress(TimeoutError):
            if self._unread is None:
                async with asyncio.timeout(self.close_timeout):
                    await self.close()
        self._deliver_all()
        self.transport.abort()
        if self._over.done():
            self._over.result()

    def _pass_on(self, data: bytes) -> None:
        """Give the library what comes while we say goodbye: its answer, and not a flood."""
        if self._is_done:
            self._passed_on += len(data)
            if self._passed_on > MOST_AFTERWARDS:
                self.transport.abort()
                return
        super().data_received(data)

    def _give_up(self, reason: str) -> None:
        """End the connection without a goodbye, which this peer would not read."""
        # Texts behind it that were read are delivered all the same.
        self._has_given_up = True
        self._parts.clear()
        self.set_connection_exc(GivenUpError(reason))
        self.transport.abort()

    def _forget_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _pause_until(self, resumes: asyncio.Handle) -> None:
        if self._resumes is not None:
            self._resumes.cancel()
        self._resumes = resumes
        self.transport.pause_reading()

    def _resume(self) -> None:
        self._resumes = None
        if self._deliver() and not self.transport.is_closing():
            self.transport.resume_reading()

    def _end(self) -> None:
        """Deliver nothing more; whatever comes is the library's, which says goodbye."""
        self._receive = None
        self._cutter.pass_through()
        self._set_over()

    def _set_over(self) -> None:
        if not self._over.done():
            self._over.set_result(None)

    def _stop_listening(self) -> None:
        self._end()
        self._is_done = True
        if self._resumes is not None:
            self._resumes.cancel()
            self._resumes = None
        self._give_to_library(self._cutter.release())
        if not self.transport.is_closing():
            self.transport.resume_reading()
