"""The file of the store and its reader: batches, chunks, blind time, damage."""

import contextlib
import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from tests.unit.history.samples.pushes import T0, frames, pending, push, simulated
from tftmonitor.base.redaction import Redaction
from tftmonitor.history.samples import retention, sealing
from tftmonitor.history.samples import store as store_module
from tftmonitor.history.samples.batch import pack_batch
from tftmonitor.history.samples.cleaning import cleaned
from tftmonitor.history.samples.file import has_reset_bug
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.retention import Limits, retain, used_bytes
from tftmonitor.history.samples.sealing import merge, seal
from tftmonitor.history.samples.shapes import FileShapes
from tftmonitor.history.samples.store import SampleStore, explain
from tftmonitor.history.samples.stored import (
    FILE_NAME,
    DamagedBlockError,
    HistoryError,
    LinkChange,
    Pending,
)
from tftmonitor.history.samples.sums import checking
from tftmonitor.model.coverage import BlindInterval, Blindness

EVER = (0, 1 << 62)
HOUR_MS = 3_600_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SampleStore]:
    made = SampleStore(tmp_path, T0)
    yield made
    with contextlib.suppress(sqlite3.ProgrammingError):
        made.close()


@contextlib.contextmanager
def reading(profile: Path) -> Iterator[HistoryReader]:
    reader = HistoryReader(profile)
    yield reader
    reader.close()


def kept(profile: Path, *more: Any) -> list[Any]:
    with reading(profile) as reader:
        rows = [
            (f.device, f.channel, f.received_ms, f.device_ms, f.is_late, f.frame)
            for f in reader.frames(*(more or EVER))
        ]
        assert reader.damaged == 0
        return rows


def problems(profile: Path) -> list[str]:
    with reading(profile) as reader:
        return list(reader.check())


def run(steps: Iterator[None]) -> int:
    return sum(1 for _ in steps)


def change(profile: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(profile / FILE_NAME)) as database, database:
        for statement in statements:
            database.execute(statement)


def test_pushes_come_back_in_the_order_of_receipt(store: SampleStore, tmp_path: Path) -> None:
    rows = [push("b", 5), push("a", 3, b"no JSON"), push("", 9, channel="messages")]
    store.write(pending(rows[:2]), T0)
    store.write(pending(rows[2:]), T0)
    assert kept(tmp_path) == rows
    assert kept(tmp_path, T0 + 5, T0 + 9) == [rows[0], rows[2]]
    assert kept(tmp_path, 0, 1 << 62, ["a"]) == [rows[1]]
    assert problems(tmp_path) == []


def test_many_and_large_pushes_are_cut_into_batches(store: SampleStore, tmp_path: Path) -> None:
    rows = [push("a", at) for at in range(2_001)] + [push("a", 1, b"x" * 3_000_000)] * 2
    store.write(pending(rows), T0)
    (count,) = store.database.execute("SELECT count(*) FROM spool").fetchone()
    assert count == 3
    assert kept(tmp_path) == rows


def test_numbers_and_sums_go_on_after_a_start(store: SampleStore, tmp_path: Path) -> None:
    store.write(pending([push("a", 1)]), T0)
    store.close()
    again = SampleStore(tmp_path, T0 + 9)
    assert again.next_seq == 2
    again.write(pending([push("a", 2)]), T0 + 9)
    again.close()
    assert kept(tmp_path) == [push("a", 1), push("a", 2)]
    assert problems(tmp_path) == []


def test_time_without_a_recorder_is_blind(store: SampleStore, tmp_path: Path) -> None:
    open_one = BlindInterval("devices", Blindness.LINK, T0, None, "gone")
    store.write(Pending(blind=[open_one], links=[LinkChange(T0, "devices", "link lost", "")]), T0)
    store.close()
    SampleStore(tmp_path, T0 + 60_000).close()
    SampleStore(tmp_path, T0 + 60_000).close()  # at once
    change(
        tmp_path, f"INSERT INTO blind VALUES ('x', {T0 + 70_000}, NULL, 'of a later version', '')"
    )
    with reading(tmp_path) as reader:
        assert reader.blind(*EVER) == [
            BlindInterval("devices", Blindness.LINK, T0, T0 + 60_000, "gone"),
            BlindInterval("program", Blindness.PROGRAM, T0, T0 + 60_000),
            BlindInterval("x", Blindness.PROGRAM, T0 + 70_000),
        ]
        assert reader.blind(T0 + 60_001, T0 + 60_002) == []


