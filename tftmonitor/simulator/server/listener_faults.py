"""The faults that happen to the connections of one channel. Used by the stage."""

import asyncio
from collections.abc import Awaitable, Callable

from tftmonitor.simulator.server.faults import Fault, FaultKind
from tftmonitor.simulator.server.listener import Listener

_DEFAULT_WORDS = "user or password is wrong"
_DEFAULT_DELAY_S = 0.25


async def _drop(listener: Listener, _fault: Fault) -> None:
    listener.abort()


async def _down(listener: Listener, fault: Fault) -> None:
    await listener.shut(abrupt=fault.kind is FaultKind.DOWN)
    await _lasting(fault)
    await listener.open()


async def _stall(listener: Listener, fault: Fault) -> None:
    listener.hold()
    await _lasting(fault)
    listener.release()


async def _refuse(listener: Listener, fault: Fault) -> None:
    listener.refusal = fault.options.get("words", _DEFAULT_WORDS)
    await _lasting(fault)
    listener.refusal = ""


async def _slow(listener: Listener, fault: Fault) -> None:
    listener.delay_s = fault.number("delay", _DEFAULT_DELAY_S)
    await _lasting(fault)
    listener.delay_s = 0.0


async def _wrap(listener: Listener, fault: Fault) -> None:
    listener.wraps = True
    await _lasting(fault)
    listener.wraps = False


async def _lasting(fault: Fault) -> None:
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
