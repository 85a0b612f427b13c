"""Proxies for tests: HTTP CONNECT and SOCKS5, with a password if wanted, to one server alone."""

import asyncio
import base64
import contextlib
from typing import Self


class ProxyServer:
    """Leads every connection, whatever host it names, to ``target_port`` on this computer.

    ``answer`` is sent by the HTTP proxy in place of a way through. ``asked`` are the hosts and
    ports that were named.
    """

    def __init__(
        self, target_port: int, *, login: str = "", answer: bytes = b"", socks: bool = False
    ) -> None:
        self.asked: list[tuple[str, int]] = []
        self._target_port = target_port
        self._login = login
        self._answer = answer
        self._open = self._socks if socks else self._connect
        self._tasks: list[asyncio.Task[None]] = []
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._begin, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.append(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                if await self._open(reader, writer):
                    await self._tunnel(reader, writer)
        finally:
            writer.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, target, _ = head.split(" ", 2)
        assert method == "CONNECT"
        host, _, port = target.rpartition(":")
        self.asked.append((host, int(port)))
        wanted = f"Basic {base64.b64encode(self._login.encode()).decode()}"
        if self._login and wanted not in head:
            writer.write(b"HTTP/1.1 407 Login\r\nContent-Length: 0\r\n\r\n")
            return False
        writer.write(self._answer or b"HTTP/1.0 200 OK\r\n\r\n")
        await writer.drain()
        return not self._answer

    async def _socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        method = 2 if self._login else 0
        writer.write(bytes([5, method if method in methods else 0xFF]))
        if method not in methods:
            return False
        if self._login and not await self._check_login(reader, writer):
            return False
        _, _, _, kind = await reader.readexactly(4)
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            host = ".".join(map(str, await reader.readexactly(4)))
        self.asked.append((host, int.from_bytes(await reader.readexactly(2), "big")))
        writer.write(bytes([5, 5 if self._answer else 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        return not self._answer

    async def _check_login(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        await reader.readexactly(1)
        user = await reader.readexactly((await reader.readexactly(1))[0])
        password = await reader.readexactly((await reader.readexactly(1))[0])
        is_right = f"{user.decode()}:{password.decode()}" == self._login
        writer.write(bytes([1, 0 if is_right else 1]))
        return is_right

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        try:
            await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
        finally:
            far_writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.write_eof()
