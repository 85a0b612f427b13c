"""The faults of one channel's port and connections. Used by ``FaultRunner``."""

import asyncio
from collections.abc import Awaitable, Callable

from tftmonitor.simulator.server.faults import Fault, FaultKind
from tftmonitor.simulator.server.listener import Listener

_DEFAULT_REFUSAL = "user or password is wrong"
_DEFAULT_DELAY_S = 0.25


async def _drop(listener: Listener, _fault: Fault) -> None:
    listener.abort()


async def _down(listener: Listener, fault: Fault) -> None:
    await listener.close(abrupt=fault.kind is FaultKind.DOWN)
    await _duration(fault)
    await listener.open()


async def _stall(listener: Listener, fault: Fault) -> None:
    listener.stall()
    await _duration(fault)
    listener.resume()


async def _refuse(listener: Listener, fault: Fault) -> None:
    listener.refusal = fault.options.get("words", _DEFAULT_REFUSAL)
    await _duration(fault)
    listener.refusal = ""


async def _slow(listener: Listener, fault: Fault) -> None:
    listener.delay_s = fault.number("delay", _DEFAULT_DELAY_S)
    await _duration(fault)
    listener.delay_s = 0.0


async def _wrap(listener: Listener, fault: Fault) -> None:
    listener.wraps = True
    await _duration(fault)
    listener.wraps = False


async def _duration(fault: Fault) -> None:
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
    FaultKind.SLOW: _slow,
    FaultKind.WRAP: _wrap,
}
