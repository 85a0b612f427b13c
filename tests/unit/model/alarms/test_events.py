"""What is published and journalled about alarms."""

import msgspec
import pytest
from msgspec.structs import replace

from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import (
    Acknowledged,
    AlarmChange,
    Event,
    Raised,
    StepFailed,
    coalesce,
)

NOW = 1_795_000_000_000
BY = (Source.RULE,)
RAISED = Raised(NOW, Source.RULE, "rule:a", "Voltage low", Severity.HIGH, device="1")
ALARM = Alarm(1, "rule:a", "Voltage low", Severity.HIGH, NOW, NOW, BY, BY, "1")


@pytest.mark.parametrize(
    "event", [RAISED, Acknowledged(NOW, (1, 2), "me", "seen"), StepFailed(NOW, "sound", "x")]
)
def test_events_come_back_from_json_as_they_were(event: Event) -> None:
    assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event


def test_event_says_what_the_journal_files_it_under() -> None:
    assert RAISED.kind == "raised"


def test_several_changes_of_an_alarm_are_published_as_one() -> None:
    repeat = replace(ALARM, count=2)
    changes = [
        AlarmChange(ALARM, RAISED, is_new=True, rings=True),
        AlarmChange(replace(ALARM, id=2), RAISED),
        AlarmChange(repeat, RAISED, counted=True),
    ]
    first, second = coalesce(changes)
    assert first == AlarmChange(repeat, RAISED, is_new=True, rings=True, counted=False)
    assert second.alarm.id == 2


def test_alarm_that_is_seen_already_when_published_does_not_ring() -> None:
    seen = replace(ALARM, acknowledged_ms=NOW)
    changes = [
        AlarmChange(ALARM, RAISED, is_new=True, rings=True, severity_rose=True),
        AlarmChange(seen, Acknowledged(NOW, (1,))),
    ]
    (change,) = coalesce(changes)
    assert not change.rings
    assert change.severity_rose
