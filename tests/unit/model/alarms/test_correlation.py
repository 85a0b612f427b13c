"""The same event reported on both channels is one alarm with two sources."""

import pytest
from msgspec.structs import replace

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.alarms import recently_closed
from tftmonitor.model.alarms.alarm import AlarmState, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange, Raised
from tftmonitor.model.alarms.reducer import AlarmReducer

NOW = 1_795_000_000_000
BOTH = {Source.SNAPSHOT, Source.MESSAGE}

SNAPSHOT = Raised(
    NOW, Source.SNAPSHOT, "sos", "SOS", Severity.CRITICAL, device="1", code=16, device_ms=NOW - 900
)
MESSAGE = replace(SNAPSHOT, at_ms=NOW + 30_000, source=Source.MESSAGE, name="Help!", text="Help!")
GUESS = replace(
    SNAPSHOT,
    key="code:22",
    name="Alarm 22 (ignition off or external power recovered)",
    severity=Severity.WARNING,
    code=22,
    candidates=("ignition_off", "external_power_recovered"),
)
SURE = replace(
    MESSAGE,
    key="ignition_off",
    name="Ignition off",
    severity=Severity.NOTICE,
    code=22,
    numbering="B-vehicle",
    text="Ignition off",
)
FREE_TEXT = replace(
    MESSAGE,
    key="text:sos alarm of van-12",
    name="SOS alarm of VAN-12",
    text="SOS alarm of VAN-12",
    severity=Severity.WARNING,
    code=None,
)


@pytest.fixture
def reducer() -> AlarmReducer:
    return AlarmReducer()


def last_change(reducer: AlarmReducer, *happened: Raised) -> AlarmChange:
    changes: list[AlarmChange] = []
    for event in happened:
        changes = reducer.reduce(event)
    assert len(changes) == 1
    return changes[0]


@pytest.mark.parametrize("order", [(SNAPSHOT, MESSAGE), (MESSAGE, SNAPSHOT)])
def test_both_channels_within_a_minute_are_one_alarm(
    reducer: AlarmReducer, order: tuple[Raised, Raised]
) -> None:
    change = last_change(reducer, *order)
    assert set(change.alarm.sources) == BOTH
    assert change.alarm.count == 1
    assert not change.is_new
    assert not change.rings


def test_other_source_after_a_minute_is_a_repeat(reducer: AlarmReducer) -> None:
    late = replace(MESSAGE, at_ms=NOW + MINUTE_MS + 1, device_ms=NOW + MINUTE_MS)
    assert last_change(reducer, SNAPSHOT, late).alarm.count == 2


def test_equal_device_time_needs_no_nearness(reducer: AlarmReducer) -> None:
    late = replace(MESSAGE, at_ms=NOW + 9 * MINUTE_MS, device_ms=NOW - 1_000)  # whole seconds
    assert last_change(reducer, SNAPSHOT, late).alarm.count == 1


def test_without_device_time_only_nearness_counts(reducer: AlarmReducer) -> None:
    late = replace(MESSAGE, at_ms=NOW + 9 * MINUTE_MS, device_ms=None)
    assert last_change(reducer, SNAPSHOT, late).alarm.count == 2


def test_next_occurrence_wants_its_own_second_source(reducer: AlarmReducer) -> None:
    again = replace(SNAPSHOT, at_ms=NOW + 40_000, device_ms=NOW + 39_000)
    message = replace(MESSAGE, at_ms=NOW + 45_000, device_ms=NOW + 39_000)
    assert last_change(reducer, SNAPSHOT, MESSAGE, again).alarm.count == 2
    assert last_change(reducer, message).alarm.count == 2


def test_other_source_does_not_make_a_returned_alarm_active(reducer: AlarmReducer) -> None:
    reducer.restore([last_change(reducer, replace(SNAPSHOT, past=True)).alarm], 2, {})
    assert last_change(reducer, MESSAGE).alarm.state is AlarmState.RETURNED


def test_text_of_the_server_goes_before_ours(reducer: AlarmReducer) -> None:
    alarm = last_change(reducer, SNAPSHOT, MESSAGE).alarm
    assert (alarm.name, alarm.text, alarm.severity) == ("Help!", "Help!", Severity.CRITICAL)


