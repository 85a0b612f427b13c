"""Which devices became overdue, or report again: a few numpy operations for the whole fleet."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.conditions import Overdue
from tftmonitor.model.rules.watch import Watch

# A device may tell its model later than it first reports.
_SCOPE_EVERY = 60

Flags = npt.NDArray[np.bool_]


class OverdueRows:
    """What was told of each row; ``changed`` tells only what is different now."""

    def __init__(self, watch: Watch, condition: Overdue) -> None:
        self.watch = watch
        self._condition = condition
        self._told: Flags = np.zeros(0, np.bool_)
        self._scope: Flags = np.zeros(0, np.bool_)
        self._calls = 0

    def changed(self, fleet: Fleet, now_ms: int, heard_ms: int) -> list[tuple[Device, bool]]:
        """Devices with whether they are overdue. We have been listening since ``heard_ms``:
        what was not heard before that is not the device's fault.
        """
        if len(self._told) != len(fleet) or self._calls % _SCOPE_EVERY == 0:
            self._look_up(fleet)
        self._calls += 1
        data_ms = fleet.data_ms
        limits = limits_ms(self._condition, fleet.intervals_ms)
        # A gap of ours begins nothing and ends nothing: only a report ends it.
        since_ms = np.where(self._told, data_ms, np.maximum(data_ms, heard_ms))
        over = (data_ms > 0) & self._scope & (now_ms - since_ms > limits)
        rows = np.flatnonzero(over != self._told)
        self._told = over
        return [(fleet.devices[row], bool(over[row])) for row in rows.tolist()]

    def forget(self) -> None:
        """The states of the rule were changed from outside."""
        self._told = np.zeros(0, np.bool_)
        self._calls = 0

    def _look_up(self, fleet: Fleet) -> None:
        rule = self.watch.rule
        count = len(fleet)
        self._scope = np.fromiter((rule.covers(d) for d in fleet), np.bool_, count)
        self._told = np.zeros(count, np.bool_)
        for key in self.watch.states:
            device = fleet.find(key)
            if device is not None and device.data_ms is not None:
                self._told[device.row] = True


def limits_ms(condition: Overdue, intervals_ms: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """How long each may be quiet, by its usual interval."""
    if condition.minutes:
        return np.full(len(intervals_ms), condition.minutes * MINUTE_MS)
    return intervals_ms * condition.factor
