"""What happens again rings again, the same report does not, and an old end ends nothing new."""

import pytest
from msgspec.structs import replace

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm, AlarmState, Source
from tftmonitor.model.alarms.codes import BY_KEY, MOMENTARY, Severity
from tftmonitor.model.alarms.events import AlarmChange, Event, Raised
from tftmonitor.model.alarms.reducer import AlarmReducer

NOW = 1_795_000_000_000

SOS = Raised(
    NOW, Source.SNAPSHOT, "sos", "SOS", Severity.CRITICAL, "1", code=16, device_ms=NOW - SECOND_MS
)
# Snapshots report its end themselves, which is no alarm of its own.
LOW = replace(SOS, key="external_power_low", name="Supply low", severity=Severity.WARNING, code=23)
CUT = replace(SOS, key="external_power_lost", name="External power disconnected", code=4)
BACK = replace(
    CUT, key="external_power_recovered", name="External power recovered", severity=Severity.NOTICE
)


@pytest.fixture
def reducer() -> AlarmReducer:
    return AlarmReducer()


def shifted(report: Raised, seconds: float, **changed: object) -> Raised:
    """The like of it so many seconds later, by both clocks."""
    step = round(seconds * SECOND_MS)
    device_ms = None if report.device_ms is None else report.device_ms + step
    return replace(report, **{"at_ms": report.at_ms + step, "device_ms": device_ms} | changed)


def by_message(report: Raised, seconds: float = 0, **changed: object) -> Raised:
    """What the messages tell of the same occurrence, so many seconds after it by our clock."""
    at_ms = report.at_ms + round(seconds * SECOND_MS)
    return replace(report, **{"source": Source.MESSAGE, "at_ms": at_ms} | changed)


def quiet(at_ms: int, device_ms: int | None) -> events.Cleared:
    return events.Cleared(at_ms, "1", 0, 0, device_ms)


def ack(*ids: int) -> events.Acknowledged:
    return events.Acknowledged(NOW + 5, ids or (1,))


def play(reducer: AlarmReducer, *happened: Event) -> list[AlarmChange]:
    """What the last of the events changed."""
    changes: list[AlarmChange] = []
    for event in happened:
        changes = reducer.reduce(event)
    return changes


def only(reducer: AlarmReducer) -> Alarm:
    (alarm,) = reducer.alarms.all()
    return alarm


# A momentary alarm again


@pytest.mark.parametrize("key", ["sos", "collision", "towing", "device_removed", "turn_over"])
def test_momentary_alarm_again_after_acknowledging_is_a_new_one(
    reducer: AlarmReducer, key: str
) -> None:
    first = replace(SOS, key=key, severity=BY_KEY[key].severity)
    changes = play(reducer, first, ack(), shifted(first, 2))
    assert [(c.alarm.id, c.alarm.state, c.rings) for c in changes] == [
        (1, AlarmState.CLOSED, False),
        (2, AlarmState.ACTIVE, True),
    ]


def test_momentary_alarm_again_before_acknowledging_is_counted_and_rings(
    reducer: AlarmReducer,
) -> None:
    (change,) = play(reducer, SOS, events.Silenced(NOW, (1,)), shifted(SOS, 2))
    assert (change.alarm.count, change.rings, change.alarm.silenced_ms) == (2, True, None)


def test_upload_of_many_momentary_alarms_rings_once(reducer: AlarmReducer) -> None:
    stored = [shifted(SOS, -3_600 - n, at_ms=NOW + n, past=True) for n in range(9)]
    assert [play(reducer, report)[0].rings for report in stored] == [True] + [False] * 8
    assert (only(reducer).count, only(reducer).late) == (9, True)


def test_standing_alarm_again_is_counted_in_silence(reducer: AlarmReducer) -> None:
    (change,) = play(reducer, LOW, ack(), shifted(LOW, 90))
    assert (change.alarm.id, change.alarm.count, change.rings) == (1, 2, False)
    assert change.alarm.state is AlarmState.ACKNOWLEDGED


def test_momentary_alarm_without_times_is_a_new_one_too(reducer: AlarmReducer) -> None:
    undated = replace(SOS, device_ms=None)
    changes = play(reducer, undated, ack(), replace(undated, at_ms=NOW + 2_000))
    assert changes[-1].is_new


