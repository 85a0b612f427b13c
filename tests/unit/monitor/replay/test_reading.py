"""What is read for a replay: the stretch, what was known before it, and what is ahead."""

import time
from pathlib import Path

import pytest

from tests.unit.monitor.replay.recorded import T0, record, snapshot
from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.history.link_changes import link_changes
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.store import NOT_RECORDED
from tftmonitor.history.samples.stored import FILE_NAME, HistoryError, LinkChange, StoredFrame
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.monitor.replay import lead_in
from tftmonitor.monitor.replay.lead_in import last_before
from tftmonitor.monitor.replay.previous_push import previous_push
from tftmonitor.monitor.replay.read_ahead import ReadAhead
from tftmonitor.monitor.replay.stretch import open_stretch

LINKS = [
    LinkChange(T0 - 10, "devices", "connecting", ""),
    LinkChange(T0 - 5, "devices", "live", ""),
    LinkChange(T0 - 4, "messages", "live", ""),
    LinkChange(T0 + 20, "devices", "link lost", "the network is down"),
    LinkChange(T0 + 30, "devices", "live", ""),
    LinkChange(T0 + 90, "devices", "off", ""),
]


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """One device every minute for three hours, and one that reported in the first of them."""
    rows = [snapshot("1", T0 + n * MINUTE_MS) for n in range(180)]
    rows.insert(2, snapshot("2", T0 + 90 * SECOND_MS))
    return record(tmp_path, rows)


# Links


def test_of_the_links_the_state_before_and_all_changes_within_are_read(tmp_path: Path) -> None:
    record(tmp_path, [snapshot("1", T0)], LINKS)
    assert link_changes(tmp_path, T0, T0 + 60) == LINKS[1:5]


def test_links_of_a_file_that_is_none_are_an_error(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 100)
    with pytest.raises(HistoryError, match="cannot be read"):
        link_changes(tmp_path, T0, T0 + 60)


# The stretch


def test_stretch_is_the_last_hour_by_default(day: Path) -> None:
    stretch = open_stretch(day, None, None)
    end_ms = T0 + 179 * MINUTE_MS
    assert (stretch.start_ms, stretch.end_ms) == (end_ms - HOUR_MS, end_ms)
    assert [device.key for device in stretch.devices] == ["1", "2"]


def test_stretch_with_a_start_alone_is_an_hour(day: Path) -> None:
    stretch = open_stretch(day, T0 + MINUTE_MS, None)
    assert stretch.end_ms - stretch.start_ms == HOUR_MS


def test_stretch_begins_and_ends_with_what_is_recorded(day: Path) -> None:
    stretch = open_stretch(day, T0 - DAY_MS, T0 + DAY_MS)
    assert (stretch.start_ms, stretch.end_ms) == (T0, T0 + 179 * MINUTE_MS)


def test_time_of_which_nothing_is_recorded_is_said(day: Path) -> None:
    with pytest.raises(HistoryError, match="Nothing is recorded of the time"):
        open_stretch(day, T0 + DAY_MS, T0 + 2 * DAY_MS)
    with pytest.raises(HistoryError, match="Nothing is recorded of the time"):
        open_stretch(day, T0 + DAY_MS, None)


def test_profile_in_which_nothing_is_recorded_yet_is_said(tmp_path: Path) -> None:
    record(tmp_path, [])
    with pytest.raises(HistoryError, match="Nothing is recorded in"):
        open_stretch(tmp_path, None, None)


def test_gaps_are_where_nothing_of_devices_was_recorded_each_once(tmp_path: Path) -> None:
    def blind(scope: str, start_ms: int, end_ms: int | None) -> BlindInterval:
        return BlindInterval(scope, Blindness.LINK, T0 + start_ms, end_ms and T0 + end_ms)

    found = [
        blind("messages", 1_000, 9_000),
        blind("devices", 10_000, 20_000),
        blind(NOT_RECORDED, 15_000, 30_000),
        blind(NOT_RECORDED, -5_000, 0),
        blind("devices", 50_000, None),
    ]
    record(tmp_path, [snapshot("1", T0), snapshot("1", T0 + MINUTE_MS)], blind=found)
    stretch = open_stretch(tmp_path, None, None)
    gaps = [(T0 + 10_000, T0 + 30_000), (T0 + 50_000, T0 + MINUTE_MS)]
    assert stretch.gaps == gaps


# What was known before


def known_before(profile: Path, before_ms: int, until_ms: int) -> list[StoredFrame]:
    reader = HistoryReader(profile)
    try:
        return last_before(reader, reader.devices(), before_ms, until_ms)
    finally:
        reader.close()


