"""What is broken in the store is left out and counted, and the rest is read."""

import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard

from tests.unit.history.past.recorded import KEY, WIRES, record, row_of, snapshot
from tests.unit.history.samples.pushes import T0
from tftmonitor.history.past import column_reader
from tftmonitor.history.past.column_reader import Cancelled, ColumnReader, PastStretch
from tftmonitor.history.past.sampling import PastSamples
from tftmonitor.history.past.thinning import HELD_MS, thinned
from tftmonitor.history.samples.columns import Column
from tftmonitor.history.samples.stored import FILE_NAME, DamagedBlockError, HistoryError

DAY_MS = 86_400_000
OTHER = {"event": "obd", "data": {"imei": KEY}}
NONSENSE = zstandard.compress(struct.pack("<I", 2) + b"{}")
NO_DATES = zstandard.compress(struct.pack("<I", 24) + b'{"count":1,"own":[1,2]} ')


_FIRST = "(SELECT min(number) FROM chunk)"


def rows(start: int, count: int) -> list[Any]:
    return [snapshot(start + n * 10_000, speed=float(n % 9)) for n in range(count)]


def change(profile: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(profile / FILE_NAME)) as database, database:
        database.execute(statement, values)


def read(profile: Path, start_ms: int = T0, end_ms: int = T0 + DAY_MS, **more: Any) -> PastStretch:
    with closing(ColumnReader(profile)) as reader:
        return reader.read([KEY], WIRES, start_ms, end_ms, **more)


@pytest.mark.parametrize("body", [b"no block", NONSENSE, NO_DATES])
def test_a_broken_chunk_is_left_out(body: bytes, tmp_path: Path) -> None:
    record(tmp_path, rows(0, 2_000))
    change(tmp_path, f"UPDATE chunk SET body = ? WHERE number = {_FIRST}", body)
    found = read(tmp_path)
    assert found.damaged == 1
    assert found.samples is not None
    assert 0 < len(found.samples.times_ms) < 2_000


@pytest.mark.parametrize("body", [b"no block", NONSENSE])
def test_a_broken_chunk_of_later_is_not_looked_into(body: bytes, tmp_path: Path) -> None:
    record(tmp_path, [*rows(0, 100), *rows(DAY_MS, 2_000)])
    change(tmp_path, "UPDATE chunk SET body = ? WHERE first_ms > ?", body, T0 + DAY_MS)
    found = read(tmp_path, T0, T0 + 500_000)
    assert found.samples is not None
    assert len(found.samples.times_ms) == 52
    assert found.damaged == 0


def test_a_broken_batch_is_left_out(tmp_path: Path) -> None:
    record(tmp_path, rows(0, 50), sealed=False)
    record(tmp_path, rows(500_000, 50), sealed=False)
    change(tmp_path, "UPDATE spool SET body = ? WHERE first_ms = ?", b"no block", T0)
    found = read(tmp_path)
    assert found.damaged == 1
    assert found.samples is not None
    assert len(found.samples.times_ms) == 50
    with closing(ColumnReader(tmp_path)) as reader:
        assert reader.span([KEY]) == (T0 + 500_000, T0 + 990_000)


def test_blocks_without_a_snapshot_of_the_device_are_none(tmp_path: Path) -> None:
    record(tmp_path, [row_of({"event": "obd", "data": {"imei": KEY, "n": n}}, n) for n in range(9)])
    record(tmp_path, [("other", *row[1:]) for row in rows(0, 5)], sealed=False)
    assert read(tmp_path).samples is None


def test_later_chunks_without_dates_are_passed_over(tmp_path: Path) -> None:
    undated = [row_of(OTHER, DAY_MS + n) for n in range(9)]
    record(tmp_path, rows(0, 960))
    record(tmp_path, undated)
    found = read(tmp_path, T0, T0 + 500_000)
    assert found.samples is not None
    assert len(found.samples.times_ms) == 52


def test_a_store_that_lacks_a_table_is_said(tmp_path: Path) -> None:
    record(tmp_path, rows(0, 5))
    with closing(ColumnReader(tmp_path)) as reader:
        change(tmp_path, "DROP TABLE spool")
        with pytest.raises(HistoryError, match="cannot be read"):
            reader.read([KEY], WIRES, T0, T0 + 1)


@pytest.mark.parametrize("sealed", [True, False])
def test_nobody_wants_it_any_more(sealed: bool, tmp_path: Path) -> None:
    record(tmp_path, rows(0, 50), sealed=sealed)
    with pytest.raises(Cancelled):
        read(tmp_path, is_wanted=lambda: False)


def test_too_much_at_once_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tftmonitor.history.past.gathering.MOST_ROWS", 40)
    record(tmp_path, rows(0, 50))
    with pytest.raises(HistoryError, match="too many at once"):
        read(tmp_path)


def test_what_is_remembered_of_chunks_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(column_reader, "_MOST_REACHES", 0)
    record(tmp_path, [*rows(0, 960), *rows(DAY_MS, 1_920)])
    with closing(ColumnReader(tmp_path)) as reader:
        assert reader.read([KEY], WIRES, T0, T0 + 500_000).samples is not None
        before = dict(reader._reaches)
        assert before
        reader._reaches[(-1, -1)] = (0.0, 0.0)
        reader.read([KEY], WIRES, T0, T0 + 500_000)
        assert reader._reaches == before


def test_a_mixed_column_of_texts_is_broken() -> None:
    column = Column(["m", 0, ["c", "x"], ["c", 1.0]], b"", 2)
    with pytest.raises(DamagedBlockError, match="has neither"):
        column.numbers()


def of(values: list[float]) -> PastSamples:
    count = len(values)
    times = T0 + np.arange(count) * 1_000
    words, column = np.zeros(count, np.uint16), np.array([values])
    since = np.broadcast_to(times, column.shape)
    return PastSamples(
        times, column, words, words, np.full(count, 1_000), np.zeros(count, np.bool_), since
    )


def test_where_it_begins_to_be_unknown_is_kept() -> None:
    nan = float("nan")
    values = [5.0] * 40 + [nan] * 20 + [5.0] * 40
    few = thinned(of(values), T0, T0 + 100_000, 2)
    kept = ((few.times_ms - T0) // 1_000).tolist()
    assert {39, 40} <= set(kept)
    assert kept[0] == 0
    assert kept[-1] == 99
    assert (few.usual_ms == HELD_MS).any()
    assert len(kept) < 20


def test_two_samples_are_few() -> None:
    both = of([1.0, 2.0])
    assert thinned(both, T0, T0 + 1_000, 1) is both
