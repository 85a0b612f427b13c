"""A WebSocket connection that hands on whole text frames by itself, in paced reads.

Taking each message from the library costs five times as much as cutting it out of what was
read. Handshake, control frames, fragments and everything odd stay the library's business.
"""

import asyncio
import math
import time
from collections.abc import Callable
from typing import Any

from typing_extensions import override
from websockets.asyncio.client import ClientConnection
from websockets.frames import DATA_OPCODES, Frame
from websockets.protocol import Event, State

# Larger than any frame that the codec takes, so that an oversized one is reported and not
# the end of the connection; beyond this the server is not to be trusted.
LARGEST_FRAME = 16_777_216
# A wake-up costs more than a message: let the socket fill and drain it once in this time.
DRAIN_S = 0.02
# A read of this size says that the socket held more than a drain's worth: go on reading.
_BUSY_READ = 65_536
# The longest stretch of work between two looks at the event loop.
SLICE_S = 0.004

_WHOLE_TEXT = 0x81  # the last part of a message, which is text, and nothing unusual
_SIZE_IN_2, _SIZE_IN_8 = 126, 127
_WIDE = (_SIZE_IN_2, _SIZE_IN_8)
_HEAD_END = b"\r\n\r\n"


class PacedConnection(ClientConnection):
    """Hands each message to the ``receive`` of ``listen``, within the read that completed it."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._receive: Callable[[bytes], bool] | None = None
        self._over: asyncio.Future[None] = self.loop.create_future()
        self._is_open = False
        # The end of the handshake's answer so far, which can be cut anywhere.
        self._tail = b""
        # True when the library is to read all that comes.
        self._by_library = False
        # Read and not yet cut up; bytes that the frame at its start still lacks.
        self._held: list[bytes] = []
        self._missing = 0
        self._parts: list[bytes] = []
        self._resumes: asyncio.Handle | None = None
        self._slice_s = SLICE_S
        self._is_late = False

    async def listen(self, receive: Callable[[bytes], bool]) -> None:
        """Hand on messages until ``receive`` says False; raises what ended the connection."""
        self._receive = receive
        try:
            self._work()
            if not self.connection_lost_waiter.done():
                await self._over
            if self._receive is not None:
                await self.recv()  # raises why the connection is no more
        finally:
            self._leave()

    @override
    def data_received(self, data: bytes) -> None:
        if not self._is_open:
            data = self._shake_hands(data)
        if self._by_library:
            super().data_received(data)
            return
        self._held.append(data)
        if self._missing > len(data):
            self._missing -= len(data)
        elif self._resumes is None:
            self._work()
        if len(data) < _BUSY_READ and self._resumes is None and not self._by_library:
            self._pause(self.loop.call_later(DRAIN_S, self._resume))

    @override
    def eof_received(self) -> None:
        self._work_off()
        super().eof_received()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._work_off()
        super().connection_lost(exc)
        self._end()

    @override
    def process_event(self, event: Event) -> None:
        """Take what the library has put together: answers to pings, messages sent in parts."""
        if not (self._is_open and isinstance(event, Frame) and event.opcode in DATA_OPCODES):
            super().process_event(event)
            return
        self._parts.append(bytes(event.data))
        if event.fin:
            message, self._parts = b"".join(self._parts), []
            self._hand_on(message)

    def _shake_hands(self, data: bytes) -> bytes:
        """Give the library the answer to the handshake; what came after it, if it held."""
        seen = self._tail + data
        end = seen.find(_HEAD_END)
        if end < 0:
            self._tail = seen[1 - len(_HEAD_END) :]
            super().data_received(data)
            return b""
        end += len(_HEAD_END) - len(self._tail)
        super().data_received(data[:end])
        self._is_open = True
        self._by_library = self.protocol.state is not State.OPEN
        return data[end:]

    def _work(self) -> bool:
        """Cut up what is held, as far as it is whole; False when the slice was too short."""
        if self._receive is None or not self._held:
            return True
        data = self._held[0] if len(self._held) == 1 else b"".join(self._held)
        self._held.clear()
        self._missing = 0
        try:
            at = self._cut(data)
        except Exception as error:  # noqa: BLE001 - whoever listens is told
            if not self._over.done():
                self._over.set_exception(error)
            self.transport.abort()
            return False
        if at < len(data):
            self._held.append(data[at:])
        if self._by_library:
            self._give_to_library()
        return not self._is_late

    def _cut(self, data: bytes) -> int:
        """Hand on the frames in ``data``; where the first one begins that is left."""
        clock, slice_end_s = time.monotonic, time.monotonic() + self._slice_s
        self._is_late = False
        at, end = 0, len(data)
        while end - at >= 2:
            first, size, body = data[at], data[at + 1], at + 2
            if size in _WIDE:
                body += 2 if size == _SIZE_IN_2 else 8
                if body > end:
                    break
                size = int.from_bytes(data[at + 2 : body], "big")
            elif size > _SIZE_IN_8:
                size = LARGEST_FRAME + 1  # masked, which only a client may do
            if size > LARGEST_FRAME:
                self._by_library = True  # which knows what is wrong with it
                break
            stop = body + size
            if stop > end:
                self._missing = stop - end
                break
            if first == _WHOLE_TEXT and not self._parts and self._receive is not None:
                if not self._receive(data[body:stop]):
                    self._stop()
            else:
                super().data_received(data[at:stop])
                self._by_library |= self.protocol.state is not State.OPEN
            at = stop
            if self._by_library:
                break
            if clock() >= slice_end_s and at < end:
                self._is_late = True
                self._pause(self.loop.call_soon(self._resume))
                break
        return at

    def _hand_on(self, message: bytes) -> None:
        if self._receive is not None and not self._receive(message):
            self._stop()

    def _stop(self) -> None:
        self._receive = None
        self._by_library = True
        self._end()

    def _pause(self, resumes: asyncio.Handle) -> None:
        if self._resumes is not None:
            self._resumes.cancel()
        self._resumes = resumes
        self.transport.pause_reading()

    def _resume(self) -> None:
        self._resumes = None
        if (self._missing or self._work()) and not self.transport.is_closing():
            self.transport.resume_reading()

    def _work_off(self) -> None:
        """The socket has ended: hand on what it brought before."""
        self._slice_s = math.inf
        if not self._missing:
            self._work()

    def _end(self) -> None:
        if not self._over.done():
            self._over.set_result(None)

    def _leave(self) -> None:
        """Hand on nothing more; the library says goodbye to the server."""
        self._receive = None
        self._by_library = True
        if self._resumes is not None:
            self._resumes.cancel()
            self._resumes = None
        self._give_to_library()
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def _give_to_library(self) -> None:
        held, self._held = b"".join(self._held), []
        if held and not self.connection_lost_waiter.done():
            super().data_received(held)
