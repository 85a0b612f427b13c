"""What people who watch fleets reported: each case over real sockets, and what is right."""

import time

import pytest

from tests.integration.conftest import LookAt
from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.alarms.alarm import AlarmState
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fleet.activity import Activity
from tftmonitor.settings.names import decode_csv, parse_names_csv

pytestmark = pytest.mark.timeout(180)

CUT = "external_power_lost"


def test_d01_sos_of_a_clock_1024_weeks_back_is_loud(look_at: LookAt) -> None:
    look = look_at("d01", "after")
    sos = look.only("sos")
    assert not sos.late
    assert look.is_loud(sos)
    assert look.device.is_fresh


def test_d01_values_of_a_clock_1024_weeks_back_are_live(look_at: LookAt) -> None:
    assert look_at("d01", "after").device.values["speed"] == 58.0


def test_d01_says_that_the_date_cannot_be(look_at: LookAt) -> None:
    assert look_at("d01", "after").says("date")


def test_d02_right_frames_after_one_of_the_future_are_shown(look_at: LookAt) -> None:
    assert look_at("d02").device.values["speed"] == 58.0
    assert look_at("d02").device.is_fresh


def test_d03_sos_8_h_ahead_is_dated_about_now(look_at: LookAt) -> None:
    look = look_at("d03", "raised")
    sos = look.only("sos")
    assert look.is_loud(sos)
    assert sos.device_ms is None or abs(sos.device_ms - look.at_ms) < 2 * MINUTE_MS


def test_d03_sos_8_h_ahead_is_over_at_the_first_quiet_frame(look_at: LookAt) -> None:
    assert look_at("d03", "over").only("sos").active is False
    assert look_at("d03", "acked").only("sos").state is AlarmState.CLOSED


def test_d04_sos_5_h_30_behind_rings_in_full(look_at: LookAt) -> None:
    look = look_at("d04", "sos")
    sos = look.only("sos")
    assert not sos.late
    assert sos.active
    assert look.is_loud(sos)


def test_d04_unit_5_h_30_behind_is_not_silent(look_at: LookAt) -> None:
    assert look_at("d04", "sos").device.is_fresh


def test_d04_says_by_how_much_the_clock_is_behind(look_at: LookAt) -> None:
    assert look_at("d04", "sos").says("5 h 30", "behind")


def test_d05_values_after_a_restart_in_2013_are_live(look_at: LookAt) -> None:
    device = look_at("d05", "after").device
    assert device.values["speed"] == 0.0
    assert device.is_fresh


def test_d05_sos_after_a_restart_in_2013_rings_in_full(look_at: LookAt) -> None:
    look = look_at("d05", "after")
    sos = look.only("sos")
    assert not sos.late
    assert look.is_loud(sos)


def test_d05_says_that_the_clock_is_not_set(look_at: LookAt) -> None:
    assert look_at("d05", "after").says("clock not set")


def test_d05b_unit_first_seen_in_2013_is_live_and_its_sos_loud(look_at: LookAt) -> None:
    look = look_at("d05b", "after")
    sos = look.only("sos")
    assert not sos.late
    assert sos.active
    assert look.is_loud(sos)
    assert look.device.is_fresh


def test_d06_stored_record_sent_again_is_nothing_new(look_at: LookAt) -> None:
    first = look_at("d06", "acked")
    for name in ("resent1", "resent2", "end"):
        again = look_at("d06", name)
        assert len(again.of("sos")) == 1
        assert again.rung == first.rung
        assert again.only("sos").acknowledged_ms is not None


def test_d07_upload_of_3052_records_leaves_the_live_values_alone(look_at: LookAt) -> None:
    look = look_at("d07", "after")
    assert (look.device.values["speed"], look.device.values["lat"]) == (33.0, 50.0)
    assert look.device.is_fresh
    assert sorted(alarm.key for alarm in look.alarms) == ["sos", "towing"]
    assert all(alarm.late for alarm in look.alarms)
    assert look.loud == 0


def test_d08_speed_of_an_old_fix_is_not_moving(look_at: LookAt) -> None:
    assert look_at("d08", "after").device.activity is not Activity.MOVING


def test_d09_position_goes_on_while_battery_is_quiet(look_at: LookAt) -> None:
    device = look_at("d09", "after").device
    assert device.is_fresh
    assert device.values["speed"] == 21.0


def test_d10_sos_without_a_place_rings(look_at: LookAt) -> None:
    look = look_at("d10")
    sos = look.only("sos")
    assert look.is_loud(sos)
    assert sos.lat is None


def test_d11_alarm_at_the_same_place_and_time_rings(look_at: LookAt) -> None:
    look = look_at("d11")
    assert look.rings[look.only("sos").id]
    assert look.rings[look.only("battery_low").id]


def test_d12_supply_of_0_after_12_volts_fires_the_rule(look_at: LookAt) -> None:
    look = look_at("d12", "after")
    (alarm,) = [alarm for alarm in look.alarms if alarm.key.startswith("rule:u1")]
    assert alarm.active
    assert look.rings[alarm.id]
    assert look.device.values["external_power_voltage"] == 0.0


