"""How often a rule would have fired on what is recorded: a device after the other, off the loop."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from tftmonitor.base.clock import DAY_MS, SECOND_MS
from tftmonitor.history.samples.stored import HistoryError
from tftmonitor.model.fields.formatting import format_age
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.backtest.preview import SampleHistory
from tftmonitor.model.rules.conditions import LinkDown
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.surroundings import Surroundings
from tftmonitor.monitor.past.feed import device_of
from tftmonitor.monitor.past.past import Past
from tftmonitor.monitor.past.plotted import plotted, wires_of

_FARTHEST_MS: Final = 30 * DAY_MS
"""Farther back a rule is not held against what was."""
_MOST_DEVICES: Final = 300


@dataclass(frozen=True, slots=True)
class RecordedPreview:
    """What is known after so many of the devices; ``text`` is empty while there is nothing."""

    times: int = 0
    fired: int = 0
    seen: int = 0
    of: int = 0
    span_ms: int = 0
    problem: str = ""

    @property
    def text(self) -> str:
        """One sentence for the editor."""
        if self.problem or not self.seen:
            return self.problem
        times = (
            "not once" if not self.times else "once" if self.times == 1 else f"{self.times} times"
        )
        on = f" on {_counted(self.fired)}" if self.times else ""
        return f"Recorded: {times}{on}, in the last {format_age(self.span_ms)} of {self._devices}."

    @property
    def _devices(self) -> str:
        return (
            _counted(self.seen) if self.seen == self.of else f"{self.seen} of {_counted(self.of)}"
        )


async def recorded_preview(
    past: Past, rule: Rule, fleet: Fleet, now_ms: int, surroundings: Surroundings
) -> AsyncIterator[RecordedPreview]:
    """The answer as far as it is known, after each device; the last is the whole.

    Nothing comes for a rule that reads what is not kept over time. Whoever does not want it any
    more stops asking.
    """
    history = SampleHistory(rule, surroundings)
    if rule.problem or not history.is_known or isinstance(rule.condition, LinkDown):
        return
    covered = [device for device in list(fleet) if rule.covers(device)]
    times = fired = seen = 0
    first_ms = now_ms
    for device in covered[:_MOST_DEVICES]:
        try:
            found = await _fired(past, history, device, now_ms)
        except HistoryError as error:
            yield RecordedPreview(problem=str(error))
            return
        if found is None:
            continue
        count, since_ms = found
        seen += 1
        times, fired, first_ms = times + count, fired + (count > 0), min(first_ms, since_ms)
        yield RecordedPreview(times, fired, seen, len(covered), now_ms - first_ms)


async def _fired(
    past: Past, history: SampleHistory, device: Device, now_ms: int
) -> tuple[int, int] | None:
    """How often, and since when something is recorded; None where nothing is."""
    asked = device_of(device, SERIES)
    wires = wires_of(SERIES)
    found = await past.samples(
        asked.keys, wires, now_ms - _FARTHEST_MS, now_ms, measured=asked.measured
    )
    if found is None or found.samples is None:
        return None
    samples = plotted(found.samples, SERIES).samples
    usual_s = np.full(len(samples.times), np.nan) if samples.usual is None else samples.usual
    # Of the newest only the device itself knows what is usual.
    usual_s = np.where(np.isnan(usual_s), device.interval_ms / SECOND_MS, usual_s)
    count = await asyncio.to_thread(history.fired_in, samples, usual_s, now_ms)
    return count, int(samples.times[0] * SECOND_MS)


def _counted(count: int) -> str:
    return "1 device" if count == 1 else f"{count} devices"
