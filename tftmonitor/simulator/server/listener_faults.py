"""The faults of one channel's port and connections. Used by ``FaultRunner``."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus

from websockets.protocol import State

from tftmonitor.simulator.server.faults import Fault, FaultKind
from tftmonitor.simulator.server.listener import Listener

_DEFAULT_REFUSAL = "user or password is wrong"
_DEFAULT_DELAY_S = 0.25
_DEFAULT_TARGET = "https://portal.example/login"
_PAGE = "<!DOCTYPE html><title>Sign in to this network</title>"
_PINGS = b"\x89\x00" * 4_096
_MOST_UNSENT = 262_144
_PINGS_PAUSE_S = 0.001


async def _drop(listener: Listener, _fault: Fault) -> None:
    listener.abort()


async def _down(listener: Listener, fault: Fault) -> None:
    await listener.close(abrupt=fault.kind is FaultKind.DOWN)
    await duration(fault)
    await listener.open()


async def _stall(listener: Listener, fault: Fault) -> None:
    listener.stall()
    await duration(fault)
    listener.resume()


async def _refuse(listener: Listener, fault: Fault) -> None:
    listener.refusal = fault.options.get("words", _DEFAULT_REFUSAL)
    await duration(fault)
    listener.refusal = ""


async def _redirect(listener: Listener, fault: Fault) -> None:
    to = fault.options.get("to", _DEFAULT_TARGET)
    await _answer(listener, fault, HTTPStatus.FOUND, {"Location": to}, "")


async def _busy(listener: Listener, fault: Fault) -> None:
    status = HTTPStatus(int(fault.number("status", HTTPStatus.SERVICE_UNAVAILABLE)))
    after = fault.options.get("after")
    await _answer(listener, fault, status, {"Retry-After": after} if after else {}, "busy\n")


async def _portal(listener: Listener, fault: Fault) -> None:
    await _answer(listener, fault, HTTPStatus.OK, {"Content-Type": "text/html"}, _PAGE)


async def _answer(
    listener: Listener, fault: Fault, status: HTTPStatus, headers: dict[str, str], text: str
) -> None:
    listener.answer = status, headers, text
    await duration(fault)
    listener.answer = None


async def _pings(listener: Listener, fault: Fault) -> None:
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(fault.for_s):
                while True:
                    for connection in list(listener.connections):
                        if connection.state is State.OPEN:
                            _send_pings(connection.transport)
                    await asyncio.sleep(_PINGS_PAUSE_S)
    finally:
        for connection in list(listener.connections):
            connection.transport.resume_reading()


def _send_pings(transport: asyncio.Transport) -> None:
    transport.pause_reading()
    if transport.get_write_buffer_size() < _MOST_UNSENT:
        transport.write(_PINGS)


async def _slow(listener: Listener, fault: Fault) -> None:
    listener.delay_s = fault.number("delay", _DEFAULT_DELAY_S)
    await duration(fault)
    listener.delay_s = 0.0


async def _wrap(listener: Listener, fault: Fault) -> None:
    listener.wraps = True
    await duration(fault)
    listener.wraps = False


async def duration(fault: Fault) -> None:
    """Wait as long as the fault lasts."""
    if fault.for_s is None:
        await asyncio.Event().wait()  # until the server stops
    else:
        await asyncio.sleep(fault.for_s)


LISTENER_FAULTS: dict[FaultKind, Callable[[Listener, Fault], Awaitable[None]]] = {
    FaultKind.DROP: _drop,
    FaultKind.DOWN: _down,
    FaultKind.RESTART: _down,
    FaultKind.STALL: _stall,
    FaultKind.REFUSE: _refuse,
    FaultKind.REDIRECT: _redirect,
    FaultKind.BUSY: _busy,
    FaultKind.PORTAL: _portal,
    FaultKind.PINGS: _pings,
    FaultKind.SLOW: _slow,
    FaultKind.WRAP: _wrap,
}
