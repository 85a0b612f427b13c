"""More cases of each kind of trouble, of our own making, played in the same way."""

import pytest

from tests.integration.conftest import LookAt
from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fleet.activity import Activity

pytestmark = pytest.mark.timeout(180)

# Wrong clocks.


def test_k01_sos_5_h_45_ahead_is_dated_about_now(look_at: LookAt) -> None:
    look = look_at("k01")
    sos = look.only("sos")
    assert look.is_loud(sos)
    assert sos.device_ms is None or abs(sos.device_ms - look.at_ms) < 2 * MINUTE_MS


def test_k01_says_by_how_much_the_clock_is_ahead(look_at: LookAt) -> None:
    assert look_at("k01").says("5 h 45", "ahead")


def test_k02_pace_alone_tells_that_a_clock_is_behind(look_at: LookAt) -> None:
    look = look_at("k02")
    sos = look.only("sos")
    assert not sos.late
    assert look.is_loud(sos)
    assert look.device.is_fresh


def test_k03_stored_sos_of_a_right_clock_stays_the_past(look_at: LookAt) -> None:
    look = look_at("k03")
    sos = look.only("sos")
    assert sos.late
    assert look.loud == 0
    assert abs(look.at_ms - sos.event_ms - 2 * HOUR_MS) < MINUTE_MS


def test_k04_sos_of_2080_is_dated_about_now_and_over_at_the_first_quiet_frame(
    look_at: LookAt,
) -> None:
    look = look_at("k04", "raised")
    sos = look.only("sos")
    assert look.is_loud(sos)
    assert sos.device_ms is None or sos.device_ms < look.at_ms + DAY_MS
    assert look_at("k04").only("sos").active is False


# Stored uploads, and who is newer.


def test_k05_sos_in_an_upload_is_late_and_the_present_is_shown(look_at: LookAt) -> None:
    look = look_at("k05")
    assert look.only("sos").late
    assert look.loud == 0
    assert look.device.values["speed"] == 34.0
    assert look.device.is_fresh


def test_k06_stored_end_of_jamming_ends_nothing(look_at: LookAt) -> None:
    assert look_at("k06", "begun").only("jammer_start").active
    assert look_at("k06").only("jammer_start").active is not False


def test_k07_stored_fuel_level_replaces_none_of_now(look_at: LookAt) -> None:
    (record,) = look_at("k07").device.records["rs232Fuel"]
    assert 60.0 in record.values()


def test_k08_collision_overtaken_by_20_seconds_is_not_over(look_at: LookAt) -> None:
    look = look_at("k08")
    collision = look.only("collision")
    assert collision.active is not False
    assert not collision.late
    assert look.is_loud(collision)


# What was told already.


def test_k09_message_after_a_restart_is_known_already(look_at: LookAt) -> None:
    look = look_at("k09")
    assert len(look.of("sos")) == 1
    assert look.loud == 1


def test_k10_other_channel_joins_what_was_acknowledged(look_at: LookAt) -> None:
    look = look_at("k10")
    assert len(look.of("sos")) == 1
    assert look.rung == look_at("k10", "acked").rung


def test_k11_sos_pressed_again_rings_without_a_quiet_frame_between(look_at: LookAt) -> None:
    look = look_at("k11")
    assert look.loud == look_at("k11", "acked").loud + 1
    assert any(alarm.needs_ack for alarm in look.of("sos"))


def test_k12_one_tow_told_in_metres_is_one_alarm(look_at: LookAt) -> None:
    (alarm,) = look_at("k12").alarms
    assert alarm.count == 6


def test_k13_frame_that_comes_twice_is_one_alarm_and_one_ring(look_at: LookAt) -> None:
    look = look_at("k13")
    assert len(look.alarms) == 1
    assert look.loud == 1


def test_k70_text_acknowledged_as_a_warning_rings_again_as_an_sos(look_at: LookAt) -> None:
    assert look_at("k70", "acked").loud == 1
    look = look_at("k70")
    (alarm,) = look.alarms
    assert (alarm.key, alarm.needs_ack, look.loud) == ("sos", True, 2)
    assert look.is_loud(alarm)


def test_k71_message_dated_by_itself_alone_is_known_again(look_at: LookAt) -> None:
    look = look_at("k71")
    assert len(look.alarms) == 1
    assert look.rung == look_at("k71", "acked").rung


# Values gone quiet.


def test_k15_receiver_that_is_off_does_not_move(look_at: LookAt) -> None:
    assert look_at("k15").device.activity is not Activity.MOVING


def test_k16_unit_with_everything_fresh_moves(look_at: LookAt) -> None:
    device = look_at("k16").device
    assert device.activity is Activity.MOVING
    assert device.is_fresh


def test_k72_alarm_of_a_rule_whose_value_went_quiet_is_unknown_until_it_is_back(
    look_at: LookAt,
) -> None:
    assert not look_at("k72", "low").only("rule:u1").end_unknown
    quiet = look_at("k72", "quiet").only("rule:u1")
    assert (quiet.active, quiet.end_unknown) == (True, True)
    assert look_at("k72").only("rule:u1").active is False


def test_k73_rule_does_not_fire_on_the_speed_of_an_old_fix(look_at: LookAt) -> None:
    assert look_at("k73").alarms == ()


# Alarms that cannot be read.


@pytest.mark.parametrize(
    "case",
    [
        pytest.param("k17"),
        pytest.param("k18"),
        pytest.param("k19"),
        pytest.param("k20"),
        pytest.param("k21"),
    ],
)
def test_alarm_in_an_unknown_form_is_heard(look_at: LookAt, case: str) -> None:
    look = look_at(case)
    assert look.alarms
    assert any(alarm.severity >= Severity.WARNING for alarm in look.alarms)
    assert look.rung >= 1


def test_k74_bits_of_alarm_code_are_alarms_of_their_own(look_at: LookAt) -> None:
    raised = look_at("k74", "raised")
    assert sorted(alarm.key for alarm in raised.alarms) == ["external_power_lost", "sos"]
    assert all(raised.is_loud(alarm) for alarm in raised.alarms)
    assert [alarm.active for alarm in look_at("k74").alarms] == [False, False]


# Who it is.


@pytest.mark.xfail(strict=True, reason="ids do not join")
def test_k22_unit_named_by_id_alone_joins_with_its_alarm(look_at: LookAt) -> None:
    look = look_at("k22")
    assert look.device.ids[0] == "1000000910000001"
    assert look.only("sos").device == look.device.key


@pytest.mark.xfail(strict=True, reason="ids do not join")
def test_k23_message_by_id_before_any_snapshot_joins(look_at: LookAt) -> None:
    look = look_at("k23")
    assert look.only("sos").device == look.device.key


def test_k24_two_units_by_key_alone_stay_two(look_at: LookAt) -> None:
    devices = look_at("k24").devices.values()
    assert sorted(float(each.values["mileage"] or 0) for each in devices) == [1000, 2000]


# Numbers that are none.


def test_k25_all_ones_are_unknown(look_at: LookAt) -> None:
    values = look_at("k25").device.values
    names = (
        "external_power_voltage",
        "altitude",
        "engine_time",
        "rpm",
        "satellite_count",
        "accumulating_fuel_consumption",
    )
    assert {name: values[name] for name in names} == dict.fromkeys(names)


def test_k26_supply_that_was_never_measured_fires_no_rule(look_at: LookAt) -> None:
    assert look_at("k26").alarms == ()


def test_k27_supply_that_falls_to_nothing_keeps_its_alarm(look_at: LookAt) -> None:
    (alarm,) = look_at("k27").alarms
    assert alarm.active
