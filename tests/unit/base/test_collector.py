import gc
from collections.abc import Iterator

import pytest

from tftmonitor.base.collector import Collector


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_nothing_is_collected_before_the_program_stands() -> None:
    assert not Collector().beat(1e6, idle=True)


def test_idle_program_collects_after_a_minute_and_a_busy_one_after_ten() -> None:
    collector = Collector()
    collector.settle(100.0)
    assert gc.get_freeze_count()
    assert not collector.beat(159.0, idle=True)
    assert collector.beat(160.0, idle=True)
    assert not collector.beat(759.0, idle=False)
    assert collector.beat(760.0, idle=False)
