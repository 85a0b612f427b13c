"""Which of two events of a kind is the newer, and so the one that is shown."""

import pytest

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.fleet.clock_offset import DeviceClock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.records import Records

NOW = 1_795_000_000_000
WHO = Identity("1", "1")


@pytest.mark.parametrize(
    ("first_ms", "second_ms", "shown"),
    [
        (NOW, NOW - 2 * HOUR_MS, "first"),
        (NOW - 2 * HOUR_MS, NOW, "second"),
        (NOW, NOW, "second"),
        (None, NOW - HOUR_MS, "second"),
        (NOW, None, "second"),
        # Clocks that were never set, or are ahead, must hold nothing back for long.
        (NOW, 946_684_800_000, "second"),
        (NOW + 40 * DAY_MS, NOW, "second"),
        (NOW + 8 * HOUR_MS, NOW + 9 * HOUR_MS, "second"),
    ],
)
def test_older_event_of_a_kind_does_not_replace_the_newer(
    first_ms: int | None, second_ms: int | None, shown: str
) -> None:
    fleet = Fleet()
    for name, date_ms in (("first", first_ms), ("second", second_ms)):
        fleet.keep_records(Records("bleTire", WHO, date_ms, other={"n": name}), b"", NOW)
    device = fleet.find("1")
    assert device is not None
    assert device.records["bleTire"].event.other == {"n": shown}


def test_clock_that_was_set_back_holds_new_events_back_for_an_hour_at_most() -> None:
    fleet = Fleet()
    fleet.keep_records(Records("bleTire", WHO, NOW, other={"n": 1}), b"", NOW)
    for minutes, shown in ((30, 1), (59, 1), (61, 2)):
        received_ms = NOW + minutes * 60_000
        event = Records("bleTire", WHO, received_ms - DAY_MS, other={"n": 2})
        device = fleet.keep_records(event, b"", received_ms)
        assert device.records["bleTire"].event.other == {"n": shown}


def test_date_of_a_clock_that_is_known_to_be_wrong_says_nothing_about_the_order() -> None:
    fleet = Fleet()
    device = fleet.keep_records(Records("bleTire", WHO, NOW, other={"n": 1}), b"", NOW)
    device.clock = DeviceClock()
    # Where nothing tells, it may be as old as its date says.
    fleet.keep_records(Records("bleTire", WHO, NOW - DAY_MS, other={"n": 2}), b"", NOW + 1)
    assert device.records["bleTire"].event.other == {"n": 1}
    for second in range(4):
        received_ms = NOW + second * SECOND_MS
        device.clock.learn(received_ms - DAY_MS - 7 * MINUTE_MS, received_ms)
    fleet.keep_records(Records("bleTire", WHO, NOW - DAY_MS, other={"n": 3}), b"", NOW + 2)
    assert device.records["bleTire"].event.other == {"n": 3}
