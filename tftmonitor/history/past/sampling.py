"""What a sample ring would have kept of recorded snapshots: by the same rules, many at a time."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tftmonitor.base.clock import EARLIEST_TIME_MS, LATEST_AHEAD_MS
from tftmonitor.history.past.motions import FlagReader
from tftmonitor.history.past.pace import PaceLearner
from tftmonitor.history.past.placing import Placed, Placing
from tftmonitor.history.past.raw_rows import Floats, Ints, RawRows, Words
from tftmonitor.history.past.values import canonical, measured_by
from tftmonitor.history.past.wanted import Wanted
from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.activity import MOVING_KMH
from tftmonitor.model.fleet.cadence import Pace
from tftmonitor.model.fleet.field_ages import FIX_FIELDS, LEAST_LIMIT_MS

_LAT, _SPEED = (STATUS_FIELDS.by_name[name] for name in ("lat", "speed"))
_DRIVING: Final = Pace.DRIVING.value
# Where a frame is placed by the usual interval, that is the one before so few.
_FEW: Final = 32

Mask = npt.NDArray[np.bool_]


class PastSamples(NamedTuple):
    """Samples by the order of their receipt, or by time where that is said.

    ``times_ms`` (n,) are ms since 1970 UTC, ``values`` (fields, n) canonical, NaN for unknown and
    ``LEFT_OUT`` for what a frame did not carry; ``states`` and ``known`` (n,) a bit a lane of
    ``SERIES``, on without being known what was left out. ``usual_ms`` (n,) is the device's usual
    interval at the time, ``by_receipt`` (n,) where the time is that of receipt here.
    ``since_ms`` (fields, n) is the time that each value is from.
    """

    times_ms: Ints
    values: Floats
    states: npt.NDArray[np.uint16]
    known: npt.NDArray[np.uint16]
    usual_ms: Ints
    by_receipt: Mask
    since_ms: Ints

    def pick(self, which: slice | npt.NDArray[np.integer] | Mask) -> "PastSamples":
        """Those that a slice, a mask or an order of places says."""
        return PastSamples(
            self.times_ms[which],
            self.values[:, which],
            self.states[which],
            self.known[which],
            self.usual_ms[which],
            self.by_receipt[which],
            self.since_ms[:, which],
        )


class Sampler:
    """Give it the snapshots of one device in the order of their receipt.

    ``measured`` are the bits of what the device is known to measure by now.
    """

    def __init__(self, wanted: Wanted, words: Words, measured: int = 0) -> None:
        self._wanted = wanted
        self._measured = measured
        self._flags = FlagReader(words)
        self._placing = Placing()
        self._pace = PaceLearner()
        self._has_begun = False

    def sample(self, rows: RawRows) -> Iterator[PastSamples]:
        """The samples of at least one snapshot, in as many parts as need be."""
        if self._placing.is_plain(rows):
            yield self._sample(rows)
            return
        for low in range(0, len(rows), _FEW):
            yield self._sample(rows.pick(slice(low, low + _FEW)))

    def _sample(self, rows: RawRows) -> PastSamples:
        placed = self._placing.place(rows, self._pace.present_ms)
        measured = measured_by(rows, self._measured)
        self._measured = int(measured[-1])
        fields = dict.fromkeys([*self._wanted.fields, _LAT, _SPEED])
        found = {field.name: canonical(field, rows, measured) for field in fields}
        on, known, by_gnss = self._flags.lanes(rows.flags)
        usual_ms, is_old = self._paced(rows, placed, found["lat"], found["speed"])
        has_no_fix = ~by_gnss | is_old
        for name in FIX_FIELDS & found.keys() if has_no_fix.any() else ():
            found[name] = np.where(has_no_fix, np.nan, found[name])
        names = [field.name for field in self._wanted.fields]
        values = np.array([found[name] for name in names]).reshape(len(names), len(rows))
        times_ms = placed.data_ms
        since_ms = np.broadcast_to(times_ms, values.shape)
        by_receipt = placed.by_receipt
        samples = PastSamples(times_ms, values, on, known, usual_ms, by_receipt, since_ms)
        return samples if placed.is_kept.all() else samples.pick(placed.is_kept)

    def _paced(
        self, rows: RawRows, placed: Placed, lat: Floats, speed: Floats
    ) -> tuple[Ints, Mask]:
        """The usual interval at each row, and where the fix is too old for the time of it."""
        live = placed.is_live
        every = bool(live.all())
        live_rows = rows if every else rows.pick(live)
        present_ms, driving_ms = self._pace.present_ms, self._pace.usual_ms(_DRIVING)
        if not len(live_rows):
            usual_ms = np.full(len(rows), present_ms)
            return usual_ms, self._is_fix_old(rows, placed, usual_ms, driving_ms)
        paces = self._flags.paces(live_rows, *((lat, speed) if every else (lat[live], speed[live])))
        times_ms = placed.data_ms[live]
        found = self._pace.learn(times_ms, paces, placed.is_dated[live])
        if not self._has_begun:
            # Before the first interval that was ever in force, that one was.
            self._has_begun = True
            other = np.flatnonzero(found != present_ms)
            present_ms = int(found[other[0]]) if len(other) else present_ms
            found[: other[0] if len(other) else 0] = present_ms
        steps = np.append(present_ms, found)
        reached = np.maximum.accumulate(times_ms)
        usual_ms = steps[np.searchsorted(reached, placed.data_ms, side="right")]
        before_ms = steps[np.searchsorted(reached, placed.data_ms)]
        drives = np.append(driving_ms, np.where(paces == _DRIVING, found, 0))
        last = np.maximum.accumulate(np.where(drives > 0, np.arange(len(drives)), 0))
        driving = drives[last][np.searchsorted(reached, placed.data_ms)]
        return usual_ms, self._is_fix_old(rows, placed, before_ms, driving)

    @staticmethod
    def _is_fix_old(rows: RawRows, placed: Placed, usual_ms: Ints, driving_ms: Ints | int) -> Mask:
        """As ``is_fix_old`` of ``model/fleet/field_ages.py``."""
        fix_ms, date_ms = rows.numbers["location_date"], rows.numbers["date"]
        data_ms = placed.data_ms
        suspect: Mask = data_ms - fix_ms > LEAST_LIMIT_MS
        if not suspect.any():
            return suspect
        latest_ms = data_ms + LATEST_AHEAD_MS
        by_report_ms = data_ms - np.maximum(0, date_ms - fix_ms)
        is_dated = (date_ms >= EARLIEST_TIME_MS) & (date_ms <= latest_ms)
        fixed_ms = np.where(is_dated, np.maximum(fix_ms, by_report_ms), fix_ms)
        moves = (rows.numbers["speed"] >= MOVING_KMH) & np.isfinite(rows.numbers["speed"])
        limit_ms = np.maximum(
            LEAST_LIMIT_MS, OVERDUE_FACTOR * np.where(moves, driving_ms, usual_ms)
        )
        suspect &= (fix_ms >= EARLIEST_TIME_MS) & (data_ms - fixed_ms > limit_ms)
        return suspect
