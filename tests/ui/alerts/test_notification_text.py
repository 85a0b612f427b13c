"""What a notification of the desktop says of an alarm."""

from tests.ui.bars.test_banner import NOW_MS, alarm
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.settings.schema import Settings
from tftmonitor.ui.alerts.alarm_outputs import notification_text

UTC, OWN = Settings(zone="utc"), Settings(zone="device")


def test_it_says_when_and_where() -> None:
    made = alarm(1, Severity.HIGH, lat=40.71, lng=-74.0)
    assert notification_text(made, UTC) == ("VAN-12: SOS", "11:59:45  in New York City")
    assert notification_text(made, OWN)[1] == "06:59:45 EST  in New York City"


def test_a_place_that_is_old_says_so_and_none_says_nothing() -> None:
    three_hours = 3 * 3_600_000
    old = alarm(
        1,
        Severity.HIGH,
        lat=52.43,
        lng=13.11,
        place_is_last_known=True,
        place_ms=NOW_MS - 15_000 - three_hours,
        text="help",
    )
    body = notification_text(old, UTC)[1]
    assert body == "11:59:45  5 km NE of Potsdam (last known, 3 h old)  help"
    assert notification_text(alarm(1, Severity.HIGH), UTC)[1] == "11:59:45"
