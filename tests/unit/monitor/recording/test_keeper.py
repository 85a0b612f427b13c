"""The process that writes for a window: the lock, what it takes, and how it says that it stands."""

import io
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typing_extensions import override

from tests.unit.history.samples.pushes import T0, push
from tftmonitor.base.clock import ManualClock
from tftmonitor.base.redaction import redacted_frame
from tftmonitor.history.profile_lock import RECORDING, ProfileLock
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.retention import Limits
from tftmonitor.history.samples.stored import FILE_NAME, LinkChange, StoredFrame
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.monitor.recording import keeper as keeper_module
from tftmonitor.monitor.recording.keeper import Keeper, keep
from tftmonitor.monitor.recording.sent import Sent, Told, block_of, read_line

EVER = (0, 1 << 62)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper_module, "_LOCK_WAIT_S", 0.05)
    monkeypatch.setattr(keeper_module, "TICK_S", 0.05)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(T0)


@pytest.fixture
def told() -> list[Told]:
    return []


@pytest.fixture
def keeper(tmp_path: Path, clock: ManualClock, told: list[Told]) -> Iterator[Keeper]:
    made = Keeper(tmp_path / "profile", clock, told.append)
    yield made
    made.close()


def frames(profile: Path) -> list[StoredFrame]:
    with closing(HistoryReader(profile)) as reader:
        return list(reader.frames(*EVER))


def blind(profile: Path) -> list[BlindInterval]:
    with closing(HistoryReader(profile)) as reader:
        return reader.blind(*EVER)


def test_block_is_on_disk_with_all_that_is_in_it(
    keeper: Keeper, tmp_path: Path, clock: ManualClock, told: list[Told]
) -> None:
    gap = BlindInterval("devices", Blindness.LINK, T0, T0 + 5, "gone")
    change = LinkChange(T0, "devices", "live", "")
    keeper.take(Sent([push("a", 1), push("a", 2)], [gap], [change], {"a": "TLW2"}))
    keeper.tick()
    clock.advance(20)
    keeper.tick()
    assert keeper.close()
    assert told[-1].is_recording
    assert [frame.received_ms - T0 for frame in frames(tmp_path / "profile")] == [1, 2]
    assert blind(tmp_path / "profile") == [gap]
    with closing(sqlite3.connect(tmp_path / "profile" / FILE_NAME)) as database:
        assert database.execute("SELECT key, label FROM device").fetchall() == [("a", "TLW2")]
        assert database.execute("SELECT count(*) FROM link").fetchall() == [(1,)]


def test_while_another_records_nothing_is_kept_twice_and_then_it_is_taken_over(
    tmp_path: Path, clock: ManualClock, told: list[Told]
) -> None:
    other = ProfileLock.take(tmp_path, name=RECORDING)
    assert other is not None
    keeper = Keeper(tmp_path, clock, told.append)
    keeper.take(Sent([push("a", 1)], limits=Limits(7, 8)))
    keeper.tick()
    assert f"process {os.getpid()}" in told[-1].holder
    assert not told[-1].is_recording
    other.release()
    clock.advance(1)
    keeper.tick()
    assert (told[-1].holder, told[-1].is_recording) == ("", True)
    keeper.take(Sent([push("a", 999), push("a", 1_001)]))
    assert keeper.close()
    assert [frame.received_ms - T0 for frame in frames(tmp_path)] == [1_001]


def test_limits_hold_at_once_and_digests_are_taken_out(keeper: Keeper, tmp_path: Path) -> None:
    digest = "5ebe2294ecd0e0f08eab7690d2a6ee69"
    keeper.take(Sent(digests=[digest]))
    keeper.take(Sent([push("a", 1, b'{"x":"5ebe2294ecd0e0f08eab7690d2a6ee69"}')]))
    keeper.take(Sent(limits=Limits(1, 2)))
    assert keeper._writer is not None
    assert keeper._writer.limits == Limits(1, 2)
    assert keeper.close()
    assert b"5ebe" not in frames(tmp_path / "profile")[0].frame
    assert redacted_frame(digest.encode()) != digest.encode()


