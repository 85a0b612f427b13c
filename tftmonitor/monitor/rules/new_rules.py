"""New rules on what is known already, as of now, some devices at a time."""

from collections.abc import Iterable
from typing import Final

from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.index import grouped
from tftmonitor.model.rules.surroundings import position_of
from tftmonitor.model.rules.watch import Watch
from tftmonitor.monitor.rules.record_rules import RecordRules, RecordTime
from tftmonitor.monitor.rules.rule_steps import RuleSteps

# So many devices times rules a tick. That costs 4 ms, which is what the loop can spare.
_EVALUATIONS_A_TICK: Final = 2_500


class NewRules:
    """The rules that have not seen every device yet."""

    def __init__(self, fleet: Fleet, steps: RuleSteps, records: RecordRules) -> None:
        self._fleet = fleet
        self._steps = steps
        self._records = records
        self._watches: list[Watch] = []
        self._next_row = 0

    def begin(self, new: Iterable[Watch], all_watches: Iterable[Watch]) -> None:
        """Begin with these; one that had not seen every device yet begins again with them."""
        still = set(all_watches)
        self._watches = [*(watch for watch in self._watches if watch in still), *new]
        self._next_row = 0

    def evaluate(self, now_ms: int) -> None:
        """Evaluate new rules on what is known already, as of now, some devices at a time."""
        if not self._watches:
            return
        end = self._next_row + max(1, _EVALUATIONS_A_TICK // len(self._watches))
        for device in self._fleet.devices[self._next_row : end]:
            for watch in self._watches:
                # One with a state has been evaluated on a frame since.
                if device.key not in watch.states and watch.rule.covers(device):
                    self._evaluate_latest(watch, device, now_ms)
        self._next_row = end
        if end >= len(self._fleet.devices):
            self._watches = []

    def _evaluate_latest(self, watch: Watch, device: Device, now_ms: int) -> None:
        for read, _watches in grouped([watch]):
            if device.status is not None:
                where = () if watch.measure is None else (position_of(device.status),)
                value = read(device.status, now_ms, *where)
                self._steps.evaluate_field(watch, device, value, now_ms, now_ms)
        for kind in watch.rule.condition.record_kinds:
            if kept := device.records.get(kind):
                time = RecordTime(kept.dated_ms(device.clock), now_ms)
                self._records.read(watch, device, kept.event, time, now_ms)