def test_number_that_may_be_a_momentary_alarm_counts_as_one(reducer: AlarmReducer) -> None:
    guess = replace(SOS, key="code:3", code=3, candidates=("sos", "ignition_off"))
    assert play(reducer, guess, ack(), shifted(guess, 2))[-1].is_new
    lesser = replace(guess, device="2", candidates=("external_power_lost", "box_opened"))
    assert not play(reducer, lesser, ack(3), shifted(lesser, 2))[-1].is_new


def test_momentary_alarm_that_is_shelved_stays_on_the_shelf(reducer: AlarmReducer) -> None:
    shelved = events.Shelved(NOW, (1,), NOW + HOUR_MS, "test of the button")
    (change,) = play(reducer, SOS, ack(), shelved, shifted(SOS, 2))
    assert (change.alarm.state, change.rings) == (AlarmState.SHELVED, False)


def test_alarms_that_stand_are_not_momentary() -> None:
    standing = {"over_speed", "jammer_start", "external_power_lost", "battery_low", "incline"}
    assert not standing & MOMENTARY


# The second report of one occurrence


@pytest.mark.parametrize("quiet_between", [True, False])
@pytest.mark.parametrize("seconds", [1, 20, 50])
def test_message_after_acknowledging_joins_the_alarm_of_the_snapshot(
    reducer: AlarmReducer, quiet_between: bool, seconds: float
) -> None:
    play(reducer, SOS, ack())
    if quiet_between:
        reducer.reduce(quiet(NOW + 500, NOW + 500))
    (change,) = reducer.reduce(by_message(SOS, seconds, device_ms=None, name="Help"))
    assert (change.alarm.id, change.alarm.count, change.rings) == (1, 1, False)
    assert set(change.alarm.sources) == {Source.SNAPSHOT, Source.MESSAGE}
    assert not reducer.alarms.unacknowledged()


def test_snapshot_after_acknowledging_joins_the_alarm_of_the_message(reducer: AlarmReducer) -> None:
    play(reducer, by_message(SOS, device_ms=None), ack())
    (change,) = reducer.reduce(shifted(SOS, 20))
    assert (change.alarm.id, change.rings, change.alarm.state) == (1, False, AlarmState.CLOSED)


def test_standing_alarm_of_a_message_is_open_again_when_the_device_reports_it(
    reducer: AlarmReducer,
) -> None:
    told = by_message(LOW, device_ms=None)
    (change,) = play(reducer, told, ack(), shifted(LOW, 10))
    assert (change.alarm.state, change.rings) == (AlarmState.ACKNOWLEDGED, False)
    (change,) = reducer.reduce(shifted(LOW, 20))
    assert (change.alarm.id, change.alarm.count, change.rings) == (1, 2, False)
    end_ms = NOW + 30 * SECOND_MS
    assert play(reducer, quiet(end_ms, end_ms))[0].alarm.state is AlarmState.CLOSED


def test_message_that_waited_at_the_server_joins_by_its_device_time(reducer: AlarmReducer) -> None:
    play(reducer, SOS, ack(), quiet(NOW + 500, NOW + 500))
    (change,) = reducer.reduce(by_message(SOS, 9 * 60, device_ms=NOW - SECOND_MS))
    assert (change.alarm.id, change.rings) == (1, False)


def test_message_of_what_happened_before_the_latest_is_nothing_new(reducer: AlarmReducer) -> None:
    play(reducer, SOS, ack(), shifted(SOS, 90), ack(2))
    assert reducer.reduce(by_message(SOS, 150)) == []


def test_second_occurrence_is_not_lost_when_its_message_was_taken_for_the_first(
    reducer: AlarmReducer,
) -> None:
    second = shifted(SOS, 20)
    play(reducer, SOS, ack(), by_message(second))
    assert play(reducer, second)[-1].rings


@pytest.mark.parametrize(
    ("report", "state"),
    [
        (shifted(SOS, 10), AlarmState.ACTIVE),
        (shifted(SOS, 10, key="code:3", code=3, candidates=("sos", "towing")), AlarmState.ACTIVE),
        (shifted(SOS, 10, past=True), AlarmState.RETURNED),
    ],
)
def test_what_was_acknowledged_as_less_rings_when_it_turns_out_to_be_worse(
    reducer: AlarmReducer, report: Raised, state: AlarmState
) -> None:
    text = by_message(SOS, key="text:help", text="Help", severity=Severity.WARNING, code=None)
    (change,) = play(reducer, text, ack(), report)
    assert (change.is_new, change.rings, change.severity_rose) == (False, True, True)
    assert (only(reducer).key, only(reducer).state) == (report.key, state)


