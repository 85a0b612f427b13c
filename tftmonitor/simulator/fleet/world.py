"""A seeded fleet whose frames depend on nothing but seed, size and time: no clock, no IO."""

from collections.abc import Iterator
from typing import Any

from tftmonitor.model.fields.field import FieldTable
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.simulator.fleet.accessories import Accessories
from tftmonitor.simulator.fleet.chatter import Chatter
from tftmonitor.simulator.fleet.incidents import Incidents
from tftmonitor.simulator.fleet.oddities import Oddities
from tftmonitor.simulator.fleet.roster import Roster
from tftmonitor.simulator.outgoing import Push


class World:
    """The fleet. Equal arguments give equal frames, however the time is cut into steps.

    With ``routine`` off no unit reports by itself, for a caller who sets the pace; alarms,
    messages and events come all the same. With ``odd`` on, stored uploads and alarms in unknown
    forms are among them. A demo's first alarms come ``opens_after_s`` after the start.
    """

    def __init__(
        self,
        devices: int,
        seed: int,
        start_ms: int,
        *,
        routine: bool = True,
        odd: bool = False,
        opens_after_s: float = 0.0,
        fields: FieldTable = STATUS_FIELDS,
    ) -> None:
        if devices < 1:
            raise ValueError("a world has at least one device")
        self.start_ms = start_ms
        self.now_ms = start_ms
        self.roster = Roster(devices, seed, start_ms, fields, routine=routine)
        self._sources = (
            Incidents(self.roster, opens_after_s),
            Chatter(self.roster),
            Accessories(self.roster),
        )
        self._odd = Oddities(self.roster, opens_after_s) if odd else None

    def step(self, now_ms: int, limit: int | None = None) -> list[Push]:
        """All frames up to this time, in order; stops soon after ``limit`` of them."""
        self.now_ms = max(self.now_ms, now_ms)
        pushes: list[Push] = []
        while (entry := self.roster.agenda.pop(now_ms)) is not None:
            time_ms, action = entry
            pushes += action(time_ms)
            if limit is not None and len(pushes) >= limit:
                break
        return pushes

    def next_ms(self) -> int | None:
        """When the next frame may be due."""
        return self.roster.agenda.next_ms()

    def names(self) -> dict[str, str]:
        """The local name of each device, by ``imei``; the feed does not carry it."""
        return {unit.identity.imei: unit.identity.name for unit in self.roster.units}

    def listed(self) -> Iterator[dict[str, Any]]:
        """Each device as the vendor's list has it: its ids, last status and ``config.name``."""
        for unit, (_, frame) in zip(self.roster.units, self.roster.initial(), strict=True):
            yield frame["data"] | {"config": {"name": unit.identity.name}}

    def initial(self) -> Iterator[Push]:
        """Each device's snapshot as of its last report."""
        return self.roster.initial()
