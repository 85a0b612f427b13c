"""What the table, the list and the top bar read of the open alarms."""

import random

import pytest
from msgspec.structs import replace

from tftmonitor.model.alarms.alarm import Alarm, AlarmState, Source, check_shelving
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange, Restored
from tftmonitor.model.alarms.open_alarms import OpenAlarms

NOW = 1_795_000_000_000


def alarm(number: int, severity: Severity = Severity.HIGH, device: str | None = "1") -> Alarm:
    by = (Source.RULE,)
    return Alarm(number, f"rule:{number}", "Rule", severity, NOW + number, NOW, by, by, device)


def opened(*alarms: Alarm) -> OpenAlarms:
    open_alarms = OpenAlarms()
    for each in alarms:
        open_alarms.put(each)
    return open_alarms


def ids(alarms: list[Alarm]) -> list[int]:
    return [each.id for each in alarms]


def test_unacknowledged_come_first_then_the_most_severe_then_the_newest() -> None:
    seen = replace(alarm(4, Severity.CRITICAL), acknowledged_ms=NOW)
    open_alarms = opened(alarm(1), seen, alarm(2, Severity.WARNING), alarm(3))
    assert ids(open_alarms.open()) == [3, 1, 2, 4]
    assert ids(open_alarms.unacknowledged()) == [3, 1, 2]
    assert ids(open_alarms.acknowledged()) == [4]
    assert ids(open_alarms.by_device("1")) == [3, 1, 2, 4]
    assert ids(open_alarms.all()) == [1, 4, 2, 3]


def test_what_is_new_and_grave_moves_none_of_the_others() -> None:
    book = OpenAlarms()
    for number in range(1, 101):
        book.put(alarm(number, Severity(number % 3 + 1)))
        assert book._unacknowledged._keys == sorted(book._unacknowledged._keys)
    newest = alarm(200, Severity.CRITICAL)
    book.put(newest)
    # The end of a list is where it grows without moving what is in it.
    assert book._unacknowledged._alarms[-1] is newest
    assert book.unacknowledged()[0] is newest


def test_suppressed_alarms_stand_apart_and_do_not_count() -> None:
    open_alarms = opened(
        alarm(1),
        replace(alarm(2), shelved_until_ms=NOW),
        replace(alarm(3), out_of_service_until_ms=NOW),
    )
    assert ids(open_alarms.shelved()) == [3, 2]
    assert ids(open_alarms.open()) == [1]
    assert open_alarms.total.count == 1
    assert len(open_alarms) == 3


def test_counts_follow_every_change_over_all_and_by_device() -> None:
    open_alarms = opened(alarm(1, Severity.WARNING), alarm(2, Severity.CRITICAL, "2"))
    assert (open_alarms.total.count, open_alarms.total.waiting, open_alarms.total.worst) == (
        2,
        2,
        Severity.CRITICAL,
    )
    assert open_alarms.counts_of("1").worst is Severity.WARNING
    open_alarms.put(replace(alarm(2, Severity.CRITICAL, "2"), acknowledged_ms=NOW))
    assert (open_alarms.total.count, open_alarms.total.waiting) == (2, 1)
    assert open_alarms.total.worst is Severity.CRITICAL
    assert open_alarms.total.worst_waiting is Severity.WARNING
    open_alarms.put(replace(alarm(2, Severity.CRITICAL, "2"), closed_ms=NOW))
    assert (open_alarms.total.count, open_alarms.counts_of("2").count) == (1, 0)
    assert open_alarms.devices() == ["1"]


def test_device_keeps_its_count_while_one_of_its_alarms_is_open() -> None:
    open_alarms = opened(alarm(1), alarm(2, Severity.WARNING), alarm(3, device=None))
    open_alarms.put(replace(alarm(1), closed_ms=NOW))
    assert open_alarms.counts_of("1").count == 1
    assert open_alarms.counts_of("1").worst is Severity.WARNING
    assert open_alarms.counts_of("unknown").worst is None
    assert open_alarms.counts_of("unknown").worst_waiting is None
    assert open_alarms.devices() == ["1"]


def test_closed_alarm_that_was_never_open_stays_out() -> None:
    open_alarms = opened(replace(alarm(1), closed_ms=NOW))
    assert len(open_alarms) == 0
    assert 1 not in open_alarms
    assert open_alarms.get(1) is None


