"""The life of an alarm, as the operator sees it."""

import pytest
from msgspec.structs import replace

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm, AlarmState, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange, Event, Raised
from tftmonitor.model.alarms.reducer import AlarmReducer

NOW = 1_795_000_000_000

SOS = Raised(
    NOW,
    Source.SNAPSHOT,
    "sos",
    "SOS",
    Severity.CRITICAL,
    device="1",
    device_name="VAN-12",
    code=16,
    device_ms=NOW - SECOND_MS,
)
SPEEDING = replace(SOS, key="over_speed", name="Over speed", severity=Severity.WARNING, code=32)
LOW = replace(SPEEDING, key="external_power_low", name="Supply low", code=23)
IGNITION = replace(SOS, key="ignition_on", name="Ignition on", severity=Severity.NOTICE, code=1)


@pytest.fixture
def reducer() -> AlarmReducer:
    return AlarmReducer()


def one(changes: list[AlarmChange]) -> AlarmChange:
    assert len(changes) == 1
    return changes[0]


def after(reducer: AlarmReducer, *happened: Event) -> Alarm:
    """The alarm that the last of the events changed."""
    changes: list[AlarmChange] = []
    for event in happened:
        changes = reducer.reduce(event)
    return one(changes).alarm


def later(event: Raised, seconds: float, **changed: object) -> Raised:
    """The same occurrence again, so many seconds later by both clocks."""
    step = round(seconds * SECOND_MS)
    assert event.device_ms is not None
    return replace(
        event, **{"at_ms": event.at_ms + step, "device_ms": event.device_ms + step} | changed
    )


def quiet(seconds: float, **changed: object) -> events.Cleared:
    at_ms = NOW + round(seconds * SECOND_MS)
    return replace(events.Cleared(at_ms, "1", 0, 0, at_ms), **changed)


def acknowledged(*ids: int, at_ms: int = NOW + 5, note: str = "") -> events.Acknowledged:
    return events.Acknowledged(at_ms, ids, note=note)


# Beginning


def test_first_occurrence_is_a_new_alarm_that_rings(reducer: AlarmReducer) -> None:
    change = one(reducer.reduce(SOS))
    assert (change.is_new, change.rings, change.severity_rose) == (True, True, False)
    alarm = change.alarm
    assert (alarm.id, alarm.name, alarm.device_name, alarm.count) == (1, "SOS", "VAN-12", 1)
    assert alarm.state is AlarmState.ACTIVE
    assert reducer.alarms.open() == [alarm]


def test_notice_is_journalled_and_closed_at_once(reducer: AlarmReducer) -> None:
    change = one(reducer.reduce(IGNITION))
    assert change.is_new
    assert not change.rings
    assert change.alarm.state is AlarmState.CLOSED
    assert len(reducer.alarms) == 0


def test_old_upload_is_late_and_returned_yet_wants_somebody(reducer: AlarmReducer) -> None:
    old = replace(SOS, device_ms=NOW - 20 * MINUTE_MS, past=True)
    change = one(reducer.reduce(old))
    assert change.alarm.late
    assert change.alarm.state is AlarmState.RETURNED
    assert change.rings
    assert change.alarm.event_ms == NOW - 20 * MINUTE_MS


def test_delay_under_fifteen_minutes_is_not_late(reducer: AlarmReducer) -> None:
    alarm = after(reducer, replace(SOS, device_ms=NOW - 15 * MINUTE_MS + 1))
    assert not alarm.late
    assert alarm.event_ms == NOW


def test_late_mark_goes_when_it_happens_now(reducer: AlarmReducer) -> None:
    reducer.reduce(replace(SOS, device_ms=NOW - HOUR_MS))
    assert not after(reducer, later(SOS, 120)).late


# Repeats


def test_repeats_count_up_without_ringing(reducer: AlarmReducer) -> None:
    reducer.reduce(SPEEDING)
    change = one(reducer.reduce(later(SPEEDING, 100)))
    assert (change.alarm.count, change.is_new, change.rings, change.counted) == (
        2,
        False,
        False,
        True,
    )
    assert change.alarm.last_ms == NOW + 100 * SECOND_MS
    assert change.alarm.first_ms == NOW