def test_d13_all_ones_of_a_converter_are_invalid(look_at: LookAt) -> None:
    values = look_at("d13", "spike").device.values
    assert values["external_power_voltage"] is None
    assert values["battery_voltage"] is None
    assert values["battery_voltage_percent"] is None


def test_d13_all_ones_of_a_converter_fire_no_rule(look_at: LookAt) -> None:
    assert look_at("d13").alarms == ()
    assert look_at("d13").device.values["external_power_voltage"] == 12.6


def test_d14_message_is_as_late_as_its_own_date_says(look_at: LookAt) -> None:
    look = look_at("d14", "after")
    sos = look.only("sos")
    assert sos.late
    assert abs(look.at_ms - sos.event_ms - 5 * HOUR_MS) < MINUTE_MS
    assert look.loud == 0


def test_d16_unit_named_first_by_another_id_is_one(look_at: LookAt) -> None:
    look = look_at("d16", "after")
    assert look.device.values["speed"] == 99.0
    assert look.device.ids == ("1000000910000001", "990000900000001", "910001")
    assert look.only("sos").device == look.device.key


def test_d16_driver_that_came_first_belongs_to_the_unit(look_at: LookAt) -> None:
    (record,) = look_at("d16", "after").device.records["driver"]
    assert "Driver B" in record.values()


def test_d17_values_of_two_units_under_one_imei_are_not_mixed(look_at: LookAt) -> None:
    devices = look_at("d17", "after").devices.values()
    found = sorted((each.values["mileage"], each.values["lat"]) for each in devices)
    assert [round(float(lat or 0)) for _mileage, lat in found] == [10, 48]
    assert len({mileage for mileage, _lat in found}) == 2


def test_d17_two_units_under_one_imei_are_said(look_at: LookAt) -> None:
    assert look_at("d17", "after").says("two units", "imei")


def test_d18_one_trip_told_in_other_words_is_one_alarm(look_at: LookAt) -> None:
    (alarm,) = look_at("d18", "after").alarms
    assert alarm.count == 8


def test_d19_flapping_ignition_makes_no_sound(look_at: LookAt) -> None:
    look = look_at("d19", "after")
    assert look.rung == 0
    assert not [alarm for alarm in look.alarms if alarm.severity > Severity.NOTICE]


def test_d20_leaks_in_records_are_alarms(look_at: LookAt) -> None:
    look = look_at("d20", "after")
    names = " ".join(alarm.name.lower() for alarm in look.alarms)
    assert "fuel" in names
    assert "tyre" in names or "tire" in names
    assert look.rung >= 2
    assert {alarm.device for alarm in look.alarms} == {look.device.key}


@pytest.mark.parametrize(
    ("unit", "form"),
    [
        pytest.param(1, "a word"),
        pytest.param(2, "hex text"),
        pytest.param(3, "a list"),
        pytest.param(4, "a list of commas"),
        pytest.param(5, "decimal text"),
        pytest.param(6, "a float"),
        pytest.param(7, "a mask in hex text"),
        pytest.param(8, "true"),
    ],
)
def test_d21_alarm_number_in_another_form_is_an_alarm(
    look_at: LookAt, unit: int, form: str
) -> None:
    look = look_at("d21", "after")
    alarms = [alarm for alarm in look.alarms if alarm.device == f"100000091000000{unit}"]
    assert alarms, form
    assert any(look.rings.get(alarm.id) for alarm in alarms), form


def test_d22_alarms_with_a_picture_of_1_mb_ring(look_at: LookAt) -> None:
    look = look_at("d22", "after")
    assert look.is_loud(look.only("sos"))
    assert look.is_loud(look.only("collision"))


def test_d22b_sos_after_a_frame_of_17_mb_arrives(look_at: LookAt) -> None:
    look = look_at("d22b", "after")
    assert look.is_loud(look.only("sos"))


def test_d23_impossible_numbers_are_unknown_and_named(look_at: LookAt) -> None:
    look = look_at("d23", "after")
    first, second, third = (look.devices[f"100000091000000{n}"].values for n in (1, 2, 3))
    unknown = ("speed", "device_temp", "external_temp", "battery_voltage_percent")
    assert [first[name] for name in unknown] == [None] * 4
    # A decimal comma is named, or understood.
    assert second["speed"] in {None, 88.5}
    assert second["speed"] == 88.5 or look.says("speed", "88,5")
    assert (second["lat"], second["azimuth"]) == (None, None)
    assert (third["network_signal"], third["satellite_count"]) == (None, None)
    assert (third["device_temp"], third["external_temp"]) == (-18, -18.5)


def test_d23_mileage_of_all_ones_is_unknown(look_at: LookAt) -> None:
    assert look_at("d23", "after").devices["1000000910000003"].values["mileage"] is None