def test_changes_that_were_published_are_taken_over() -> None:
    open_alarms = OpenAlarms()
    event = Restored(NOW, 2)
    open_alarms.apply([AlarmChange(alarm(1), event), AlarmChange(alarm(2), event)])
    assert ids(open_alarms.open()) == [2, 1]


def test_a_list_stays_as_it_was_given_out() -> None:
    open_alarms = opened(alarm(1))
    version, shown = open_alarms.version, open_alarms.open()
    assert open_alarms.floods() is open_alarms.floods()
    open_alarms.put(alarm(2))
    assert open_alarms.version > version
    assert ids(open_alarms.open()) == [2, 1]
    assert ids(shown) == [1]


def test_order_is_kept_through_every_kind_of_change() -> None:
    chance = random.Random(4)
    open_alarms = OpenAlarms()
    ways = ("", "acknowledged_ms", "shelved_until_ms", "out_of_service_until_ms", "closed_ms")
    for _ in range(500):
        number = chance.randrange(1, 60)
        changed = replace(
            alarm(number, chance.choice(list(Severity))), first_ms=NOW + chance.randrange(5)
        )
        way = chance.choice(ways)
        open_alarms.put(replace(changed, **{way: NOW}) if way else changed)
        held = sorted(
            open_alarms.all(), key=lambda a: (not a.needs_ack, -a.severity, -a.first_ms, -a.id)
        )
        assert open_alarms.open() == [a for a in held if not a.suppressed]
        assert open_alarms.unacknowledged() == [a for a in held if a.needs_ack]
        assert open_alarms.acknowledged() == [a for a in held if not (a.needs_ack or a.suppressed)]
        assert open_alarms.shelved() == [a for a in held if a.suppressed]
    assert min(map(len, (open_alarms.unacknowledged(), open_alarms.acknowledged()))) > 3
    assert len(open_alarms.shelved()) > 3


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, AlarmState.ACTIVE),
        ({"active": False}, AlarmState.RETURNED),
        ({"acknowledged_ms": NOW}, AlarmState.ACKNOWLEDGED),
        ({"acknowledged_ms": NOW, "shelved_until_ms": NOW}, AlarmState.SHELVED),
        ({"shelved_until_ms": NOW, "out_of_service_until_ms": NOW}, AlarmState.OUT_OF_SERVICE),
        ({"shelved_until_ms": NOW, "closed_ms": NOW}, AlarmState.CLOSED),
    ],
)
def test_state_is_what_the_operator_has_to_know(
    changed: dict[str, object], state: AlarmState
) -> None:
    assert replace(alarm(1), **changed).state is state


def test_shelving_needs_a_reason_when_it_is_severe() -> None:
    check_shelving([alarm(1, Severity.WARNING)], NOW + 1, NOW, "")
    check_shelving([alarm(1)], NOW + 1, NOW, "test drive")
    with pytest.raises(ValueError, match="Rule \\(critical\\) needs a reason"):
        check_shelving([alarm(1), alarm(2, Severity.CRITICAL)], NOW + 1, NOW, "  ")
    with pytest.raises(ValueError, match="over already"):
        check_shelving([alarm(1)], NOW, NOW, "test drive")


def test_worst_is_over_when_all_of_it_have_ended_and_only_wait() -> None:
    ended = replace(alarm(1, Severity.CRITICAL), active=False)
    assert opened().total.worst_is_over is False
    assert opened(ended, alarm(2, Severity.WARNING)).total.worst_is_over is True
    assert opened(ended, alarm(3, Severity.CRITICAL)).total.worst_is_over is False
    seen = replace(alarm(4, Severity.CRITICAL), acknowledged_ms=NOW)
    assert opened(ended, seen).total.worst_is_over is False


def test_active_ones_stand_before_those_that_have_ended() -> None:
    ended = replace(alarm(9), active=False)
    assert ids(opened(alarm(1), ended, alarm(2)).open()) == [2, 1, 9]


def test_what_happens_in_an_instant_never_counts_as_ended() -> None:
    sos = replace(alarm(1), key="sos", active=False)
    maybe = replace(alarm(2), key="number:3", candidates=("ignition_off", "sos"), active=False)
    assert not sos.has_ended
    assert not maybe.has_ended
    assert replace(alarm(3), active=False).has_ended
