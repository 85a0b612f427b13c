"""The units of a world, and when each of them reports: by its cadence, or because of an alarm."""

import heapq
import random
from collections.abc import Callable, Iterator
from functools import partial

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.fields.field import FieldTable
from tftmonitor.simulator.fleet import frames
from tftmonitor.simulator.fleet.alarms import OVER_SPEED, AlarmKind, switched
from tftmonitor.simulator.fleet.kinds import profile_of
from tftmonitor.simulator.fleet.statuses import StatusWriter
from tftmonitor.simulator.fleet.units import Unit, make_unit
from tftmonitor.simulator.outgoing import Push

Action = Callable[[int], list[Push]]

# One alarm message in so many has its details double-encoded.
_AS_TEXT_EVERY = 4


class Agenda:
    """What happens when: a heap of (time, order of entry, action)."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Action]] = []
        self._entries = 0

    def add(self, time_ms: int, action: Action) -> None:
        """Call the action at this time; equal times in the order of entry."""
        self._entries += 1
        heapq.heappush(self._heap, (time_ms, self._entries, action))

    def next_ms(self) -> int | None:
        """The time of the first entry."""
        return self._heap[0][0] if self._heap else None

    def pop(self, now_ms: int) -> tuple[int, Action] | None:
        """The first entry if it is due."""
        if not self._heap or self._heap[0][0] > now_ms:
            return None
        time_ms, _, action = heapq.heappop(self._heap)
        return time_ms, action


class Roster:
    """All units, one random source, one agenda. With ``routine`` off none reports by itself."""

    def __init__(
        self, devices: int, seed: int, start_ms: int, fields: FieldTable, *, routine: bool
    ) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a repeatable game, no secret
        self.start_ms = start_ms
        self.agenda = Agenda()
        self.units = [
            make_unit(index, profile_of(index), devices, start_ms, self.rng)
            for index in range(devices)
        ]
        self._writer = StatusWriter(fields)
        self._routine = routine
        self._alarms = 0
        if routine:
            for unit in self.units:
                self._plan(unit, unit.clock_ms, head_start_s=self._head_start_s(unit))

    @property
    def demo(self) -> bool:
        """True for a fleet so small that something should happen every few seconds."""
        return self.units[0].demo

    def snapshot(self, unit: Unit, time_ms: int) -> Push:
        """The unit's status as it is, dated with this time."""
        date_ms = time_ms - time_ms % SECOND_MS if self._routine else time_ms
        return frames.snapshot(unit, self._writer.status(unit, date_ms, self.rng))

    def initial(self) -> Iterator[Push]:
        """Each device's snapshot as of its last report."""
        for unit in self.units:
            yield self.snapshot(unit, unit.last_report_ms)

    def aligned(self, unit: Unit, time_ms: int) -> int:
        """The first moment from then on at which the unit's own clock shows a whole second."""
        return time_ms + (unit.phase_ms - time_ms) % SECOND_MS

    def raise_alarm(self, unit: Unit, alarm: AlarmKind, time_ms: int) -> list[Push]:
        """Report now with this alarm; its message follows on the other channel."""
        unit.alarm.current, unit.alarm.momentary = alarm.code, alarm.bit
        pushes = [self._report_at(unit, time_ms)]
        unit.alarm.current = unit.alarm.momentary = 0
        self._alarms += 1
        as_text = self._alarms % _AS_TEXT_EVERY == 0
        status = pushes[0][1]["data"]["status"]
        pushes.append(frames.alarm_message(unit, alarm, status, time_ms, as_text=as_text))
        if self._routine:
            self._plan(unit, self.aligned(unit, time_ms))
        return pushes

    def _report_at(self, unit: Unit, time_ms: int) -> Push:
        unit.advance(time_ms, self.rng)
        unit.last_report_ms = max(unit.last_report_ms, time_ms)
        if not unit.asleep:
            unit.last_fix_ms = unit.last_report_ms
        unit.announced = unit.ignition
        return self.snapshot(unit, time_ms)

    def _report(self, unit: Unit, time_ms: int) -> list[Push]:
        if time_ms != unit.next_report_ms:
            return []  # an alarm came between and planned anew
        unit.advance(time_ms, self.rng)
        if unit.ignition is not unit.announced:
            return self.raise_alarm(
                unit, switched(unit.profile.kind.family, unit.ignition), time_ms
            )
        if unit.begins_to_speed():
            return self.raise_alarm(unit, OVER_SPEED, time_ms)
        push = self._report_at(unit, time_ms)
        self._plan(unit, time_ms)
        return [push]

    def _plan(self, unit: Unit, from_ms: int, *, head_start_s: int = 0) -> None:
        wait_s = int(unit.next_report_s()) - head_start_s
        unit.next_report_ms = from_ms + wait_s * SECOND_MS
        self.agenda.add(unit.next_report_ms, partial(self._report, unit))

    def _head_start_s(self, unit: Unit) -> int:
        """Spreads the first reports, or all parked units would report in the same second."""
        return self.rng.randrange(max(1, int(unit.next_report_s())))
