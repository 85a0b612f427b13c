"""How large the store is and how long its room lasts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.history.samples.pushes import T0, pending, push
from tftmonitor.history.samples import measures as measures_module
from tftmonitor.history.samples.measures import measure
from tftmonitor.history.samples.retention import Limits
from tftmonitor.history.samples.sealing import seal
from tftmonitor.history.samples.store import SampleStore

HOUR_MS = 3_600_000
LIMITS = Limits(size=19 * 24_000)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SampleStore]:
    made = SampleStore(tmp_path, T0)
    yield made
    made.database.close()


def write(store: SampleStore, first: int, count: int, step_ms: int) -> None:
    rows = [push("a", first + at * step_ms) for at in range(count)]
    store.write(pending(rows), T0 + first)


def test_empty_file_and_one_of_a_few_minutes_tell_no_pace(store: SampleStore) -> None:
    found = measure(store, LIMITS, T0)
    assert (found.spool, found.days) == (0, None)
    assert found.bytes > 0
    assert found.log_bytes > 0
    write(store, 0, 10, 1_000)
    assert measure(store, LIMITS, T0 + 10_000).days is None
    assert measure(store, LIMITS, T0 + 10_000).spool == 10


def test_pace_of_the_last_day_says_how_long_the_room_lasts(store: SampleStore) -> None:
    write(store, 0, 1_000, 3_600)  # an hour, a thousand an hour
    found = measure(store, LIMITS, T0 + HOUR_MS)
    assert found.days == pytest.approx(1, rel=0.01)  # by the usual size of a push


def test_size_of_sealed_pushes_is_that_of_this_file(
    store: SampleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures_module, "_LEAST_SEALED", 500)
    write(store, 0, 1_000, 3_600)
    for _ in seal(store, T0 + 3 * HOUR_MS):
        pass
    write(store, 2 * HOUR_MS, 2_000, 1_800)
    found = measure(store, LIMITS, T0 + 3 * HOUR_MS)
    assert found.spool == 2_000
    (spool,) = store.database.execute("SELECT sum(length(body)) FROM spool").fetchone()
    each = (found.bytes - spool) / 1_000
    assert found.days == pytest.approx(LIMITS.size / (each * 1_000 * 24), rel=0.01)


def test_nothing_of_the_last_day_tells_no_pace(store: SampleStore) -> None:
    write(store, 0, 1_000, 3_600)
    assert measure(store, LIMITS, T0 + 30 * HOUR_MS).days is None


def test_log_that_cannot_be_seen_has_no_size(store: SampleStore) -> None:
    store.path = store.path.with_name("elsewhere")
    assert measure(store, LIMITS, T0).log_bytes == 0
