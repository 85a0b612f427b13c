"""What looks like an alarm and cannot be read is an alarm, whatever brings it."""

import json
from typing import Any

import pytest

from tests.unit.monitor.test_monitor import NOW, Rig
from tftmonitor.base.clock import HOUR_MS
from tftmonitor.model.alarms.alarm import AlarmState, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.unknown_form import UNKNOWN_FORM
from tftmonitor.model.rules.record_conditions import TyreStatusIs
from tftmonitor.model.rules.rule import Rule
from tftmonitor.monitor.alarm_service import AlarmStep
from tftmonitor.protocol.channels import Channel


@pytest.fixture
def rig() -> Rig:
    return Rig()


def names(rig: Rig) -> list[str]:
    return [alarm.name for alarm in rig.alarms()]


@pytest.mark.parametrize("raw", ["PANIC", True, {"by": "button"}, [7, "x"], 7.5, 1 << 40])
@pytest.mark.parametrize("word", ["cur_event", "alerts"])
def test_word_that_cannot_be_read_is_an_alarm_until_it_is_zero(
    rig: Rig, word: str, raw: Any
) -> None:
    for _ in range(3):
        rig.snapshot(**{"cur_event": 0, "alerts": 0} | {word: raw})
        rig.clock.advance(30)
    (alarm,) = rig.alarms()
    assert alarm.name.startswith(UNKNOWN_FORM)
    assert (alarm.severity, alarm.device, alarm.count) == (Severity.HIGH, "100", 3)
    assert alarm.sources == (Source.SNAPSHOT,)
    assert alarm.active
    rig.snapshot(cur_event=0, alerts=0)
    (alarm,) = rig.alarms()
    assert alarm.state is AlarmState.RETURNED


def test_same_snapshot_again_is_no_further_alarm(rig: Rig) -> None:
    for _ in range(2):
        rig.snapshot(cur_event="PANIC")
    (alarm,) = rig.alarms()
    assert alarm.count == 1


def test_values_that_only_count_up_are_one_alarm_and_other_words_are_another(rig: Rig) -> None:
    for number in range(5):
        rig.clock.advance(10)
        rig.snapshot(cur_event=f"the engine has been too hot for {number} s")
    rig.snapshot(cur_event="7A")
    rig.snapshot(cur_event="7B")
    assert len(rig.alarms()) == 3


@pytest.mark.parametrize("raw", ["SOS", "alarm_sos", "ALARM SOS"])
def test_word_that_names_a_known_alarm_is_that_alarm(rig: Rig, raw: str) -> None:
    rig.snapshot(cur_event=raw)
    (alarm,) = rig.alarms()
    assert (alarm.key, alarm.severity) == ("sos", Severity.CRITICAL)
    rig.message(from_id=1, message="SOS", alarm_msg={"imei": "100"})
    (alarm,) = rig.alarms()
    assert alarm.sources == (Source.SNAPSHOT, Source.MESSAGE)


def test_every_number_of_a_list_is_an_alarm(rig: Rig) -> None:
    rig.snapshot(cur_event=[0x100, 0x400])
    assert {alarm.key for alarm in rig.alarms()} == {"anti_theft", "fuel_leak"}
    rig.clock.advance(30)
    rig.snapshot(cur_event=[])
    assert not any(alarm.active for alarm in rig.alarms())


def test_known_number_rings_beside_an_unreadable_word(rig: Rig) -> None:
    rig.snapshot(cur_event=64, alerts="PANIC")
    assert {alarm.key for alarm in rig.alarms()} == {"towing", "form:panic"}


def test_notice_in_words_is_told_once_while_it_stands(rig: Rig) -> None:
    told: list[str] = []
    rig.service.steps[AlarmStep.MODEL].add(
        lambda changes: told.extend(change.alarm.name for change in changes)
    )
    for word in ("ignition on", "ignition on", "ignition off", "ignition on"):
        rig.clock.advance(90)
        rig.snapshot(cur_event=word)
    assert rig.alarms() == []
    assert told == ["Ignition on", "Ignition off", "Ignition on"]


def test_stored_unreadable_alarm_is_late(rig: Rig) -> None:
    rig.snapshot()
    rig.snapshot(cur_event="PANIC", date=NOW - HOUR_MS)
    (alarm,) = rig.alarms()
    assert (alarm.late, alarm.doubtful, alarm.active) == (False, True, True)
    rig.snapshot()
    (alarm,) = rig.alarms()
    assert (alarm.late, alarm.doubtful, alarm.active) == (True, False, False)


