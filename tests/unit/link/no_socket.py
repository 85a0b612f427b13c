"""A transport that leads nowhere, so that a connection can be driven byte by byte."""

import asyncio

from typing_extensions import override


class NoSocket(asyncio.Transport):
    """Notes what a connection does to its transport; reports the loss of one that is closed."""

    def __init__(self, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self.written = b""
        self._protocol = protocol
        self._is_closing = False
        self._is_reading = True

    @override
    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    @override
    def get_write_buffer_size(self) -> int:
        return len(self.written)  # nobody reads it

    @override
    def can_write_eof(self) -> bool:
        return False

    @override
    def is_reading(self) -> bool:
        return self._is_reading

    @override
    def pause_reading(self) -> None:
        self._is_reading = False

    @override
    def resume_reading(self) -> None:
        self._is_reading = True

    @override
    def close(self) -> None:
        self.abort()

    @override
    def abort(self) -> None:
        if not self._is_closing:
            self._is_closing = True
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    @override
    def is_closing(self) -> bool:
        return self._is_closing
