"""Injects faults into the listeners and the clients of a running server."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.feeds.snapshot_templates import SnapshotTemplates
from tftmonitor.simulator.fleet.roster import Roster
from tftmonitor.simulator.outgoing import Push, encode
from tftmonitor.simulator.server.broadcaster import Broadcaster
from tftmonitor.simulator.server.bursts import BURSTS, alarm_pair
from tftmonitor.simulator.server.faults import Fault, FaultKind
from tftmonitor.simulator.server.http_faults import HTTP_FAULTS
from tftmonitor.simulator.server.listener import Listener
from tftmonitor.simulator.server.listener_faults import LISTENER_FAULTS, duration
from tftmonitor.simulator.server.malformed import malformed

_DEFAULT_GAP_S = 0.5
# 3 ms of work; then other tasks of the loop have a turn.
_FLOOD_FRAMES = 150
# While no client is signed in.
_IDLE_PAUSE_S = 0.05


@dataclass(frozen=True)
class FaultRunner:
    """Performs faults. ``now_ms`` is the time of the simulated fleet."""

    listeners: dict[Channel, Listener]
    broadcaster: Broadcaster
    roster: Roster
    now_ms: Callable[[], int]
    set_http_fault: Callable[[str], None]

    async def schedule(self, fault: Fault) -> None:
        """Perform the fault at its time, and again each ``every_s``."""
        await asyncio.sleep(fault.at_s)
        while True:
            await self.perform(fault)
            if fault.every_s is None:
                return
            await asyncio.sleep(fault.every_s)

    async def perform(self, fault: Fault) -> None:
        """Perform the fault now; returns when it is over."""
        listeners = (
            [self.listeners[fault.channel]] if fault.channel else list(self.listeners.values())
        )
        if fault.kind in BURSTS:
            self._send(BURSTS[fault.kind](self.roster, self.now_ms(), fault))
        elif fault.kind is FaultKind.ALARM_PAIR:
            await self._alarm_pair(fault)
        elif fault.kind is FaultKind.FLOOD:
            await self._flood(fault)
        elif fault.kind is FaultKind.HTTP:
            self.set_http_fault(fault.options.get("how", HTTP_FAULTS[0]))
            await duration(fault)
            self.set_http_fault("")
        elif fault.kind is FaultKind.GARBAGE:
            self._malformed(listeners, fault)
        else:
            inject = LISTENER_FAULTS[fault.kind]
            await asyncio.gather(*(inject(listener, fault) for listener in listeners))

    def _send(self, pushes: list[Push]) -> None:
        self.broadcaster.send([encode(push) for push in pushes])

    def _malformed(self, listeners: list[Listener], fault: Fault) -> None:
        unit = self.roster.units[0]
        _, snapshot = self.roster.snapshot(unit, unit.last_report_ms)
        only = fault.options.get("only")
        for listener in listeners:
            frames = malformed(listener.channel, snapshot)
            self.broadcaster.send([frame for name, frame in frames if only in {None, name}])

    async def _alarm_pair(self, fault: Fault) -> None:
        device, message = alarm_pair(self.roster, self.now_ms())
        self._send([message])
        await asyncio.sleep(fault.number("gap", _DEFAULT_GAP_S))
        self._send([device])

    async def _flood(self, fault: Fault) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(fault.for_s):
                await self._send_snapshots()

    async def _send_snapshots(self) -> None:
        templates = SnapshotTemplates(self.roster)
        while True:
            if self.broadcaster.count(Channel.DEVICES):
                self.broadcaster.send(templates.make(self.now_ms(), _FLOOD_FRAMES))
                await self.broadcaster.wait_writable((Channel.DEVICES,))
                await asyncio.sleep(0)
            else:
                await asyncio.sleep(_IDLE_PAUSE_S)
