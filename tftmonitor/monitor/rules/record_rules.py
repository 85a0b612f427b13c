"""Rules on what records say of tyres, probes and codes, each part in the order of its records."""

from tftmonitor.model.fields.field import Value
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.records import Records
from tftmonitor.model.rules.hysteresis import IN
from tftmonitor.model.rules.record_order import RecordOrder
from tftmonitor.model.rules.watch import Watch
from tftmonitor.monitor.rules.rule_steps import RuleSteps


class RecordRules:
    """Reads the records of a push for one rule."""

    def __init__(self, steps: RuleSteps) -> None:
        self._steps = steps
        self._order = RecordOrder()
        self.rename = self._order.rename

    def read(self, watch: Watch, device: Device, push: Records, at_ms: int, now_ms: int) -> None:
        """Judge each part; ``at_ms`` is the believed time of the push."""
        standing = tuple(watch.states.get(device.key, ()))
        for part, value in watch.rule.condition.readings(push.records, standing):
            if self._order.is_past(device.key, push.kind, part, push.device_ms):
                self._note_past(watch, device, part, value, at_ms)
            else:
                self._steps.evaluate(watch, device, part, value, at_ms, now_ms)

    def _note_past(self, watch: Watch, device: Device, part: str, value: Value, at_ms: int) -> None:
        """A stored record, older than what is known: it ends nothing, and what it raises is over.

        One value of the past tells nothing about a hold time.
        """
        holds = watch.rule.condition.hold_ms > 0
        if holds or part in watch.states.get(device.key, ()):
            return
        if watch.evaluate(device.status, value) == IN:
            self._steps.fire(watch, device, part, at_ms, value)
            self._steps.over(watch.rule.id, device.key, part, "newer records are known")
