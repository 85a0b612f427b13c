"""A new value for a rule, and what becomes of the rule's alarm by that."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from tftmonitor.base.clock import Clock
from tftmonitor.model.fields.field import Value
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.rules.freshness import known_for_ms
from tftmonitor.model.rules.hysteresis import IN, Transition
from tftmonitor.model.rules.watch import OWN_LINK, Watch
from tftmonitor.monitor.alarm_service import AlarmService


@dataclass(frozen=True, slots=True)
class FireCount:
    """How often a rule has raised since the program began, and when last."""

    count: int = 0
    last_ms: int = 0


class RuleSteps:
    """Takes values to the states of rules, and what they do at that to the alarm service.

    ``fired`` is by the id of a rule. A device of None is our own link.
    """

    def __init__(self, service: AlarmService, clock: Clock) -> None:
        self.fired: dict[str, FireCount] = {}
        self._service = service
        self._clock = clock
        self._is_doubtful = False

    @contextlib.contextmanager
    def doubting(self, *, is_doubtful: bool) -> Iterator[None]:
        """What is evaluated within has a date of its own, beside that of the status."""
        self._is_doubtful = is_doubtful
        try:
            yield
        finally:
            self._is_doubtful = False

    def evaluate_field(
        self, watch: Watch, device: Device, value: Value, at_ms: int, now_ms: int
    ) -> None:
        """What the status has in the field of a rule, unless that is too old to be true."""
        known_ms = known_for_ms(watch.rule, device, at_ms)
        if known_ms is None:
            watch.know_no_longer(device.key, now_ms)
            return
        if not self.evaluate(watch, device, "", value, at_ms, now_ms):
            return
        if watch.know(device.key, "", now_ms + known_ms):
            self._tell(watch, device, "", at_ms, value)

    def evaluate(
        self, watch: Watch, device: Device, part: str, value: Value, at_ms: int, now_ms: int
    ) -> bool:
        """True when the value could be judged."""
        judged = watch.evaluate(device.status, value, device.key)
        if judged is None:
            return False
        self.step(watch, device, part, judged, value, at_ms, now_ms - at_ms)
        return True

    def step(
        self,
        watch: Watch,
        device: Device | None,
        part: str,
        judged: int,
        value: Value,
        at_ms: int,
        lag_ms: int = 0,
    ) -> None:
        """A judged value of one subject; ``lag_ms`` is how much later than its time it came in."""
        key = device.key if device else OWN_LINK
        before = watch.value_of(key, part)
        for transition in watch.step(key, part, judged, value, at_ms, lag_ms):
            if transition is Transition.RAISE:
                self.fire(watch, device, part, at_ms, value if judged == IN else before)
            else:
                self.over(watch.rule.id, key, part, _over_text(watch, device, value))

    def fire(
        self, watch: Watch, device: Device | None, part: str, at_ms: int, value: Value = None
    ) -> None:
        """The rule holds; ``value`` is what it saw, None for the last that was in."""
        self._tell(watch, device, part, at_ms, value)
        count = self.fired.get(watch.rule.id, FireCount()).count
        self.fired[watch.rule.id] = FireCount(count + 1, self._clock.now_ms())

    def _tell(
        self, watch: Watch, device: Device | None, part: str, at_ms: int, value: Value = None
    ) -> None:
        rule = watch.rule
        if value is None:
            value = watch.value_of(device.key if device else OWN_LINK, part)
        text = f"{rule.condition.value_text(value)} ({rule.sentence})".lstrip()
        name = f"{rule.title} ({part})" if part else rule.title
        # Where nothing tells whether a device's clock is right, what it reports counts as now.
        doubtful = self._is_doubtful or (device is not None and device.is_doubtful)
        known = device is not None and device.device_ms is not None and not doubtful
        device_ms = at_ms if known else None
        source = rule.condition.alarm_source
        self._service.rule_alarm(
            _key(rule.id, part), name, rule.severity, device, device_ms, text, source, doubtful
        )

    def over(self, rule: str, key: str, part: str, because: str) -> None:
        """The rule of this id holds no more for this subject."""
        self._service.rule_returned(_key(rule, part), key or None, because)

    def doubt(self, watch: Watch, key: str, part: str) -> None:
        """What it stands by is too old to tell whether it still does."""
        name = _key(watch.rule.id, part)
        self._service.rule_returned(name, key, "its value is too old", in_doubt=True)

    def all_over(self, watch: Watch) -> None:
        """A rule is no more what it was."""
        for key, part in watch.standing():
            self.over(watch.rule.id, key, part, "the rule was changed, switched off or deleted")


def _key(rule: str, part: str) -> str:
    return f"{rule}:{part}" if part else rule


def _over_text(watch: Watch, device: Device | None, value: Value) -> str:
    """Why an alarm is over."""
    if device is not None and watch.ignition_matches(device.status) is False:
        return f"ignition {'off' if watch.rule.while_ignition else 'on'}"
    if device is not None and watch.is_asleep(device.key, device.status):
        return "the device is where the rule sleeps"
    return "" if value is None else watch.rule.condition.value_text(value)
