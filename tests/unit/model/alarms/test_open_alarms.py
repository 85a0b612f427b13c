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


def book_of(*alarms: Alarm) -> OpenAlarms:
    book = OpenAlarms()
    for each in alarms:
        book.put(each)
    return book


def ids(alarms: list[Alarm]) -> list[int]:
    return [each.id for each in alarms]


def test_unacknowledged_come_first_then_the_gravest_then_the_newest() -> None:
    seen = replace(alarm(4, Severity.CRITICAL), acknowledged_ms=NOW)
    book = book_of(alarm(1), seen, alarm(2, Severity.WARNING), alarm(3))
    assert ids(book.open()) == [3, 1, 2, 4]
    assert ids(book.unacknowledged()) == [3, 1, 2]
    assert ids(book.acknowledged()) == [4]
    assert ids(book.by_device("1")) == [3, 1, 2, 4]
    assert ids(book.all()) == [1, 4, 2, 3]


def test_put_aside_alarms_stand_apart_and_do_not_count() -> None:
    book = book_of(
        alarm(1),
        replace(alarm(2), shelved_until_ms=NOW),
        replace(alarm(3), out_of_service_until_ms=NOW),
    )
    assert ids(book.shelved()) == [3, 2]
    assert ids(book.open()) == [1]
    assert book.total.count == 1
    assert len(book) == 3


def test_counts_follow_every_change_over_all_and_by_device() -> None:
    book = book_of(alarm(1, Severity.WARNING), alarm(2, Severity.CRITICAL, "2"))
    assert (book.total.count, book.total.waiting, book.total.worst) == (2, 2, Severity.CRITICAL)
    assert book.counts_of("1").worst is Severity.WARNING
    book.put(replace(alarm(2, Severity.CRITICAL, "2"), acknowledged_ms=NOW))
    assert (book.total.count, book.total.waiting) == (2, 1)
    assert book.total.worst is Severity.CRITICAL
    assert book.total.worst_waiting is Severity.WARNING
    book.put(replace(alarm(2, Severity.CRITICAL, "2"), closed_ms=NOW))
    assert (book.total.count, book.counts_of("2").count) == (1, 0)
    assert book.devices() == ["1"]


def test_device_keeps_its_count_while_one_of_its_alarms_is_open() -> None:
    book = book_of(alarm(1), alarm(2, Severity.WARNING), alarm(3, device=None))
    book.put(replace(alarm(1), closed_ms=NOW))
    assert book.counts_of("1").count == 1
    assert book.counts_of("1").worst is Severity.WARNING
    assert book.counts_of("unknown").worst is None
    assert book.counts_of("unknown").worst_waiting is None
    assert book.devices() == ["1"]


def test_closed_alarm_that_was_never_open_stays_out() -> None:
    book = book_of(replace(alarm(1), closed_ms=NOW))
    assert len(book) == 0
    assert 1 not in book
    assert book.get(1) is None


def test_changes_that_were_published_are_taken_over() -> None:
    book = OpenAlarms()
    event = Restored(NOW, 2)
    book.apply([AlarmChange(alarm(1), event), AlarmChange(alarm(2), event)])
    assert ids(book.open()) == [2, 1]


def test_a_list_stays_as_it_was_given_out() -> None:
    book = book_of(alarm(1))
    version, shown = book.version, book.open()
    assert book.floods() is book.floods()
    book.put(alarm(2))
    assert book.version > version
    assert ids(book.open()) == [2, 1]
    assert ids(shown) == [1]


def test_order_is_kept_through_every_kind_of_change() -> None:
    chance = random.Random(4)
    book = OpenAlarms()
    ways = ("", "acknowledged_ms", "shelved_until_ms", "out_of_service_until_ms", "closed_ms")
    for _ in range(500):
        number = chance.randrange(1, 60)
        changed = replace(
            alarm(number, chance.choice(list(Severity))), first_ms=NOW + chance.randrange(5)
        )
        way = chance.choice(ways)
        book.put(replace(changed, **{way: NOW}) if way else changed)
        held = sorted(book.all(), key=lambda a: (not a.needs_ack, -a.severity, -a.first_ms, -a.id))
        assert book.open() == [a for a in held if not a.suppressed]
        assert book.unacknowledged() == [a for a in held if a.needs_ack]
        assert book.acknowledged() == [a for a in held if not (a.needs_ack or a.suppressed)]
        assert book.shelved() == [a for a in held if a.suppressed]


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


def test_shelving_needs_a_reason_when_it_is_grave() -> None:
    check_shelving([alarm(1, Severity.WARNING)], NOW + 1, NOW, "")
    check_shelving([alarm(1)], NOW + 1, NOW, "test drive")
    with pytest.raises(ValueError, match="Rule \\(critical\\) needs a reason"):
        check_shelving([alarm(1), alarm(2, Severity.CRITICAL)], NOW + 1, NOW, "  ")
    with pytest.raises(ValueError, match="over already"):
        check_shelving([alarm(1)], NOW, NOW, "test drive")
