"""Wrong clocks, stored uploads, and what cannot be told apart."""

from typing import Any

import pytest

from tftmonitor.base.clock import DAY_MS, HOUR_MS, LONGEST_STORED_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.activity import Staleness
from tftmonitor.model.fleet.clock_offset import (
    PROVEN_CLOCK,
    DeviceClock,
    Verdict,
    export_clock,
    judge_date,
    judge_sent,
    offset_text,
    restore_clock,
)
from tftmonitor.model.fleet.clocks import age_text, clock_note, clocks_of
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import value_age
from tftmonitor.model.fleet.fleet import AppliedSnapshot, Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.records import Records
from tftmonitor.model.fleet.times import in_doubt_ms

NOW = 1_795_000_000_000
BEHIND_S = 5.5 * 3_600
DRIVING: dict[str, Any] = {"acc": 1, "lat": 50.0, "lng": 8.0, "latlng_valid": 1}


class Unit:
    """One device, and frames of it that are so many seconds old by its date."""

    def __init__(self) -> None:
        self.fleet = Fleet()
        self.now_ms = NOW

    def send(
        self, after_s: float, age_s: float, *, polled: bool = True, **status: Any
    ) -> AppliedSnapshot:
        self.now_ms += round(after_s * SECOND_MS)
        status.setdefault("date", self.now_ms - round(age_s * SECOND_MS))
        if polled:
            status.setdefault("polling", self.now_ms)
        return self.fleet.apply(Identity("1", "1"), DeviceStatus(**status), b"{}", self.now_ms)

    @property
    def device(self) -> Device:
        return self.fleet.devices[0]

    @property
    def note(self) -> str:
        return clock_note(self.device)


@pytest.fixture
def unit() -> Unit:
    return Unit()


@pytest.mark.parametrize(
    ("behind_s", "note"),
    [
        (BEHIND_S, "clock 5 h 30 behind"),
        (BEHIND_S + 40, "clock 5 h 30 behind"),
        (45 * 60, "clock 45 min behind"),
        (-8 * 3_600, "clock 8 h ahead"),
        (-(3 * 3_600 + 45 * 60), "clock 3 h 45 ahead"),
    ],
)
@pytest.mark.parametrize("every_s", [1, 60])
@pytest.mark.parametrize("polled", [True, False])
def test_clock_of_another_zone_is_corrected(
    unit: Unit, behind_s: float, note: str, every_s: float, polled: bool
) -> None:
    found = [unit.send(every_s, behind_s, polled=polled) for _ in range(5)]
    # The server's own times and a whole step leave no doubt after two.
    doubts = 1 if polled and behind_s != BEHIND_S + 40 else 3
    assert [(applied.live, applied.doubtful) for applied in found] == [(True, True)] * doubts + [
        (True, False)
    ] * (5 - doubts)
    assert (unit.note, found[doubts - 1].device_ms) == (note, None)
    late_s = behind_s % (15 * 60)
    assert found[4].device_ms == unit.now_ms - round(late_s * SECOND_MS)
    assert found[4].raw_ms == unit.now_ms - round(behind_s * SECOND_MS)
    assert unit.device.data_ms == found[4].device_ms
    # That it was wrong before is no silence, and no interval of its cadence.
    assert not any(applied.silence for applied in found)
    assert max(sum(unit.device.cadence.export().values(), [0])) <= every_s * SECOND_MS
    assert clocks_of(unit.device, unit.now_ms).text().endswith(f"device {note}")


def test_clock_that_falls_behind_a_zone_after_it_was_right_is_found(unit: Unit) -> None:
    unit.send(0, 1, speed=50.0)
    assert all(unit.send(10, BEHIND_S, polled=False).late for _ in range(4))
    applied = unit.send(10, BEHIND_S, polled=False, speed=7.0)
    assert (applied.live, applied.device_ms, unit.note) == (
        True, unit.now_ms, "clock 5 h 30 behind",
    )  # fmt: skip


def test_clock_that_is_put_right_is_believed_at_once(unit: Unit) -> None:
    for _ in range(5):
        unit.send(1, -8 * 3_600)
    applied = unit.send(0.3, 1, speed=3.0)
    assert (applied.live, applied.late, unit.note) == (True, False, "")
    assert unit.device.data_ms == unit.now_ms - SECOND_MS
    assert unit.device.clock is PROVEN_CLOCK


