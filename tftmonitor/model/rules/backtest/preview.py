"""How often a rule would have fired on what is in memory, shown before it is saved.

Here a value holds until the next one, as in the plots, however long that took.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.fields.formatting import format_age
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.series import Samples
from tftmonitor.model.rules.backtest.sample_judges import (
    Judged,
    SampleSleep,
    Times,
    ignition,
    judge_of,
    times_ms,
)
from tftmonitor.model.rules.conditions import LinkDown, Overdue
from tftmonitor.model.rules.hysteresis import IN, RuleState, Transition
from tftmonitor.model.rules.overdue import limits_ms
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.surroundings import NOWHERE, Surroundings, position_of
from tftmonitor.model.rules.watch import Watch

FloatTimes = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Preview:
    """How often, on how many devices, and of what: ``span_text`` says what was examined.

    ``has_data`` is False when there was nothing to examine.
    """

    times: int
    devices: int
    span_text: str
    has_data: bool = True

    @property
    def text(self) -> str:
        """One line for the editor."""
        if not self.has_data:
            return self.span_text
        if not self.times:
            return f"Would not have fired. {self.span_text}"
        times = "once" if self.times == 1 else f"{self.times} times"
        devices = "1 device" if self.devices == 1 else f"{self.devices} devices"
        return f"Would have fired {times} on {devices}. {self.span_text}"


def preview(rule: Rule, fleet: Fleet, now_ms: int, surroundings: Surroundings = NOWHERE) -> Preview:
    """All of it at once."""
    *_, last = preview_slices(rule, fleet, now_ms, surroundings)
    return last


def preview_slices(
    rule: Rule, fleet: Fleet, now_ms: int, surroundings: Surroundings = NOWHERE
) -> Iterator[Preview]:
    """What is known after each device, some milliseconds at the most; the last is the answer."""
    if rule.problem:
        yield Preview(0, 0, rule.problem, has_data=False)
        return
    if isinstance(rule.condition, LinkDown):
        reason = "Losses of our own link are not kept in memory, so there is no preview."
        yield Preview(0, 0, reason, has_data=False)
        return
    times = devices = seen = 0
    oldest_ms = now_ms
    past = SampleHistory(rule, surroundings)
    for device in list(fleet):
        if not rule.covers(device) or (device.data_ms is None and not device.records):
            continue
        fired = past.fired(device, now_ms)
        seen += 1
        times += fired
        devices += fired > 0
        oldest_s = device.series.oldest_s
        if past.is_known and oldest_s is not None:
            oldest_ms = min(oldest_ms, round(oldest_s * SECOND_MS))
        yield Preview(times, devices, _span_text(seen, now_ms - oldest_ms, past.is_known))
    span_text = _span_text(seen, now_ms - oldest_ms, past.is_known)
    yield Preview(times, devices, span_text, has_data=seen > 0)


def _span_text(seen: int, span_ms: int, has_past: bool) -> str:
    of = "1 device" if seen == 1 else f"{seen} devices"
    if not seen:
        return "No device that it holds for has reported yet."
    if has_past:
        return f"In memory: the last {format_age(span_ms)} of {of}."
    return f"Only the latest values of {of} are in memory."


class SampleHistory:
    """How often a rule would have fired on samples of a device, or on its latest values.

    ``is_known`` when what it reads is kept over time.
    """

    def __init__(self, rule: Rule, surroundings: Surroundings) -> None:
        self._rule = rule
        self._surroundings = surroundings
        self._judge = judge_of(rule, surroundings)
        self._sleep = SampleSleep(rule, surroundings)
        self.is_known = isinstance(rule.condition, Overdue) or self._judge is not None

    def fired(self, device: Device, now_ms: int) -> int:
        """How often by what is in memory of a device."""
        if not self.is_known:
            return _fired_on_latest(self._rule, device, now_ms, self._surroundings)
        samples = device.series.samples()
        # By the interval that was usual then, as the alarms of then were.
        usual_s = device.cadence.in_force(device.interval_ms).at(samples.times)
        return self.fired_in(samples, usual_s, now_ms)

    def fired_in(self, samples: Samples, usual_s: FloatTimes, now_ms: int) -> int:
        """How often by samples that are kept over time; ``usual_s`` was the interval at each."""
        rule = self._rule
        if isinstance(rule.condition, Overdue):
            limits = limits_ms(rule.condition, usual_s * SECOND_MS)
            long = np.diff(times_ms(samples), append=now_ms) > limits
            if rule.while_ignition is not None:
                long &= ignition(samples) == float(rule.while_ignition)
            return int(np.count_nonzero(long & ~self._sleep.asleep(samples)))
        assert self._judge is not None
        return _run(*self._judge(samples), rule.condition.hold_ms, now_ms)


def _fired_on_latest(rule: Rule, device: Device, now_ms: int, surroundings: Surroundings) -> int:
    watch = Watch(rule, surroundings)
    condition, status = rule.condition, device.status
    fired = 0
    readings: list[tuple[str, Any, int]] = []
    if watch.measure is not None and status is not None:
        at_ms = device.data_ms or now_ms
        readings.append(("", watch.measure(status, at_ms, position_of(status)), at_ms))
    elif condition.source is not None and status is not None:
        value = STATUS_FIELDS.by_name[condition.source].read(status, now_ms)
        readings.append(("", value, device.data_ms or now_ms))
    for kind in condition.record_kinds:
        if kind in device.records:
            push, received_ms = device.records[kind]
            found = condition.readings(push.records, ())
            readings += [(part, value, received_ms) for part, value in found]
    for part, value, at_ms in readings:
        judged = watch.evaluate(status, value, device.key)
        if judged is not None:
            transitions = watch.step(device.key, part, judged, value, at_ms)
            fired += Transition.RAISE in transitions
    return fired + len(watch.elapse(now_ms))


def _run(at_ms_of: Times, judged: Judged, hold_ms: int, now_ms: int) -> int:
    """How often the machine raises. Only changes matter to it."""
    state = RuleState()
    fired = 0
    changed = np.flatnonzero(np.diff(judged, prepend=np.int8(-1)))
    changes = zip(at_ms_of[changed].tolist(), judged[changed].tolist(), strict=True)
    for at_ms, now_judged in changes:
        if now_judged == IN or not state.is_idle:
            fired += Transition.RAISE in state.step(now_judged, None, at_ms, hold_ms)
    return fired + state.advance(now_ms, hold_ms)
