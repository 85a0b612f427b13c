"""How many pushes came when, by the heads of chunks: as many as reading them all would count."""

from pathlib import Path

import pytest

from tests.unit.history.samples.pushes import T0, pending, push
from tftmonitor.base.clock import HOUR_MS
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.sealing import seal
from tftmonitor.history.samples.store import SampleStore

EDGES = [T0 + hour * HOUR_MS for hour in range(7)]


def recorded(profile: Path, *, until_sealed: int) -> HistoryReader:
    """A push a minute for three hours, one more after five; those before the minute are sealed."""
    rows = [push(device, minute * 60_000) for minute in range(180) for device in ("a", "b")]
    rows.append(push("a", 5 * HOUR_MS + 1))
    store = SampleStore(profile, T0)
    if until_sealed:
        store.write(pending(rows[: 2 * until_sealed]), T0)
        for _ in seal(store, T0 + 10 * HOUR_MS):
            pass
    store.write(pending(rows[2 * until_sealed :]), T0)
    store.close()
    return HistoryReader(profile)


@pytest.mark.parametrize("until_sealed", [0, 90, 180])
def test_counts_are_those_of_the_pushes(tmp_path: Path, until_sealed: int) -> None:
    reader = recorded(tmp_path, until_sealed=until_sealed)
    counts = reader.activity("a", EDGES)
    reader.close()
    # A chunk knows its ends and its count: it may be one off where an hour cuts it.
    assert [abs(count - 60) <= 1 for count in counts[:3]] == [True] * 3
    assert counts[3:] == [0, 0, 1]
    assert abs(sum(counts) - 181) <= 1


def test_other_times_and_other_devices_have_none(tmp_path: Path) -> None:
    reader = recorded(tmp_path, until_sealed=90)
    assert reader.activity("c", EDGES) == [0] * 6
    assert reader.activity("a", [T0 + 100 * HOUR_MS, T0 + 200 * HOUR_MS]) == [0]
    assert abs(sum(reader.activity("b", EDGES)) - 180) <= 1
    assert reader.activity("a", [T0]) == []
    reader.close()


@pytest.mark.parametrize("until_sealed", [0, 90, 180])
def test_beginning_is_that_of_the_first_push(tmp_path: Path, until_sealed: int) -> None:
    reader = recorded(tmp_path, until_sealed=until_sealed)
    assert reader.begin_ms() == T0
    reader.close()


def test_nothing_has_no_beginning(tmp_path: Path) -> None:
    SampleStore(tmp_path, T0).close()
    reader = HistoryReader(tmp_path)
    assert reader.begin_ms() is None
    reader.close()
