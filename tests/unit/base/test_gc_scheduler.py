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
