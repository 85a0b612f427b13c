"""More cases of each kind of trouble, of our own making, played in the same way."""

import pytest

from tests.integration.conftest import LookAt
from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fleet.activity import Activity, Staleness

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


def test_k03_stored_sos_of_a_right_clock_is_the_past_once_the_next_frame_tells(
    look_at: LookAt,
) -> None:
    look = look_at("k03")
    sos = look.only("sos")
    assert sos.late
    assert not sos.doubtful
    assert look.rings[sos.id] == (False,)
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


def test_k75_words_that_nobody_knows_are_alarms_of_unknown_form(look_at: LookAt) -> None:
    look = look_at("k75")
    assert [alarm.severity for alarm in look.alarms] == [Severity.HIGH] * 3
    assert {alarm.device for alarm in look.alarms} == {look.device.key}
    for word in ("low pressure", "card refused", "forced"):
        assert any(word in alarm.name for alarm in look.alarms)


# Who it is.


def test_k22_unit_named_by_id_alone_joins_with_its_alarm(look_at: LookAt) -> None:
    look = look_at("k22")
    assert look.device.ids[0] == "1000000910000001"
    assert look.only("sos").device == look.device.key


def test_k23_message_by_id_before_any_snapshot_joins(look_at: LookAt) -> None:
    look = look_at("k23")
    assert look.only("sos").device == look.device.key


def test_k24_two_units_by_key_alone_stay_two(look_at: LookAt) -> None:
    devices = look_at("k24").devices.values()
    assert sorted(float(each.values["mileage"] or 0) for each in devices) == [1000, 2000]


def test_k50_acknowledged_sos_by_key_joins_after_a_restart(look_at: LookAt) -> None:
    look = look_at("k50")
    assert {alarm.device for alarm in look.of("sos")} == {look.device.key}
    assert look.of("sos")[0].acknowledged_ms is not None
    assert look_at("k50", "acked").loud == 1


def test_k51_two_units_under_one_imei_are_one_alarm_and_their_own_stay_apart(
    look_at: LookAt,
) -> None:
    look = look_at("k51")
    (conflict,) = [alarm for alarm in look.alarms if "Two units" in alarm.name]
    assert (conflict.severity, conflict.count, conflict.active) == (Severity.HIGH, 1, True)
    pressed, told = look.of("sos")
    assert pressed.active
    assert pressed.device != told.device
    assert look.is_loud(pressed)
    assert look.is_loud(told)
    assert "two units answer to this IMEI" in told.text
    assert sorted(float(each.values["mileage"] or 0) for each in look.devices.values()) == [
        100,
        200,
    ]


def test_k52_three_rows_become_one_with_all_that_they_had(look_at: LookAt) -> None:
    assert len(look_at("k52", "apart").devices) == 3
    device = look_at("k52").device
    assert device.key == "910001"
    assert device.ids == ("1000000910000001", "990000900000001", "910001")
    assert device.samples == 3
    assert "driver" in device.records
    assert device.values["speed"] == 30.0


def test_k53_name_of_either_id_is_kept(look_at: LookAt) -> None:
    assert look_at("k53").device.name == "Van 7"


def test_k54_message_that_names_both_ties_two_rows(look_at: LookAt) -> None:
    look = look_at("k54")
    assert look.device.samples == 2
    assert look.only("sos").device == look.device.key


def test_k55_conflict_after_a_join_is_said_and_mixes_nothing(look_at: LookAt) -> None:
    look = look_at("k55")
    assert look.says("two units", "imei")
    mileages = sorted(float(each.values["mileage"] or 0) for each in look.devices.values())
    assert mileages == [100, 200]


def test_k56_alarm_that_a_former_run_heard_by_id_is_of_the_unit(look_at: LookAt) -> None:
    look = look_at("k56")
    assert look.only("sos").device == look.device.key
    assert look.device.ids[0] == "1000000910000001"


def test_k57_ids_in_odd_forms_are_of_one_unit(look_at: LookAt) -> None:
    look = look_at("k57")
    assert look.device.samples == 6
    assert look.device.values["speed"] == 33.0
    assert look.alarms == ()


def test_k58_bare_imei_of_two_units_is_of_neither_and_rings(look_at: LookAt) -> None:
    look = look_at("k58")
    sos = look.only("sos")
    assert look.is_loud(sos)
    assert "two units answer to this IMEI" in sos.text
    mileages = sorted(float(each.values["mileage"] or 0) for each in look.devices.values())
    assert mileages == [100, 200, 300]


