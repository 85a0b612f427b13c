"""The way of the chosen device out of its samples, made anew when there are new ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fields.plot import SeriesLayout
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.samples.joining import PastPart, join_past
from tftmonitor.model.geo.track import EMPTY, Track, make_track

AS_THE_PLOTS: Final = -60.0
"""In place of a length: of the stretch that the plots show."""
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
    """What stands on the trail of a device beside its samples: ``marks`` and what was ``blind``.

    ``plotted`` is from when to when the plots show it, None where they follow the time, and
    ``look`` is told which stretch is shown, in seconds since 1970.
    """

    marks: Callable[[str], Sequence[TrailMark]] = lambda _key: ()
    blind: Callable[[str], Blind] = lambda _key: ()
    plotted: Callable[[], tuple[float, float] | None] = lambda: None
    look: Callable[[Device, float, float], None] = lambda _device, _start, _end: None


class TrailSource:
    """``track`` is that of ``device``, of the last ``length_s`` before its newest sample.

    ``past`` is what was recorded of it before memory, as far as that has been read.
    """

    def __init__(self, layout: Callable[[], SeriesLayout]) -> None:
        self._layout = layout
        self.facts = TrailFacts()
        self.device: Device | None = None
        self.length_s = DEFAULT_S
        self.track: Track = EMPTY
        self.marks: Sequence[TrailMark] = ()
        self.blind: Blind = ()
        self.past: PastPart | None = None
        self._made_of: object = None

    def show(self, device: Device | None) -> None:
        """Take another device, or none."""
        self.device = device
        self.track, self.marks, self.blind = EMPTY, (), ()
        self.past, self._made_of = None, None
        self.update()

    def update(self) -> bool:
        """Take in what is new; True when the trail is another."""
        device, layout = self.device, self._layout()
        if device is None or layout.track is None or not self.length_s:
            had = len(self.track) > 0
            self.track, self._made_of = EMPTY, None
            return had
        start_s, end_s = self._stretch(device)
        self.facts.look(device, start_s, end_s)
        made_of = (device.series, device.series.added, start_s, end_s, layout, self.past)
        before = self.marks, self.blind
        self.marks, self.blind = self.facts.marks(device.key), self.facts.blind(device.key)
        if made_of == self._made_of:
            return before != (self.marks, self.blind)
        self._made_of = made_of
        self.track = self._read(device, layout, start_s, end_s)
        return True

    def _stretch(self, device: Device) -> tuple[float, float]:
        """From when to when the trail is."""
        plotted = self.facts.plotted() if self.length_s == AS_THE_PLOTS else None
        if plotted is not None:
            return plotted
        length_s = DEFAULT_S if self.length_s == AS_THE_PLOTS else self.length_s
        newest_s = (device.data_ms or 0) / SECOND_MS
        return newest_s - length_s, newest_s

    def _read(self, device: Device, layout: SeriesLayout, start_s: float, end_s: float) -> Track:
        samples = device.series.as_they_came()
        whole = samples.filled() if self.past is None else join_past(self.past, samples)
        begin, end = (
            np.searchsorted(whole.times, start_s),
            np.searchsorted(whole.times, end_s, "right"),
        )
        if layout.track is None or end <= begin:
            return EMPTY
        part = whole.pick(slice(int(begin), int(end)))
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
        if part.usual is not None:
            usual_s = np.where(np.isnan(part.usual), usual_s, part.usual)
        limits = np.maximum(OVERDUE_FACTOR * usual_s, _LEAST_BREAK_S)
        return make_track(part.times, north, east, speeds, ignition, limits)