def test_devices_have_spans_and_labels(store: SampleStore, tmp_path: Path) -> None:
    store.write(Pending(rows=[push("b", 5), push("a", 3), push("b", 1)], labels={"b": "T"}), T0)
    store.write(Pending(labels={"b": "TLW2"}), T0)
    with reading(tmp_path) as reader:
        first, second = reader.devices()
    assert (first.key, first.label, first.count) == ("a", None, 1)
    assert (second.key, second.label, second.count) == ("b", "TLW2", 2)
    assert (second.first_ms, second.last_ms) == (T0 + 1, T0 + 5)
    assert second.bytes > 0


def test_no_history_and_foreign_files_are_said(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="no recorded history"):
        HistoryReader(tmp_path)
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 100)
    with pytest.raises(HistoryError, match="cannot be read"):
        HistoryReader(tmp_path)


def test_disk_that_cannot_be_written_is_read_all_the_same(
    store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(pending([push("a", 1)]), T0)
    store.close()
    real: Callable[..., sqlite3.Connection] = sqlite3.connect
    asked: list[str] = []

    def connect(address: str, **more: Any) -> sqlite3.Connection:
        asked.append(address)
        if "immutable" not in address:
            raise sqlite3.OperationalError("unable to open")
        return real(address, **more)

    monkeypatch.setattr(sqlite3, "connect", connect)
    assert kept(tmp_path) == [push("a", 1)]
    assert len(asked) == 2
    (tmp_path / f"{FILE_NAME}-wal").write_bytes(b"")
    with pytest.raises(HistoryError, match="unable to open"):
        HistoryReader(tmp_path)


def test_what_is_sealed_during_a_check_is_no_problem(
    store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(store, monkeypatch, [push("a", 1), push("b", 2)])
    real = checking._check_rounds

    def later(*more: Any) -> Iterator[str]:
        yield from real(*more)
        store.write(pending([push("a", 3)]), T0)
        run(seal(store, T0 + 10**9))

    monkeypatch.setattr(checking, "_check_rounds", later)
    assert problems(tmp_path) == []


def test_newer_file_is_neither_read_nor_written(store: SampleStore, tmp_path: Path) -> None:
    store.close()
    change(tmp_path, "PRAGMA user_version = 3")
    with pytest.raises(HistoryError, match="update"):
        HistoryReader(tmp_path)
    with pytest.raises(HistoryError, match="newer"):
        SampleStore(tmp_path, T0)


def test_file_system_without_the_log_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda _path, **more: real(":memory:", **more))
    with pytest.raises(HistoryError, match="memory"):
        SampleStore(tmp_path, T0)


def test_open_failure_that_is_no_damage_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(HistoryError):
        SampleStore(tmp_path, T0)


def test_failure_while_taking_up_closes_the_file(store: SampleStore, tmp_path: Path) -> None:
    store.close()
    change(tmp_path, "DROP TABLE spool")
    with pytest.raises(HistoryError, match="spool"):
        SampleStore(tmp_path, T0)


def test_damaged_file_is_set_aside_after_an_end_that_was_none(
    store: SampleStore, tmp_path: Path
) -> None:
    store.write(pending([push("a", at, b"x%d" % (at * 7_919)) for at in range(2_000)]), T0)
    store.close()
    path = tmp_path / FILE_NAME
    change(tmp_path, "UPDATE facts SET value = 1 WHERE name = 'is_open'")
    for companion in ("-wal", "-shm"):
        Path(f"{path}{companion}").unlink(missing_ok=True)
    content = bytearray(path.read_bytes())
    content[4_096:8_192] = bytes(4_096)
    path.write_bytes(content)
    again = SampleStore(tmp_path, T0)
    assert "set aside as history-damaged-" in again.notice
    again.close()
    assert kept(tmp_path) == []


def test_sound_file_is_taken_up_after_an_end_that_was_none(
    store: SampleStore, tmp_path: Path
) -> None:
    store.write(pending([push("a", 1)]), T0)
    store.database.close()
    again = SampleStore(tmp_path, T0)
    assert again.notice == ""
    again.close()


def test_file_that_is_no_database_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 100)
    made = SampleStore(tmp_path, T0)
    assert "set aside" in made.notice
    made.close()


