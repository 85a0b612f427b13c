"""The way of the chosen device out of its samples in memory, made anew when there are new ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fields.plot import SeriesLayout
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.geo.track import EMPTY, Track, make_track

LENGTHS_S: Final = (0.0, 900.0, 3_600.0, 21_600.0)
"""How long a trail can be, 0 for none; the last is all that memory has."""
DEFAULT_S: Final = 900.0
_LEAST_BREAK_S: Final = 60.0
_IGNITION: Final = "acc"


@dataclass(frozen=True, slots=True)
class TrailMark:
    """An alarm on the trail, in seconds since 1970."""

    time_s: float
    severity: Severity
    name: str


Blind = Sequence[tuple[float, float]]


@dataclass(slots=True)
class TrailFacts:
    """What stands on the trail of a device beside its samples: ``marks`` and what was ``blind``."""

    marks: Callable[[str], Sequence[TrailMark]] = lambda _key: ()
    blind: Callable[[str], Blind] = lambda _key: ()


class TrailSource:
    """``track`` is that of ``device``, of the last ``length_s`` before its newest sample."""

    def __init__(self, layout: Callable[[], SeriesLayout]) -> None:
        self._layout = layout
        self.facts = TrailFacts()
        self.device: Device | None = None
        self.length_s = DEFAULT_S
        self.track: Track = EMPTY
        self.marks: Sequence[TrailMark] = ()
        self.blind: Blind = ()
        self._made_of: object = None

    def show(self, device: Device | None) -> None:
        """Take another device, or none."""
        self.device = device
        self.track, self.marks, self.blind = EMPTY, (), ()
        self._made_of = None
        self.update()

    def update(self) -> bool:
        """Take in what is new; True when the trail is another."""
        device, layout = self.device, self._layout()
        if device is None or layout.track is None or not self.length_s:
            had = len(self.track) > 0
            self.track, self._made_of = EMPTY, None
            return had
        made_of = (device.series, device.series.added, self.length_s, layout)
        self.marks, self.blind = self.facts.marks(device.key), self.facts.blind(device.key)
        if made_of == self._made_of:
            return False
        self._made_of = made_of
        self.track = self._read(device, layout)
        return True

    def _read(self, device: Device, layout: SeriesLayout) -> Track:
        samples = device.series.samples()
        if layout.track is None or not len(samples.times):
            return EMPTY
        begin = np.searchsorted(samples.times, samples.times[-1] - self.length_s)
        part = samples.pick(slice(int(begin), None))
        north, east = (part.values[channel].astype(np.float64) for channel in layout.track)
        names = [field.name for field in layout.channels]
        speeds = part.values[names.index("speed")].astype(np.float64)
        ignition = np.full(len(part.times), -1, np.int8)
        for lane in layout.lanes:
            if lane.key == _IGNITION:
                bit = 1 << lane.bit
                known = (part.known & bit) != 0
                ignition[known] = ((part.states[known] & bit) != 0).astype(np.int8)
        usual_s = device.cadence.in_force(device.interval_ms).at(part.times)
        limits = np.maximum(OVERDUE_FACTOR * usual_s, _LEAST_BREAK_S)
        return make_track(part.times, north, east, speeds, ignition, limits)