def test_place_of_the_first_source_stays_unless_the_second_has_one(reducer: AlarmReducer) -> None:
    placed = replace(SNAPSHOT, lat=50.0, lng=8.0)
    assert last_change(reducer, placed, MESSAGE).alarm.lat == 50.0
    again = replace(placed, at_ms=NOW + 90_000, device_ms=NOW + 90_000, lat=51.0)
    assert last_change(reducer, again).alarm.lat == 51.0


def test_text_narrows_an_unresolved_number_to_its_true_severity(reducer: AlarmReducer) -> None:
    change = last_change(reducer, GUESS, SURE)
    alarm = change.alarm
    assert (alarm.key, alarm.name, alarm.severity) == (
        "ignition_off",
        "Ignition off",
        Severity.NOTICE,
    )
    assert (alarm.candidates, alarm.numbering) == ((), "B-vehicle")
    assert alarm.state is AlarmState.CLOSED
    assert not change.counted
    assert len(reducer.alarms) == 0


def test_guess_about_what_is_known_already_is_one_source_more(reducer: AlarmReducer) -> None:
    reducer.reduce(SURE)
    change = last_change(reducer, replace(GUESS, at_ms=NOW + 50_000))
    assert change.alarm.state is AlarmState.CLOSED
    assert set(change.alarm.sources) == BOTH
    assert not change.rings


def test_guess_about_a_known_open_alarm_does_not_change_its_severity(reducer: AlarmReducer) -> None:
    sure = replace(SURE, key="over_speed", name="Over speed", severity=Severity.WARNING)
    guess = replace(GUESS, candidates=("over_speed", "sos"), severity=Severity.CRITICAL)
    assert last_change(reducer, sure, guess).alarm.severity is Severity.WARNING


def test_number_proven_later_narrows_an_old_alarm(reducer: AlarmReducer) -> None:
    later = replace(SURE, at_ms=NOW + 60 * MINUTE_MS, device_ms=NOW + 60 * MINUTE_MS)
    assert last_change(reducer, GUESS, later).alarm.key == "ignition_off"


def test_name_without_number_narrows_only_what_is_near(reducer: AlarmReducer) -> None:
    named = replace(SURE, code=None)
    far = replace(named, at_ms=NOW + 60 * MINUTE_MS, device_ms=NOW + 60 * MINUTE_MS)
    reducer.reduce(GUESS)
    assert last_change(reducer, far).is_new
    alarm = last_change(reducer, named).alarm
    assert (alarm.id, alarm.key, alarm.code) == (1, "ignition_off", 22)


def test_same_channel_does_not_narrow_by_name(reducer: AlarmReducer) -> None:
    named = replace(SURE, code=None, source=Source.SNAPSHOT)
    assert last_change(reducer, GUESS, named).is_new


def test_unresolved_alarm_joins_the_one_that_it_turns_out_to_be(reducer: AlarmReducer) -> None:
    guess = replace(GUESS, candidates=("over_speed", "ignition_off"))
    speeding = replace(SNAPSHOT, key="over_speed", name="Over speed", code=None, bit=0x20)
    proof = replace(MESSAGE, key="over_speed", code=22, at_ms=NOW + 10_000)
    reducer.reduce(guess)
    reducer.reduce(speeding)
    changes = reducer.reduce(proof)
    assert [(c.alarm.id, c.alarm.state) for c in changes] == [
        (1, AlarmState.CLOSED),
        (2, AlarmState.ACTIVE),
    ]
    assert changes[0].alarm.note == "same as 2"


@pytest.mark.parametrize("order", [(SNAPSHOT, FREE_TEXT), (FREE_TEXT, SNAPSHOT)])
def test_text_that_names_the_alarm_is_its_second_source(
    reducer: AlarmReducer, order: tuple[Raised, Raised]
) -> None:
    alarm = last_change(reducer, *order).alarm
    assert set(alarm.sources) == BOTH
    assert (alarm.key, alarm.severity) == ("sos", Severity.CRITICAL)
    assert alarm.text == "SOS alarm of VAN-12"


def test_text_about_something_else_is_an_alarm_of_its_own(reducer: AlarmReducer) -> None:
    other = replace(FREE_TEXT, key="text:sosnowka left", text="Sosnowka left")
    assert last_change(reducer, SNAPSHOT, other).is_new