def test_date_ahead_of_receipt_is_never_used_as_it_stands(unit: Unit) -> None:
    for after_s, age_s in ((0, -8 * 3_600), (1, -7_000)):
        applied = unit.send(after_s, age_s)
        assert (applied.live, applied.device_ms, applied.doubtful) == (True, None, True)
        assert unit.device.data_ms == unit.now_ms
    assert unit.note == "time doubtful"
    applied = unit.send(1, -20)
    assert (applied.device_ms, applied.doubtful) == (unit.now_ms, False)
    assert applied.raw_ms == unit.now_ms + 20_000


def test_first_frame_ahead_of_receipt_puts_nothing_behind_it(unit: Unit) -> None:
    unit.send(0, -8 * 3_600)
    applied = unit.send(0.3, 1)
    assert (applied.live, applied.late) == (True, False)


def test_age_of_a_unit_ahead_is_that_of_its_last_packet_at_the_server(unit: Unit) -> None:
    unit.send(0, -8 * 3_600, polling=NOW - HOUR_MS)
    assert unit.device.data_ms == NOW - HOUR_MS


@pytest.mark.parametrize("step_s", [10, 60, -10, -60])
def test_upload_of_stored_records_is_believed(unit: Unit, step_s: int) -> None:
    first_s = 2 * 3_600
    found = [unit.send(0.2, first_s - index * step_s) for index in range(20)]
    assert found[0].doubtful
    assert not any(applied.doubtful for applied in found[3:])
    assert found[10].raw_ms is None
    assert all(applied.late for applied in found[3:]) == (step_s < 0)
    newest = unit.send(0.2, 1)
    assert (newest.live, newest.doubtful, unit.note) == (True, False, "")


def test_stored_records_between_live_ones_are_late(unit: Unit) -> None:
    """The second of them tells, and that is not forgotten with the live frame between."""
    for index in range(8):
        assert unit.send(1, 2).live
        for number, age_s in enumerate((9_000 - 600 * index, 8_900 - 600 * index)):
            applied = unit.send(0.1, age_s)
            is_first = index == number == 0
            assert (applied.late, applied.doubtful) == (True, is_first)
            assert unit.note == ("time doubtful" if is_first else "")
    unit.send(1, 2)
    assert unit.send(11 * 60, 9_000).doubtful


def test_records_that_a_right_clock_stored_are_believed_without_a_run(unit: Unit) -> None:
    unit.send(0, 1)
    applied = unit.send(3 * 3_600, 2 * 3_600)
    assert (applied.live, applied.doubtful) == (True, False)
    assert unit.device.data_ms == unit.now_ms - 2 * HOUR_MS


def test_date_that_agrees_with_the_servers_is_right(unit: Unit) -> None:
    applied = unit.send(0, 5 * 3_600, polling=NOW - 5 * HOUR_MS + 2_000)
    assert (applied.device_ms, applied.doubtful, unit.note) == (NOW - 5 * HOUR_MS, False, "")
    for _ in range(4):
        unit.send(1, BEHIND_S)
    unit.send(1, BEHIND_S, polling=unit.now_ms - round(BEHIND_S * SECOND_MS))
    assert unit.note == "clock 5 h 30 behind"


def test_wrong_clock_that_is_no_zone_off_counts_as_now(unit: Unit) -> None:
    behind_s = 3 * 3_600 + 7 * 60
    found = [unit.send(5, behind_s) for _ in range(6)]
    assert unit.note == "clock 3 h 07 behind"
    assert (found[5].device_ms, found[5].doubtful) == (None, True)
    assert unit.device.data_ms == unit.now_ms
    # The same distance again is nothing new, another one is.
    assert [unit.send(5, 5 * 3_600).live for _ in range(5)][-1]
    assert unit.note == "clock 5 h behind"


def test_stalled_connection_is_no_upload(unit: Unit) -> None:
    for _ in range(3):
        unit.send(1, BEHIND_S)
    for age_s in range(39, 0, -1):
        assert unit.send(40 if age_s == 39 else 0, BEHIND_S + age_s).device_ms is None or (
            unit.note == "clock 5 h 30 behind"
        )
    unit.send(1, BEHIND_S)
    assert unit.note == "clock 5 h 30 behind"


