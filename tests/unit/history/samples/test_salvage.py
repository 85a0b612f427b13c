"""Damaged files of the store: what can be read of them goes into the new one, and no more."""

import random
import sqlite3
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.unit.history.samples.pushes import T0, pending, push, simulated
from tftmonitor.base.clock import ManualClock
from tftmonitor.history.samples import writer as writer_module
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.salvage import moving as salvage_module
from tftmonitor.history.samples.salvage import wounded as wounded_module
from tftmonitor.history.samples.salvage.moving import salvage
from tftmonitor.history.samples.salvage.state import FACT
from tftmonitor.history.samples.sealing import seal
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import FILE_NAME, LinkChange, Pending, Recorded
from tftmonitor.history.samples.writer import SampleWriter
from tftmonitor.model.coverage import BlindInterval, Blindness

EVER = (0, 1 << 62)


def same(rows: Iterable[Recorded]) -> list[Recorded]:
    """The rows with their frames written in one way."""
    return [(*row[:5], msgspec.json.encode(msgspec.json.decode(row[5]))) for row in rows]


HOUR_MS = 3_600_000
NOW = T0 + 3 * HOUR_MS
ROWS = tuple(same(simulated(6, 120)))
SEALED = len(ROWS) // 2
GAP = BlindInterval("devices", Blindness.LINK, T0, T0 + 5, "gone")


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A store with chunks and a spool, a gap, a link and a name, closed in order."""
    store = SampleStore(tmp_path, T0)
    for low in range(0, SEALED, 60):
        store.write(pending(ROWS[low : low + 60]), T0 + 1)
    for _ in seal(store, T0 + 2 * HOUR_MS):
        pass
    for low in range(SEALED, len(ROWS), 60):
        store.write(pending(ROWS[low : min(low + 60, len(ROWS))]), T0 + 2)
    beside = Pending(blind=[GAP, BlindInterval("messages", Blindness.LINK, T0 + 1)])
    beside.links.append(LinkChange(T0, "devices", "live", ""))
    beside.labels["1"] = "TLW2"
    store.write(beside, T0 + HOUR_MS)
    store.close()
    return tmp_path


def kept(profile: Path) -> list[Recorded]:
    with closing(HistoryReader(profile)) as reader:
        assert list(reader.check()) == []
        return same(
            (f.device, f.channel, f.received_ms, f.device_ms, f.is_late, f.frame)
            for f in reader.frames(*EVER)
        )


def save(profile: Path, aside: Path) -> list[str]:
    """What is said once a new file is filled from one that was set aside."""
    store = SampleStore(profile, NOW, aside)
    store.write(pending([push("9", 9)]), NOW)
    for _ in salvage(store, NOW):
        pass
    said = store.problems
    store.close()
    return said


def put_aside(profile: Path) -> Path:
    return (profile / FILE_NAME).rename(profile / "history-damaged-x.db")


def change(path: Path, places: Callable[[int], list[int]]) -> None:
    content = bytearray(path.read_bytes())
    for place in places(len(content)):
        content[place] ^= 0x55
    path.write_bytes(content)


def test_whole_file_is_saved_whole_and_in_order(profile: Path) -> None:
    said = save(profile, put_aside(profile))
    assert kept(profile) == [*ROWS, push("9", 9)]
    assert "720 pushes of history-damaged-x.db are saved." in said[0]
    with closing(HistoryReader(profile)) as reader:
        spans = {span.key: span.label for span in reader.devices()}
        assert spans["1"] == "TLW2"
        found = reader.blind(*EVER)
        assert len(reader.last_frames()) == 6
    assert GAP in found
    assert BlindInterval("messages", Blindness.LINK, T0 + 1, T0 + HOUR_MS) in found
    assert BlindInterval("program", Blindness.PROGRAM, T0 + HOUR_MS, NOW) in found
    with closing(sqlite3.connect(profile / FILE_NAME)) as database:
        assert database.execute("SELECT count(*) FROM link").fetchone() == (1,)
        assert database.execute("SELECT 1 FROM facts WHERE name = ?", (FACT,)).fetchone() is None


@pytest.mark.parametrize("seed", range(12))
def test_of_a_file_with_flipped_bytes_nothing_wrong_is_saved(profile: Path, seed: int) -> None:
    aside, chance = put_aside(profile), random.Random(seed)
    flips = (1, 40, 400)[seed % 3]
    change(aside, lambda size: [chance.randrange(size) for _ in range(flips)])
    save(profile, aside)
    *found, newest = kept(profile)
    assert newest == push("9", 9)
    assert found == [row for row in ROWS if row in set(found)]
    if flips == 1:
        assert len(found) >= len(ROWS) - 300


@pytest.mark.parametrize(
    "first",
    [
        lambda size: list(range(100)),  # the head of the file: no database any more
        lambda size: list(range(4_096)),  # its table of tables
    ],
)
def test_file_that_sqlite_refuses_is_read_by_its_pages(
    profile: Path, first: Callable[[int], list[int]]
) -> None:
    aside = put_aside(profile)
    change(aside, first)
    save(profile, aside)
    assert len(kept(profile)) > 0.8 * len(ROWS)


def test_file_that_is_gone_has_nothing_to_save(profile: Path) -> None:
    (profile / FILE_NAME).unlink()
    said = save(profile, profile / "history-damaged-x.db")
    assert said[0].startswith("0 pushes of")


def test_large_file_is_left_to_sqlite(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wounded_module, "_PAGES_READ", 10)
    aside = put_aside(profile)
    change(aside, lambda size: list(range(100)))
    said = save(profile, aside)
    assert kept(profile) == [push("9", 9)]
    assert said[0].startswith("0 pushes of")


def test_rows_around_a_wound_are_read_from_both_sides(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wounded_module, "_PAGES_READ", 10)
    aside = put_aside(profile)
    with closing(sqlite3.connect(aside)) as database:
        query = "SELECT pageno FROM dbstat WHERE name = 'spool' AND pagetype = 'leaf'"
        try:
            pages = sorted(number for (number,) in database.execute(query))
        except sqlite3.OperationalError:
            bodies = database.execute("SELECT body FROM spool ORDER BY first_seq").fetchall()
            content = aside.read_bytes()
            pages = sorted({content.index(body[:48]) // 4_096 + 1 for (body,) in bodies})
    wound = pages[len(pages) // 2]
    change(aside, lambda _size: list(range((wound - 1) * 4_096, (wound - 1) * 4_096 + 12)))
    save(profile, aside)
    found = kept(profile)
    assert ROWS[0] in found
    assert ROWS[-1] in found
    assert len(found) > 0.5 * len(ROWS)


def test_wrong_sums_and_missing_names_are_counted(profile: Path) -> None:
    aside = put_aside(profile)
    with closing(sqlite3.connect(aside, isolation_level=None)) as database:
        numbers = [n for (n,) in database.execute("SELECT number FROM chunk ORDER BY number")]
        database.execute("UPDATE chunk SET body = x'00' WHERE number = ?", (numbers[0],))
        database.execute("UPDATE chunk SET device = 99 WHERE number = ?", (numbers[1],))
        database.execute("UPDATE chunk SET round = 77 WHERE number = ?", (numbers[2],))
        database.execute(
            "UPDATE chunk SET round = 77, body = x'00' WHERE number = ?", (numbers[3],)
        )
        database.execute("UPDATE spool SET count = 7 WHERE first_seq = 361")
        database.execute("UPDATE facts SET value = 'x' WHERE name = 'running_until_ms'")
        database.execute("INSERT INTO blind VALUES ('a', 'b', 1, 'c', 'd')")
    said = save(profile, aside)
    assert "4 blocks of it could not be read" in said[0]
    assert len(kept(profile)) == len(ROWS) - 3 * 60 - 60 + 1


def test_shapes_that_are_gone_cost_their_chunks(profile: Path) -> None:
    aside = put_aside(profile)
    with closing(sqlite3.connect(aside, isolation_level=None)) as database:
        database.execute("DELETE FROM shape")
        database.execute("VACUUM")
    save(profile, aside)
    assert len(kept(profile)) == len(ROWS) - SEALED + 1


def test_saving_goes_on_after_a_kill_in_the_middle(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salvage_module, "_CHUNKS_AT_ONCE", 2)
    monkeypatch.setattr(salvage_module, "ROUND_PUSHES", 100)
    aside = put_aside(profile)
    store = SampleStore(profile, NOW, aside)
    steps, again = 0, True
    while again:
        again = False
        for number, _ in enumerate(salvage(store, NOW)):
            steps += 1
            if number == 20:
                again = True
                break
        store.database.close()
        store = SampleStore(profile, NOW)
    store.close()
    assert steps > 16
    assert kept(profile) == list(ROWS)


def test_second_damage_counts_on(profile: Path) -> None:
    save(profile, put_aside(profile))
    second = (profile / FILE_NAME).rename(profile / "history-damaged-y.db")
    store = SampleStore(profile, NOW + 50, second)
    for _ in salvage(store, NOW + 50):
        pass
    # A push of a number that this file has given itself is none of the former one's.
    store.close()
    assert kept(profile) == [*ROWS, push("9", 9)]


def test_what_claims_a_number_of_the_new_file_is_left_out(profile: Path) -> None:
    aside = put_aside(profile)
    store = SampleStore(profile, 20, aside)
    for _ in salvage(store, NOW):
        pass
    store.close()
    assert len(kept(profile)) < len(ROWS)


def test_writer_saves_beside_its_work(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "_SAVED_AT_ONCE", 3)
    change(profile / FILE_NAME, lambda size: list(range(100)))
    said: list[str] = []
    clock = ManualClock(NOW)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", lambda _self: None)
        patch.setattr(threading.Thread, "join", lambda _self: None)
        writer = SampleWriter(profile, clock, said.append)
        for _ in range(30):
            clock.advance(1.1)
            writer.step()
        assert writer.close()
    assert writer._store is not None
    writer._store.close()
    assert "What can be read of it is saved in the background." in said[0]
    assert "are saved" in said[1]
    assert len(kept(profile)) > 0.8 * len(ROWS)
