"""Host names to addresses, in threads that nobody has to wait for.

The loop's own threads are joined when the program ends, and a name service that is away holds
each of them for half a minute.
"""

import asyncio
import ipaddress
import socket
import threading
from concurrent.futures import Future
from contextlib import suppress

# Of a host with more addresses the first are tried.
_MOST_ADDRESSES = 4

# What is being asked: a question that never comes back is asked once, and not by each attempt.
_asking: dict[tuple[str, int], "Future[list[str]]"] = {}


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, the preferred one first; raises OSError (socket.gaierror)."""
    with suppress(ValueError):
        ipaddress.ip_address(host)
        return [host]
    future = _asking.get((host, port))
    if future is None:
        future = _asking[host, port] = Future()
        future.set_running_or_notify_cancel()  # so that who gives up cancels nobody else
        thread = threading.Thread(
            target=_ask, args=(host, port, future), name=f"resolve {host}", daemon=True
        )
        thread.start()
    return await asyncio.wrap_future(future)


def _ask(host: str, port: int, future: "Future[list[str]]") -> None:
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found = list(dict.fromkeys(str(info[4][0]) for info in infos))[:_MOST_ADDRESSES]
    except (OSError, UnicodeError) as error:
        del _asking[host, port]
        future.set_exception(error)
    else:
        del _asking[host, port]
        future.set_result(found)