@pytest.mark.parametrize(
    "content",
    [
        {"event": "alarm", "data": {"imei": "100", "alarm_code": 64}},
        {"event": "gpsDriverBehavior", "data": {"imei": "100", "status": {"cur_event": 64}}},
        {"event": "bleTire", "data": {"imei": "100", "cur_event": "0x40", "tires": []}},
        {"event": "snapshot", "data": {"imei": "100", "cur_event": 64}},
        {"event": "snapshot", "data": {"imei": "100", "alerts": 64, "status": {"speed": 5}}},
        {"type": "getFileShake", "alarm_msg": {"imei": "100", "cur_event": 64}},
    ],
)
@pytest.mark.parametrize("channel", Channel)
def test_number_in_a_push_of_any_kind_is_its_alarm(
    rig: Rig, channel: Channel, content: dict[str, Any]
) -> None:
    rig.receive(content, channel)
    (alarm,) = rig.alarms()
    assert (alarm.key, alarm.device) == ("towing", "100")


@pytest.mark.parametrize(
    "content",
    [
        {"type": "alarmPass", "from_id": 1, "message": "", "alarm_msg": {"cur_event": 64}},
        {"type": "notify", "from_id": 5, "alarm_msg": {"cur_event": "0x40"}},
        {"type": "messagePass", "from_id": 1, "message": "", "cur_event": 64},
    ],
)
def test_message_of_an_unknown_kind_is_an_alarm_and_stands_in_the_inbox(
    rig: Rig, content: dict[str, Any]
) -> None:
    rig.receive(content, Channel.MESSAGES)
    (alarm,) = rig.alarms()
    assert (alarm.key, alarm.device) == ("towing", None)
    assert len(rig.monitor.inbox.items) == 1
    assert bool(rig.monitor.counters.other_kinds) == (content["type"] != "messagePass")


@pytest.mark.parametrize("value", [True, "PANIC", [True], {"imei": "100", "cur_event": [1.5]}])
def test_unreadable_content_of_a_message_is_a_high_alarm(rig: Rig, value: Any) -> None:
    rig.message(from_id=5, message="", alarm_msg=value)
    (alarm,) = rig.alarms()
    assert alarm.name.startswith(UNKNOWN_FORM)
    assert (alarm.severity, alarm.sources) == (Severity.HIGH, (Source.MESSAGE,))


def test_own_words_of_the_server_name_what_cannot_be_read(rig: Rig) -> None:
    rig.message(from_id=1, message="Door forced", alarm_msg={"imei": "100", "cur_event": "D1"})
    (alarm,) = rig.alarms()
    assert (alarm.name, alarm.severity) == ("Door forced", Severity.HIGH)
    assert "D1" in alarm.text


@pytest.mark.parametrize("value", [0, "0x00", {"imei": "1", "cur_event": 0}, [{"cur_event": []}]])
def test_message_that_says_none_is_no_alarm(rig: Rig, value: Any) -> None:
    rig.message(from_id=5, message="hi", alarm_msg=value)
    assert rig.alarms() == []


def test_number_in_alarm_bits_of_a_message_is_read(rig: Rig) -> None:
    rig.message(from_id=1, message="", alarm_msg={"imei": "100", "alerts": 0x40000040})
    assert {alarm.key for alarm in rig.alarms()} == {"towing", "collision"}


@pytest.mark.parametrize(
    "frame",
    [
        b'{"event":"snapshot","data":{"imei":"100","status":{"cur_event":64,"sp',
        b'{"event":"snapshot","data":{"imei":"100","status":{"cur_event":64,"x":['
        + b",".join([b'"' + b"y" * 60_000 + b'"'] * 20)
        + b"]}}}",
    ],
)
def test_alarm_of_an_unusable_frame_is_not_lost(rig: Rig, frame: bytes) -> None:
    rig.receive(frame)
    (alarm,) = rig.alarms()
    assert (alarm.key, alarm.device) == ("towing", "100")
    assert rig.monitor.counters.invalid == 1


def test_snapshot_that_names_no_device_still_rings(rig: Rig) -> None:
    rig.receive({"event": "snapshot", "data": {"status": {"cur_event": 64}}})
    (alarm,) = rig.alarms()
    assert (alarm.key, alarm.device) == ("towing", None)


