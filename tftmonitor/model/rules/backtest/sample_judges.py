"""Judges the samples in memory as a rule would have judged the reports: for the preview."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from tftmonitor.base.clock import MINUTE_MS, SECOND_MS
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fleet.series import Samples
from tftmonitor.model.places.shapes import Shape
from tftmonitor.model.rules.believed_fixes import believed
from tftmonitor.model.rules.hours_condition import DAY_MINUTES, DAYS, IgnitionAtHours
from tftmonitor.model.rules.hysteresis import IN, OUT
from tftmonitor.model.rules.place_conditions import MARGIN_M, PlaceCondition
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.sleep import EDGE_M
from tftmonitor.model.rules.surroundings import NEAR_NULL, Surroundings

Times = npt.NDArray[np.int64]
Judged = npt.NDArray[np.int8]
Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Read = Callable[[Samples], Values]

# Samples are kept in single precision: 11.7 would be below 11.7 without this.
_DIGITS: Final = 4
# The ignition by which ``activity.ignition`` goes first.
_IGNITION: Final = "acc"
# Zones change at whole quarters of an hour.
_QUARTER_S: Final = 900
# The first of January 1970 was a Thursday.
_FIRST_WEEKDAY: Final = 3


class SampleJudge:
    """Judges the samples of a device by what ``read`` gives, by the ignition, and by sleep."""

    def __init__(self, rule: Rule, surroundings: Surroundings, read: Read) -> None:
        band = rule.condition.band()
        assert band is not None
        self._band = band
        self._read = read
        self._wanted = rule.while_ignition
        self._is_crossing = rule.condition.is_crossing
        self._sleep = SampleSleep(rule, surroundings)

    def __call__(self, samples: Samples) -> tuple[Times, Judged]:
        """The times and judgements of the samples whose value is known."""
        values = self._read(samples)
        judged = self._band.judge_all(values)
        known = ~np.isnan(values)
        asleep = self._sleep.asleep(samples)
        counts = ~asleep
        if self._wanted is not None:
            on = filled(lane(samples, _IGNITION))
            as_wanted = on == float(self._wanted)
            known = ~np.isnan(on) & (known | ~as_wanted)
            counts &= as_wanted
        known |= asleep
        if self._is_crossing:
            judged = _crossings(judged, counts, ~np.isnan(values))
        judged[~counts] = OUT
        return times_ms(samples)[known], judged[known]


class SampleSleep:
    """In which samples a device is where a rule sleeps."""

    def __init__(self, rule: Rule, surroundings: Surroundings) -> None:
        self._shapes = [shape for ref in rule.sleeps_in if (shape := surroundings.shape(ref))]

    def asleep(self, samples: Samples) -> Flags:
        """By the last fix, however old, as ``Sleep`` has it."""
        asleep = np.zeros(len(samples.times), np.bool_)
        if not self._shapes:
            return asleep
        depths = np.max([depths_m(shape, samples, EDGE_M) for shape in self._shapes], axis=0)
        inside = np.where(depths >= 0.0, 1.0, np.where(depths < -EDGE_M, 0.0, np.nan))
        return np.asarray(filled(inside) == 1.0)


def judge_of(rule: Rule, surroundings: Surroundings) -> SampleJudge | None:
    """How to judge the samples for a rule, None when what it reads is not kept over time."""
    condition = rule.condition
    if isinstance(condition, PlaceCondition):
        read = _read_depth(condition, surroundings)
    elif isinstance(condition, IgnitionAtHours):
        read = _read_hours(condition, surroundings)
    else:
        read = _read_field(condition.source)
    return SampleJudge(rule, surroundings, read) if read is not None else None


def lane(samples: Samples, name: str) -> Values:
    """1, 0, or NaN where the lane was not known."""
    bit = next(1 << lane.bit for lane in SERIES.lanes if lane.key == name)
    levels = (samples.states & bit > 0).astype(np.float64)
    levels[samples.known & bit == 0] = np.nan
    return levels


def ignition(samples: Samples) -> Values:
    """1, 0, or NaN before it was known, with the last known where it is not."""
    return filled(lane(samples, _IGNITION))


def filled(values: Values) -> Values:
    """With the last known value where there is none, as the live status has it."""
    places = np.where(np.isnan(values), 0, np.arange(len(values)))
    found: Values = values[np.maximum.accumulate(places)]
    return found


def times_ms(samples: Samples) -> Times:
    """The times of the samples, ms since 1970."""
    return np.rint(samples.times * SECOND_MS).astype(np.int64)


def depths_m(shape: Shape, samples: Samples, margin_m: float) -> Values:
    """How deep within a shape each fix lies, NaN without a fix.

    It is exact just outside; farther out than the margin it may be minus infinity, and within it
    is any number that is not negative: a way to the edge costs ten times a look.
    """
    assert SERIES.track is not None
    latitude, longitude = (samples.values[n].astype(np.float64) for n in SERIES.track)
    null = (np.abs(latitude) < NEAR_NULL) & (np.abs(longitude) < NEAR_NULL)
    known = ~(np.isnan(latitude) | np.isnan(longitude) | null)
    fixes = np.flatnonzero(known)
    known[fixes] = believed(latitude[fixes], longitude[fixes], times_ms(samples)[fixes])
    depths = np.where(known, -np.inf, np.nan)
    near = known & shape.box.padded(margin_m).holds(latitude, longitude)
    within = shape.contains(latitude, longitude) & near
    depths[within] = 0.0
    edge = np.flatnonzero(near & ~within)
    if len(edge):
        depths[edge] = shape.depths_m(latitude[edge], longitude[edge])
    return depths


def _read_field(name: str | None) -> Read | None:
    for channel, field in enumerate(SERIES.channels):
        if field.name == name:
            return lambda samples: filled(
                np.round(samples.values[channel].astype(np.float64), _DIGITS)
            )
    if any(lane.key == name for lane in SERIES.lanes):
        return lambda samples: filled(lane(samples, str(name)))
    return None


def _read_depth(condition: PlaceCondition, surroundings: Surroundings) -> Read | None:
    shape = surroundings.shape(condition.place)
    if shape is None:
        return None
    return lambda samples: depths_m(shape, samples, condition.margin_m)


def _read_hours(condition: IgnitionAtHours, surroundings: Surroundings) -> Read | None:
    shape = surroundings.shape(condition.place) if condition.place.key else None
    if condition.place.key and shape is None:
        return None

    def read(samples: Samples) -> Values:
        on = lane(samples, _IGNITION)
        holds = np.where(np.isnan(on), np.nan, 0.0)
        at = (on == 1.0) & _at_hours(condition, samples, surroundings)
        if shape is None:
            holds[at] = 1.0
            return holds
        depths = depths_m(shape, samples, MARGIN_M)
        there = np.where(depths >= 0.0, condition.inside, not condition.inside).astype(np.float64)
        there[np.isnan(depths) | ((depths < 0.0) & (depths >= -MARGIN_M))] = np.nan
        holds[at] = there[at]
        return holds

    return read


def _at_hours(condition: IgnitionAtHours, samples: Samples, surroundings: Surroundings) -> Flags:
    """As ``IgnitionAtHours.is_at``, of all samples at once."""
    zone = surroundings.zone()
    quarters, which = np.unique(np.floor(samples.times / _QUARTER_S), return_inverse=True)
    offsets = [
        (datetime.fromtimestamp(quarter * _QUARTER_S, UTC).astimezone(zone).utcoffset())
        for quarter in quarters.tolist()
    ]
    seconds = np.array([offset.total_seconds() if offset else 0.0 for offset in offsets])
    minutes = np.floor((samples.times + seconds[which]) * SECOND_MS / MINUTE_MS).astype(np.int64)
    minute = minutes % DAY_MINUTES
    begun = minutes // DAY_MINUTES
    start, end = condition.start, condition.end
    if start < end:
        holds = (minute >= start) & (minute < end)
    else:
        holds = (minute >= start) | (minute < end)
        begun = begun - (minute < start)
    weekday = (begun + _FIRST_WEEKDAY) % 7
    return np.asarray(holds & np.isin(weekday, list(DAYS[condition.days])))


def _crossings(judged: Judged, counts: Flags, known: Flags) -> Judged:
    """Only who was seen out can be in, and only by coming in while it counts, until it does not."""
    found = judged.copy()
    side, is_in = -1, False
    rows = np.flatnonzero(known)
    starts = np.flatnonzero(np.diff(judged[rows], prepend=np.int8(-1)))
    bounds = [*rows[starts].tolist(), len(judged)]
    for first, end in pairwise(bounds):
        value = int(judged[first])
        if value == OUT:
            side, is_in = OUT, False
            continue
        if value == IN:
            is_in = is_in or (side == OUT and bool(counts[first]))
            side = IN
        # What ends it without its going out does not let it come in again.
        broken = np.flatnonzero(~counts[first:end])
        until = first + int(broken[0]) if is_in and len(broken) else first if not is_in else end
        found[until:end] = OUT
        is_in = is_in and until == end
    return found