def test_upload_that_is_hardly_faster_than_time_is_no_wrong_clock(unit: Unit) -> None:
    unit.send(0, 1, speed=50.0)
    found = [unit.send(8, 7_200 - 2 * index, speed=90.0) for index in range(30)]
    assert all(applied.late for applied in found)
    assert unit.note == ""


def test_run_begins_anew_after_a_pause(unit: Unit) -> None:
    unit.send(0, 5 * 3_600, polled=False)
    found = [unit.send(3_600 if not i else 60, BEHIND_S, polled=False) for i in range(4)]
    assert found[3].device_ms == unit.now_ms
    assert unit.note == "clock 5 h 30 behind"


@pytest.mark.parametrize("date", [1_377_993_605_000, 1_175_000_000_000, 946_684_816_000, 1_000])
@pytest.mark.parametrize("is_known", [True, False])
def test_clock_that_fell_far_back_is_not_set_and_its_values_are_of_now(
    unit: Unit, date: int, is_known: bool
) -> None:
    if is_known:
        unit.send(0, 30, speed=40.0, **DRIVING)
    for index in range(3):
        applied = unit.send(0.3, 0, date=date + 10_000 * index, speed=60.0 + index)
        assert (applied.live, applied.device_ms, applied.doubtful) == (True, None, True)
        assert applied.raw_ms == date + 10_000 * index
        assert (unit.note, unit.device.data_ms) == ("clock not set", unit.now_ms)
    applied = unit.send(1, 1)
    assert (applied.live, unit.note) == (True, "")


def test_time_of_a_clock_that_fell_far_back_is_no_delay(unit: Unit) -> None:
    unit.send(0, 0, date=1_377_993_605_000, polled=False)
    assert clocks_of(unit.device, NOW).text() == "device clock not set"


def test_upload_of_records_without_a_clock_replaces_no_value(unit: Unit) -> None:
    unit.send(0, 1, speed=50.0)
    unit.send(10, 0, date=946_684_816_000)
    found = [unit.send(0.02, 0, date=946_684_816_000 + i, speed=99.0) for i in range(20)]
    assert not any(applied.live for applied in found)
    assert not unit.send(5, 0, date=0, polling=unit.now_ms - HOUR_MS).live


@pytest.mark.parametrize("polled_apart_s", [0.3, 0.1])
def test_values_of_a_clock_1024_weeks_back_that_a_stall_held_back_are_live(
    unit: Unit, polled_apart_s: float
) -> None:
    """The server had them apart, although they come in at once; an upload it has at once, too."""
    unit.send(1, 1, polling=NOW)
    found = []
    for number in range(1, 6):
        polling = NOW + round(number * polled_apart_s * SECOND_MS)
        date = polling - 1_024 * 7 * DAY_MS
        found.append(unit.send(0, 0, date=date, polling=polling, speed=58.0).live)
    assert found == [polled_apart_s >= 0.2] * 5


# over a restart


def restarted(unit: Unit, age_s: float) -> Unit:
    """Another run, which begins so much later with what that one had learned."""
    again = Unit()
    again.now_ms = unit.now_ms + round(age_s * SECOND_MS)
    again.fleet.cadences = {"1": export_clock(unit.device.clock)}
    return again


@pytest.mark.parametrize("behind_s", [BEHIND_S, -8 * 3_600])
def test_offset_of_a_former_run_is_believed_if_the_first_frame_agrees(
    unit: Unit, behind_s: float
) -> None:
    for _ in range(5):
        unit.send(1, behind_s)
    again = restarted(unit, 7 * 86_400)
    applied = again.send(1, behind_s + 30, polled=False)
    assert (applied.live, applied.doubtful) == (True, False)
    assert applied.device_ms == again.now_ms - 30 * SECOND_MS
    assert again.note == unit.note
    assert again.send(1, behind_s + 30, polled=False).device_ms == applied.device_ms + SECOND_MS
    # It is as long ago as it was last seen.
    assert export_clock(again.device.clock) != export_clock(unit.device.clock)


def test_clock_that_was_found_wrong_by_no_zone_is_known_again(unit: Unit) -> None:
    for _ in range(5):
        unit.send(1, 11_220)
    again = restarted(unit, 60)
    again.send(1, 11_220)
    assert again.note == unit.note == "clock 3 h 07 behind"