def test_kinds_and_frames_that_nobody_understands_are_listed(rig: Rig) -> None:
    rig.receive({"event": "bleDoor", "data": {"imei": "1"}})
    rig.receive({"event": "bleDoor", "data": {"imei": "1"}})
    rig.receive(b"hello")
    rig.receive(b"world")
    rig.receive({"event": "signin", "error": 0})
    rows = rig.monitor.counters.not_understood
    assert [(row.what, row.channel, row.count) for row in rows.values()] == [
        ("Unknown kind “bleDoor”", "devices", 2),
        ("Unusable: not JSON", "devices", 2),
    ]
    assert rows["devices", "Unusable: not JSON"].example == "world"
    assert rig.monitor.counters.not_understood_count == 4


def test_picture_in_a_frame_is_not_kept(rig: Rig) -> None:
    rig.snapshot(cur_event=64, photo="x" * 100_000)
    assert names(rig) == ["Towing"]
    rig.receive(
        {"event": "driver", "data": {"imei": "100", "rfid": "12AB", "photo": "x" * 100_000}}
    )
    device = rig.fleet.find("100")
    assert device is not None
    assert len(device.frame or b"") < 500
    assert len(device.record_frames["driver"]) < 500
    assert len(str(device.records["driver"])) < 500


# Records


def tyres(rig: Rig, *status: Any, **more: Any) -> None:
    rows = [
        {"mac": f"a{number}", "airPressure": 700, "status": s} for number, s in enumerate(status)
    ]
    data = {"imei": "100", "date": rig.clock.now_ms(), "tires": rows} | more
    rig.receive({"event": "bleTire", "data": data, "error": 0})


def test_leaking_tyre_is_an_alarm_of_its_own_until_it_says_another_word(rig: Rig) -> None:
    tyres(rig, 1, 0, 1)
    found = rig.alarms()
    assert [(alarm.name, alarm.severity) for alarm in found] == [
        ("Tyre leak (a0)", Severity.CRITICAL),
        ("Tyre leak (a2)", Severity.CRITICAL),
    ]
    rig.snapshot(cur_event=0, alerts=0)
    rig.clock.advance(60)
    tyres(rig, 0, 0, 1)
    assert [alarm.active for alarm in rig.alarms()] == [False, True]


def test_older_record_ends_nothing_and_begins_as_over(rig: Rig) -> None:
    rig.clock.advance(300)
    tyres(rig, 1)
    tyres(rig, 0, date=NOW)
    (alarm,) = rig.alarms()
    assert alarm.active
    rig.clock.advance(60)
    tyres(rig, 0)
    tyres(rig, 0, 1, date=NOW)
    assert [alarm.active for alarm in rig.alarms()] == [False, True]
    tyres(rig, 1, date=NOW - 60_000)
    assert [alarm.active for alarm in rig.alarms()] == [False, True]


def test_leak_of_a_time_that_nothing_tells_is_of_now_until_the_next_record(rig: Rig) -> None:
    tyres(rig, 0)
    tyres(rig, 1, date=NOW - 2 * HOUR_MS)
    (alarm,) = rig.alarms()
    assert (alarm.active, alarm.late, alarm.doubtful) == (True, False, True)
    assert alarm.raw_ms == NOW - 2 * HOUR_MS
    # It may be older than what was known, and so may its end be.
    tyres(rig, 0, date=NOW - HOUR_MS)
    assert rig.alarms()[0].active
    rig.clock.advance(1)
    tyres(rig, 0)
    assert not rig.alarms()[0].active


@pytest.mark.parametrize("word", ["leaking", "LEAK", "burst"])
def test_leak_in_the_server_s_own_words_is_one(rig: Rig, word: str) -> None:
    tyres(rig, word, "no leak", "sleeping")
    assert names(rig) == ["Tyre leak (a0)"]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (2, "Fuel leak"),
        ("2", "Fuel leak"),
        ("fuel theft", "Fuel leak"),
        (9, f"{UNKNOWN_FORM}: fuel probe: alarm 9"),
        (True, f"{UNKNOWN_FORM}: fuel probe: True"),
    ],
)
def test_alarm_of_a_fuel_probe_is_an_alarm(rig: Rig, value: Any, name: str) -> None:
    data = {"imei": "100", "date": NOW, "fuelPercent": 31.0, "alarm": value}
    rig.receive({"event": "rs232Fuel", "data": data})
    assert names(rig) == [name]