def test_d24_alarm_pushes_with_hardly_any_fields_are_alarms(look_at: LookAt) -> None:
    look = look_at("d24", "after")
    devices = [alarm.device for alarm in look.alarms]
    for device in ("1000000910000077", "1000000910000078", None, "1000000910000009"):
        assert device in devices
    assert all(look.rings.get(alarm.id) for alarm in look.alarms)


def test_d25_restored_of_yesterday_leaves_a_cut_without_a_clock_active(look_at: LookAt) -> None:
    assert look_at("d25", "cut").only(CUT).active
    assert look_at("d25", "old").only(CUT).active is not False
    assert look_at("d25").device.values["external_power_voltage"] == 2.6


def test_d25b_restored_message_of_yesterday_leaves_a_cut_active(look_at: LookAt) -> None:
    assert look_at("d25b", "cut").only(CUT).active
    assert look_at("d25b", "old").only(CUT).active is not False


def test_d26_stored_alarms_between_live_reports_are_two_and_late(look_at: LookAt) -> None:
    look = look_at("d26", "after")
    assert len(look.alarms) == 2
    assert all(alarm.late for alarm in look.alarms)
    assert look.device.values["speed"] == 0.0
    assert look.device.is_fresh


def test_d27_rule_on_stored_records_is_late_with_the_right_time(look_at: LookAt) -> None:
    look = look_at("d27", "after")
    (alarm,) = look.alarms
    assert alarm.late
    # It held for thirty seconds, forty minutes ago.
    assert abs(look.at_ms - alarm.event_ms - 2_370 * SECOND_MS) < MINUTE_MS
    assert look.loud == 0


@pytest.mark.parametrize("code_page", ["gb18030", "cp1251"])
def test_d29_names_in_another_code_page_are_right_or_a_problem_is_said(code_page: str) -> None:
    name = {"gb18030": "粤B12345 冷藏车", "cp1251": "Газель К123АВ"}[code_page]
    content = f"imei,name\r\n1000000910000001,{name}\r\n".encode(code_page)
    names, problems = parse_names_csv(decode_csv(content))
    assert names.get("1000000910000001") == name or problems


def test_d31_second_sos_after_the_first_was_acknowledged_rings_again(look_at: LookAt) -> None:
    # Number 3 alone may be SOS in one table and another alarm in the next.
    before = [alarm for alarm in look_at("d31", "acked").alarms if alarm.code == 3]
    second = look_at("d31", "second")
    after = [alarm for alarm in second.alarms if alarm.code == 3]
    assert [alarm.needs_ack for alarm in before] == [False]
    assert any(alarm.needs_ack for alarm in after)
    assert sum(second.rings.get(alarm.id, ()).count(False) for alarm in after) == 2


def test_d34_number_that_stands_in_each_report_is_one_alarm_and_one_ring(
    look_at: LookAt,
) -> None:
    look = look_at("d34", "after")
    (alarm,) = look.alarms
    assert alarm.count == 20
    assert look.rung == 1


def test_d36_old_tyre_event_ends_no_alarm(look_at: LookAt) -> None:
    (hot,) = look_at("d36", "hot").alarms
    (old,) = look_at("d36", "old").alarms
    assert hot.active
    assert old.active
    assert old.id == hot.id


def test_d36_old_tyre_event_replaces_no_value(look_at: LookAt) -> None:
    (record,) = look_at("d36", "old").device.records["bleTire"]
    assert 120.0 in record.values()


def test_d44_sos_overtaken_by_seconds_is_not_over_at_once(look_at: LookAt) -> None:
    look = look_at("d44", "after")
    sos = look.only("sos")
    assert sos.active is not False
    assert sos.is_open
    assert not sos.late
    assert look.is_loud(sos)


def test_d46_sos_at_the_last_known_place_rings(look_at: LookAt) -> None:
    look = look_at("d46", "after")
    assert look.is_loud(look.only("sos"))


def test_d47_one_sos_told_in_two_scripts_is_one_alarm(look_at: LookAt) -> None:
    look = look_at("d47", "after")
    (alarm,) = look.alarms
    assert alarm.severity is Severity.CRITICAL
    assert len(alarm.sources) == 2


def test_d49_message_handed_out_again_after_acknowledging_is_nothing_new(
    look_at: LookAt,
) -> None:
    acked, again = look_at("d49", "acked"), look_at("d49", "again")
    assert len(again.of("sos")) == 1
    assert again.rung == acked.rung


def test_d55_alarms_in_undocumented_pushes_are_heard(look_at: LookAt) -> None:
    look = look_at("d55", "after")
    assert len(look.alarms) >= 2
    assert {alarm.device for alarm in look.alarms} == {look.device.key}
    assert all(look.rings.get(alarm.id) for alarm in look.alarms)


def test_every_case_was_played_to_its_end(look_at: LookAt, played: object) -> None:
    assert isinstance(played, dict)
    for name in played:
        assert look_at(name).at_ms < time.time() * SECOND_MS
