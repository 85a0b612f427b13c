"""The newest frame of each device: kept when a round is sealed, and read with what is not yet."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.unit.history.samples.pushes import T0, pending, push
from tftmonitor.history.samples import file as file_module
from tftmonitor.history.samples.last import last_of, newest_of
from tftmonitor.history.samples.reader import HistoryReader, LastFrame
from tftmonitor.history.samples.retention import Limits, retain
from tftmonitor.history.samples.sealing import seal
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import FILE_NAME, Recorded

HOUR_MS = 3_600_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SampleStore]:
    made = SampleStore(tmp_path, T0)
    yield made
    made.database.close()


def snapshot(device: str, at: int, size: int = 200, **more: object) -> Recorded:
    frame = msgspec.json.encode({"event": "snapshot", "at": at, "fill": "x" * size})
    return (*push(device, at, frame)[:4], bool(more.get("late")), frame)


def write(store: SampleStore, *rows: Recorded) -> None:
    store.write(pending(rows), T0 + 10)


def seal_all(store: SampleStore) -> None:
    for _ in seal(store, T0 + 2 * HOUR_MS):
        pass


def last(profile: Path) -> dict[str, LastFrame]:
    with closing(HistoryReader(profile)) as reader:
        return {frame.device: frame for frame in reader.last_frames()}


def test_newest_of_each_device_is_read_from_what_is_sealed_and_what_is_not(
    store: SampleStore, tmp_path: Path
) -> None:
    write(store, snapshot("a", 1), snapshot("b", 2), snapshot("a", 3))
    assert {key: one.received_ms - T0 for key, one in last(tmp_path).items()} == {"a": 3, "b": 2}
    seal_all(store)
    assert {key: one.received_ms - T0 for key, one in last(tmp_path).items()} == {"a": 3, "b": 2}
    write(store, snapshot("b", 4), snapshot("c", 5))
    found = last(tmp_path)
    assert {key: one.received_ms - T0 for key, one in found.items()} == {"a": 3, "b": 4, "c": 5}
    assert found["a"].frame == snapshot("a", 3)[5]
    seal_all(store)
    assert last(tmp_path) == found


def test_what_shows_nothing_is_not_the_newest(store: SampleStore, tmp_path: Path) -> None:
    write(
        store,
        snapshot("a", 1),
        snapshot("a", 2, late=True),
        push("a", 3),
        push("a", 4, b'{"event":"snapshot"}', channel="messages"),
        push("", 5, b'{"event":"snapshot"}'),
        push("d", 6),
    )
    assert {key: one.received_ms - T0 for key, one in last(tmp_path).items()} == {"a": 1}
    seal_all(store)
    assert {key: one.received_ms - T0 for key, one in last(tmp_path).items()} == {"a": 1}


def test_longer_frame_under_a_short_one_is_kept_until_one_is_as_long(
    store: SampleStore, tmp_path: Path
) -> None:
    write(store, snapshot("a", 1, 900), snapshot("a", 2, 10))
    seal_all(store)
    write(store, snapshot("a", 3, 12))
    seal_all(store)
    (found,) = last(tmp_path).values()
    assert found.received_ms == T0 + 3
    assert found.under == (T0 + 1, snapshot("a", 1, 900)[5])
    write(store, snapshot("a", 4, 880))
    assert last(tmp_path)["a"].under is None
    assert newest_of([push("a", 1)]) is None


def test_what_is_broken_is_left_out(store: SampleStore, tmp_path: Path) -> None:
    write(store, snapshot("a", 1), snapshot("b", 2))
    seal_all(store)
    store.database.execute("UPDATE last SET frame = x'00' WHERE received_ms = ?", (T0 + 1,))
    assert list(last(tmp_path)) == ["b"]
    assert last_of(store.database, store.device_number("a")) is None
    store.database.execute("UPDATE last SET received_ms = 1, frame = 'text'")
    write(store, snapshot("c", 3))
    store.database.execute("UPDATE spool SET body = x'00'")
    write(store, snapshot("d", 4))
    assert list(last(tmp_path)) == ["d"]


def test_last_report_goes_with_its_age(store: SampleStore, tmp_path: Path) -> None:
    write(store, snapshot("a", 1), snapshot("b", HOUR_MS))
    seal_all(store)
    while retain(store, Limits(HOUR_MS), T0 + 2 * HOUR_MS - 5):
        pass
    assert list(last(tmp_path)) == ["b"]


def test_file_of_version_1_is_read_and_taken_to_version_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(file_module, "VERSION", 1)
        patch.setattr(file_module, "_ADDED", {})
        old = SampleStore(tmp_path, T0)
        write(old, snapshot("a", 1))
        old.close()
    assert last(tmp_path) == {}
    new = SampleStore(tmp_path, T0)
    seal_all(new)
    assert list(last(tmp_path)) == ["a"]
    (version,) = new.database.execute("PRAGMA user_version").fetchone()
    assert version == 2
    new.close()
    assert (tmp_path / FILE_NAME).exists()
