"""Feeds of a simulated fleet: at its own pace, or at a set number of frames a second."""

from collections.abc import Iterator

from typing_extensions import override

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.simulator.feeds.snapshot_templates import SnapshotTemplates
from tftmonitor.simulator.fleet.world import World
from tftmonitor.simulator.outgoing import Feed, Outgoing, encode

# Frames a step: 64 whole snapshots, or 150 from templates, are about 3 ms of work.
_STEP_FRAMES = 64
_STEP_TEMPLATES = 150
# At a set rate frames go out in batches, one each tick.
_TICK_S = 0.01
# A feed that lags further behind than this skips what it missed.
_MAX_LAG_S = 1.0


class WorldFeed(Feed):
    """Frames of a world at the world's own pace."""

    def __init__(self, world: World) -> None:
        self._world = world

    @override
    def initial(self) -> Iterator[Outgoing]:
        return map(encode, self._world.initial())

    @override
    def drain(self, elapsed_s: float) -> list[Outgoing]:
        return [encode(push) for push in self._world.step(self._now_ms(elapsed_s), _STEP_FRAMES)]

    @override
    def skip(self, elapsed_s: float) -> None:
        self._world.step(self._now_ms(elapsed_s), _STEP_FRAMES)

    @override
    def next_s(self) -> float | None:
        next_ms = self._world.next_ms()
        return None if next_ms is None else (next_ms - self._world.start_ms) / SECOND_MS

    def _now_ms(self, elapsed_s: float) -> int:
        return self._world.start_ms + int(elapsed_s * SECOND_MS)


class RateFeed(Feed):
    """A set number of frames a second in all: snapshots from templates, and the world's events.

    The world must be made with ``routine=False``. Deadlines are absolute, so that the rate does
    not drift. Frames of one device are distinct up to 1,000 a second.
    """

    def __init__(self, world: World, per_second: float) -> None:
        if per_second <= 0:
            raise ValueError("the rate must be above 0")
        self._world = world
        self._templates = SnapshotTemplates(world.roster)
        self._per_second = per_second
        self._since_s = 0.0
        self._sent = 0
        self._tick_s = 0.0

    @override
    def initial(self) -> Iterator[Outgoing]:
        return map(encode, self._world.initial())

    @override
    def drain(self, elapsed_s: float) -> list[Outgoing]:
        if elapsed_s - self._time_of(self._sent) > _MAX_LAG_S:
            self.skip(elapsed_s)
        now_ms = self._world.start_ms + int(elapsed_s * SECOND_MS)
        due = min(_STEP_TEMPLATES, int((elapsed_s - self._since_s) * self._per_second) - self._sent)
        batch = [encode(push) for push in self._world.step(now_ms, _STEP_FRAMES)]
        if due > len(batch):
            batch += self._templates.make(now_ms, due - len(batch))
        self._sent += len(batch)
        self._tick_s = elapsed_s
        return batch

    @override
    def skip(self, elapsed_s: float) -> None:
        self._since_s, self._sent, self._tick_s = elapsed_s, 0, elapsed_s

    @override
    def next_s(self) -> float | None:
        due_s = self._time_of(self._sent + 1)
        late = due_s + _TICK_S < self._tick_s
        return due_s if late else max(due_s, self._tick_s + _TICK_S)

    def _time_of(self, count: int) -> float:
        return self._since_s + count / self._per_second
