"""Where the marks of the axes stand and what they say."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from tftmonitor.ui.plots.numbers.ranges import nice_step

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_TIME_STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(step * _MINUTE for step in (1, 2, 5, 10, 15, 30)),
    *(step * _HOUR for step in (1, 2, 3, 6, 12)),
    *(step * _DAY for step in (1, 2, 7)),
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, in its unit, and its label."""

    place: float
    label: str


def value_ticks(low: float, high: float, most: float) -> list[Tick]:
    """Round values within the range, no nearer than its ``most``-th part, with the same digits.

    Two at least, however little room there is: one alone tells nothing of the scale.
    """
    span = high - low
    step = nice_step(span / max(1.0, most))
    while math.floor(high / step + 1e-6) - math.ceil(low / step - 1e-6) < 1:
        step = nice_step(step / 2.5)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    # + 0.0 turns a negative zero positive.
    places = [number * step + 0.0 for number in range(first, last + 1)]
    return [Tick(place, f"{place:.{digits}f}") for place in places]


def time_ticks(start: float, end: float, most: int, zone: tzinfo) -> list[Tick]:
    """Round clock times of the zone, by its rules of each moment; a midnight shows its date."""
    wanted = (end - start) / max(1, most)
    step = next((step for step in _TIME_STEPS if step >= wanted), _TIME_STEPS[-1])
    places = []
    # Where clocks are set within the window, each side has round times of its own.
    for offset in {_offset(start, zone), _offset(end, zone)}:
        first, last = math.ceil((start + offset) / step), math.floor((end + offset) / step)
        all_places = (number * step - offset for number in range(first, last + 1))
        places += [place for place in all_places if _offset(place, zone) == offset]
    return [Tick(place, _clock_label(place, step, zone)) for place in sorted(places)]


def _offset(place: float, zone: tzinfo) -> float:
    """How far the clocks of the zone are ahead of UTC at a moment, in seconds."""
    offset = datetime.fromtimestamp(place, UTC).astimezone(zone).utcoffset()
    return offset.total_seconds() if offset else 0.0


def _clock_label(place: float, step: int, zone: tzinfo) -> str:
    moment = datetime.fromtimestamp(place, UTC).astimezone(zone)
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.strftime("%m-%d")
    return moment.strftime("%H:%M" if step >= _MINUTE else "%H:%M:%S")


def without_overlaps(spans: Sequence[tuple[float, float]], left: float, right: float) -> list[bool]:
    """Which labels (from, to) can be drawn inside the bounds without touching the last."""
    drawn, free = [], left
    for begin, end in spans:
        fits = begin >= free and end <= right
        drawn.append(fits)
        if fits:
            free = end
    return drawn