def test_text_does_not_hide_in_a_notice(reducer: AlarmReducer) -> None:
    ignition = replace(SNAPSHOT, key="ignition_on", name="Ignition on", severity=Severity.NOTICE)
    theft = replace(FREE_TEXT, key="text:ignition on without key", text="Ignition on without key")
    assert last_change(reducer, ignition, theft).alarm.state is AlarmState.ACTIVE
    assert (
        last_change(reducer, replace(ignition, device_ms=NOW + 5)).alarm.state is AlarmState.CLOSED
    )
    assert len(reducer.alarms) == 1


def test_link_alarm_of_a_rule_that_once_called_it_its_own_is_active_again(
    reducer: AlarmReducer,
) -> None:
    rule = replace(SNAPSHOT, key="rule:link", source=Source.RULE, device=None, device_ms=None)
    reducer.restore([replace(last_change(reducer, rule).alarm, active=False)], 2, {})
    alarm = last_change(reducer, replace(rule, source=Source.LINK, at_ms=NOW + 9_000)).alarm
    assert (alarm.state, alarm.count) == (AlarmState.ACTIVE, 2)


def test_alarm_of_a_rule_does_not_match_the_feed(reducer: AlarmReducer) -> None:
    rule = replace(SNAPSHOT, key="rule:sos", source=Source.RULE)
    assert last_change(reducer, rule, FREE_TEXT).is_new


def test_devices_are_not_mixed(reducer: AlarmReducer) -> None:
    assert last_change(reducer, SNAPSHOT, replace(MESSAGE, device="2")).is_new


def test_notice_again_on_its_own_channel_is_a_notice_of_its_own(reducer: AlarmReducer) -> None:
    sure = replace(SURE, source=Source.SNAPSHOT)
    assert last_change(reducer, sure, replace(sure, device_ms=NOW + 20_000)).is_new


def test_same_notice_twice_is_reported_once(reducer: AlarmReducer) -> None:
    reducer.reduce(SURE)
    assert reducer.reduce(replace(SURE, at_ms=NOW + 31_000)) == []


def test_second_source_of_a_notice_is_noted_with_it(reducer: AlarmReducer) -> None:
    change = last_change(reducer, SURE, replace(SURE, source=Source.SNAPSHOT, at_ms=NOW + 40_000))
    assert set(change.alarm.sources) == BOTH
    assert not change.is_new


def test_notices_are_forgotten_when_no_second_source_can_come(reducer: AlarmReducer) -> None:
    kept = reducer._closed.notices
    for minute in range(50):
        at_ms = NOW + minute * MINUTE_MS // 2
        reducer.reduce(replace(SURE, at_ms=at_ms, device_ms=at_ms, device=str(minute % 2)))
    assert len(kept) <= 3
    reducer.reduce(replace(SURE, at_ms=NOW + 60 * MINUTE_MS, device="3"))
    assert len(kept) == 1


def test_notice_that_is_still_near_outlives_an_older_one_of_its_device(
    reducer: AlarmReducer,
) -> None:
    old, young = SURE, replace(SURE, key="ac_on", code=23, at_ms=NOW + 80_000)
    reducer.reduce(old)
    reducer.reduce(young)
    reducer.reduce(replace(SURE, device="2", at_ms=NOW + 120_000))
    assert not last_change(reducer, replace(young, source=Source.SNAPSHOT)).is_new


def test_a_flood_of_notices_is_forgotten_from_its_beginning(
    reducer: AlarmReducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def notice(number: int, source: Source, device: str = "1") -> Raised:
        # Each at a time of its own, by which its second source finds it.
        at_ms, device_ms = NOW + number, NOW - 600_000 + 2_000 * number
        return replace(SURE, at_ms=at_ms, device_ms=device_ms, source=source, device=device)

    def is_new(event: Raised) -> bool:
        return last_change(reducer, event).is_new

    for number in range(100):
        assert is_new(notice(number, Source.SNAPSHOT))
    assert len(reducer._closed.notices) == recently_closed._KEPT
    assert not is_new(notice(99, Source.MESSAGE))
    monkeypatch.setattr(recently_closed, "_ORDER_KEPT", 200)
    for number in range(100, 600):
        assert is_new(notice(number, Source.SNAPSHOT, device=str(number)))
    assert len(reducer._closed.notices) <= 200
    assert not is_new(notice(599, Source.MESSAGE, device="599"))
