"""A flood becomes one line without burying the one alarm that matters."""

from msgspec.structs import replace

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.flood import floods

NOW = 1_795_000_000_000
BY = (Source.SNAPSHOT,)


def alarms(
    count: int, start_min: float = 0, every_min: float = 0.5, severity: Severity = Severity.HIGH
) -> list[Alarm]:
    found = []
    for index in range(count):
        at_ms = NOW + round((start_min + index * every_min) * MINUTE_MS)
        number = round(start_min * 1_000) + index
        device = str(index % 3)
        key = f"rule:{number}"
        found.append(Alarm(number, key, "Rule", severity, at_ms, at_ms, BY, BY, device, "VAN"))
    return found


def test_nine_are_no_flood_and_ten_are() -> None:
    assert floods(alarms(9)) == []
    (flood,) = floods(alarms(10))
    assert len(flood.alarms) == 10


def test_ten_over_more_than_ten_minutes_are_none() -> None:
    assert floods(alarms(10, every_min=1.12)) == []
    assert floods(alarms(10, every_min=10 / 9)) == []
    assert len(floods(alarms(10, every_min=1.1))) == 1


def test_flood_marks_its_first_and_is_grouped_by_device() -> None:
    (flood,) = floods(reversed(alarms(20)))
    assert flood.first.id == 0
    assert [group.device for group in flood.groups] == ["0", "1", "2"]
    assert [len(group.alarms) for group in flood.groups] == [7, 7, 6]
    assert flood.groups[0].device_name == "VAN"
    assert flood.ids == frozenset(range(20))


def test_flood_says_its_worst() -> None:
    held = alarms(10, severity=Severity.WARNING)
    held[4] = replace(held[4], severity=Severity.HIGH)
    assert floods(held)[0].worst is Severity.HIGH


def test_critical_and_drills_are_never_in_a_flood() -> None:
    critical = alarms(20, severity=Severity.CRITICAL)
    drills = [replace(alarm, drill=True) for alarm in alarms(20)]
    assert floods([*critical, *drills]) == []


def test_alarms_that_want_nobody_are_not_in_a_flood() -> None:
    held = alarms(10)
    held[3] = replace(held[3], acknowledged_ms=NOW)
    assert floods(held) == []


def test_stragglers_before_and_after_stand_singly() -> None:
    lone = [*alarms(1, start_min=-60), *alarms(1, start_min=60)]
    (flood,) = floods([*lone, *alarms(12)])
    assert len(flood.alarms) == 12


def test_floods_hours_apart_are_two_lines_newest_first() -> None:
    newest, oldest = floods([*alarms(15), *alarms(11, start_min=300)])
    assert (len(newest.alarms), len(oldest.alarms)) == (11, 15)
    assert newest.first.first_ms > oldest.first.first_ms


def test_flood_goes_on_while_every_ten_are_within_ten_minutes() -> None:
    (flood,) = floods(alarms(100))
    assert len(flood.alarms) == 100