def test_same_snapshot_twice_changes_nothing(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    assert reducer.reduce(replace(SOS, at_ms=NOW + 700)) == []


def test_repeat_of_an_acknowledged_active_alarm_stays_acknowledged(reducer: AlarmReducer) -> None:
    reducer.reduce(SPEEDING)
    reducer.reduce(acknowledged(1))
    change = one(reducer.reduce(later(SPEEDING, 100)))
    assert change.alarm.state is AlarmState.ACKNOWLEDGED
    assert not change.rings


def test_occurrence_after_return_and_acknowledgement_is_a_new_alarm(reducer: AlarmReducer) -> None:
    for event in (SOS, quiet(10), acknowledged(1)):
        reducer.reduce(event)
    change = one(reducer.reduce(later(SOS, 100)))
    assert (change.alarm.id, change.is_new, change.rings) == (2, True, True)


def test_returned_alarm_rings_when_it_comes_again(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    reducer.reduce(events.Silenced(NOW, (1,)))
    reducer.reduce(quiet(10))
    change = one(reducer.reduce(later(SOS, 100)))
    assert change.rings
    assert change.alarm.silenced_ms is None
    assert change.alarm.state is AlarmState.ACTIVE


def test_chattering_alarm_does_not_ring_each_time(reducer: AlarmReducer) -> None:
    reducer.reduce(LOW)
    reducer.reduce(quiet(10))
    change = one(reducer.reduce(later(LOW, 20)))
    assert not change.rings
    assert not change.counted  # it is active again, which belongs in the journal


def test_late_repeat_does_not_make_a_returned_alarm_active(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    reducer.reduce(quiet(10))
    repeat = replace(SOS, at_ms=NOW + 90_000, device_ms=NOW - HOUR_MS, past=True)
    alarm = after(reducer, repeat)
    assert (alarm.state, alarm.count) == (AlarmState.RETURNED, 2)
    assert alarm.device_ms == SOS.device_ms


# Severity


def test_severity_latches_to_the_highest(reducer: AlarmReducer) -> None:
    high = replace(SPEEDING, key="rule:a", severity=Severity.HIGH, source=Source.RULE)
    reducer.reduce(high)
    assert after(reducer, later(high, 100, severity=Severity.WARNING)).severity is Severity.HIGH


def test_severity_may_fall_once_acknowledged(reducer: AlarmReducer) -> None:
    high = replace(SPEEDING, key="rule:a", severity=Severity.HIGH, source=Source.RULE)
    reducer.reduce(high)
    reducer.reduce(acknowledged(1))
    change = one(reducer.reduce(later(high, 100, severity=Severity.WARNING)))
    assert change.alarm.severity is Severity.WARNING
    assert change.alarm.state is AlarmState.ACKNOWLEDGED


def test_rising_severity_takes_back_the_acknowledgement(reducer: AlarmReducer) -> None:
    rule = replace(SPEEDING, key="rule:a", source=Source.RULE)
    reducer.reduce(rule)
    reducer.reduce(acknowledged(1))
    change = one(reducer.reduce(later(rule, 100, severity=Severity.CRITICAL)))
    assert change.alarm.state is AlarmState.ACTIVE
    assert change.severity_rose
    assert change.rings


def test_rising_severity_takes_an_alarm_from_the_shelf(reducer: AlarmReducer) -> None:
    rule = replace(SPEEDING, key="rule:a", source=Source.RULE)
    reducer.reduce(rule)
    reducer.reduce(events.Shelved(NOW, (1,), NOW + HOUR_MS, "known"))
    change = one(reducer.reduce(later(rule, 100, severity=Severity.CRITICAL)))
    assert change.alarm.state is AlarmState.ACTIVE
    assert change.alarm.shelve_reason == ""


def test_rule_lowered_to_a_notice_closes_its_acknowledged_alarm(reducer: AlarmReducer) -> None:
    rule = replace(SPEEDING, key="rule:a", source=Source.RULE)
    reducer.reduce(rule)
    reducer.reduce(acknowledged(1))
    lowered = later(rule, 100, severity=Severity.NOTICE)
    assert after(reducer, lowered).state is AlarmState.CLOSED


# Returning


def test_quiet_snapshot_returns_a_momentary_alarm_that_still_wants_somebody(
    reducer: AlarmReducer,
) -> None:
    reducer.reduce(SOS)
    alarm = after(reducer, quiet(10))
    assert alarm.state is AlarmState.RETURNED
    assert after(reducer, acknowledged(1)).state is AlarmState.CLOSED


def test_acknowledged_alarm_closes_when_it_returns(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    assert after(reducer, acknowledged(1)).state is AlarmState.ACKNOWLEDGED
    alarm = after(reducer, quiet(10))
    assert alarm.state is AlarmState.CLOSED
    assert alarm.closed_ms == NOW + 10_000


def test_snapshot_with_another_event_ends_nothing(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    assert reducer.reduce(quiet(10, event=32)) == []


def test_snapshot_from_before_the_alarm_ends_nothing(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    assert reducer.reduce(quiet(10, device_ms=NOW - HOUR_MS)) == []


def test_quiet_snapshot_does_not_end_what_another_alarm_ends(reducer: AlarmReducer) -> None:
    lost = replace(SOS, key="external_power_lost", name="External power disconnected")
    reducer.reduce(lost)
    assert reducer.reduce(quiet(10)) == []
    back = replace(IGNITION, key="external_power_recovered", name="External power recovered")
    changes = reducer.reduce(later(back, 20))
    assert [(c.alarm.key, c.alarm.state) for c in changes] == [
        ("external_power_lost", AlarmState.RETURNED),
        ("external_power_recovered", AlarmState.CLOSED),
    ]
    assert isinstance(changes[0].event, events.Returned)
    assert changes[0].event.because == "External power recovered"


def test_late_end_of_an_earlier_alarm_does_not_end_a_later_one(reducer: AlarmReducer) -> None:
    lost = replace(SOS, key="external_power_lost", name="External power disconnected")
    reducer.reduce(lost)
    back = replace(IGNITION, key="external_power_recovered", device_ms=NOW - HOUR_MS)
    assert [c.alarm.key for c in reducer.reduce(back)] == ["external_power_recovered"]


def test_alarm_held_by_a_bit_ends_with_the_bit(reducer: AlarmReducer) -> None:
    reducer.reduce(replace(SOS, bit=0x10))
    assert reducer.reduce(quiet(10, alerts=0x30)) == []
    assert reducer.reduce(quiet(10, alerts=None)) == []
    assert after(reducer, quiet(10, alerts=0x20)).state is AlarmState.RETURNED


def test_alarm_of_a_rule_ends_by_its_rule_alone(reducer: AlarmReducer) -> None:
    reducer.reduce(replace(SOS, key="rule:a", source=Source.RULE))
    assert reducer.reduce(quiet(10)) == []
    over = events.Returned(NOW, "1", "rule:a")
    assert after(reducer, over).state is AlarmState.RETURNED
    assert reducer.reduce(over) == []


def test_return_of_an_alarm_that_is_not_open_changes_nothing(reducer: AlarmReducer) -> None:
    assert reducer.reduce(events.Returned(NOW, "1", "rule:a")) == []


def test_message_alone_is_over_when_acknowledged(reducer: AlarmReducer) -> None:
    reducer.reduce(replace(SOS, source=Source.MESSAGE))
    assert after(reducer, acknowledged(1)).state is AlarmState.CLOSED


def test_message_whose_end_is_an_alarm_of_its_own_stays(reducer: AlarmReducer) -> None:
    reducer.reduce(replace(SOS, key="jammer_start", source=Source.MESSAGE))
    assert after(reducer, acknowledged(1)).state is AlarmState.ACKNOWLEDGED


# Acts of the operator


def test_acknowledging_keeps_the_note_and_is_done_once(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    alarm = after(reducer, acknowledged(1, note="called the driver"))
    assert alarm.note == "called the driver"
    assert alarm.acknowledged_ms == NOW + 5
    assert reducer.reduce(acknowledged(1, 99)) == []


def test_silence_is_no_acknowledgement(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    alarm = after(reducer, events.Silenced(NOW + 3, (1,)))
    assert alarm.silenced_ms == NOW + 3
    assert alarm.needs_ack


def test_silence_leaves_acknowledged_alarms_alone(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    reducer.reduce(acknowledged(1))
    assert reducer.reduce(events.Silenced(NOW, (1,))) == []


def test_shelved_alarm_comes_back_after_its_time_and_rings(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    until = NOW + HOUR_MS
    alarm = after(reducer, events.Shelved(NOW, (1,), until, "test drive"))
    assert alarm.state is AlarmState.SHELVED
    assert reducer.alarms.shelved() == [alarm]
    assert not reducer.has_expired(until - 1)
    assert reducer.reduce(events.Expired(until - 1)) == []
    assert reducer.has_expired(until)
    change = one(reducer.reduce(events.Expired(until)))
    assert change.alarm.state is AlarmState.ACTIVE
    assert change.rings
    assert change.alarm.shelve_reason == ""


def test_repeat_of_a_shelved_alarm_is_silent(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    reducer.reduce(events.Shelved(NOW, (1,), NOW + HOUR_MS, "test drive"))
    reducer.reduce(quiet(10))
    change = one(reducer.reduce(later(SOS, 100)))
    assert (change.alarm.state, change.rings, change.alarm.count) == (AlarmState.SHELVED, False, 2)


def test_alarm_can_be_taken_from_the_shelf(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    reducer.reduce(events.Shelved(NOW, (1,), NOW + HOUR_MS, "x"))
    assert after(reducer, events.Unshelved(NOW, (1,))).state is AlarmState.ACTIVE
    assert reducer.reduce(events.Unshelved(NOW, (1,))) == []


def test_device_out_of_service_suppresses_old_and_new_alarms(reducer: AlarmReducer) -> None:
    until = NOW + HOUR_MS
    reducer.reduce(SOS)
    suppressed = after(reducer, events.OutOfService(NOW, "1", until))
    assert suppressed.state is AlarmState.OUT_OF_SERVICE
    change = one(reducer.reduce(SPEEDING))
    assert change.alarm.state is AlarmState.OUT_OF_SERVICE
    assert not change.rings
    assert reducer.has_expired(until)
    changes = reducer.reduce(events.Expired(until))
    assert [c.alarm.state for c in changes] == [AlarmState.ACTIVE, AlarmState.ACTIVE]
    assert reducer.out_of_service == {}


def test_out_of_service_that_is_over_suppresses_nothing(reducer: AlarmReducer) -> None:
    reducer.reduce(events.OutOfService(NOW - HOUR_MS, "1", NOW - 1))
    assert after(reducer, SOS).state is AlarmState.ACTIVE


def test_device_back_in_service_shows_its_alarms_again(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    reducer.reduce(events.OutOfService(NOW, "1", NOW + HOUR_MS))
    assert after(reducer, events.OutOfService(NOW, "1", None)).state is AlarmState.ACTIVE
    assert after(reducer, SPEEDING).state is AlarmState.ACTIVE


def test_shelf_and_service_end_each_at_its_own_time(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    reducer.reduce(events.Shelved(NOW, (1,), NOW + HOUR_MS, "x"))
    reducer.reduce(events.OutOfService(NOW, "1", NOW + 2 * HOUR_MS))
    alarm = after(reducer, events.Expired(NOW + HOUR_MS))
    assert (alarm.state, alarm.shelved_until_ms) == (AlarmState.OUT_OF_SERVICE, None)
    reducer.reduce(events.Shelved(NOW, (1,), NOW + 9 * HOUR_MS, "y"))
    alarm = after(reducer, events.Expired(NOW + 2 * HOUR_MS))
    assert (alarm.state, alarm.shelve_reason) == (AlarmState.SHELVED, "y")


def test_note_is_kept_with_the_alarm(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    assert after(reducer, events.Noted(NOW, (1,), "police informed")).note == "police informed"


def test_only_acknowledged_alarms_can_be_closed_by_hand(reducer: AlarmReducer) -> None:
    reducer.reduce(SOS)
    assert reducer.reduce(events.Closed(NOW, (1,))) == []
    reducer.reduce(acknowledged(1))
    assert after(reducer, events.Closed(NOW, (1,))).state is AlarmState.CLOSED


def test_confirmed_drill_is_over(reducer: AlarmReducer) -> None:
    drill = Raised(NOW, Source.DRILL, "drill", "Drill", Severity.CRITICAL)
    reducer.reduce(SOS)
    assert after(reducer, drill).drill
    again = one(reducer.reduce(replace(drill, at_ms=NOW + 5)))
    assert again.rings
    assert after(reducer, events.DrillConfirmed(NOW)).state is AlarmState.CLOSED
    assert [alarm.key for alarm in reducer.alarms.open()] == ["sos"]


@pytest.mark.parametrize("event", [events.StepFailed(NOW, "sound", "x"), events.Restored(NOW, 0)])
def test_events_about_the_program_change_no_alarm(reducer: AlarmReducer, event: Event) -> None:
    assert reducer.reduce(event) == []
    assert event.journalled_alone


def test_restored_alarms_go_on_where_they_were(reducer: AlarmReducer) -> None:
    kept = after(reducer, SOS)
    other = AlarmReducer()
    other.restore([kept], 7, {"2": NOW + HOUR_MS})
    assert after(other, later(SOS, 100)).count == 2
    begun = after(other, replace(SOS, device="2"))
    assert (begun.id, begun.state) == (7, AlarmState.OUT_OF_SERVICE)