def test_k59_messages_by_other_ids_are_of_the_unit_and_no_conflict(look_at: LookAt) -> None:
    look = look_at("k59")
    assert {alarm.device for alarm in look.alarms} == {look.device.key}
    assert not look.says("two units")


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


# Silence, judged before it is learned.


def test_k80_third_silence_of_a_driving_unit_is_overdue(look_at: LookAt) -> None:
    assert look_at("k80").device.staleness is Staleness.OVERDUE


def test_k81_other_configuration_is_learned_over_hours(look_at: LookAt) -> None:
    assert look_at("k81").device.staleness <= Staleness.DUE


# One judge of time: what one frame cannot tell.


def test_k60_sos_of_a_clock_that_fell_back_rings_in_full(look_at: LookAt) -> None:
    look = look_at("k60", "raised")
    sos = look.only("sos")
    assert look.is_loud(sos)
    assert sos.active
    assert sos.doubtful
    assert not sos.end_unknown
    assert look.device.values["speed"] == 50.0
    end = look_at("k60")
    assert not end.only("sos").late
    assert end.device.values["speed"] == 7.0
    assert end.device.is_fresh
    assert end.says("clock not set")


def test_k63_live_sos_in_an_upload_rings_in_full(look_at: LookAt) -> None:
    look = look_at("k63", "live")
    sos = look.only("sos")
    assert look.is_loud(sos)
    assert not sos.late
    assert sos.active
    assert look_at("k63").device.values["speed"] == 0.0


def test_k61_clock_8_h_ahead_is_known_after_a_restart(look_at: LookAt) -> None:
    look = look_at("k61", "raised")
    sos = look.only("sos")
    assert look.is_loud(sos)
    assert not sos.doubtful
    assert sos.device_ms is not None
    assert abs(sos.device_ms - look.at_ms) < MINUTE_MS
    assert look_at("k61", "learned").says("8 h", "ahead")


def test_k62_sos_after_a_change_of_summer_time_is_of_now(look_at: LookAt) -> None:
    look = look_at("k62")
    sos = look.only("sos")
    assert look.is_loud(sos)
    assert not sos.late
    assert look.device.values["speed"] == 52.0
    assert look.device.is_fresh
    assert look.says("clock 1 h", "behind")


def test_k64_dates_that_are_none_are_of_now_and_an_sos_is_loud(look_at: LookAt) -> None:
    look = look_at("k64")
    sos = look.only("sos")
    assert look.is_loud(sos)
    assert not sos.late
    assert look.device.values["speed"] == 25.0
    assert look.device.is_fresh


def test_k66_server_that_hangs_makes_no_sos_late(look_at: LookAt) -> None:
    look = look_at("k66")
    sos = look.only("sos")
    assert look.is_loud(sos)
    assert not sos.late
    assert not sos.doubtful
    assert look.device.is_fresh


def test_k67_sos_in_the_first_frame_of_another_zone_is_dated_by_the_second(
    look_at: LookAt,
) -> None:
    first = look_at("k67", "first")
    assert first.is_loud(first.only("sos"))
    assert first.says("time doubtful")
    assert first.device.staleness <= Staleness.DUE
    look = look_at("k67")
    sos = look.only("sos")
    assert not sos.late
    assert not sos.doubtful
    assert sos.device_ms is not None
    assert abs(sos.device_ms - sos.first_ms) < MINUTE_MS
    assert look.says("5 h 30", "behind")


def test_k65_alarm_messages_in_local_time_ring_in_full(look_at: LookAt) -> None:
    ahead = look_at("k65", "ahead").only("sos")
    assert ahead.device_ms is None
    assert ahead.doubtful
    look = look_at("k65")
    for key in ("sos", "collision"):
        alarm = look.only(key)
        assert look.is_loud(alarm)
        assert not alarm.late


def test_k68_leak_of_a_clock_that_fell_back_rings_in_full(look_at: LookAt) -> None:
    look = look_at("k68")
    (leak,) = look.alarms
    assert look.is_loud(leak)
    assert leak.active
    assert leak.doubtful


def test_k69_stored_leak_is_over_with_the_next_record(look_at: LookAt) -> None:
    (told,) = look_at("k69", "told").alarms
    assert told.doubtful
    (leak,) = look_at("k69").alarms
    assert leak.active is False
