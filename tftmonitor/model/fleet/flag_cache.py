"""What the flags and words of a snapshot say, remembered by their raw values.

A fleet has few of them, and its thousands of frames say the same again and again.
"""

from operator import attrgetter
from typing import Any, NamedTuple

from tftmonitor.model.fields.plot import SeriesLayout
from tftmonitor.model.fleet.motion import FLAGS, MotionCandidates, MotionReader
from tftmonitor.model.fleet.sampling import SampleReader

# The server decides what words there are, so what is remembered of them is bounded.
_KEPT = 10_000


class Words(NamedTuple):
    """The state word of the lanes, which lanes are known, and what the device may be doing."""

    states: int
    known: int
    cases: MotionCandidates


class FlagCache:
    """Looks at each combination of flags and words once."""

    def __init__(self, layout: SeriesLayout, samples: SampleReader) -> None:
        self._samples = samples
        self._motions = MotionReader()
        self._raws = attrgetter(*dict.fromkeys([*FLAGS, *(f.name for f in layout.lane_fields)]))
        self._known: dict[Any, Words] = {}

    def read(self, status: Any) -> Words:
        """What this status says."""
        raws = self._raws(status)
        words = self._known.get(raws)
        if words is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            lanes = self._samples.lane_text(status)
            words = self._known[raws] = Words(*lanes, self._motions.cases(status))
        return words
