"""Alarms of two devices that turned out to be one."""

import pytest
from msgspec.structs import replace

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm, AlarmState, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange, Joined, Raised
from tftmonitor.model.alarms.last_report import LastReport, ReportMemory
from tftmonitor.model.alarms.reducer import AlarmReducer

NOW = 1_795_000_000_000
SOS = Raised(
    NOW, Source.SNAPSHOT, "sos", "SOS", Severity.CRITICAL, device="910001", device_ms=NOW - 1_000
)
JOINED = Joined(NOW + MINUTE_MS, "A", "910001", "VAN-12", "A")


@pytest.fixture
def reducer() -> AlarmReducer:
    return AlarmReducer()


def opened(reducer: AlarmReducer) -> list[Alarm]:
    return reducer.alarms.all()


def test_open_alarm_goes_over_with_name_and_imei(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    (change,) = reducer.reduce(JOINED)
    alarm = change.alarm
    assert (alarm.device, alarm.device_name, alarm.imei) == ("A", "VAN-12", "A")
    assert not change.rings
    assert opened(reducer) == [alarm]
    assert reducer.alarms.by_device("910001") == []
    over = events.Cleared(NOW + 2 * MINUTE_MS, "A", 0, 0, NOW + 2 * MINUTE_MS)
    assert reducer.reduce(over)[0].alarm.state is AlarmState.RETURNED


def test_acknowledged_one_stays_acknowledged(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    reducer.reduce(events.Acknowledged(NOW, (1,)))
    (change,) = reducer.reduce(JOINED)
    assert change.alarm.state is AlarmState.ACKNOWLEDGED


def test_further_occurrence_is_counted_at_the_one_that_went_over(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    reducer.reduce(JOINED)
    again = replace(SOS, device="A", at_ms=NOW + 120_000, device_ms=NOW + 119_000)
    reducer.reduce(again)
    (alarm,) = opened(reducer)
    assert alarm.count == 2


def both_open(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    reducer.reduce(
        replace(
            SOS,
            at_ms=NOW + SECOND_MS,
            device="A",
            source=Source.MESSAGE,
            severity=Severity.HIGH,
            device_ms=None,
            lat=5.0,
            lng=6.0,
        )
    )


def test_same_alarm_under_both_names_is_one(reducer: AlarmReducer) -> None:
    both_open(reducer)
    changes = reducer.reduce(JOINED)
    (alarm,) = opened(reducer)
    assert (alarm.id, alarm.count, alarm.severity) == (1, 2, Severity.CRITICAL)
    assert alarm.sources == (Source.SNAPSHOT, Source.MESSAGE)
    assert (alarm.device_ms, alarm.last_ms) == (NOW - 1_000, NOW + SECOND_MS)
    assert (alarm.lat, alarm.lng) == (5.0, 6.0)
    assert [(c.alarm.id, c.alarm.state, c.alarm.note) for c in changes] == [
        (2, AlarmState.CLOSED, "same as 1"),
        (1, AlarmState.ACTIVE, ""),
    ]
    reducer.reduce(events.Acknowledged(NOW, (1,)))
    over = events.Cleared(NOW + 2 * MINUTE_MS, "A", 0, 0, NOW + 2 * MINUTE_MS)
    assert reducer.reduce(over)[0].alarm.state is AlarmState.CLOSED
    assert opened(reducer) == []


def test_older_alarm_of_the_device_goes_on(reducer: AlarmReducer) -> None:
    reducer.reduce(replace(SOS, device="A"))
    reducer.reduce(replace(SOS, at_ms=NOW + SECOND_MS))
    reducer.reduce(JOINED)
    (alarm,) = opened(reducer)
    assert (alarm.id, alarm.count, alarm.device) == (1, 2, "A")


@pytest.mark.parametrize(("seen", "waits"), [((1,), True), ((2,), True), ((1, 2), False)])
def test_one_of_both_waits_while_either_does(
    reducer: AlarmReducer, seen: tuple[int, ...], waits: bool
) -> None:
    both_open(reducer)
    reducer.reduce(events.Silenced(NOW, (1, 2)))
    # A message alone is over once it is acknowledged: what stands is the one of the snapshots.
    reducer.reduce(events.Acknowledged(NOW, seen))
    reducer.reduce(JOINED)
    assert any(alarm.needs_ack for alarm in opened(reducer)) is waits


def test_out_of_service_holds_for_all_of_both(reducer: AlarmReducer) -> None:
    until_ms = NOW + HOUR_MS
    reducer.reduce(events.OutOfService(NOW, "910001", until_ms))
    reducer.reduce(replace(SOS, device="A"))
    reducer.reduce(replace(SOS, key="tow", name="Tow"))
    reducer.reduce(JOINED)
    assert reducer.out_of_service == {"A": until_ms}
    assert {alarm.state for alarm in opened(reducer)} == {AlarmState.OUT_OF_SERVICE}


def test_service_that_is_over_takes_nothing_out(reducer: AlarmReducer) -> None:
    reducer.reduce(events.OutOfService(NOW, "910001", NOW + 1))
    reducer.reduce(replace(SOS, device="A"))
    reducer.reduce(JOINED)
    assert reducer.out_of_service == {}
    assert opened(reducer)[0].state is AlarmState.ACTIVE


def test_report_that_came_under_the_former_key_is_known(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    reducer.reduce(events.Acknowledged(NOW, (1,)))
    reducer.reduce(events.Closed(NOW, (1,)))
    reducer.reduce(JOINED)
    assert reducer.reduce(replace(SOS, device="A", at_ms=NOW + HOUR_MS)) == []


def test_other_channel_finds_what_closed_under_the_former_key(reducer: AlarmReducer) -> None:
    reducer.reduce(replace(SOS, source=Source.MESSAGE))
    reducer.reduce(events.Acknowledged(NOW, (1,)))
    reducer.reduce(replace(SOS, device="B", key="tow", name="Tow", source=Source.MESSAGE))
    assert [alarm.device for alarm in opened(reducer)] == ["B"]
    reducer.reduce(JOINED)
    changes: list[AlarmChange] = reducer.reduce(
        replace(SOS, device="A", at_ms=NOW + 2_000, device_ms=NOW - 1_001)
    )
    assert [change.alarm.id for change in changes] == [1]


def test_last_reports_of_both_are_one() -> None:
    memory = ReportMemory()
    memory.keep("910001", LastReport(16, 16, NOW, None), past=False)
    memory.expect_end("A", NOW + 1, 32)
    memory.keep("910001", LastReport(1), past=True)
    memory.rename("910001", "A")
    assert memory.live == {"A": LastReport(16, 48, NOW, NOW + 1)}
    assert memory.last("A", past=True) == LastReport(1)
