import sqlite3
from collections.abc import Iterator

import pytest

from tftmonitor.history.bulk_insert import put_rows


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (seq INTEGER PRIMARY KEY, a INTEGER UNIQUE, b TEXT)")
    yield connection
    connection.close()


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 16, 21, 63, 64, 65, 149, 1_000])
def test_every_row_is_written_in_order(database: sqlite3.Connection, count: int) -> None:
    rows = [(number * 7 % 1_009, f"text {number}, '?'") for number in range(count)]
    put_rows(database, "INSERT INTO t (a, b)", rows)
    assert database.execute("SELECT a, b FROM t ORDER BY seq").fetchall() == rows


def test_few_statements_are_executed(database: sqlite3.Connection) -> None:
    seen: list[str] = []
    database.set_trace_callback(seen.append)
    put_rows(database, "INSERT INTO t (a, b)", [(number, None) for number in range(149)])
    assert len([words for words in seen if words.startswith("INSERT")]) == 5


def test_later_rows_replace_former_ones(database: sqlite3.Connection) -> None:
    rows = [(number % 3, str(number)) for number in range(30)]
    put_rows(database, "INSERT OR REPLACE INTO t (a, b)", rows)
    found = database.execute("SELECT a, b FROM t ORDER BY a").fetchall()
    assert found == [(0, "27"), (1, "28"), (2, "29")]


def test_a_row_that_cannot_be_is_told(database: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        put_rows(database, "INSERT INTO t (a, b)", [(1, "x"), (1, "y")])
