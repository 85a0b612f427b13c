import gc
from collections.abc import Iterator

import pytest

from tftmonitor.base.gc_scheduler import GcScheduler


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_nothing_is_collected_before_the_program_stands() -> None:
    assert not GcScheduler().tick(1e6, idle=True)


def test_idle_program_collects_after_a_minute_and_a_busy_one_after_ten() -> None:
    scheduler = GcScheduler()
    scheduler.settle(100.0)
    assert gc.get_freeze_count()
    assert not scheduler.tick(159.0, idle=True)
    assert scheduler.tick(160.0, idle=True)
    assert not scheduler.tick(759.0, idle=False)
    assert scheduler.tick(760.0, idle=False)


class Thing:
    """Something that the collector looks at."""

    def __init__(self) -> None:
        self.parts: list[object] = [{}]


def test_what_comes_later_is_looked_at_once() -> None:
    scheduler, now_s, things = GcScheduler(), 100.0, []
    scheduler.settle(now_s)
    looked_at = []
    for _ in range(20):
        now_s += 1.0
        things += [Thing() for _ in range(20_000)]
        if scheduler.tick(now_s, idle=False):
            looked_at.append(len(gc.get_objects()))
    assert len(things) == 400_000
    assert len(looked_at) > 3
    # All of it was put aside, and so was never looked at again.
    assert gc.get_freeze_count() > 700_000
    assert scheduler.tick(now_s + 60, idle=True)
    assert len(gc.get_objects()) < 300_000


def test_garbage_of_a_program_that_does_not_grow_is_found() -> None:
    scheduler = GcScheduler()
    scheduler.settle(100.0)
    kept = gc.get_freeze_count()
    for number in range(1, 200):
        for _ in range(2_000):
            ring: list[object] = []
            ring.append(ring)
        scheduler.tick(100.0 + number, idle=True)
    assert gc.get_freeze_count() < kept + 5_000
    assert len(gc.get_objects()) < 250_000
