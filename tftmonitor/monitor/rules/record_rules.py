"""Rules on what records say of tyres, probes and codes, each part in the order of its records."""

from typing import NamedTuple

from tftmonitor.model.fields.field import Value
from tftmonitor.model.fleet.clock_offset import judge_date, oldest_ms
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.records import Records
from tftmonitor.model.rules.hysteresis import IN
from tftmonitor.model.rules.record_order import RecordOrder
from tftmonitor.model.rules.watch import Watch
from tftmonitor.monitor.rules.rule_steps import RuleSteps


class RecordTime(NamedTuple):
    """What decides about the order of records, what they count as, and whether that is doubted."""

    order_ms: int | None
    at_ms: int
    is_doubtful: bool = False


def time_of(device: Device, push: Records, now_ms: int) -> RecordTime:
    """The time of records that came in now."""
    believed_ms, is_doubtful = judge_date(device.clock, push.device_ms, now_ms)
    order_ms = oldest_ms(device.clock, push.device_ms, now_ms)
    return RecordTime(order_ms, believed_ms or now_ms, is_doubtful)


class RecordRules:
    """Reads the records of a push for one rule."""

    def __init__(self, steps: RuleSteps) -> None:
        self._steps = steps
        self._order = RecordOrder()
        self.rename = self._order.rename

    def read(
        self, watch: Watch, device: Device, push: Records, time: RecordTime, now_ms: int
    ) -> None:
        """Judge each part of a push of this time."""
        standing = tuple(watch.states.get(device.key, ()))
        with self._steps.doubting(is_doubtful=time.is_doubtful):
            for part, value in watch.rule.condition.readings(push.records, standing):
                if self._order.is_past(device.key, push.kind, part, time.order_ms):
                    self._note_past(watch, device, part, value, time.at_ms)
                else:
                    self._steps.evaluate(watch, device, part, value, time.at_ms, now_ms)

    def _note_past(self, watch: Watch, device: Device, part: str, value: Value, at_ms: int) -> None:
        """A stored record, older than what is known: it ends nothing, and what it raises is over.

        One value of the past tells nothing about a hold time.
        """
        holds = watch.rule.condition.hold_ms > 0
        if holds or part in watch.states.get(device.key, ()):
            return
        if watch.evaluate(device.status, value, device.key) == IN:
            self._steps.fire(watch, device, part, at_ms, value)
            self._steps.over(watch.rule.id, device.key, part, "newer records are known")
