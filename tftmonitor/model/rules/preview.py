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
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.series import Samples
from tftmonitor.model.rules.conditions import LinkDown, Overdue
from tftmonitor.model.rules.hysteresis import IN, OUT, RuleState, Transition
from tftmonitor.model.rules.overdue import limits_ms
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.watch import Watch

# Samples are kept in single precision: 11.7 would be below 11.7 without this.
_DIGITS = 4
# The ignition by which ``activity.ignition`` goes first.
_IGNITION = "acc"

Times = npt.NDArray[np.int64]
Judged = npt.NDArray[np.int8]


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


def preview(rule: Rule, fleet: Fleet, now_ms: int) -> Preview:
    """All of it at once."""
    *_, last = preview_slices(rule, fleet, now_ms)
    return last


def preview_slices(rule: Rule, fleet: Fleet, now_ms: int) -> Iterator[Preview]:
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
    has_past = isinstance(rule.condition, Overdue) or _series_of(rule) is not None
    for device in list(fleet):
        if not rule.covers(device) or (device.data_ms is None and not device.records):
            continue
        fired = _fired(rule, device, now_ms)
        seen += 1
        times += fired
        devices += fired > 0
        oldest_s = device.series.oldest_s
        if has_past and oldest_s is not None:
            oldest_ms = min(oldest_ms, round(oldest_s * SECOND_MS))
        yield Preview(times, devices, _span_text(seen, now_ms - oldest_ms, has_past))
    span_text = _span_text(seen, now_ms - oldest_ms, has_past)
    yield Preview(times, devices, span_text, has_data=seen > 0)


def _span_text(seen: int, span_ms: int, has_past: bool) -> str:
    of = "1 device" if seen == 1 else f"{seen} devices"
    if not seen:
        return "No device that it holds for has reported yet."
    if has_past:
        return f"In memory: the last {format_age(span_ms)} of {of}."
    return f"Only the latest values of {of} are in memory."


def _fired(rule: Rule, device: Device, now_ms: int) -> int:
    if isinstance(rule.condition, Overdue):
        samples = device.series.samples()
        # By the interval that was usual then, as the alarms of then were.
        intervals = device.cadence.in_force(device.interval_ms).at(samples.times)
        limits = limits_ms(rule.condition, intervals * SECOND_MS)
        return _gaps(samples, limits, rule.while_ignition, now_ms)
    judged = _series_of(rule)
    if judged is None:
        return _fired_on_latest(rule, device, now_ms)
    return _run(*judged(device.series.samples()), rule.condition.hold_ms, now_ms)


def _fired_on_latest(rule: Rule, device: Device, now_ms: int) -> int:
    watch = Watch(rule)
    condition, status = rule.condition, device.status
    fired = 0
    readings: list[tuple[str, Any, int]] = []
    if condition.source is not None and status is not None:
        value = STATUS_FIELDS.by_name[condition.source].read(status, now_ms)
        readings.append(("", value, device.data_ms or now_ms))
    for kind in condition.record_kinds:
        if kind in device.records:
            push, received_ms = device.records[kind]
            found = condition.readings(push.records, ())
            readings += [(part, value, received_ms) for part, value in found]
    for part, value, at_ms in readings:
        judged = watch.evaluate(status, value)
        if judged is not None:
            transitions = watch.step(device.key, part, judged, value, at_ms)
            fired += Transition.RAISE in transitions
    return fired + len(watch.elapse(now_ms))


def _gaps(samples: Samples, limits: npt.NDArray[Any], ignition: bool | None, now_ms: int) -> int:
    """How often it was quiet for longer (ms), with the last known ignition as wanted."""
    long = np.diff(_times_ms(samples), append=now_ms) > limits
    if ignition is not None:
        long &= _filled(_lane(samples, _lane_bit(_IGNITION))) == float(ignition)
    return int(np.count_nonzero(long))


class _Series:
    """Judges the samples of a device by a channel or a lane, and by the ignition's lane."""

    def __init__(self, rule: Rule, channel: int | None, bit: int) -> None:
        band = rule.condition.band()
        assert band is not None
        self._band = band
        self._wanted = rule.while_ignition
        self._channel = channel
        self._bit = bit

    def __call__(self, samples: Samples) -> tuple[Times, Judged]:
        """The times and judgements of the samples whose value is known."""
        if self._channel is None:
            values = _lane(samples, self._bit)
        else:
            values = np.round(samples.values[self._channel].astype(np.float64), _DIGITS)
        values = _filled(values)
        judged = self._band.judge_all(values)
        known = ~np.isnan(values)
        if self._wanted is not None:
            on = _filled(_lane(samples, _lane_bit(_IGNITION)))
            as_wanted = on == float(self._wanted)
            judged[~as_wanted] = OUT
            known = ~np.isnan(on) & (known | ~as_wanted)
        return _times_ms(samples)[known], judged[known]


def _series_of(rule: Rule) -> _Series | None:
    """How to read the rule's field out of rings, None when it is not kept over time."""
    name = rule.condition.source
    for channel, field in enumerate(SERIES.channels):
        if field.name == name:
            return _Series(rule, channel, 0)
    if any(lane.key == name for lane in SERIES.lanes):
        return _Series(rule, None, _lane_bit(str(name)))
    return None


def _lane_bit(name: str) -> int:
    return next(1 << lane.bit for lane in SERIES.lanes if lane.key == name)


def _lane(samples: Samples, bit: int) -> npt.NDArray[np.float64]:
    """1, 0, or NaN where the lane was not known."""
    levels = (samples.states & bit > 0).astype(np.float64)
    levels[samples.known & bit == 0] = np.nan
    return levels


def _filled(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """With the last known value where there is none, as the live status has it."""
    places = np.where(np.isnan(values), 0, np.arange(len(values)))
    filled: npt.NDArray[np.float64] = values[np.maximum.accumulate(places)]
    return filled


def _times_ms(samples: Samples) -> Times:
    return np.rint(samples.times * SECOND_MS).astype(np.int64)


def _run(times_ms: Times, judged: Judged, hold_ms: int, now_ms: int) -> int:
    """How often the machine raises. Only changes matter to it."""
    state = RuleState()
    fired = 0
    changed = np.flatnonzero(np.diff(judged, prepend=np.int8(-1)))
    changes = zip(times_ms[changed].tolist(), judged[changed].tolist(), strict=True)
    for at_ms, now_judged in changes:
        if now_judged == IN or not state.is_idle:
            fired += Transition.RAISE in state.step(now_judged, None, at_ms, hold_ms)
    return fired + state.advance(now_ms, hold_ms)
