"""Days read from a store that the real writer wrote; the sums are done by hand here."""

import itertools
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit.history.export.memory import MemoryReader
from tests.unit.monitor.days.journey import DAY, HOUR_S, MIDNIGHT_S, Journey, record, working_day
from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, ManualClock
from tftmonitor.history.samples.store import NOT_RECORDED
from tftmonitor.history.samples.stored import FILE_NAME, HistoryError
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.trips.spans import Doing, Quality
from tftmonitor.model.trips.trips import Kind
from tftmonitor.model.voltage.events import VoltageKind
from tftmonitor.monitor.days.day_record import DayRecord, Wanted
from tftmonitor.monitor.days.reading import DayReading
from tftmonitor.monitor.days.source import ReadingStopped, RestingSource
from tftmonitor.monitor.days.sums import Extreme, overlap_ms, own_blindness

MIDNIGHT_MS = MIDNIGHT_S * SECOND_MS
LATER_MS = MIDNIGHT_MS + 5 * DAY_MS
BERLIN = ZoneInfo("Europe/Berlin")


def at(hours: float) -> int:
    """So many hours after the midnight of the day."""
    return MIDNIGHT_MS + round(hours * HOUR_MS)


def wanted(device: str = "350", day: date = DAY, **more: Any) -> Wanted:
    return replace(Wanted(device, day, day, UTC, LATER_MS), **more)