def test_snapshot_that_carries_a_told_alarm_opens_it_again_as_acknowledged(
    reducer: AlarmReducer,
) -> None:
    text = by_message(CUT, key="text:v1: power cut", text="V1: power cut", code=None)
    (change,) = play(reducer, text, ack(), shifted(CUT, 10))
    assert (change.rings, change.alarm.state) == (False, AlarmState.ACKNOWLEDGED)


def test_another_text_of_the_same_time_is_no_second_telling(reducer: AlarmReducer) -> None:
    text = by_message(SOS, key="text:hilfe 1", text="Hilfe 1", severity=Severity.WARNING, code=None)
    play(reducer, SOS, text, replace(text, key="text:hilfe #", text="Hilfe 2"))
    assert len(reducer.alarms) == 1
    (change,) = reducer.reduce(replace(text, key="text:t", text="Tür offen"))
    assert (change.is_new, change.rings) == (True, True)


# The same report again


@pytest.mark.parametrize("report", [SOS, by_message(SOS), CUT, LOW])
def test_same_report_again_is_nothing_new(reducer: AlarmReducer, report: Raised) -> None:
    play(reducer, report, ack(), quiet(NOW + 500, NOW + 500), events.Closed(NOW, (1,)))
    assert len(reducer.alarms) == 0
    for days in (0, 1, 20):
        assert reducer.reduce(replace(report, at_ms=NOW + days * DAY_MS)) == []


def test_every_one_of_several_stored_reports_is_known_again(reducer: AlarmReducer) -> None:
    stored = [shifted(LOW, -3_600 + 10 * n, at_ms=NOW, past=True) for n in range(5)]
    play(reducer, *stored, ack())
    assert len(reducer.alarms) == 0
    assert [reducer.reduce(report) for report in stored] == [[]] * 5
    assert reducer.reduce(shifted(stored[0], 1, at_ms=NOW))[0].is_new


def test_stored_report_is_known_although_its_number_was_resolved_since(
    reducer: AlarmReducer,
) -> None:
    guess = replace(SOS, key="code:22", code=22, candidates=("sos", "over_speed"))
    play(reducer, guess, ack(), quiet(NOW + 500, NOW + 500))
    (change,) = reducer.reduce(replace(SOS, code=22, at_ms=NOW + HOUR_MS))
    assert (change.alarm.id, change.alarm.key, change.rings) == (1, "sos", False)
    assert change.alarm.state is AlarmState.CLOSED
    play(reducer, replace(SOS, device="2", code=22), ack(2))
    assert reducer.reduce(replace(guess, device="2", at_ms=NOW + HOUR_MS)) == []


def test_same_time_of_another_device_or_kind_is_another_report(reducer: AlarmReducer) -> None:
    play(reducer, SOS, ack(), quiet(NOW + 500, NOW + 500))
    assert reducer.reduce(replace(SOS, device="2"))[0].is_new
    assert reducer.reduce(CUT)[0].is_new


def test_reports_of_a_former_run_are_known(reducer: AlarmReducer) -> None:
    play(reducer, SOS, ack(), quiet(NOW + 500, NOW + 500))
    after = AlarmReducer()
    after.reports.restore(reducer.reports.take_new())
    after.restore([], 2, {})
    assert play(after, replace(SOS, at_ms=NOW + DAY_MS)) == []
    assert play(after, by_message(SOS, 3_600, device_ms=NOW - SECOND_MS)) == []
    assert play(after, shifted(SOS, 1))[0].rings


# Ends


def test_older_end_does_not_end_a_newer_alarm(reducer: AlarmReducer) -> None:
    play(reducer, CUT, shifted(BACK, -HOUR_MS / SECOND_MS, at_ms=NOW + 9))
    assert (only(reducer).active, only(reducer).end_unknown) == (True, False)


