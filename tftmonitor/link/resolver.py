"""Host names to addresses, in threads that nobody has to wait for.

The loop's own threads are joined when the program ends, and a name service that is away holds
each of them for half a minute.
"""

import asyncio
import ipaddress
import socket
import threading
from contextlib import suppress

# Of a host with more addresses the first are tried.
_MOST_ADDRESSES = 4


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, the preferred one first; raises socket.gaierror."""
    with suppress(ValueError):
        ipaddress.ip_address(host)
        return [host]
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str], error: Exception | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(found)
        else:
            answer.set_exception(error)

    def ask() -> None:
        found: list[str] = []
        error: Exception | None = None
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found = list(dict.fromkeys(str(info[4][0]) for info in infos))[:_MOST_ADDRESSES]
        except (OSError, UnicodeError) as problem:
            error = problem
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, found, error)

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    return await answer
