"""A broken byte costs its row; a damaged page is mended or left behind at the next start."""

import logging
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.history import wounds
from tests.unit.history.wounds import ALARMS, CLOCK, NOW, fill, flip
from tftmonitor.history import opening, page_reader, recovery, saved_state
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal, JournalError, JournalState
from tftmonitor.history.page_reader import rows_of_file
from tftmonitor.history.rows import DAMAGED
from tftmonitor.history.schema import FILE_NAME

PAGE = 4_096


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sound") / FILE_NAME
    fill(path)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, sound: bytes) -> Path:
    (tmp_path / FILE_NAME).write_bytes(sound)
    return tmp_path / FILE_NAME


@pytest.fixture
def database(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connected:
        yield connected


def left_in(path: Path) -> tuple[JournalState, str]:
    """What a start finds, having read all that it reads, and what it says of the file."""
    with closing(Journal.open(path, CLOCK)) as journal:
        journal.load_reports(NOW)
        journal.read(1_000)
        saved_state.load(journal, 5_000, 0)
        return journal.load(), journal.notice


def page_of(path: Path, table: str) -> int:
    """Where the root page of a table or index begins."""
    with closing(sqlite3.connect(path)) as database:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        root: int = database.execute(query, (table,)).fetchone()[0]
    return (root - 1) * PAGE


def test_sound_file_is_left_alone(path: Path) -> None:
    left, notice = left_in(path)
    assert (len(left.alarms), left.unreadable, notice) == (ALARMS, 0, "")


def test_one_broken_byte_costs_one_alarm_at_most(path: Path, sound: bytes) -> None:
    logging.disable(logging.CRITICAL)
    chance = random.Random(7)
    for _ in range(40):
        for file in path.parent.iterdir():
            file.unlink()
        path.write_bytes(flip(sound, [chance.randrange(len(sound))], chance))
        left, notice = left_in(path)
        assert len(left.alarms) >= ALARMS - 1, notice
        assert left.next_id == ALARMS + 1
    logging.disable(logging.NOTSET)


def test_ten_broken_bytes_cost_ten_alarms_at_most(path: Path, sound: bytes) -> None:
    logging.disable(logging.CRITICAL)
    chance = random.Random(8)
    for _ in range(15):
        for file in path.parent.iterdir():
            file.unlink()
        path.write_bytes(flip(sound, (chance.randrange(len(sound)) for _ in range(10)), chance))
        left, notice = left_in(path)
        assert len(left.alarms) >= ALARMS - 10, notice
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("table", ["alarms", "journal", "messages", "alarms_open", "journal_time"])
def test_lost_root_page_costs_no_alarm(path: Path, table: str) -> None:
    place = page_of(path, table)
    content = bytearray(path.read_bytes())
    content[place : place + PAGE] = b"\xff" * PAGE
    path.write_bytes(content)
    left, notice = left_in(path)
    assert len(left.alarms) == ALARMS
    assert f"{ALARMS} open alarms could be saved" in notice
    assert "200 alarms, 200 journal rows, 100 messages" in notice
    assert len(list(path.parent.glob("history-damaged-*.sqlite3"))) == 1
    assert left_in(path)[1] == ""


def test_rows_of_a_wrong_kind_are_left_behind(path: Path, database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO messages VALUES (1001, 'no time', '{}')")
    database.execute("INSERT INTO waiting VALUES (7, '{}'), (8, 'no event')")
    database.close()
    place = page_of(path, "journal")
    content = bytearray(path.read_bytes())
    content[place : place + PAGE] = b"\xff" * PAGE
    path.write_bytes(content)
    _, notice = left_in(path)
    assert "200 alarms, 1 waiting event, 200 journal rows, 100 messages" in notice


def test_tables_whose_words_are_no_text_cost_no_alarm(path: Path, sound: bytes) -> None:
    path.write_bytes(sound.replace(b"CREATE TABLE messages", b"CREATE \xe3ABLE messages", 1))
    left, notice = left_in(path)
    assert len(left.alarms) == ALARMS
    assert "200 alarms, 200 journal rows, 100 messages" in notice


def test_version_that_no_program_has_is_a_broken_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[60:64] = b"\xff\xff\xff\xfe"
    path.write_bytes(content)
    left, notice = left_in(path)
    assert len(left.alarms) == ALARMS
    assert "set aside" in notice


@pytest.mark.parametrize("place", [0, 16, 63, 100, 160])
def test_broken_header_costs_no_alarm(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 0xA5
    path.write_bytes(content)
    left, _ = left_in(path)
    assert len(left.alarms) == ALARMS


def test_index_that_lost_alarms_is_made_anew(path: Path, database: sqlite3.Connection) -> None:
    database.execute("PRAGMA writable_schema = 1")
    # Built over a condition that holds for half of them: the other half is missing in it.
    sql = "SELECT sql FROM sqlite_schema WHERE name = 'alarms_open'"
    (made,) = database.execute(sql).fetchone()
    database.execute("DROP INDEX alarms_open")
    database.execute("CREATE INDEX alarms_open ON alarms (id) WHERE open AND id > 100")
    database.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'alarms_open'", (made,))
    database.close()
    left, notice = left_in(path)
    assert len(left.alarms) == ALARMS
    assert "index" in notice
    assert list(path.parent.glob("history-damaged-*")) == []


def test_log_that_was_not_written_back_is_read_with_a_broken_header(
    path: Path, sound: bytes, tmp_path: Path
) -> None:
    with closing(Journal.open(path, CLOCK)) as journal:
        journal.database.execute("DELETE FROM alarms WHERE id <= 20")
        journal.database.execute("UPDATE alarms SET open = 0 WHERE id = 21")
        content, log = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    other = tmp_path / "other" / FILE_NAME
    other.parent.mkdir()
    other.write_bytes(b"x" + content[1:])
    Path(f"{other}-wal").write_bytes(log + b"\0" * 5_000)  # and what an older log left behind
    tables = [recovery._table_of(row) for _, row in rows_of_file(other)]
    assert tables.count("alarms") == 180
    left, notice = left_in(other)
    assert len(left.alarms) == ALARMS - 21
    assert "179 open alarms" in notice


def test_rows_longer_than_a_page_are_read_from_pages(path: Path) -> None:
    long = wounds.alarm(500, note="x" * 30_000)
    with closing(Journal.open(path, CLOCK)) as journal:
        batch = JournalBatch()
        batch.alarms[500] = long
        journal.write(batch)
    content = bytearray(path.read_bytes())
    content[0] = 0
    path.write_bytes(content)
    left, _ = left_in(path)
    assert left.alarms[-1] == long


@pytest.mark.parametrize("size", [4_050, 4_061, 4_062, 4_600, 8_120, 8_150, 20_000])
def test_row_of_any_length_and_number_is_read_from_pages(tmp_path: Path, size: int) -> None:
    rows = [(number, "x" * size + str(number)) for number in (-5, 1, 127, 128, 1 << 40)]
    with closing(sqlite3.connect(tmp_path / "rows", isolation_level=None)) as database:
        database.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT)")
        database.executemany("INSERT INTO rows VALUES (?, ?)", rows)
    found = [(number, row[1]) for number, row in rows_of_file(tmp_path / "rows") if len(row) == 2]
    assert sorted(found) == rows


def test_cell_that_claims_to_be_longer_than_any_row_is_passed_over(path: Path) -> None:
    content = bytearray(path.read_bytes())
    leaves = [at for at in range(PAGE, len(content), PAGE) if content[at] == 0x0D]
    # One of a table without rows has no cell.
    leaf = next(at for at in leaves if any(content[at + 3 : at + 5]))
    cell = leaf + int.from_bytes(content[leaf + 8 : leaf + 10], "big")
    before = len(list(rows_of_file(path)))
    content[cell : cell + 5] = b"\xff\xff\xff\xff\x7f"
    path.write_bytes(content)
    assert len(list(rows_of_file(path))) == before - 1


@pytest.mark.parametrize("content", [b"\x02\x81\x00", b"\x02\x01\x05\x05", b"\x02\x0a", b""])
def test_what_is_no_row_is_passed_over(content: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        page_reader._columns(content)


def test_deleted_rows_do_not_come_back(path: Path, database: sqlite3.Connection) -> None:
    database.execute("DELETE FROM alarms WHERE id > 20")
    database.close()
    content = bytearray(path.read_bytes())
    content[0] = 0
    path.write_bytes(content)
    left, _ = left_in(path)
    assert [alarm.id for alarm in left.alarms] == list(range(1, 21))


@pytest.mark.parametrize("column", ["open", "device", "last_ms", "body"])
@pytest.mark.parametrize("rubbish", [b"\xff\xfe", 7, 1e300, "", "[" * 9_000])
def test_rubbish_in_a_row_of_alarms_costs_no_other(
    path: Path, database: sqlite3.Connection, column: str, rubbish: object
) -> None:
    database.execute(f"UPDATE alarms SET {column} = ? WHERE id = 7", (rubbish,))
    database.close()
    left, _ = left_in(path)
    assert {*range(1, ALARMS + 1)} - {alarm.id for alarm in left.alarms} <= {7}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET at_ms = 'x', event_ms = x'00', kind = 5, alarm_id = 'y', device = 1.5",
        "UPDATE journal SET body = CAST(x'ff7b' AS TEXT)",
        "UPDATE messages SET body = 5",
        "UPDATE messages SET body = '{', received_ms = 'x' WHERE number > 50",
        "UPDATE cadence SET body = '{\"parked\": 5}'",
        "UPDATE cadence SET body = x'ff', device = x'ff' WHERE device = '1'",
        "UPDATE reports SET device_ms = 'x', at_ms = 'y', source = 'later'",
        "UPDATE reports SET kind = x'ff'",
        "UPDATE blind SET cause = 'eclipse', end_ms = 'x'",
        "UPDATE blind SET start_ms = 'x' WHERE start_ms % 50 = 0",
        "UPDATE facts SET body = '{'",
        "UPDATE facts SET body = x'ff'",
        "INSERT INTO messages VALUES (9007199254740993, 1, '{}')",
        "INSERT INTO alarms VALUES (9223372036854775807, 0, '', 1, '{}')",
    ],
)
def test_rubbish_anywhere_else_costs_no_alarm(
    path: Path, database: sqlite3.Connection, change: str
) -> None:
    database.execute(change)
    database.close()
    left, _ = left_in(path)
    assert len(left.alarms) == ALARMS
    assert left.next_id == ALARMS + 1


def test_cut_messages_are_counted(path: Path, database: sqlite3.Connection) -> None:
    database.execute("UPDATE messages SET body = substr(body, 1, 20) WHERE number <= 3")
    database.execute("UPDATE blind SET cause = 'eclipse' WHERE start_ms % 50 = 0")
    database.close()
    with closing(Journal.open(path, CLOCK)) as journal:
        found = saved_state.load(journal, 5_000, 0)
    assert len(found.items) == 97
    assert found.unreadable == {"message": 3, "blind interval": 1, "reporting interval": 0}


def test_broken_entry_stands_with_what_can_be_read(
    path: Path, database: sqlite3.Connection
) -> None:
    database.execute("UPDATE journal SET kind = x'05', at_ms = 'x' WHERE seq = 200")
    database.close()
    with closing(Journal.open(path, CLOCK)) as journal:
        entry = next(found for found in journal.read(200) if found.seq == 200)
    assert (entry.kind, entry.at_ms, entry.alarm_id) == (DAMAGED, 0, 200)


def test_number_within_an_alarm_is_that_of_its_row(
    path: Path, database: sqlite3.Connection
) -> None:
    change = "UPDATE alarms SET body = replace(body, '\"id\":7,', '\"id\":8,') WHERE id = 7"
    database.execute(change)
    database.close()
    left, _ = left_in(path)
    assert [alarm.id for alarm in left.alarms] == list(range(1, ALARMS + 1))


def test_wound_that_is_met_while_running_has_all_of_a_large_file_looked_at(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_CHECKED_WHOLE", 0)
    place = page_of(path, "messages")
    content = bytearray(path.read_bytes())
    content[place : place + PAGE] = b"\xff" * PAGE
    path.write_bytes(content)
    with closing(Journal.open(path, CLOCK)) as journal:
        assert journal.notice == ""  # what a start cannot do without is sound
        with pytest.raises(JournalError, match="messages cannot be kept") as met:
            saved_state.load(journal, 5_000, 0)
        assert met.value.is_damage
    assert "100 messages" in left_in(path)[1]
    assert left_in(path)[1] == ""


def test_mark_that_cannot_be_made_is_no_trouble(tmp_path: Path) -> None:
    opening.mark_wounded(tmp_path / "nowhere" / FILE_NAME)


def test_file_that_cannot_be_read_at_all_gives_no_rows(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert list(rows_of_file(tmp_path / "empty")) == []
