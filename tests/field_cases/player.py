"""Plays field cases over real sockets to real clients, and looks at what they make of them."""

import argparse
import asyncio
import json
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.field_cases.look import Look, look_at_device, read_alarms
from tests.field_cases.script import Case, Mark, Send, Wait, load
from tests.field_cases.server import CaseServer
from tftmonitor.app.core import make_core
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.monitor.alarm_service import AlarmStep
from tftmonitor.monitor.watch_format import Line, WatchFormatter
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.messages import Push
from tftmonitor.settings.store import SettingsStore

ACCOUNT = Credential.from_password("demo", "secret")
# After so long without a frame no more will come: the others were lost with their link.
_SETTLING_S = 2.0


class FieldClient:
    """The headless program as the window has it, on a profile of its own, and ``watch`` beside."""

    def __init__(
        self, profile: Path, urls: Mapping[Channel, str], rings: dict[int, tuple[bool, ...]]
    ) -> None:
        options = argparse.Namespace(
            device_url=urls[Channel.DEVICES], message_url=urls[Channel.MESSAGES]
        )
        self.core = make_core(profile, options, SettingsStore(profile))
        self._rings = rings
        self._lines: list[Line] = []
        self._formatter = WatchFormatter()
        self._scope = TaskScope()

    async def __aenter__(self) -> Self:
        core, service = self.core, self.core.monitor.alarm_service
        service.steps[AlarmStep.SOUND].add(self._note_rings)
        inner = core.monitor.receiver.receive

        def receive(channel: Channel, push: Push, frame: bytes, received_ms: int) -> None:
            inner(channel, push, frame, received_ms)
            line = self._formatter.line(channel, push, frame, received_ms)
            if line is not None:
                self._lines.append(line)

        core.monitor.receiver.receive = receive  # type: ignore[method-assign]
        await core.state.restore()
        self._scope.keep("alarm service", service.run)
        self._scope.keep("state store", core.state.run)
        self._scope.keep("rules", core.monitor.rules.run)
        await core.monitor.sign_in(ACCOUNT)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.core.monitor.sign_out()
        await self._scope.close()
        await self.core.monitor.alarm_service.drain()
        await self.core.state.keep(with_cadence=True)
        await self.core.journal.close()

    async def settle(self, sent: int) -> None:
        """Return once as many frames came in, or no more will, and their alarms are on disk."""
        clock, counters, came = self.core.clock, self.core.monitor.counters, -1
        while counters.messages < sent:
            if counters.messages > came:
                came, since_s = counters.messages, clock.monotonic_s()
            elif clock.monotonic_s() > since_s + _SETTLING_S:
                break
            await asyncio.sleep(0.02)
        await self.core.monitor.alarm_service.drain()

    async def acknowledge(self) -> None:
        """The operator has seen all that waits."""
        service = self.core.monitor.alarm_service
        service.acknowledge([alarm.id for alarm in service.alarms.unacknowledged()])
        await service.drain()

    async def look(self) -> Look:
        """What there is now."""
        now_ms, fleet = self.core.clock.now_ms(), self.core.monitor.fleet
        found = await self.core.journal.run(read_alarms)
        assert found is not None
        alarms, entries = found
        devices = {device.key: look_at_device(fleet, device, now_ms) for device in fleet}
        rings = dict(self._rings)
        return Look(now_ms, alarms, rings, entries, devices, tuple(self._lines))

    def _note_rings(self, changes: Iterable[AlarmChange]) -> None:
        for change in changes:
            if change.rings:
                number = change.alarm.id
                self._rings[number] = (*self._rings.get(number, ()), change.alarm.late)


async def play(case: Case, profile: Path) -> dict[str, Look]:
    """Play one case to a client of its own; the looks by their names."""
    _write_profile(case, profile)
    async with CaseServer() as server:
        run = _Run(server, profile)
        try:
            await run.start()
            for action in case.actions():
                await run.perform(action)
        finally:
            await run.stop()
    return run.looks


def _write_profile(case: Case, profile: Path) -> None:
    profile.mkdir()
    for name, content in case.profile.items():
        (profile / name).write_text(json.dumps(content), "utf-8")


Played = dict[str, dict[str, Look] | BaseException]


async def play_all(names: Iterable[str], profiles: Path) -> Played:
    """Play many cases at the same time; the looks of each, or what broke it."""
    cases = [load(name) for name in names]
    works = (play(case, profiles / case.name) for case in cases)
    played = await asyncio.gather(*works, return_exceptions=True)
    return {case.name: looks for case, looks in zip(cases, played, strict=True)}


class _Run:
    """One case at work."""

    def __init__(self, server: CaseServer, profile: Path) -> None:
        self.looks: dict[str, Look] = {}
        self._server = server
        self._new_client = partial(FieldClient, profile, server.urls, {})
        self._client: FieldClient | None = None
        self._sent = 0

    async def start(self) -> None:
        self._sent = 0
        self._client = await self._new_client().__aenter__()
        await self._server.wait_signed_in()

    async def stop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.__aexit__(None, None, None)
            await self._server.wait_signed_out()

    async def perform(self, action: Wait | Send | Mark) -> None:
        client = self._client
        assert client is not None
        if isinstance(action, Wait):
            await asyncio.sleep(action.seconds)
        elif isinstance(action, Send):
            self._sent += 1
            data = action.make(client.core.clock.now_ms())
            await self._server.send(action.channel, data)
        else:
            await self._mark(client, action)

    async def _mark(self, client: FieldClient, mark: Mark) -> None:
        await client.settle(self._sent)
        if mark.what == "ack":
            await client.acknowledge()
        elif mark.what == "restart":
            await self.stop()
            await self.start()
        elif mark.look:
            self.looks[mark.look] = await client.look()
