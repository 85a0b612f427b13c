"""Which devices became overdue, or report again: a few numpy operations for the whole fleet."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.conditions import Overdue
from tftmonitor.model.rules.watch import Watch

# A device may report its model later than its first status.
_SCOPE_EVERY = 60

Flags = npt.NDArray[np.bool_]


class OverdueRows:
    """Which rows are overdue; ``changed`` gives only what is different since the last call."""

    def __init__(self, watch: Watch, condition: Overdue) -> None:
        self.watch = watch
        self._condition = condition
        self._overdue: Flags = np.zeros(0, np.bool_)
        self._scope: Flags = np.zeros(0, np.bool_)
        self._seen_ms = np.zeros(0, np.int64)
        self._newer_ms = np.zeros(0, np.int64)
        self._calls = 0

    def changed(
        self, fleet: Fleet, now_ms: int, listening_since_ms: int
    ) -> list[tuple[Device, bool]]:
        """Devices with whether they are overdue.

        We have been listening since ``listening_since_ms``: that nothing came before is not the
        device's fault.
        """
        if len(self._overdue) != len(fleet.devices) or self._calls % _SCOPE_EVERY == 0:
            self._refresh(fleet)
        self._calls += 1
        data_ms = fleet.data_ms
        limits = limits_ms(self._condition, fleet.intervals_ms)
        # A gap of ours begins nothing and ends nothing: only a report ends it.
        since_ms = np.where(self._overdue, data_ms, np.maximum(data_ms, listening_since_ms))
        over = (data_ms > 0) & self._scope & (now_ms - since_ms > limits)
        # Stored reports that come now are old, and each may say that the device did something else;
        # but it is heard.
        self._note_newer(data_ms, now_ms)
        over &= self._overdue | (now_ms - self._newer_ms > limits)
        rows = np.flatnonzero(over != self._overdue)
        self._overdue = over
        return [(fleet.devices[row], bool(over[row])) for row in rows.tolist()]

    def forget(self) -> None:
        """The states of the rule were changed from outside."""
        self._overdue = np.zeros(0, np.bool_)
        self._calls = 0

    def _note_newer(self, data_ms: npt.NDArray[np.int64], now_ms: int) -> None:
        """Keep when each row last had newer data than the time before; 0 at first sight."""
        added = len(data_ms) - len(self._seen_ms)
        if added:
            self._seen_ms = np.concatenate((self._seen_ms, data_ms[-added:]))
            self._newer_ms = np.concatenate((self._newer_ms, np.zeros(added, np.int64)))
        self._newer_ms[data_ms != self._seen_ms] = now_ms
        self._seen_ms[:] = data_ms

    def _refresh(self, fleet: Fleet) -> None:
        rule = self.watch.rule
        count = len(fleet.devices)
        self._scope = np.fromiter((rule.covers(d) for d in fleet.devices), np.bool_, count)
        self._overdue = np.zeros(count, np.bool_)
        for key in self.watch.states:
            device = fleet.find(key)
            if device is not None and device.data_ms is not None:
                self._overdue[device.row] = True


def limits_ms(condition: Overdue, intervals_ms: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """How long each may be quiet, by its usual interval."""
    if condition.minutes:
        return np.full(len(intervals_ms), condition.minutes * MINUTE_MS)
    return intervals_ms * condition.factor
