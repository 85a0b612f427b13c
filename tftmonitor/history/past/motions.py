"""What the flags of recorded snapshots say: lanes, whether there is a fix, and the pace."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tftmonitor.history.past.raw_rows import Floats, Ints, RawRows, Words
from tftmonitor.history.past.wanted import FLAG_NAMES
from tftmonitor.model.fields.plausibility import LEFT_OUT
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.activity import MOVING_KMH
from tftmonitor.model.fleet.flag_cache import FlagCache, FlagState
from tftmonitor.model.fleet.motion import FLAGS
from tftmonitor.model.fleet.sampling import SampleReader

WordArray = npt.NDArray[np.uint16]

# So many combinations are counted without sorting them.
_FEW: Final = 1 << 16
_SAID: Final = ("lat", "speed")


class FlagReader:
    """Looks at each combination of flags once, by the fleet's own reading of them."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._cache = FlagCache(SERIES, SampleReader(SERIES))
        self._last_flags: dict[str, int] = dict.fromkeys(FLAGS, 0)
        self._last_said: dict[str, float] = dict.fromkeys(_SAID, LEFT_OUT)

    def lanes(self, flags: dict[str, Ints]) -> tuple[WordArray, WordArray, npt.NDArray[np.bool_]]:
        """Bits on, bits known, and whether there may be a fix, each of shape (n,)."""
        states, places = self._states(flags, FLAG_NAMES)
        on = np.array([state.on for state in states], np.uint16)[places]
        known = np.array([state.known for state in states], np.uint16)[places]
        return on, known, np.array([s.candidates.by_gnss for s in states], np.bool_)[places]

    def paces(self, rows: RawRows, lat: Floats, speed: Floats) -> Ints:
        """The pace of each of these, which are live and in order; ``lat`` and ``speed`` as they
        were sampled. What they leave out holds from those before.
        """
        flags = {name: self._held_flag(name, rows.flags[name]) for name in FLAGS}
        lat, speed = self._held_number("lat", lat), self._held_number("speed", speed)
        states, places = self._states(flags, FLAGS)
        found = [state.candidates for state in states]
        by_gnss = np.array([each.by_gnss for each in found], np.bool_)[places]
        without, resting, moving = (
            np.array(paces, np.int64)[places]
            for paces in zip(
                *((c.without_fix.pace, c.at_rest.pace, c.moving.pace) for c in found), strict=True
            )
        )
        moves = np.isfinite(speed) & (speed >= MOVING_KMH)
        has_fix = by_gnss & np.isfinite(lat)
        return np.where(has_fix, np.where(moves, moving, resting), without)

    def _held_flag(self, name: str, places: Ints) -> Ints:
        held = _held(places, places == 0, self._last_flags[name])
        self._last_flags[name] = int(held[-1])
        return np.asarray(held, np.int64)

    def _held_number(self, name: str, values: Floats) -> Floats:
        held = _held(values, values == LEFT_OUT, self._last_said[name])
        self._last_said[name] = float(held[-1])
        return np.asarray(held, np.float64)

    def _states(
        self, flags: dict[str, Ints], names: tuple[str, ...]
    ) -> tuple[list[FlagState], Ints]:
        """The states of all combinations, and for each row the place of its own."""
        combined = np.zeros(len(flags[names[0]]), np.int64)
        scale = 1
        for name in names:
            low, high = int(flags[name].min()), int(flags[name].max())
            if high > low:
                combined += (flags[name] - low) * scale
                scale *= high - low + 1
            if scale > _FEW:
                _, combined = np.unique(combined, return_inverse=True)
                combined, scale = combined.reshape(-1).astype(np.int64), int(combined.max()) + 1
        distinct, places = _distinct(combined, scale)
        first = np.zeros(len(distinct), np.int64)
        # Backwards, so that the first of each is what stays.
        first[places[::-1]] = np.arange(len(places))[::-1]
        return [self._state_of(flags, names, row) for row in first.tolist()], places

    def _state_of(self, flags: dict[str, Ints], names: tuple[str, ...], row: int) -> FlagState:
        raw: dict[str, Any] = {
            name: self._words.values[name][int(flags[name][row])] for name in names
        }
        return self._cache.read(DeviceStatus(**raw))


def _distinct(combined: Ints, scale: int) -> tuple[Ints, Ints]:
    if scale <= _FEW:
        distinct = np.flatnonzero(np.bincount(combined, minlength=scale))
        places = np.zeros(scale, np.int64)
        places[distinct] = np.arange(len(distinct))
        return distinct, places[combined]
    distinct, places = np.unique(combined, return_inverse=True)
    return distinct, places.reshape(-1)


def _held(
    values: npt.NDArray[Any], is_left_out: npt.NDArray[np.bool_], last: float
) -> npt.NDArray[Any]:
    """Each value, where it was left out the one before it."""
    if not is_left_out.any():
        return values
    places = np.maximum.accumulate(np.where(is_left_out, 0, np.arange(1, len(values) + 1)))
    return np.append(np.array([last], values.dtype), values)[places]