@pytest.mark.parametrize("value", [0, 1, "none", False, "normal", None])
def test_quiet_fuel_probe_is_no_alarm(rig: Rig, value: Any) -> None:
    data = {"imei": "100", "date": NOW, "fuelPercent": 31.0, "alarm": value}
    rig.receive({"event": "rs232Fuel", "data": data})
    assert rig.alarms() == []


@pytest.mark.parametrize(
    ("event", "data", "name"),
    [
        (
            "bleTire",
            {"tires": [{"mac": "a", "airPressure": 800, "status": "low pressure"}]},
            "tyre: low pressure (a)",
        ),
        (
            "bleTire",
            {"tires": [{"mac": "a", "airPressure": 800, "status": 9}]},
            "tyre: status 9 (a)",
        ),
        ("driver", {"mac": "a", "alert": "card refused"}, "driver tag: card refused (a)"),
        ("driver", {"mac": "a", "warning": "drowsy"}, "warning: drowsy"),
        ("rs232Fuel", {"fuelPercent": 31, "status": "lid forced"}, "status: lid forced"),
        ("obdErrorInfo", {"errorData": "P0101", "alarm": 3}, "alarm: 3"),
        ("obdErrorInfo", {"vin": "1", "x": [["", {"state": "hot"}]]}, "state: hot"),
        ("bleDoor", {"text": '{"status": "forced"}'}, "status: forced"),
    ],
)
def test_word_that_nobody_knows_is_an_alarm_of_unknown_form(
    rig: Rig, event: str, data: dict[str, Any], name: str
) -> None:
    rig.receive({"event": event, "data": {"imei": "100", "date": NOW} | data})
    (alarm,) = rig.alarms()
    assert (alarm.name, alarm.severity) == (f"{UNKNOWN_FORM}: {name}", Severity.HIGH)
    assert alarm.device == "100"


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("bleTire", {"tires": [{"mac": "a", "status": word} for word in range(6) if word != 1]}),
        ("driver", {"mac": "a", "alert": 1, "name": "Stolen", "status": 1}),
        ("driver", {"mac": "a", "alert": "none", "state": "signed in"}),
        ("rs232Fuel", {"fuelPercent": 31, "status": "connected", "temp": "hot"}),
        ("obdErrorInfo", {"errorData": "P0101", "status": "ok", "warning": 0}),
        ("bleDoor", {"status": "closed", "event": "bleDoor", "battery": "low"}),
    ],
)
def test_word_that_is_no_alarm_raises_none(rig: Rig, event: str, data: dict[str, Any]) -> None:
    rig.receive({"event": event, "data": {"imei": "100", "date": NOW} | data})
    assert rig.alarms() == []


def test_answer_of_the_server_is_no_state_of_a_device(rig: Rig) -> None:
    rig.receive({"event": "signin", "error": 3, "status": "refused"})
    assert rig.alarms() == []


def test_record_without_a_time_is_judged_by_the_order_of_coming_in(rig: Rig) -> None:
    tyres(rig, 1, date=None)
    tyres(rig, 0, date=None)
    (alarm,) = rig.alarms()
    assert not alarm.active


def test_leak_of_a_former_run_is_ended_by_the_same_tyre(rig: Rig) -> None:
    tyres(rig, 1)
    (alarm,) = rig.alarms()
    later = Rig()
    later.service._records.restore(alarm)
    parts = later.service._records._parts
    assert [part.standing for part in parts.values()] == [{alarm.key}]
    rig.snapshot(cur_event=64)
    for other in rig.alarms()[1:]:
        later.service._records.restore(other)
    assert len(parts) == 1


def test_rule_can_watch_a_word_of_a_record() -> None:
    rig = Rig(Rule(id="air", condition=TyreStatusIs(word="inflating")))
    tyres(rig, 2, 0)
    assert [alarm.key for alarm in rig.alarms()] == ["rule:air:a0"]
    rig.clock.advance(60)
    tyres(rig, 0, 0)
    (alarm,) = rig.alarms()
    assert not alarm.active


def test_text_of_frames_is_shown_as_one_line(rig: Rig) -> None:
    rig.snapshot(cur_event={"text": "a\nb" * 500})
    (alarm,) = rig.alarms()
    assert "\n" not in alarm.name
    assert len(json.dumps(alarm.name)) < 200