@pytest.mark.parametrize("source", [Source.SNAPSHOT, Source.MESSAGE])
def test_yesterdays_end_does_not_end_an_alarm_without_time(
    reducer: AlarmReducer, source: Source
) -> None:
    cut = replace(CUT, source=source, device_ms=None)
    play(reducer, cut, replace(BACK, source=source, at_ms=NOW + 9, device_ms=NOW - DAY_MS))
    assert (only(reducer).active, only(reducer).end_unknown) == (True, False)


def test_latest_occurrence_without_time_is_not_ended_by_what_followed_a_former_one(
    reducer: AlarmReducer,
) -> None:
    before = replace(CUT, device_ms=NOW - 2 * HOUR_MS)
    play(reducer, before, replace(CUT, at_ms=NOW + 9, device_ms=None))
    reducer.reduce(replace(BACK, at_ms=NOW + 10, device_ms=NOW - HOUR_MS))
    assert only(reducer).active


@pytest.mark.parametrize(
    ("began_ms", "ended_ms"),
    [
        (NOW, None),
        (None, None),
        (None, NOW - 20 * SECOND_MS),
        (NOW + 400, NOW),
    ],
)
def test_alarm_whose_end_cannot_be_placed_waits_on(
    reducer: AlarmReducer, began_ms: int | None, ended_ms: int | None
) -> None:
    end = replace(BACK, at_ms=NOW + 9, device_ms=ended_ms, source=Source.MESSAGE)
    changes = play(reducer, replace(CUT, device_ms=began_ms), end)
    alarm = only(reducer)
    assert (alarm.state, alarm.end_unknown, alarm.needs_ack) == (AlarmState.ACTIVE, True, True)
    doubt = changes[0].event
    assert isinstance(doubt, events.Returned)
    assert doubt.in_doubt
    # A second such end says nothing more; a clear one ends it.
    assert [c.alarm.id for c in reducer.reduce(replace(end, at_ms=NOW + MINUTE_MS))] != [1]
    play(reducer, ack())
    assert only(reducer).state is AlarmState.ACKNOWLEDGED
    play(reducer, shifted(BACK, 600))
    assert len(reducer.alarms) == 0


def test_doubt_goes_when_it_is_reported_once_more(reducer: AlarmReducer) -> None:
    play(reducer, CUT, replace(BACK, device_ms=None, at_ms=NOW + 9))
    assert only(reducer).end_unknown
    play(reducer, shifted(CUT, 30))
    assert (only(reducer).end_unknown, only(reducer).count) == (False, 2)
    play(reducer, replace(BACK, device_ms=None, at_ms=NOW + 31_000))
    play(reducer, replace(CUT, device_ms=NOW - HOUR_MS, at_ms=NOW + 32_000, past=True))
    assert only(reducer).end_unknown


def test_message_in_doubt_is_over_when_acknowledged(reducer: AlarmReducer) -> None:
    told = by_message(LOW, device_ms=None)
    play(reducer, told, quiet(NOW + 9, NOW - 9 * SECOND_MS))
    assert only(reducer).end_unknown
    (change,) = play(reducer, ack())
    assert (change.alarm.state, change.alarm.end_unknown) == (AlarmState.CLOSED, False)


def test_operator_closes_an_alarm_in_doubt(reducer: AlarmReducer) -> None:
    play(reducer, CUT, replace(BACK, device_ms=None), ack())
    (change,) = play(reducer, events.Closed(NOW + 99, (1,)))
    assert (change.alarm.state, change.alarm.end_unknown) == (AlarmState.CLOSED, False)


def test_quiet_snapshot_without_time_ends_and_another_one_without_time_does_not(
    reducer: AlarmReducer,
) -> None:
    held = replace(SOS, bit=0x10)
    play(reducer, held, events.Cleared(NOW + 9, "1", 22, 0, None))
    assert only(reducer).end_unknown
    play(reducer, quiet(NOW + 10, None))
    assert only(reducer).state is AlarmState.RETURNED


def test_what_was_overtaken_by_seconds_is_no_history(reducer: AlarmReducer) -> None:
    (change,) = play(reducer, replace(SOS, overtaken=True))
    assert (change.alarm.active, change.alarm.end_unknown, change.rings) == (True, True, True)
    play(reducer, quiet(NOW + 9_000, NOW + 9_000))
    assert (only(reducer).state, only(reducer).end_unknown) == (AlarmState.RETURNED, False)
    play(reducer, shifted(SOS, 70, overtaken=True))
    assert (only(reducer).active, only(reducer).end_unknown) == (True, True)