def test_offset_that_the_first_frame_contradicts_is_dropped(unit: Unit) -> None:
    for _ in range(5):
        unit.send(1, BEHIND_S)
    again = restarted(unit, 60)
    assert again.send(1, 7_777).doubtful
    again.send(1, BEHIND_S)
    assert again.note == ""
    right = restarted(unit, 60)
    assert right.send(1, 1).device_ms == right.now_ms - SECOND_MS
    assert (right.note, export_clock(right.device.clock)) == ("", {})


def test_offset_that_was_last_seen_half_a_year_ago_is_dropped(unit: Unit) -> None:
    for _ in range(5):
        unit.send(1, BEHIND_S)
    assert restarted(unit, 181 * 86_400).send(1, BEHIND_S).doubtful


def test_offset_of_another_form_is_ignored() -> None:
    assert restore_clock({"clock is ahead by, seen at": []}) is None
    assert restore_clock({"clock is ahead by, seen at": [5, 6, 7]}) is not None
    assert export_clock(None) == {}


# the server's times


def test_sign_in_of_just_now_says_that_a_frame_is_of_now(unit: Unit) -> None:
    unit.send(0, BEHIND_S, polled=False, last_reg_date=NOW - 5 * SECOND_MS)
    assert age_text(unit.device, unit.now_ms) == "doubtful"
    assert clocks_of(unit.device, unit.now_ms).server_ms == NOW - 5 * SECOND_MS


def test_sign_in_of_long_ago_says_nothing_about_the_last_packet(unit: Unit) -> None:
    unit.send(0, -8 * 3_600, polled=False, last_reg_date=NOW - 3 * DAY_MS)
    assert unit.device.data_ms == NOW
    assert clocks_of(unit.device, NOW).server_ms is None


def test_clock_that_was_corrected_and_then_runs_ahead_is_doubtful() -> None:
    clock = DeviceClock()
    for second in range(4):
        clock.learn(NOW + second * SECOND_MS - 2 * HOUR_MS, NOW + second * SECOND_MS)
    assert clock.verdict is Verdict.CORRECTED
    assert clock.judge(NOW - 3 * HOUR_MS, NOW) == (NOW - HOUR_MS, Verdict.CORRECTED)
    assert clock.judge(NOW - HOUR_MS, NOW) == (None, Verdict.DOUBTFUL)


def test_first_frame_of_another_zone_is_neither_silent_nor_of_now(unit: Unit) -> None:
    unit.send(0, BEHIND_S, speed=50.0)
    assert (unit.note, age_text(unit.device, unit.now_ms)) == ("time doubtful", "doubtful")
    assert unit.fleet.staleness(unit.now_ms).tolist() == [Staleness.FRESH]
    assert not value_age(unit.device, "speed", unit.now_ms).is_old
    unit.send(2, BEHIND_S)
    assert (unit.note, age_text(unit.device, unit.now_ms)) == ("clock 5 h 30 behind", "0 s")


def test_device_of_which_nothing_came_has_no_age(unit: Unit) -> None:
    device = unit.fleet.keep_records(Records("driver", Identity("1", "1")), b"", NOW)
    assert (age_text(device, NOW), in_doubt_ms(device)) == ("", 0)


def test_stored_record_exactly_two_hours_old_is_no_other_zone(unit: Unit) -> None:
    for _ in range(3):
        # The same one again, which the unit sends until somebody answers.
        unit.send(1, 0, date=NOW - 2 * HOUR_MS)
        assert (unit.note, age_text(unit.device, unit.now_ms)) == ("time doubtful", "doubtful")
    unit.send(0.3, 0, date=NOW - 2 * HOUR_MS + 30 * SECOND_MS)
    assert (unit.note, age_text(unit.device, unit.now_ms)) == ("", "1 h 59 min")
    assert unit.fleet.staleness(unit.now_ms).tolist() == [Staleness.DUE]


def test_older_records_after_the_first_one_make_it_stored_as_well(unit: Unit) -> None:
    unit.send(0, 2 * 3_600)
    assert unit.send(0.1, 2 * 3_600 + 60).late
    assert age_text(unit.device, unit.now_ms) == "2 h 0 min"
    assert unit.fleet.data_ms.tolist() == [NOW - 2 * HOUR_MS]