def test_quiet_device_is_known_by_its_last_push(day: Path) -> None:
    before_ms = T0 + 2 * HOUR_MS
    (frame,) = known_before(day, before_ms, before_ms + HOUR_MS)
    assert (frame.device, frame.received_ms) == ("2", T0 + 90 * SECOND_MS)


def test_of_many_pushes_before_the_last_one_counts(tmp_path: Path) -> None:
    rows = [snapshot("1", T0 - hours * HOUR_MS, speed=hours) for hours in (30, 20, 5, 1)]
    rows.insert(1, snapshot("2", T0 - 25 * HOUR_MS))
    record(tmp_path, rows)
    found = known_before(tmp_path, T0, T0 + HOUR_MS)
    assert [(frame.device, frame.received_ms) for frame in found] == [
        ("2", T0 - 25 * HOUR_MS),
        ("1", T0 - HOUR_MS),
    ]


def test_nothing_is_looked_for_of_devices_that_report_anyway(day: Path) -> None:
    assert known_before(day, T0 + 80 * SECOND_MS, T0 + HOUR_MS) == []


def test_device_that_was_quiet_for_days_is_found_and_one_for_months_is_not(tmp_path: Path) -> None:
    rows = [snapshot("old", T0 - 100 * DAY_MS), snapshot("days", T0 - 5 * DAY_MS)]
    record(tmp_path, [*rows, snapshot("1", T0)])
    assert [frame.device for frame in known_before(tmp_path, T0, T0 + HOUR_MS)] == ["days"]


def test_looking_back_ends_after_too_many_pushes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_in, "_FRAMES_A_LOOK", 0)
    rows = [snapshot("days", T0 - 5 * DAY_MS), snapshot("1", T0 - HOUR_MS)]
    record(tmp_path, rows)
    assert [frame.device for frame in known_before(tmp_path, T0, T0 + HOUR_MS)] == ["1"]


# Ahead


def read_all(ahead: ReadAhead) -> list[StoredFrame]:
    found = []
    while not ahead.is_over:
        if ahead.next() is None:
            time.sleep(0.001)
        else:
            found.append(ahead.pop())
    ahead.close()
    return found


def test_reading_ahead_begins_an_hour_before_with_what_was_known_in_front(day: Path) -> None:
    stretch = open_stretch(day, T0 + 2 * HOUR_MS + 2 * MINUTE_MS, T0 + 150 * MINUTE_MS)
    frames = read_all(ReadAhead(day, stretch.devices, stretch.start_ms, stretch.end_ms))
    assert frames[0].device == "2"
    times = [frame.received_ms for frame in frames[1:]]
    assert times == [T0 + n * MINUTE_MS for n in range(62, 151)]


def test_last_pack_may_be_a_full_one(tmp_path: Path) -> None:
    record(tmp_path, [snapshot("1", T0 + n) for n in range(256)])
    assert len(read_all(ReadAhead(tmp_path, [], T0, T0 + HOUR_MS))) == 256


def test_reading_waits_where_nobody_takes_and_ends_when_nobody_wants_more(tmp_path: Path) -> None:
    record(tmp_path, [snapshot("1", T0 + n) for n in range(12_000)])
    stretch = open_stretch(tmp_path, None, None)
    ahead = ReadAhead(tmp_path, stretch.devices, stretch.start_ms, stretch.end_ms)
    while ahead._packs.qsize() < 40:
        time.sleep(0.001)
    time.sleep(0.3)  # it tries again to hand over
    ahead.close()
    assert not ahead._thread.is_alive()
    assert ahead._packs.qsize() == 40


def test_whatever_keeps_it_from_reading_is_said(tmp_path: Path) -> None:
    ahead = ReadAhead(tmp_path, [], T0, T0 + HOUR_MS)
    assert read_all(ahead) == []
    assert "no recorded history" in ahead.problem


# One push back


def test_step_back_leads_to_the_push_before(day: Path) -> None:
    now_ms = T0 + 10 * MINUTE_MS
    assert previous_push(day, None, now_ms, T0) == T0 + 9 * MINUTE_MS
    assert previous_push(day, {"2"}, now_ms, T0) == T0 + 90 * SECOND_MS


def test_nothing_lies_before_the_first_push(day: Path) -> None:
    assert previous_push(day, {"1"}, T0, T0) is None
    assert previous_push(day, {"2"}, T0 + 3 * HOUR_MS, T0 - 365 * DAY_MS) is not None
    assert previous_push(day, {"nobody"}, T0 + HOUR_MS, T0 - 365 * DAY_MS) is None
