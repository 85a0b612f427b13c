"""The samples that the plots show: what the ring has, what a held window has seen of it, and what
was recorded before.
"""

import numpy as np

from tftmonitor.model.fleet.samples.joining import PastPart, join_past
from tftmonitor.model.fleet.series import CAPACITY, SampleRing, Samples


class ShownSamples:
    """Copies the ring of one device when it has changed; ``hold`` keeps what it drops from then on.

    At most two ``CAPACITY`` are kept. They have the extra channels ``extra``, whichever the ring
    has by now: a device that does not report keeps its former ones.
    """

    def __init__(self, ring: SampleRing | None, extra: tuple[str, ...] = ()) -> None:
        self.ring = ring
        self._extra = extra
        self._added = -1
        self._samples: Samples | None = None
        self._kept: Samples | None = None
        self._oldest_s: float | None = None
        self._has_lost = False
        self._past: PastPart | None = None

    @property
    def added(self) -> int:
        """How many samples there ever were."""
        return self.ring.added if self.ring is not None else 0

    def set_extra(self, extra: tuple[str, ...]) -> None:
        """Show these extra channels from now on."""
        self._extra, self._added = extra, -1

    def set_past(self, past: PastPart | None) -> None:
        """Show what was recorded, too; None for nothing of it."""
        if past is not self._past:
            self._past, self._added = past, -1

    def read(self) -> Samples | None:
        """All that can be shown, by time; the same object while nothing is new. None: no device."""
        if self.ring is not None and self._added != self.ring.added:
            self.keep()
            self._added, self._samples = self.ring.added, self._read(self.ring)
        return self._samples

    def _read(self, ring: SampleRing) -> Samples:
        kept = self._kept if self._has_lost else None
        if self._past is None:
            samples = ring.samples().arranged(self._extra)
            return samples if kept is None else _joined(kept, samples)
        memory = ring.as_they_came().arranged(self._extra)
        if kept is not None:
            memory = _joined(kept, memory)
        return join_past(self._past, memory)

    def hold(self) -> None:
        """From now on nothing is let go, until ``release``."""
        if self.ring is not None:
            self._kept, self._oldest_s = self.ring.samples(), self.ring.oldest_s

    def keep(self) -> None:
        """To be called now and then while the window is held, shown or not.

        The ring drops few samples at a time, all of which the copy before has.
        """
        if self._kept is None or self.ring is None or self.ring.oldest_s == self._oldest_s:
            return
        self._oldest_s, self._has_lost = self.ring.oldest_s, True
        joined = _joined(self._kept, self.ring.samples())
        # What was seen when the window was held comes first.
        self._kept = joined.pick(slice(2 * CAPACITY))

    def release(self) -> None:
        """Let go of what the ring has dropped."""
        if self._kept is not None:
            self._kept, self._has_lost, self._added = None, False, -1


def _joined(kept: Samples, now: Samples) -> Samples:
    """The samples of both, those that are in both once, by time."""
    gone = ~np.isin(kept.times, now.times)
    if not gone.any():
        return now
    both = kept.pick(gone).join(now)
    return both.pick(np.argsort(both.times, kind="stable"))
