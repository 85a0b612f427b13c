"""One line out of what was recorded and what memory has, without a seam and without a double."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tftmonitor.model.fleet.series import Samples

# Two programs stamp one push with their own times of receipt.
_SAME_S = 2.0


@dataclass(frozen=True, eq=False, slots=True)
class PastPart:
    """Samples of the past as they came, and where their time is that of their receipt, (n,)."""

    samples: Samples
    by_receipt: npt.NDArray[np.bool_]


def join_past(past: PastPart, memory: Samples) -> Samples:
    """Both by time, filled; of a sample that both have, that of memory, which is as it came, too.

    The channels are those of memory.
    """
    gone = ~_is_in(past, memory.times)
    both = past.samples.pick(gone).join(memory)
    if bool(np.any(both.times[1:] < both.times[:-1])):
        both = both.pick(np.argsort(both.times, kind="stable"))
    return both.filled()


def _is_in(past: PastPart, times: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = np.isin(past.samples.times, times)
    loose = np.flatnonzero(past.by_receipt & ~found)
    if len(loose) and len(times):
        wanted = past.samples.times[loose]
        after = np.searchsorted(times, wanted)
        nearest = np.minimum(
            np.abs(times[np.minimum(after, len(times) - 1)] - wanted),
            np.abs(times[np.maximum(after - 1, 0)] - wanted),
        )
        found[loose[nearest <= _SAME_S]] = True
    return found
