"""What a status adds to the series: a number a channel and a bit a lane."""

import math
import sys
from typing import Any

from tftmonitor.model.fields.field import Field, FieldKind, parse_pins
from tftmonitor.model.fields.plot import SeriesLayout


class SampleReader:
    """Reads the channels and lanes of a layout out of statuses."""

    def __init__(self, layout: SeriesLayout) -> None:
        self._layout = layout
        self._channels = [(field.raw, field.read, *_sound(field)) for field in layout.channels]

    def values(self, status: Any) -> list[float]:
        """One float a channel, NaN for what is unknown."""
        return [
            value + 0.0  # which turns -0.0 into 0.0
            if (value := raw(status)).__class__ is float
            and low <= value <= high
            and value not in unknown
            else _or_nan(read(status, 0))
            for raw, read, low, high, unknown in self._channels
        ]

    def lane_text(self, status: Any) -> tuple[int, int]:
        """The state word and the word of known lanes."""
        states = known = 0
        for lane in self._layout.lanes:
            value = lane.field.read(status, 0)
            if value is None:
                continue
            if lane.pin is None:
                level: bool | None = bool(value)
            else:
                level = parse_pins(str(value)).get(lane.pin)
            if level is not None:
                known |= 1 << lane.bit
                states |= int(level) << lane.bit
        return states, known


def _or_nan(value: Any) -> float:
    return math.nan if value is None else float(value)


def _sound(field: Field) -> tuple[float, float, tuple[float, ...]]:
    """Lowest, highest and excepted values that ``Field.read`` hands out as they are."""
    spec = field.spec
    if spec.kind is not FieldKind.NUMBER or spec.void is not None:
        return math.inf, -math.inf, ()
    largest = sys.float_info.max
    low, high = max(spec.low, -largest), min(spec.high, largest)
    return low, high, tuple(value for value in spec.unknown if low <= value <= high)
