"""What of the past is asked for when, and what is told of it."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np

from tests.unit.history.past.recorded import KEY, record, snapshot
from tests.unit.history.samples.pushes import T0
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.past.feed import (
    PastAnswer,
    PastDevice,
    PastFeed,
    Stretch,
    device_of,
    memory_since,
)
from tftmonitor.monitor.past.past import Past
from tftmonitor.protocol.messages import SnapshotData

DEVICE = PastDevice((KEY,), 0, SERIES)
S0 = T0 / 1000
HOUR = Stretch(S0, S0 + 3_600, 100)


class Bench:
    """A feed over two hours that were recorded, each ten seconds; memory has the last of them."""

    def __init__(self, profile: Path) -> None:
        self.past, self.scope = Past(profile), TaskScope()
        self.memory_s = S0 + 3_600
        self.told: list[PastAnswer | None] = []
        self.reading: list[bool] = []
        self.feed = PastFeed(
            self.past, self.scope, lambda: self.memory_s, self.told.append, self.reading.append
        )

    async def settle(self) -> None:
        for _ in range(5_000):
            if not self.scope.names:
                return
            await asyncio.sleep(0.001)
        raise AssertionError(self.scope.names)

    @property
    def asked(self) -> list[Stretch]:
        """The stretches that were told of, each once."""
        return list(dict.fromkeys(answer.stretch for answer in self.told if answer is not None))


def with_bench(
    test: Callable[[Bench], Coroutine[Any, Any, None]],
) -> Callable[[Path], None]:
    def run(tmp_path: Path) -> None:
        record(tmp_path, [snapshot(n * 10_000, speed=float(n % 9)) for n in range(720)])

        async def main() -> None:
            bench = Bench(tmp_path)
            try:
                await test(bench)
            finally:
                await bench.scope.close()
                await bench.past.close()

        asyncio.run(main())

    return run


@with_bench
async def test_more_is_read_than_is_seen_and_then_nothing_for_a_while(bench: Bench) -> None:
    bench.feed.show_device(DEVICE)
    bench.feed.look(Stretch(S0 + 1_800, S0 + 3_000, 100))
    await bench.settle()
    assert bench.asked == [Stretch(S0 + 1_200, S0 + 3_600, 201)]
    answer = bench.told[-1]
    assert answer is not None
    assert answer.part is not None
    assert answer.since_s == S0
    assert bench.reading[0]
    assert not bench.reading[-1]
    count = len(bench.told)
    bench.feed.look(Stretch(S0 + 1_300, S0 + 2_500, 100))
    await bench.settle()
    assert len(bench.told) == count
    bench.feed.look(Stretch(S0 + 1_100, S0 + 2_300, 100))
    await bench.settle()
    assert len(bench.asked) == 2


@with_bench
async def test_what_memory_has_is_not_asked_for(bench: Bench) -> None:
    bench.feed.show_device(DEVICE)
    bench.feed.look(Stretch(S0 + 3_600, S0 + 4_000, 100))
    bench.feed.look(Stretch(S0, S0 + 100, 0))
    await bench.settle()
    assert bench.asked == []
    # The overlap alone lies in what memory has.
    bench.feed.look(Stretch(S0 + 3_000, S0 + 7_000, 1_000))
    await bench.settle()
    assert bench.asked[-1].end == S0 + 3_660


@with_bench
async def test_without_a_device_nothing_is_asked(bench: Bench) -> None:
    bench.feed.look(HOUR)
    bench.feed.show_device(PastDevice())
    await bench.settle()
    assert bench.told == []


@with_bench
async def test_another_device_is_another_past(bench: Bench) -> None:
    bench.feed.show_device(DEVICE)
    bench.feed.look(HOUR)
    bench.feed.show_device(PastDevice(("other",), 0, SERIES))
    assert bench.reading[0]
    assert not bench.reading[-1]
    bench.feed.look(HOUR)
    await bench.settle()
    answer = bench.told[-1]
    assert answer is not None
    assert answer.part is None
    assert answer.since_s is None
    # Of the first one nothing was told any more.
    assert all(each is None or each.part is None for each in bench.told)


@with_bench
async def test_who_went_far_away_does_not_wait_for_what_is_read(bench: Bench) -> None:
    bench.feed.show_device(DEVICE)
    bench.feed.look(HOUR)
    bench.feed.look(Stretch(S0 - 90_000, S0 - 80_000, 100))
    await bench.settle()
    assert [each.start for each in bench.asked] == [S0 - 95_000]


@with_bench
async def test_a_drag_sees_what_is_under_way_and_then_the_rest(bench: Bench) -> None:
    bench.feed.show_device(DEVICE)
    for step in range(10):
        bench.feed.look(Stretch(S0 + 3_000 - step * 50, S0 + 3_400 - step * 50, 100))
    await bench.settle()
    assert len(bench.asked) == 2
    assert [each.start for each in bench.asked] == [S0 + 2_800, S0 + 2_350]


@with_bench
async def test_back_to_live_the_past_is_let_go(bench: Bench) -> None:
    bench.feed.show_device(DEVICE)
    bench.feed.look(HOUR)
    await bench.settle()
    bench.feed.forget()
    assert bench.told[-1] is not None
    bench.feed.look(Stretch(S0 + 3_700, S0 + 3_900, 100))
    bench.feed.forget()
    assert bench.told[-1] is None


@with_bench
async def test_a_file_that_cannot_be_read_is_said(bench: Bench) -> None:
    await bench.past.close()
    bench.feed.show_device(DEVICE)
    bench.feed.look(HOUR)
    await bench.settle()
    answer = bench.told[-1]
    assert answer is not None
    assert answer.problem == "The history is closed."
    count = len(bench.told)
    bench.feed.look(HOUR)
    assert len(bench.told) == count


def test_coarse_samples_are_read_anew_for_a_closer_look(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tftmonitor.history.past.gathering.RAW_ROWS", 50)

    @with_bench
    async def test(bench: Bench) -> None:
        bench.feed.show_device(DEVICE)
        bench.feed.look(Stretch(S0, S0 + 3_600, 10))
        await bench.settle()
        answer = bench.told[-1]
        assert answer is not None
        assert answer.is_thinned
        bench.feed.look(Stretch(S0 + 10, S0 + 1_000, 100))
        await bench.settle()
        assert len(bench.asked) == 2

    test(tmp_path)


def test_without_any_store_nothing_is_known(tmp_path: Path) -> None:
    async def main() -> None:
        bench = Bench(tmp_path)
        bench.feed.show_device(DEVICE)
        bench.feed.look(HOUR)
        await bench.settle()
        answer = bench.told[-1]
        assert answer is not None
        assert (answer.part, answer.since_s, answer.problem) == (None, None, "")
        await bench.past.close()

    asyncio.run(main())


def test_memory_begins_with_the_program_and_later_where_it_is_full() -> None:
    fleet = Fleet(samples=8)
    for n in range(4):
        fleet.apply(SnapshotData(imei="1"), DeviceStatus(date=T0 + n), b"", T0 + n)
    device = fleet.find("1")
    assert memory_since(None, 5.0) == memory_since(device, 5.0) == 5.0
    for n in range(40):
        fleet.apply(SnapshotData(imei="1"), DeviceStatus(date=T0 + 9 + n), b"", T0 + 9 + n)
    assert device is not None
    assert memory_since(device, 5.0) == device.series.oldest_s
    assert memory_since(device, S0 + 100) == S0 + 100
    found = device_of(device, SERIES)
    assert found.keys == ("1",)
    assert found.layout is SERIES
    assert device_of(None, SERIES) == PastDevice()
    assert np.isfinite(memory_since(device, 0.0))