def test_what_was_lost_on_the_way_is_a_blind_interval(keeper: Keeper, tmp_path: Path) -> None:
    keeper.take(Sent(lost=7, lost_ms=T0 + 3))
    assert keeper.close()
    (gap,) = blind(tmp_path / "profile")
    assert gap.start_ms == T0 + 3
    assert "7 pushes lost" in gap.reason
    assert keeper.told().lost == 7


def test_folder_that_cannot_be_made_is_said_once_and_tried_again(
    tmp_path: Path, clock: ManualClock, told: list[Told]
) -> None:
    (tmp_path / "file").write_text("")
    profile = tmp_path / "file" / "profile"
    keeper = Keeper(profile, clock, told.append)
    keeper.take(Sent([push("a", 1)]))
    keeper.tick()
    clock.advance(5)
    keeper.tick()
    assert [len(one.said) for one in told] == [1, 0]
    assert told[-1].failure
    assert told[-1].failed_ms == T0
    assert told[-1].waiting == 1
    (tmp_path / "file").unlink()
    keeper.tick()
    assert told[-1].failure == ""
    assert keeper.close()
    assert [frame.received_ms - T0 for frame in frames(profile)] == [1]
    assert blind(profile) == []


def test_file_that_cannot_be_opened_is_said_and_nothing_is_missing_later(
    tmp_path: Path, clock: ManualClock, told: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / FILE_NAME).mkdir()
    keeper = Keeper(tmp_path, clock, told.append)
    keeper.take(Sent([push("a", 1)]))
    keeper.tick()
    assert told[-1].failure
    (tmp_path / FILE_NAME).rmdir()
    assert keeper.close()
    assert [frame.received_ms - T0 for frame in frames(tmp_path)] == [1]


def test_lock_is_beaten_so_that_other_computers_see_it(
    keeper: Keeper, tmp_path: Path, clock: ManualClock
) -> None:
    keeper.tick()
    holder = tmp_path / "profile" / f"{RECORDING}.json"
    holder.unlink()
    keeper.tick()
    assert not holder.exists()
    clock.advance(11)
    keeper.tick()
    assert holder.exists()


def test_source_is_kept_to_its_end_and_how_it_stands_is_said(
    tmp_path: Path, clock: ManualClock
) -> None:
    read, write = os.pipe()
    out = io.BytesIO()
    with open(read, "rb") as source, open(write, "wb", buffering=0) as window:
        done: list[bool] = []
        thread = threading.Thread(target=lambda: done.append(keep(tmp_path, clock, source, out)))
        thread.start()
        window.write(block_of(Sent([push("a", 1)])))
        while out.getvalue().count(b"\n") < 3:  # it ticks by itself
            pass
        window.write(block_of(Sent([push("a", 2)])))
        window.close()
        thread.join()
    assert done == [True]
    lines = [read_line(line) for line in out.getvalue().splitlines()]
    assert lines[-1] is not None
    assert lines[-1].written == 2
    assert [frame.received_ms - T0 for frame in frames(tmp_path)] == [1, 2]


def test_window_that_is_gone_costs_nothing(tmp_path: Path, clock: ManualClock) -> None:
    class Gone(io.BytesIO):
        @override
        def write(self, _line: object) -> int:
            raise BrokenPipeError

    assert keep(tmp_path, clock, io.BytesIO(block_of(Sent([push("a", 1)]))), Gone())
    assert len(frames(tmp_path)) == 1


def test_what_waits_for_a_folder_that_cannot_be_made_is_no_good_end(
    tmp_path: Path, clock: ManualClock, told: list[Told]
) -> None:
    (tmp_path / "file").write_text("")
    keeper = Keeper(tmp_path / "file" / "profile", clock, told.append)
    assert keeper.close()  # nothing waits
    keeper.take(Sent([push("a", 1)]))
    assert not keeper.close()


def test_what_cannot_be_written_is_no_good_end(
    tmp_path: Path, clock: ManualClock, told: list[Told]
) -> None:
    (tmp_path / FILE_NAME).mkdir()
    keeper = Keeper(tmp_path, clock, told.append)
    keeper.take(Sent([push("a", 1)]))
    assert not keeper.close()
