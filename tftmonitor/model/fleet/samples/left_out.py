"""What a frame leaves out is unchanged, and what it calls unknown is unknown.

Samples hold both as they came, so that a stored frame that comes late still changes what follows
it; what is unchanged is filled in when they are read.
"""

import numpy as np
import numpy.typing as npt

from tftmonitor.model.fields.plausibility import LEFT_OUT

Values = npt.NDArray[np.float32]
Times = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint16]


def filled_values(times: Times, values: Values, since: Times | None = None) -> tuple[Values, Times]:
    """Each value (channels, n) with what was left out taken from before, NaN where there is none.

    Then the time that each is from, of the same shape; ``since`` (channels, n) where that is
    another one than the time of its sample.
    """
    left_out = values == LEFT_OUT
    if not left_out.any():
        return values, np.broadcast_to(times, values.shape) if since is None else since
    places = _last_places(left_out)
    full = np.take_along_axis(values, places, axis=1)
    full[full == LEFT_OUT] = np.nan
    return full, times[places] if since is None else np.take_along_axis(since, places, axis=1)


def filled_states(states: Words, known: Words) -> tuple[Words, Words]:
    """Bits that are on and known; a bit that is on without being known was left out."""
    if not (states & ~known).any():
        return states, known
    states, known = states.copy(), known.copy()
    for bit in range(16):
        left_out = (states & ~known) >> bit & 1 == 1
        if left_out.any():
            places = _last_places(left_out[np.newaxis])[0]
            mask = np.uint16(1 << bit)
            on, is_known = states[places] & mask, known[places] & mask
            # What was left out from the first on is unknown.
            states = (states & ~mask) | (on & is_known)
            known = (known & ~mask) | is_known
    return states, known


def _last_places(left_out: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """For each place the last one up to it that was not left out, 0 where there is none."""
    places = np.where(left_out, 0, np.arange(left_out.shape[1]))
    return np.maximum.accumulate(places, axis=1)
