"""Events of a supply voltage, out of readings with times; pure, and honest about their spacing."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from tftmonitor.model.geo.projection import Numbers
from tftmonitor.model.trips.points import Codes, Times
from tftmonitor.model.voltage.rules import VoltageRules, rules_of

_SECOND_MS: Final = 1_000.0
_HOUR_S: Final = 3_600.0


class VoltageKind(Enum):
    """What happened to the supply."""

    CRANK = "crank dip"
    ALTERNATOR = "alternator start"
    DISCONNECT = "supply disconnected"
    DRAIN = "battery drains"


@dataclass(frozen=True, slots=True)
class VoltageEvent:
    """From ``start_ms`` to ``end_ms`` (None while it lasts), ms since 1970; volts at both.

    Of a dip and of a disconnection ``to_v`` is the lowest. ``per_h`` is the slope of a drain in
    volts an hour, 0 of the others.
    """

    kind: VoltageKind
    start_ms: int
    end_ms: int | None
    from_v: float
    to_v: float
    per_h: float = 0.0


@dataclass(frozen=True, slots=True)
class VoltageFindings:
    """Events in order of time, and the rules that found them.

    ``rules`` is None where no system can be told, and then there are no events. ``unseen`` are the
    kinds that reports ``spacing_s`` apart cannot show; ``spacing_s`` is None of less than two.
    """

    rules: VoltageRules | None
    events: tuple[VoltageEvent, ...] = ()
    spacing_s: float | None = None
    unseen: tuple[VoltageKind, ...] = ()


def voltage_events(times_ms: Times, volts: Numbers, ignition: Codes) -> VoltageFindings:
    """The events of a device's readings, all (n,) and in order of time.

    ``volts`` NaN for unknown, 0 only for a supply that is cut; ``ignition`` 1, 0, or -1 unknown.
    """
    known = np.isfinite(volts)
    rules = rules_of(volts[known])
    at = times_ms[known] / _SECOND_MS
    spacing = float(np.median(np.diff(at))) if len(at) > 1 else None
    if rules is None:
        return VoltageFindings(None, (), spacing)
    readings = _Readings(at, volts[known], ignition[known], rules)
    events = [*readings.cranks(), *readings.starts(), *readings.cuts(), *readings.drains()]
    limits = {
        VoltageKind.CRANK: rules.crank_spacing_s,
        VoltageKind.ALTERNATOR: rules.charging_spacing_s,
    }
    return VoltageFindings(
        rules,
        tuple(sorted(events, key=lambda event: event.start_ms)),
        spacing,
        tuple(kind for kind, limit in limits.items() if spacing is None or spacing > limit),
    )


class _Readings:
    """``n`` known readings; times in seconds."""

    def __init__(self, at: Numbers, volts: Numbers, ignition: Codes, rules: VoltageRules) -> None:
        self._at, self._volts, self._ignition, self._rules = at, volts, ignition, rules
        self._is_cut = volts < rules.cut
        self._steps = np.diff(at)

    def cranks(self) -> Iterator[VoltageEvent]:
        """Short dips, over before ``crank_s``; with the ignition off nobody cranks."""
        rules, volts = self._rules, self._volts
        falls = (volts[:-1] - volts[1:] >= rules.dip) & (self._steps <= rules.crank_spacing_s)
        falls &= ~self._is_cut[1:]
        after = 0
        for before in np.flatnonzero(falls).tolist():
            if before < after:
                continue
            level, place = volts[before], before + 1
            while (
                place < len(volts)
                and level - volts[place] >= rules.dip / 2
                and self._at[place] - self._at[before] <= rules.crank_s
            ):
                place += 1
            if place == len(volts) or self._at[place] - self._at[before] > rules.crank_s:
                continue
            after = place
            if np.all(self._ignition[before : place + 1] == 0):
                continue
            low = before + int(np.argmin(volts[before : place + 1]))
            yield self._event(VoltageKind.CRANK, before, place, float(level), float(volts[low]))

    def starts(self) -> Iterator[VoltageEvent]:
        """Where the alternator begins: a rise to its level that lasts."""
        rules, volts = self._rules, self._volts
        works = (volts >= rules.charging) & (self._ignition != 0)
        for place in np.flatnonzero(works[1:] & ~works[:-1]).tolist():
            begin = place + 1
            # The voltage may have come through a dip: what it rose from is what was before that.
            first = int(np.searchsorted(self._at, self._at[begin] - rules.crank_s))
            level = float(np.max(volts[first:begin])) if first < begin else float(volts[place])
            if self._steps[place] > rules.charging_spacing_s or self._is_cut[place]:
                continue
            last = begin
            while last + 1 < len(volts) and works[last + 1]:
                last += 1
                if self._at[last] - self._at[begin] >= rules.charging_s:
                    break
            lasts = self._at[last] - self._at[begin] >= rules.charging_s
            top = float(np.median(volts[begin : last + 1]))
            if lasts and top - level >= rules.rise:
                yield self._event(VoltageKind.ALTERNATOR, place, begin, level, top)

    def cuts(self) -> Iterator[VoltageEvent]:
        """From the last good reading on, as long as there is next to nothing."""
        volts, is_cut = self._volts, self._is_cut
        for place in np.flatnonzero(is_cut[1:] & ~is_cut[:-1]).tolist():
            if volts[place] < self._rules.supplied:
                continue
            back = place + 1
            while back < len(volts) and is_cut[back]:
                back += 1
            lowest = float(volts[place + 1 : back].min())
            yield self._event(
                VoltageKind.DISCONNECT,
                place + 1,
                back if back < len(volts) else None,
                float(volts[place]),
                lowest,
            )

    def drains(self) -> Iterator[VoltageEvent]:
        """Rests over which the voltage falls steadily."""
        rules = self._rules
        for first, after in self._rests():
            begin = first
            if first:  # where the readings begin it may have rested for long
                settled = self._at[first] + rules.settle_s
                begin = int(np.searchsorted(self._at, settled))
            if after - begin < rules.drain_count:
                continue
            at, volts = self._at[begin:after], self._volts[begin:after]
            lasts_s = at[-1] - at[0]
            if lasts_s < rules.drain_s:
                continue
            slope, middle = _line(at, volts)
            per_h, fallen = slope * _HOUR_S, -slope * lasts_s
            if per_h <= -rules.drain_per_h and fallen >= rules.drained:
                yield self._event(
                    VoltageKind.DRAIN,
                    begin,
                    after - 1,
                    middle + fallen / 2,
                    middle - fallen / 2,
                    per_h,
                )

    def _rests(self) -> Iterator[tuple[int, int]]:
        """First reading of each rest and the one after it; silence may hide a drive."""
        rests = (self._ignition == 0) & ~self._is_cut
        goes_on = rests[1:] & rests[:-1] & (self._steps <= self._rules.drain_s)
        starts = np.flatnonzero(rests & ~np.concatenate(([False], goes_on)))
        ends = np.flatnonzero(rests & ~np.concatenate((goes_on, [False])))
        yield from zip(starts.tolist(), (ends + 1).tolist(), strict=True)

    def _event(
        self,
        kind: VoltageKind,
        first: int,
        last: int | None,
        from_v: float,
        to_v: float,
        per_h: float = 0.0,
    ) -> VoltageEvent:
        end_ms = None if last is None else round(self._at[last] * _SECOND_MS)
        start_ms = round(self._at[first] * _SECOND_MS)
        return VoltageEvent(kind, start_ms, end_ms, from_v, to_v, per_h)


def _line(at: Numbers, volts: Numbers) -> tuple[float, float]:
    """The straight line through readings by least squares: volts a second, and in the middle.

    The middle is that of the time, halfway between the first and the last.
    """
    half = (at[0] + at[-1]) / 2
    x = at - at.mean()
    slope = float(x @ (volts - volts.mean()) / (x @ x))
    return slope, float(volts.mean() + slope * (half - at.mean()))