def test_summer_time_in_the_middle_of_a_trip_takes_three_frames(unit: Unit) -> None:
    for _ in range(3):
        unit.send(5, 1)
    assert [unit.send(5, 3_600, speed=9.0).live for _ in range(3)] == [False, False, True]
    assert (unit.note, unit.device.data_ms) == ("clock 1 h behind", unit.now_ms)


@pytest.mark.parametrize("behind_s", [BEHIND_S, 3 * 3_600 + 7 * 60])
def test_frames_that_a_stall_held_back_keep_the_pace_of_the_server(
    unit: Unit, behind_s: float
) -> None:
    """The first of them came late by as much as the stall was long; then all come at once."""
    for second in range(90):
        sent_ms = NOW + second * SECOND_MS
        date = sent_ms - round(behind_s * SECOND_MS)
        applied = unit.send(90 if not second else 0, 0, date=date, polling=sent_ms)
        assert not applied.late
    assert unit.device.clock is not None
    assert not unit.device.clock.is_upload
    assert unit.note.startswith("clock ")


def test_frames_that_a_stall_held_back_are_no_upload_without_the_servers_times(
    unit: Unit,
) -> None:
    for second in range(90):
        date = NOW + second * SECOND_MS - 3 * HOUR_MS
        unit.send(90 if not second else 0, 0, date=date, polled=False)
    assert unit.device.clock is not None
    assert not unit.device.clock.is_upload
    for second in range(90, 95):
        unit.send(1, 0, date=NOW + second * SECOND_MS - 3 * HOUR_MS, polled=False)
    assert unit.note == "clock 3 h behind"


def test_server_that_does_not_renew_its_times_makes_no_upload(unit: Unit) -> None:
    for _ in range(5):
        unit.send(30, BEHIND_S, polling=NOW)
    assert unit.note == "clock 5 h 30 behind"


def test_clock_that_is_days_off_at_our_pace_is_not_set(unit: Unit) -> None:
    for _ in range(6):
        applied = unit.send(10, 40 * 86_400, speed=5.0)
    assert (applied.live, applied.device_ms, applied.doubtful) == (True, None, True)
    assert (unit.note, unit.device.data_ms) == ("clock not set", unit.now_ms)


def test_dates_of_messages_and_records_ask_the_same_judge() -> None:
    hour_ago = NOW - HOUR_MS
    assert judge_date(None, None, NOW) == (None, False)
    assert judge_date(None, NOW - 1, NOW) == (NOW - 1, False)
    assert judge_date(None, NOW + 1, NOW) == (NOW, False)
    assert judge_date(None, 0, NOW) == (None, True)
    assert judge_date(PROVEN_CLOCK, NOW - LONGEST_STORED_MS - 1, NOW) == (None, True)
    assert judge_date(None, hour_ago, NOW) == (None, True)
    # Also a right clock can have fallen back.
    assert judge_date(PROVEN_CLOCK, hour_ago, NOW) == (None, True)
    assert judge_date(PROVEN_CLOCK, NOW + HOUR_MS, NOW) == (None, True)
    # The server's own date: it speaks for an alarm without one, and for one that agrees.
    assert judge_date(None, None, NOW, hour_ago) == (hour_ago, False)
    assert judge_date(None, None, NOW, NOW - MINUTE_MS) == (None, False)
    assert judge_date(None, None, NOW, NOW - 9_999 * DAY_MS) == (None, False)
    assert judge_date(None, hour_ago, NOW, hour_ago + 2_000) == (hour_ago, False)
    assert judge_date(None, hour_ago, NOW, NOW) == (None, True)


def test_date_of_a_message_by_the_server_is_believed_as_far_as_it_can_be() -> None:
    hour_ago = NOW - HOUR_MS
    found = [judge_sent(sent_ms, NOW) for sent_ms in (None, 0, hour_ago, NOW + 1, NOW + HOUR_MS)]
    assert found == [None, None, hour_ago, NOW, None]


def test_distance_of_a_clock_in_words() -> None:
    assert offset_text(-3 * DAY_MS) == "3 d 0 h"
    assert offset_text(30 * MINUTE_MS) == "30 min"