def test_removed_and_replaced_files_are_noticed(store: SampleStore, tmp_path: Path) -> None:
    assert store.is_in_place()
    (tmp_path / FILE_NAME).rename(tmp_path / "other")
    with pytest.raises(HistoryError, match="not there"):
        store.write(Pending(), T0)
    (tmp_path / FILE_NAME).write_bytes(b"")
    assert not store.is_in_place()


def test_versions_with_the_fault_are_known() -> None:
    assert has_reset_bug((3, 40, 1))
    assert has_reset_bug((3, 51, 2))
    assert not has_reset_bug((3, 51, 3))
    assert not has_reset_bug((3, 50, 7))
    assert not has_reset_bug((3, 44, 6))
    assert has_reset_bug((3, 45, 0))
    assert not has_reset_bug((3, 6, 23))


def test_errors_are_explained() -> None:
    assert explain(HistoryError("It is so.")) == "It is so"


def test_credentials_are_taken_out_of_what_is_kept() -> None:
    digest = "0123456789abcdef0123456789abcdef"
    redaction = Redaction(digest)
    plain = [push("a", 1), push("a", 2)]
    assert cleaned(plain) is plain
    found = cleaned([*plain, push("a", 3, b'{"x":"%b"}' % digest.encode())])
    assert found[:2] == plain
    assert digest.encode() not in found[2][5]
    hidden = "".join(f"\\u00{ord(digit):02x}" for digit in digest)
    _, one = cleaned([plain[0], push("a", 3, b'{"x":"%b"}' % hidden.encode())])
    assert hidden.encode() not in one[5]
    assert redaction is not None


def sealed(store: SampleStore, monkeypatch: pytest.MonkeyPatch, rows: list[Any]) -> None:
    """Write and seal all of them, some a chunk."""
    store.write(pending(rows), T0)
    monkeypatch.setattr(sealing, "CHUNK_PUSHES", 8)
    run(seal(store, T0 + 10**9))


def values(rows: list[Any]) -> list[Any]:
    return [(*row[:5], msgspec.json.encode(msgspec.json.decode(row[5]))) for row in rows]


