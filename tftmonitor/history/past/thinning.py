"""Few samples that look the same on a screen: of each pixel the first, lowest, highest and last.

Nothing is made up: each that is kept is one that was recorded, with its own time.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from tftmonitor.history.past.sampling import PastSamples

HELD_MS: Final = 1 << 40
"""In place of a usual interval where what lies between two samples was left away: no break."""

Places = npt.NDArray[np.intp]


def thinned(samples: PastSamples, start_ms: int, end_ms: int, pixels: int) -> PastSamples:
    """Those that can be seen of samples by time, of which nothing is left out any more."""
    count = len(samples.times_ms)
    if count <= 2:
        return samples
    shares = (samples.times_ms - start_ms) / max(1, end_ms - start_ms)
    columns = np.clip(np.floor(shares * pixels), -1, pixels).astype(np.int64)
    firsts = np.flatnonzero(np.diff(columns, prepend=columns[0] - 1))
    sizes = np.diff(np.append(firsts, count))
    keep = np.zeros(count, np.bool_)
    keep[firsts] = keep[firsts + sizes - 1] = True
    for values in samples.values:
        _keep_extremes(keep, values, firsts, sizes)
    _keep_states(keep, samples, columns)
    kept = np.flatnonzero(keep)
    picked = samples.pick(kept)
    # Within a pixel no break is seen, and the samples that were left away made none.
    skips = np.diff(kept, append=count) > 1
    return picked._replace(usual_ms=np.where(skips, HELD_MS, picked.usual_ms))


def _keep_extremes(
    keep: npt.NDArray[np.bool_], values: npt.NDArray[np.float64], firsts: Places, sizes: Places
) -> None:
    for best in (np.fmin, np.fmax):
        extremes = np.repeat(best.reduceat(values, firsts), sizes)
        found = np.flatnonzero(values == extremes)
        if len(found):
            # The first of those that are equal.
            columns = np.repeat(np.arange(len(firsts)), sizes)[found]
            keep[found[np.flatnonzero(np.diff(columns, prepend=-1))]] = True
    unknown = np.isnan(values)
    if unknown.any() and not unknown.all():
        # Where it begins to be unknown the line ends, and not at the next pixel.
        edges = np.flatnonzero(np.diff(unknown.astype(np.int8)))
        columns = np.repeat(np.arange(len(firsts)), sizes)[edges]
        first = edges[np.flatnonzero(np.diff(columns, prepend=-1))]
        keep[first] = keep[first + 1] = True


def _keep_states(
    keep: npt.NDArray[np.bool_], samples: PastSamples, columns: npt.NDArray[np.int64]
) -> None:
    """Of each lane and pixel where it first changes, so that what was on for a moment is seen."""
    words = samples.states.astype(np.uint32) << 16 | samples.known
    changes = np.flatnonzero(np.diff(words)) + 1
    turned = words[changes] ^ words[changes - 1]
    for bit in range(16):
        mask = np.uint32((1 << bit + 16) | 1 << bit)
        places = changes[(turned & mask) != 0]
        if len(places):
            at = columns[places]
            first = np.flatnonzero(np.diff(at, prepend=at[0] - 1))
            keep[places[first]] = True
