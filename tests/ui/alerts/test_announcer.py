import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel

from tests.ui.bars.test_banner import alarm
from tests.ui.harness import Harness
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.ui.alerts.announcer import Announcer


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader would be given; tests/e2e/test_screen_reader.py has a real one."""
    texts: list[str] = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: texts.append(event.message())
    )
    return texts


def ringing(number: int, severity: Severity) -> AlarmChange:
    made = alarm(number, severity, f"Alarm {number}")
    return AlarmChange(made, events.Silenced(0, (number,)), is_new=True, rings=True)


def test_gravest_are_said_first_and_a_burst_is_bounded(harness: Harness, said: list[str]) -> None:
    window = harness.show(QLabel("window"))
    QAccessible.setActive(True)
    changes = [ringing(number, Severity.WARNING) for number in range(5)]
    Announcer(window).apply_changes([*changes, ringing(9, Severity.CRITICAL)])
    assert said == [
        "critical alarm: VAN-12, Alarm 9",
        "warning alarm: VAN-12, Alarm 0",
        "warning alarm: VAN-12, Alarm 1",
        "and 3 more alarms",
    ]
    QAccessible.setActive(False)


def test_the_place_of_an_alarm_is_said(harness: Harness, said: list[str]) -> None:
    window = harness.show(QLabel("window"))
    QAccessible.setActive(True)
    made = alarm(1, Severity.HIGH, lat=52.52, lng=13.4)
    change = AlarmChange(made, events.Silenced(0, (1,)), is_new=True, rings=True)
    Announcer(window).apply_changes([change])
    assert said == ["high alarm: VAN-12, SOS, in Berlin"]
    QAccessible.setActive(False)


def test_nothing_is_said_while_nobody_listens_or_nothing_rings(
    harness: Harness, said: list[str]
) -> None:
    window = harness.show(QLabel("window"))
    QAccessible.setActive(False)
    Announcer(window).apply_changes([ringing(1, Severity.CRITICAL)])
    QAccessible.setActive(True)
    quiet = AlarmChange(alarm(1, Severity.HIGH), events.Silenced(0, (1,)))
    Announcer(window).apply_changes([quiet])
    QAccessible.setActive(False)
    assert said == []
