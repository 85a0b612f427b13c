"""A device that tells of ever other alarms has a list that can be read, and costs a constant."""

import pytest

from tftmonitor.model.alarms import correlation
from tftmonitor.model.alarms.alarm import TEXT_KEY, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.device_flood import FLOOD_KEY, MOST_OPEN
from tftmonitor.model.alarms.events import Acknowledged, Raised
from tftmonitor.model.alarms.reducer import AlarmReducer

NOW = 1_795_000_000_000


def told(number: int, device: str = "1", severity: Severity = Severity.WARNING) -> Raised:
    text = f"strange thing {number}"
    key = f"{TEXT_KEY}strange {'x' * (number % 97)} {number}"
    return Raised(NOW + number, Source.MESSAGE, key, text, severity, device, text=text)


def flooded(count: int) -> AlarmReducer:
    reducer = AlarmReducer()
    for number in range(count):
        assert reducer.reduce(told(number))
    return reducer


def test_flood_is_one_alarm_that_counts() -> None:
    reducer = flooded(3_000)
    assert len(reducer.alarms) == MOST_OPEN + 1
    (flood,) = (alarm for alarm in reducer.alarms.all() if alarm.key == FLOOD_KEY)
    assert flood.count == 3_000 - MOST_OPEN
    assert flood.severity is Severity.HIGH
    assert flood.needs_ack


def test_flood_that_goes_on_after_it_was_acknowledged_is_told_again_as_one() -> None:
    reducer = flooded(MOST_OPEN + 1)
    (flood,) = (alarm for alarm in reducer.alarms.all() if alarm.key == FLOOD_KEY)
    reducer.reduce(Acknowledged(NOW + 5_000, (flood.id,)))
    for number in range(6_000, 6_050):
        reducer.reduce(told(number))
    (again,) = (alarm for alarm in reducer.alarms.all() if alarm.key == FLOOD_KEY)
    assert again.id != flood.id
    assert again.count == 50
    assert again.rings == 1


@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.HIGH])
def test_alarm_of_a_known_kind_stands_alone(severity: Severity) -> None:
    reducer = flooded(MOST_OPEN + 5)
    report = Raised(NOW + 9_000_000, Source.SNAPSHOT, "sos", "SOS", severity, "1", code=3)
    (change,) = reducer.reduce(report)
    assert change.is_new
    assert change.alarm.key == "sos"


def test_critical_alarm_of_any_name_stands_alone() -> None:
    reducer = flooded(MOST_OPEN + 5)
    (change,) = reducer.reduce(told(9_000, severity=Severity.CRITICAL))
    assert change.alarm.key != FLOOD_KEY


def test_other_devices_are_not_flooded() -> None:
    reducer = flooded(MOST_OPEN + 5)
    (change,) = reducer.reduce(told(9_000, device="2"))
    assert change.alarm.key != FLOOD_KEY


def test_cost_of_a_report_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    is_about = correlation._is_about

    def count(*args: object) -> bool:
        looked_at[-1] += 1
        return is_about(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(correlation, "_is_about", count)
    reducer = AlarmReducer()
    for number in range(2_000):
        looked_at.append(0)
        reducer.reduce(told(number))
    assert max(looked_at) <= MOST_OPEN + 1