def test_sealed_pushes_come_back_in_the_order_of_receipt(
    store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(simulated(3, 20))
    sealed(store, monkeypatch, rows)
    more = [push("0", 10**6), push("new", 10**6)]
    store.write(pending(more), T0)
    assert kept(tmp_path) == [*values(rows), *more]
    middle = [row for row in values(rows) if T0 + 50_000 <= row[2] <= T0 + 90_000]
    assert kept(tmp_path, T0 + 50_000, T0 + 90_000) == middle
    assert kept(tmp_path, 0, 1 << 62, {"1"}) == [row for row in values(rows) if row[0] == "1"]
    assert problems(tmp_path) == []
    with reading(tmp_path) as reader:
        spans = {span.key: span for span in reader.devices()}
    assert {key: span.count for key, span in spans.items()} == {"0": 21, "1": 20, "2": 20, "new": 1}
    assert spans["0"].first_ms == T0
    assert spans["0"].last_ms == T0 + 10**6


def test_nothing_is_sealed_before_there_is_enough_or_it_is_old(
    store: SampleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(seal(store, T0)) == 0
    store.write(pending([push("a", 1)]), T0)
    assert run(seal(store, T0 + HOUR_MS)) == 0
    assert run(seal(store, T0 + 1 + HOUR_MS)) > 0
    monkeypatch.setattr(sealing, "ROUND_PUSHES", 3)
    for at in range(2, 6):
        store.write(pending([push("a", at)]), T0)
    assert run(seal(store, T0)) > 0
    (left,) = store.database.execute("SELECT sum(count) FROM spool").fetchone()
    assert left == 1


def test_reader_follows_what_is_sealed_while_it_reads(
    store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "ROUND_PUSHES", 6)
    rows = [push(f"{at % 2}", at) for at in range(30)]
    for row in rows:
        store.write(pending([row]), T0)
    with reading(tmp_path) as reader:
        found = []
        for frame in reader.frames(*EVER):
            found.append(frame.received_ms - T0)
            run(seal(store, T0 + 10**9))
            run(merge(store, T0 + 10**9))
    assert found == list(range(30))


def test_reader_looks_again_when_a_batch_is_sealed_under_it(
    store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(pending([push("a", 1), push("b", 2)]), T0)
    real = HistoryReader._batch

    def late(self: HistoryReader, *wanted: int) -> Any:
        found = real(self, *wanted)
        run(seal(store, T0 + 10**9))
        return found

    monkeypatch.setattr(HistoryReader, "_batch", late)
    assert [row[0] for row in kept(tmp_path)] == ["a", "b"]


def test_small_chunks_are_made_one_when_they_have_aged(
    store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(simulated(2, 40))
    sealed(store, monkeypatch, rows)
    assert run(merge(store, T0)) == 0
    monkeypatch.setattr(sealing, "AGED_PUSHES", 24)
    for _ in range(3):
        run(merge(store, T0 + 10**9))
    counts = store.database.execute("SELECT count FROM chunk ORDER BY device, last_seq").fetchall()
    assert [count for (count,) in counts] == [24, 16, 24, 16]
    assert kept(tmp_path) == values(rows)
    assert problems(tmp_path) == []


def test_chunks_that_do_not_fit_into_one_stay(
    store: SampleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(store, monkeypatch, [push("a", at) for at in range(16)])
    monkeypatch.setattr(sealing, "AGED_PUSHES", 15)
    run(merge(store, T0 + 10**9))
    assert store.database.execute("SELECT count FROM chunk").fetchall() == [(8,), (8,)]


def test_reader_goes_on_in_a_chunk_that_grew_meanwhile(
    store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "ROUND_PUSHES", 4)
    rows = [push("a", at) for at in range(12)]
    for row in rows:
        store.write(pending([row]), T0)
    run(seal(store, T0 + 10**9))
    with reading(tmp_path) as reader:
        wanted = reader.frames(*EVER)
        found = [next(wanted).received_ms - T0]
        run(seal(store, T0 + 10**9))
        run(merge(store, T0 + 10**9))
        found += [frame.received_ms - T0 for frame in wanted]
    assert found == list(range(12))


def test_chunk_that_cannot_be_read_is_not_merged(
    store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(store, monkeypatch, [push("a", at) for at in range(20)])
    change(tmp_path, "UPDATE chunk SET body = x'00' WHERE number = 1")
    run(merge(store, T0 + 10**9))
    (count,) = store.database.execute("SELECT count(*) FROM chunk").fetchone()
    assert count == 3
    with reading(tmp_path) as reader:
        assert len(list(reader.frames(*EVER))) == 12
        assert reader.damaged == 1
    told = problems(tmp_path)
    assert "Chunk 1 of a: the sum is wrong." in told
    assert any("cannot be unpacked" in words for words in told)


def test_check_tells_what_was_changed(
    store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(store, monkeypatch, [push("a", 1), push("b", 2)])
    store.write(pending([push("a", 3)]), T0)
    run(seal(store, T0 + 10**9))
    for at in range(4, 8):
        store.write(pending([push("a", at)]), T0)
    assert problems(tmp_path) == []
    fake = pack_batch([push("a", 9), push("a", 9)]).hex()
    change(
        tmp_path,
        "UPDATE chunk SET count = 7 WHERE number = 1",
        "UPDATE chunk SET device = 99 WHERE number = 2",
        "UPDATE round SET at_ms = 1 WHERE number = 1",
        "UPDATE round SET prior = x'00' WHERE number = 2",
        "DELETE FROM spool WHERE first_seq = 5",
        f"UPDATE spool SET body = x'{fake}' WHERE first_seq = 6",
        "UPDATE spool SET body = x'00' WHERE first_seq = 7",
    )
    told = problems(tmp_path)
    assert "Round 1: the sum is wrong." in told
    assert "Round 2 does not follow the one before it." in told
    assert "Chunk 1 of a: its row tells another content." in told
    assert "Chunk 2 of no device: its row tells another content." in told
    assert "Batch 6: the sum is wrong." in told
    assert "Batch 6: its row tells another content." in told
    assert any(words.startswith("Batch 7: a block cannot") for words in told)
    change(tmp_path, "DELETE FROM spool WHERE first_seq = 4")
    with reading(tmp_path) as reader:
        assert len(list(reader.frames(*EVER))) >= 3


def test_missing_batch_breaks_the_chain(store: SampleStore, tmp_path: Path) -> None:
    for at in range(3):
        store.write(pending([push("a", at)]), T0)
    change(tmp_path, "DELETE FROM spool WHERE first_seq = 2")
    assert problems(tmp_path) == ["Batch 3 does not follow the one before it."]


def test_check_and_reading_say_when_sqlite_cannot(store: SampleStore, tmp_path: Path) -> None:
    store.write(pending([push("a", 1)]), T0)
    with reading(tmp_path) as reader:
        change(tmp_path, "DROP TABLE device")
        with pytest.raises(HistoryError, match="cannot be read"):
            reader.devices()


def test_damage_that_sqlite_sees_is_told(
    store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(pending([push("a", 1)]), T0)
    monkeypatch.setattr(checking, "damage_of", lambda _database: "a page is wrong")
    assert problems(tmp_path) == ["SQLite says: a page is wrong"]


def test_broken_batch_is_left_out_and_said_when_sealed(store: SampleStore, tmp_path: Path) -> None:
    for at in range(3):
        store.write(pending([push("a", at)]), T0)
    change(tmp_path, "UPDATE spool SET body = x'00' WHERE first_seq = 2")
    with reading(tmp_path) as reader:
        assert [frame.received_ms - T0 for frame in reader.frames(*EVER)] == [0, 2]
        assert reader.damaged == 1
    run(seal(store, T0 + 10**9))
    assert [row[2] - T0 for row in kept(tmp_path)] == [0, 2]
    assert "Batch 2 of the history is lost" in store.problems[0]


def test_shapes_are_written_once_and_missing_ones_are_damage(store: SampleStore) -> None:
    book = FileShapes(store.database)
    shape = (("a", "b"), ())
    number = book.number_of(shape)
    assert book.number_of(shape) == number
    fresh = FileShapes(store.database)
    assert fresh.shape_of(number) == shape
    assert fresh.shape_of(number) == shape
    assert fresh.number_of(shape) == number
    with pytest.raises(DamagedBlockError, match="missing"):
        fresh.shape_of(99)
    store.database.execute("UPDATE shape SET body = '[1]'")
    with pytest.raises(DamagedBlockError, match="not as they were written"):
        FileShapes(store.database).shape_of(number)
    store.database.execute("UPDATE shape SET sum = NULL")  # as in a file of version 1
    with pytest.raises(DamagedBlockError, match="broken"):
        FileShapes(store.database).shape_of(number)


def test_old_pushes_are_deleted_and_their_space_given_back(
    store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(Pending(blind=[BlindInterval("x", Blindness.LINK, T0 - 9, T0 - 8)]), T0)
    chance = random.Random(1)
    noise = [push("a", at, chance.randbytes(800)) for at in range(3_000)]
    sealed(store, monkeypatch, noise)
    store.write(pending([push("b", 10**6), push("b", 10**6 + 1)]), T0)
    store.write(pending([push("b", 2 * 10**6)]), T0)
    (pages,) = store.database.execute("PRAGMA page_count").fetchone()
    limits = Limits(age_ms=1_000, size=1 << 40)
    while retain(store, limits, T0 + 10**6 + 1_002):
        pass
    (left,) = store.database.execute("PRAGMA page_count").fetchone()
    assert left < pages / 2
    assert kept(tmp_path) == [push("b", 2 * 10**6)]
    assert problems(tmp_path) == []
    with reading(tmp_path) as reader:
        assert reader.blind(0, T0) == []
    assert not retain(store, limits, T0 + 10**6 + 1_002)


def test_too_much_is_deleted_from_the_oldest(
    store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(1)
    rows = [push("a", at, chance.randbytes(800)) for at in range(1_500)]
    sealed(store, monkeypatch, rows)
    more = [push("a", 10**7 + at, chance.randbytes(800)) for at in range(400)]
    for low in range(0, 400, 10):
        store.write(pending(more[low : low + 10]), T0)
    before = used_bytes(store)
    with monkeypatch.context() as patch:
        patch.setattr(retention, "_CHUNKS_AT_ONCE", 1)
        while retain(store, Limits(size=round(before * 0.8)), T0):
            pass
    assert before * 0.77 < used_bytes(store) <= before * 0.8 * 0.98
    assert 1_000 < len(kept(tmp_path)) < 1_700
    assert problems(tmp_path) == []
    while retain(store, Limits(size=before // 10), T0):
        pass
    left = kept(tmp_path)
    assert left == more[-len(left) :]
    assert problems(tmp_path) == []


def test_batches_of_a_device_table_that_is_known_are_not_made_twice(store: SampleStore) -> None:
    assert store.device_number("a") == store.device_number("a")
    assert frames([push("a", 1)]) == [b'{"event":"x"}']
    assert zstandard.frame_content_size(pack_batch([push("a", 1)])) > 0
    assert store_module.code_of(ValueError()) == 0
