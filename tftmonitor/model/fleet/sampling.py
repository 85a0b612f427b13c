"""What a status adds to the series: a number a channel and a bit a lane."""

import msgspec
from msgspec import UNSET

from tftmonitor.model.fields.field import parse_pins
from tftmonitor.model.fields.plausibility import compile_samples
from tftmonitor.model.fields.plot import SeriesLayout


class SampleReader:
    """Reads the channels and lanes of a layout out of statuses.

    ``values(status)`` is one float a channel, NaN for what is unknown, ``LEFT_OUT`` for what is
    not in it.
    """

    def __init__(self, layout: SeriesLayout) -> None:
        self._layout = layout
        sources = ((field.raw, field.rule, field.read) for field in layout.channels)
        self.values = compile_samples(sources)

    def lane_bits(self, status: msgspec.Struct) -> tuple[int, int]:
        """A bit a lane: which are on, and which are known; on and not known is left out."""
        states = known = 0
        for lane in self._layout.lanes:
            if lane.field.raw(status) is UNSET:
                states |= 1 << lane.bit
                continue
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
