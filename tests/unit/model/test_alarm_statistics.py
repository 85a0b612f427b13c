from msgspec.structs import replace

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS
from tftmonitor.model.alarm_statistics import (
    CHATTERING,
    AlarmRate,
    Occurrence,
    statistics_of,
)
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity

END_MS = 1_795_003_200_000
START_MS = END_MS - DAY_MS


def at(minutes: float, number: int, name: str = "SOS", device: str | None = "d1") -> Occurrence:
    """So many minutes after the beginning of the day."""
    time_ms = START_MS + round(minutes * MINUTE_MS)
    rule = "r1" if name == "Too fast" else ""
    return Occurrence(time_ms, number, name, Severity.HIGH, device, f"VAN-{device}", rule)


def open_alarm(number: int, first_ms: int, **more: object) -> Alarm:
    sources = (Source.SNAPSHOT,)
    made = Alarm(number, "k", "SOS", Severity.HIGH, first_ms, first_ms, sources, sources)
    return replace(made, **more)


def test_an_alarm_counts_once_and_its_hour_is_that_of_its_beginning() -> None:
    found = statistics_of([at(125, 1), at(70, 1), at(71, 2), at(1_439, 3)], [], START_MS, END_MS)
    assert found.count == 3
    assert found.an_hour == 3 / 24
    assert len(found.hourly) == 24
    assert (found.hourly[1], found.hourly[23], sum(found.hourly)) == (2, 1, 3)
    assert (found.busiest, found.busiest_ms) == (2, START_MS + 70 * MINUTE_MS)


def test_devices_and_names_are_listed_by_their_number_with_their_rule() -> None:
    found = statistics_of(
        [at(1, 1), at(2, 2, "Too fast"), at(3, 3, "Too fast", "d2"), at(4, 4, "Link", None)],
        [],
        START_MS,
        END_MS,
    )
    assert [(tally.text, tally.count) for tally in found.by_device] == [
        ("VAN-d1", 2),
        ("VAN-d2", 1),
    ]
    assert [(tally.text, tally.count, tally.rule) for tally in found.by_name] == [
        ("Too fast", 2, "r1"),
        ("SOS", 1, ""),
        ("Link", 1, ""),
    ]


def test_chattering_is_often_within_one_hour_of_one_device() -> None:
    often = [at(100 + 10 * n, n, "Input") for n in range(CHATTERING)]
    slowly = [at(100 + 61 * n, 50 + n, "Door") for n in range(CHATTERING + 3)]
    spread = [at(100, 90 + n, "SOS", f"d{n}") for n in range(CHATTERING)]
    found = statistics_of([*often, *slowly, *spread], [], START_MS, END_MS)
    assert [(tally.text, tally.count) for tally in found.chattering] == [
        ("VAN-d1 · Input", CHATTERING)
    ]


def test_what_stands_and_what_waits_is_listed_the_oldest_first() -> None:
    alarms = [
        open_alarm(1, END_MS - 2 * HOUR_MS),
        open_alarm(2, END_MS - 3 * DAY_MS, acknowledged_ms=END_MS),
        open_alarm(3, END_MS - 2 * DAY_MS, device="d", device_name="VAN"),
        open_alarm(4, END_MS - 4 * DAY_MS, drill=True),
        open_alarm(5, END_MS - MINUTE_MS),
    ]
    found = statistics_of([], alarms, START_MS, END_MS)
    days = [END_MS - 3 * DAY_MS, END_MS - 2 * DAY_MS]
    assert [tally.since_ms for tally in found.standing] == days
    assert [tally.text for tally in found.waiting] == ["VAN · SOS", "SOS"]
    assert (found.count, found.busiest, found.hourly) == (0, 0, (0,) * 24)


def test_rate_is_of_the_last_hour_with_what_a_former_run_had() -> None:
    rate = AlarmRate()
    rate.note(END_MS)
    former = [at(1_430, 2), at(1_400, 1), at(1_401, 1), at(1_000, 7), at(1_441, 9)]
    rate.recall(former, END_MS)
    assert rate.last_hour(END_MS + MINUTE_MS) == 3
    assert rate.last_hour(END_MS + 30 * MINUTE_MS) == 2
    assert rate.last_hour(END_MS + HOUR_MS) == 0
