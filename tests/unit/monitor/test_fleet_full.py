"""More devices than any account has: those that came first stay, and no alarm is left out."""

from typing import Any

import pytest

from tests.unit.monitor.test_monitor import JAMMER, Rig
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.who.rows import FleetFullError
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.protocol.channels import Channel

MOST = 10


class Full(Rig):
    """A rig with room for ten devices, which are there already."""

    def __init__(self) -> None:
        super().__init__()
        self.fleet = Fleet(most_devices=MOST)
        self.service = AlarmService(self.book, None, CodeResolver(), self.clock, self.fleet.find)
        engine = RuleEngine(self.fleet, self.service, self.clock, ())
        self.monitor = Monitor({}, self.clock, self.fleet, self.service, engine)
        for number in range(MOST):
            self.snapshot(f"1{number:03d}", speed=1)


@pytest.fixture
def rig() -> Full:
    return Full()


def test_those_that_come_later_are_counted_and_not_shown(rig: Full) -> None:
    for number in range(5):
        rig.snapshot(f"2{number:03d}", speed=1)
        rig.snapshot(f"2{number:03d}", speed=2)
    assert (len(rig.fleet), rig.fleet.beyond_count) == (MOST, 5)
    rig.snapshot("1003", speed=77)
    device = rig.fleet.find("1003")
    assert device is not None
    assert device.status is not None
    assert device.status.speed == 77


def test_number_of_those_is_bounded_itself(rig: Full) -> None:
    for number in range(40):
        rig.snapshot(f"2{number:03d}", speed=1)
    assert rig.fleet.beyond_count == MOST


@pytest.mark.parametrize(
    "status",
    [{"cur_event": 0, "alerts": JAMMER}, {"alarm": "SOS"}, {"cur_event": JAMMER}],
)
def test_alarm_of_one_without_a_row_rings(rig: Full, status: dict[str, Any]) -> None:
    rig.snapshot("2000", **status)
    (alarm,) = rig.alarms()
    assert (alarm.device, alarm.imei, alarm.active) == ("2000", "2000", True)
    rig.snapshot("2000", cur_event=0, alerts=0)
    assert len(rig.alarms()) == 1
    assert rig.fleet.find("2000") is None or len(rig.fleet) == MOST


def test_all_clear_of_one_without_a_row_ends_its_alarm(rig: Full) -> None:
    rig.snapshot("2000", cur_event=0, alerts=JAMMER)
    assert [alarm.active for alarm in rig.alarms()] == [True]
    rig.clock.advance(60)
    rig.snapshot("2000", cur_event=0, alerts=0)
    assert [alarm.active for alarm in rig.alarms()] == [False]


def test_sensor_of_one_without_a_row_raises(rig: Full) -> None:
    tyre = {"id": "a1", "status": "leaking", "pressure": 100}
    rig.receive({"event": "bleTire", "data": {"imei": "2000", "ble_data": [tyre]}, "error": 0})
    assert [alarm.device for alarm in rig.alarms()] == ["2000"]
    assert len(rig.fleet) == MOST


def test_named_ones_and_those_with_an_alarm_get_a_row(rig: Full) -> None:
    rig.fleet.set_names({"2000": "Ambulance"})
    rig.snapshot("2000", speed=1)
    rig.receive(
        {"type": "messagePass", "from_id": 1, "message": "SOS", "alarm_msg": {"imei": "2001"}},
        Channel.MESSAGES,
    )
    rig.snapshot("2001", speed=1)
    assert len(rig.fleet) == MOST + 2
    assert rig.fleet.beyond_count == 0


def test_who_makes_up_alarms_gets_no_more_than_as_many_rows_again(rig: Full) -> None:
    for number in range(3 * MOST):
        message = {"imei": f"3{number:03d}"}
        content = {"type": "messagePass", "from_id": 1, "message": "SOS", "alarm_msg": message}
        rig.receive(content, Channel.MESSAGES)
        rig.snapshot(f"3{number:03d}", speed=1)
    assert len(rig.fleet) == 2 * MOST
    assert len(rig.alarms()) == 3 * MOST


def test_error_says_how_many_there_may_be() -> None:
    rig = Full()
    with pytest.raises(FleetFullError, match="more than 200,000 devices"):
        rig.fleet._report(rig.fleet.devices[0].ids._replace(imei="2000"), 0)
