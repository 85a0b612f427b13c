"""A list that is full at once: what was recorded is shown again, and what is newer stays."""

import asyncio
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.unit.history.samples.pushes import T0, pending, push, simulated
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import FILE_NAME, Recorded
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.large_frames import USUAL_SIZE, LargeFrames
from tftmonitor.monitor.recording import last_states
from tftmonitor.monitor.recording.last_states import read_states, restore_states, restoring
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import Snapshot

DAY_MS = 86_400_000


def record(profile: Path, *rows: Recorded) -> None:
    store = SampleStore(profile, T0)
    store.write(pending(rows), T0 + 10)
    store.close()


def snapshot(at: int, *, imei: str = "1", event: str = "snapshot", **status: object) -> Recorded:
    data = {"imei": imei, "model": "T1", "status": {"date": T0 + at, **status}}
    frame = msgspec.json.encode({"event": event, "data": data, "error": 0})
    return push(imei, at, frame)


def restore(profile: Path, fleet: Fleet, now_ms: int = T0 + DAY_MS) -> int:
    return asyncio.run(restore_states(profile, fleet, LargeFrames(fleet.changes), now_ms))


def test_each_device_is_as_it_was_recorded_last(tmp_path: Path) -> None:
    rows = simulated(5, 3)
    record(tmp_path, *rows)
    fleet = Fleet()
    assert restore(tmp_path, fleet) == 5
    assert len(fleet) == 5
    for device in fleet:
        assert device.frame in {row[5] for row in rows[-5:]}
        assert device.restored_ms is not None
        assert device.status is not None
    # The one that was heard last comes first.
    times = [device.restored_ms or 0 for device in fleet.devices]
    assert times == sorted(times, reverse=True)


def test_push_that_came_first_stays(tmp_path: Path) -> None:
    record(tmp_path, snapshot(1, speed=1), snapshot(1, imei="2", speed=2))
    fleet = Fleet()
    frame = snapshot(500, speed=9)[5]
    found = decode(Channel.DEVICES, frame)
    assert isinstance(found, Snapshot)
    fleet.apply(found.data, found.status, frame, T0 + 500)
    assert restore(tmp_path, fleet) == 1
    device = fleet.find("1")
    assert device is not None
    assert device.status is not None
    assert device.status.speed == 9


def test_what_the_newest_frame_leaves_out_is_of_the_one_under_it(tmp_path: Path) -> None:
    record(tmp_path, snapshot(1, speed=5, address="x" * 300), snapshot(60_000, mileage=7))
    fleet = Fleet()
    assert restore(tmp_path, fleet) == 1
    device = fleet.find("1")
    assert device is not None
    assert device.status is not None
    assert device.status.speed == 5
    assert device.data_ms == T0 + 60_000
    assert device.inherited["speed"] == T0 + 1


def test_no_history_and_one_that_cannot_be_read_restore_nothing(tmp_path: Path) -> None:
    assert restore(tmp_path, Fleet()) == 0
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 100)
    assert restore(tmp_path, Fleet()) == 0


def test_what_is_no_snapshot_and_what_is_of_the_future_is_left_out(tmp_path: Path) -> None:
    other = push("3", 3, b'{"event":"other","kind":"snapshot"}')
    record(tmp_path, snapshot(DAY_MS), other)
    fleet = Fleet()
    assert restore(tmp_path, fleet, T0) == 0
    assert len(fleet) == 0


def test_device_for_which_there_is_no_room_is_left_out(tmp_path: Path) -> None:
    record(tmp_path, snapshot(1), snapshot(2, imei="2"))
    fleet = Fleet(most_devices=1)
    assert restore(tmp_path, fleet) == 1


def test_large_frames_count_for_the_budget(tmp_path: Path) -> None:
    record(tmp_path, snapshot(1, address="x" * (USUAL_SIZE + 10)))
    fleet = Fleet()
    large = LargeFrames(fleet.changes, 100)
    for _ in restoring(read_states(tmp_path), fleet, large, T0 + DAY_MS):
        pass
    assert large.given_up == 1


def test_work_is_cut_into_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(tmp_path, *simulated(5, 1))
    monkeypatch.setattr(last_states, "_SLICE_S", 0.0)
    fleet = Fleet()
    steps = list(restoring(read_states(tmp_path), fleet, LargeFrames(fleet.changes), T0 + DAY_MS))
    assert steps == [1, 1, 1, 1, 1, 0]


def test_half_read_file_is_closed(tmp_path: Path) -> None:
    record(tmp_path, snapshot(1))
    with closing(SampleStore(tmp_path, T0)) as store:
        store.database.execute("DROP TABLE last")
        with pytest.raises(Exception, match="cannot be read"):
            read_states(tmp_path)
