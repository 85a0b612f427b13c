"""What the flags of a snapshot say, remembered by their raw values.

Reading lanes and motion costs far more than all else that is done with a snapshot. Yet a fleet
has few combinations of flags, and its thousands of frames repeat them: a look into a dict answers
nearly all, at less than a hundredth of the cost.
"""

from collections.abc import Hashable
from operator import attrgetter
from typing import NamedTuple

from tftmonitor.model.fields.plot import SeriesLayout
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.motion import FLAGS, MotionCandidates, MotionReader
from tftmonitor.model.fleet.sampling import SampleReader

# Inputs are text that the server decides, so what is remembered of it is bounded. Beyond that
# all is forgotten: keeping count of what is used would cost every frame.
_KEPT = 10_000


class FlagState(NamedTuple):
    """A bit a lane that is on, a bit a lane that is known, and what the device may be doing.

    On and not known is what the frame leaves out.
    """

    on: int
    known: int
    candidates: MotionCandidates


class FlagCache:
    """Looks at each combination of flags once.

    Speed and position are left open in ``FlagState.candidates``: they differ in every frame, and
    as part of the key would make each frame a combination of its own.
    """

    def __init__(self, layout: SeriesLayout, samples: SampleReader) -> None:
        self._samples = samples
        self._motions = MotionReader()
        self._raws = attrgetter(*dict.fromkeys([*FLAGS, *(f.name for f in layout.lane_fields)]))
        self._known: dict[Hashable, FlagState] = {}

    def read(self, status: DeviceStatus) -> FlagState:
        """What the flags of this status say."""
        # True and 1 are one key, as they are one value of a flag.
        raws = self._raws(status)
        state = self._known.get(raws)
        if state is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            lanes = self._samples.lane_bits(status)
            state = self._known[raws] = FlagState(*lanes, self._motions.candidates(status))
        return state