def read(profile: Path, asked: Wanted) -> DayRecord:
    answer = DayReading(profile).day(asked, threading.Event())
    assert answer.damaged == 0
    return answer.record


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working day, and a second vehicle that says nothing of where it is."""
    folder = tmp_path_factory.mktemp("profile")
    bare = Journey("351", 8 * HOUR_S, has_place=False, volts=0)
    bare.park(2 * HOUR_S, ignition=1)
    record(folder, [working_day(), bare], labels={"350": "VAN-12"})
    return folder


def test_sums_of_a_day_are_those_that_were_driven(profile: Path) -> None:
    sums = read(profile, wanted()).sums
    # 30 min with the step before them, and 20 min.
    assert sums.moving_ms == (1_810 + 1_200) * SECOND_MS
    # 5 min, and 10 of which the first step was a halt from 72 km/h.
    assert sums.idle_ms == (300 + 590) * SECOND_MS
    # 6 h, 3 h and a step, 65 min, and the evening.
    assert sums.unknown_ms == (6 * 3_600 + 11_100 + 3_900 + 21_590) * SECOND_MS
    parts = (sums.moving_ms, sums.idle_ms, sums.stopped_ms, sums.unknown_ms, sums.to_come_ms)
    assert sum(parts) == sums.end_ms - sums.start_ms == DAY_MS
    # On for 45 min and until the next report, and on the way back until the silence.
    assert sums.ignition_ms == (2_700 + 300 + 1_190) * SECOND_MS
    assert sums.totals.track_m == pytest.approx(60_000, rel=1e-6)
    assert sums.totals.odometer_m == pytest.approx(60_000)
    assert list(sums.odometer_m or ()) == [100_000, 160_000]
    assert sums.totals.top_kmh == 72
    assert sums.trips == 2
    assert sums.lowest == Extreme(9.6, at(7) + 10 * SECOND_MS)
    assert sums.highest == Extreme(14.2, at(7) + 20 * SECOND_MS)
    assert (sums.reports, sums.placed) == (475, 475)
    assert (sums.first_day, sums.last_day) == (DAY, DAY)


def test_parts_quality_and_voltage_are_told_in_order(profile: Path) -> None:
    found = read(profile, wanted())
    assert [row.segment.kind for row in found.sheet.rows] == [
        Kind.STOP,
        Kind.TRIP,
        Kind.STOP,
        Kind.NO_DATA,
        Kind.STOP,
        Kind.TRIP,
        Kind.NO_DATA,
        Kind.STOP,
    ]
    assert [span.doing for span in found.spans][:3] == [Doing.NO_DATA, Doing.STOPPED, Doing.IDLING]
    assert [each.quality for each in found.quality] == [
        Quality.GPS,
        Quality.GPS,
        Quality.STORED,
        Quality.GPS,
    ]
    assert [event.kind for event in found.voltage.events] == [
        VoltageKind.CRANK,
        VoltageKind.ALTERNATOR,
        VoltageKind.ALTERNATOR,
    ]
    assert found.zone is UTC


def test_before_the_first_push_of_all_nobody_could_have_known(profile: Path) -> None:
    assert read(profile, wanted()).sums.not_recorded_ms == 6 * HOUR_MS
    day_before = read(profile, wanted(day=DAY - timedelta(days=1))).sums
    assert day_before.unknown_ms == day_before.not_recorded_ms == DAY_MS


def test_what_of_today_is_still_to_come_is_not_unknown(profile: Path) -> None:
    sums = read(profile, wanted(now_ms=at(20))).sums
    assert (sums.to_come_ms, sums.unknown_ms % HOUR_MS) == (4 * HOUR_MS, sums.unknown_ms % HOUR_MS)
    assert sums.unknown_ms == (6 * 3_600 + 11_100 + 3_900 + 21_590 - 4 * 3_600) * SECOND_MS


def test_midnights_are_those_of_the_zone(profile: Path) -> None:
    found = read(profile, wanted(zone=BERLIN))
    assert (found.sums.start_ms, found.sums.end_ms) == (at(-1), at(23))
    assert found.sheet.trip_count == 2


def test_several_days_are_summed_up_as_one(profile: Path) -> None:
    sums = read(profile, wanted(last_day=DAY + timedelta(days=1))).sums
    one = read(profile, wanted()).sums
    assert sums.end_ms - sums.start_ms == 2 * DAY_MS
    assert sums.moving_ms == one.moving_ms
    assert sums.unknown_ms == one.unknown_ms + DAY_MS
    assert sums.last_day == DAY + timedelta(days=1)


def test_trip_over_midnight_is_in_both_days_and_whole(tmp_path: Path) -> None:
    car = Journey(at_s=23 * HOUR_S)
    car.report()
    car.park(1_800, 60)
    car.go(HOUR_S)
    car.park(HOUR_S, 60)
    record(tmp_path, [car])
    days = [read(tmp_path, wanted(day=DAY + timedelta(days=count))) for count in (0, 1)]
    assert [day.sheet.trip_count for day in days] == [1, 1]
    whole = sum(day.sums.totals.track_m for day in days)
    assert whole == pytest.approx(72_000, rel=1e-6)
    assert days[0].sums.totals.track_m == pytest.approx(36_000, rel=1e-3)


def test_device_without_a_place_has_a_voltage_and_an_ignition_all_the_same(profile: Path) -> None:
    found = read(profile, wanted("351"))
    sums = found.sums
    assert (sums.reports, sums.placed, sums.trips) == (24, 0, 0)
    assert sums.ignition_ms == 23 * 5 * MINUTE_MS
    assert sums.unknown_ms == DAY_MS
    # It never showed another voltage than 0, which is then none.
    assert (sums.lowest, sums.highest, found.voltage.rules) == (None, None, None)
    assert {each.quality for each in found.quality} == {Quality.NONE}


def test_supply_that_is_cut_is_the_lowest_voltage(tmp_path: Path) -> None:
    car = Journey(at_s=8 * HOUR_S)
    car.park(HOUR_S, 60)
    car.volts = 0
    car.park(HOUR_S, 60)
    record(tmp_path, [car])
    found = read(tmp_path, wanted())
    assert found.sums.lowest == Extreme(0.0, at(9) + MINUTE_MS)
    (cut,) = found.voltage.events
    assert (cut.kind, cut.start_ms, cut.end_ms) == (
        VoltageKind.DISCONNECT,
        at(9) + MINUTE_MS,
        None,
    )
    # It lasts on the next day too, and on the day before there was none.
    after, before = (
        read(tmp_path, wanted(day=DAY + timedelta(days=count))).voltage.events for count in (1, -1)
    )
    assert [event.kind for event in after] == []  # more than six hours later it was not read
    assert before == ()


def test_blind_stretches_of_ours_are_told_apart_from_silence_of_the_device(tmp_path: Path) -> None:
    blind = [
        BlindInterval(NOT_RECORDED, Blindness.PROGRAM, at(10), at(11)),
        BlindInterval("devices", Blindness.LINK, at(10.5), at(11.5)),
        BlindInterval("messages", Blindness.LINK, at(6.5), at(7.5)),
        BlindInterval("350", Blindness.DEVICE, at(9), at(12)),
        # While it was stopped nothing was missing.
        BlindInterval("devices", Blindness.LINK, at(8), at(8.25)),
    ]
    record(tmp_path, [working_day()], blind)
    assert read(tmp_path, wanted()).sums.not_recorded_ms == (6 + 1.5) * HOUR_MS


def test_own_blindness_ends_with_the_day() -> None:
    lasting = [BlindInterval("devices", Blindness.LINK, at(20))]
    assert own_blindness(lasting, at(-100), at(0), at(24)) == [(at(20), at(24))]
    assert own_blindness((), None, at(0), at(24)) == [(at(0), at(24))]
    assert own_blindness((), at(30), at(0), at(24)) == [(at(0), at(24))]


def test_overlaps_count_once() -> None:
    assert overlap_ms([(0, 10), (20, 30)], [(5, 25), (8, 22), (29, 40), (50, 60)]) == 5 + 5 + 1
    assert overlap_ms([], [(0, 9)]) == overlap_ms([(0, 9)], []) == 0


def test_activity_is_told_by_days(profile: Path) -> None:
    reading, stop = DayReading(profile), threading.Event()
    first = DAY - timedelta(days=2)
    assert reading.activity("350", first, DAY + timedelta(days=1), UTC, stop) == [0, 0, 475, 0]
    assert reading.activity("351", DAY, DAY, BERLIN, stop) == [24]


def test_devices_are_told_with_their_labels(profile: Path) -> None:
    spans = DayReading(profile).devices(threading.Event())
    assert [(span.key, span.label) for span in spans] == [("350", "VAN-12"), ("351", None)]


def test_sums_of_a_fleet_come_one_after_the_other(profile: Path) -> None:
    asked: Sequence[Wanted] = [wanted(device) for device in ("350", "351", "unheard of")]
    found = list(DayReading(profile).sums(asked, threading.Event()))
    assert [sums.device for sums in found] == ["350", "351", "unheard of"]
    assert [sums.trips for sums in found] == [2, 0, 0]
    assert found[2].unknown_ms == DAY_MS


def test_where_nothing_was_recorded_there_is_nothing_to_read(tmp_path: Path, profile: Path) -> None:
    assert DayReading(profile).exists
    reading = DayReading(tmp_path)
    assert not reading.exists
    with pytest.raises(HistoryError, match="no recorded history"):
        reading.day(wanted(), threading.Event())


def test_reading_ends_when_nobody_waits(profile: Path) -> None:
    stop = threading.Event()
    reading = DayReading(profile)
    found = reading.sums([wanted(), wanted("351")], stop)
    assert next(found).device == "350"
    stop.set()
    with pytest.raises(ReadingStopped):
        next(found)
    with pytest.raises(ReadingStopped):
        reading.day(wanted(), stop)


def test_reading_ends_within_a_device_too() -> None:
    stop = threading.Event()
    reader = MemoryReader()
    for minute in range(500):
        reader.add(at(0) + minute * MINUTE_MS)
    clock = ManualClock(at(0))
    source = RestingSource(reader, stop, clock)
    assert [span.key for span in source.devices()] == ["100"]
    frames = source.frames(0, LATER_MS)
    for _ in range(70):
        next(frames)
    stop.set()
    # Within a millisecond of work nobody looks, and soon after it.
    assert len(list(itertools.islice(frames, 100))) == 100
    clock.advance(0.002)
    with pytest.raises(ReadingStopped):
        list(itertools.islice(frames, 9))
    with pytest.raises(ReadingStopped):
        source.devices()
    with pytest.raises(ReadingStopped):
        source.blind(0, 1)


def test_damaged_blocks_are_counted(tmp_path: Path) -> None:
    record(tmp_path, [working_day()])
    database = sqlite3.connect(tmp_path / FILE_NAME)
    database.execute("UPDATE spool SET body = x'00' WHERE first_seq = 1")
    database.commit()
    database.close()
    assert DayReading(tmp_path).day(wanted(), threading.Event()).damaged > 0
