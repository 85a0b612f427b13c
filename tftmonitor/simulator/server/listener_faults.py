"""The faults that happen to the connections of one channel. Used by the stage."""

import asyncio
from collections.abc import Awaitable, Callable

from tftmonitor.simulator.server.faults import Fault, FaultKind
from tftmonitor.simulator.server.listener import Gate

_DEFAULT_WORDS = "user or password is wrong"
_DEFAULT_DELAY_S = 0.25


async def _drop(gate: Gate, _fault: Fault) -> None:
    gate.abort()


async def _down(gate: Gate, fault: Fault) -> None:
    await gate.shut(abrupt=fault.kind is FaultKind.DOWN)
    await _lasting(fault)
    await gate.open()


async def _stall(gate: Gate, fault: Fault) -> None:
    gate.hold()
    await _lasting(fault)
    gate.release()


async def _refuse(gate: Gate, fault: Fault) -> None:
    gate.refusal = fault.options.get("words", _DEFAULT_WORDS)
    await _lasting(fault)
    gate.refusal = ""


async def _slow(gate: Gate, fault: Fault) -> None:
    gate.delay_s = fault.number("delay", _DEFAULT_DELAY_S)
    await _lasting(fault)
    gate.delay_s = 0.0


async def _wrap(gate: Gate, fault: Fault) -> None:
    gate.wraps = True
    await _lasting(fault)
    gate.wraps = False


async def _lasting(fault: Fault) -> None:
    if fault.for_s is None:
        await asyncio.Event().wait()  # until the server stops
    else:
        await asyncio.sleep(fault.for_s)


GATE_FAULTS: dict[FaultKind, Callable[[Gate, Fault], Awaitable[None]]] = {
    FaultKind.DROP: _drop,
    FaultKind.DOWN: _down,
    FaultKind.RESTART: _down,
    FaultKind.STALL: _stall,
    FaultKind.REFUSE: _refuse,
    FaultKind.SLOW: _slow,
    FaultKind.WRAP: _wrap,
}
