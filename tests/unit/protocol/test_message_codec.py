import json
from typing import Any

import pytest

from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import (
    AlarmNotice,
    FileNotice,
    FileState,
    OtherPush,
    Push,
    Sender,
    UserMessage,
)


def push_of(content: dict[str, Any]) -> Push:
    return decode(Channel.MESSAGES, json.dumps(content).encode())


def message(**content: Any) -> UserMessage:
    push = push_of({"type": "messagePass"} | content)
    assert isinstance(push, UserMessage), push
    return push


def notice(content: Any, **more: Any) -> AlarmNotice:
    alarms = message(alarm_msg=content, **more).alarms
    assert len(alarms) == 1
    return alarms[0]


@pytest.mark.parametrize(
    ("from_id", "sender"),
    [
        (0, Sender.SYSTEM),
        ("0", Sender.SYSTEM),
        (1, Sender.ALARM),
        (1.0, Sender.ALARM),
        (4711, Sender.USER),
        (None, Sender.USER),
    ],
)
def test_sender_follows_from_the_id(from_id: Any, sender: Sender) -> None:
    assert message(from_id=from_id, message="hi").sender is sender


def test_message_of_a_user_is_no_alarm() -> None:
    nothing: list[Any] = [{}, None, [], "", False, 0, "0", [{}, None]]
    for empty in nothing:
        assert message(from_id=4711, message="hi", alarm_msg=empty).alarms == []
    assert message(from_id=4711, message="hi").alarms == []


@pytest.mark.parametrize("empty", [{}, None, [], ""])
def test_alarm_message_without_details_is_an_alarm(empty: Any) -> None:
    assert message(from_id=1, message="SOS", alarm_msg=empty).alarms == [AlarmNotice()]


@pytest.mark.parametrize("date", [1795135960000, "1795135960000", 1795135960, "1795135960"])
def test_time_is_in_milliseconds_or_seconds(date: Any) -> None:
    assert message(date=date).sent_ms == 1795135960000
    assert notice({"imei": "1", "date": date}).device_ms == 1795135960000
    assert notice({"imei": "1", "time": date}).device_ms == 1795135960000


def test_time_that_is_none_is_none() -> None:
    assert message(date="now").sent_ms is None


DETAILS = {
    "imei": "100",
    "device_key": "99",
    "id": 7,
    "cur_event": 22,
    "date": 1795135960000,
    "lat": 47.5,
    "lng": "12.25",
    "speed": 3,
    "address": "Here 1",
    "mileage": 5,
}


@pytest.mark.parametrize(
    "spelled", [DETAILS, json.dumps(DETAILS), [DETAILS], json.dumps([DETAILS])]
)
def test_alarm_details_come_as_object_text_or_list(spelled: Any) -> None:
    found = notice(spelled)
    assert found == AlarmNotice(
        imei="100",
        device_key="99",
        id="7",
        code=22,
        device_ms=1795135960000,
        latitude=47.5,
        longitude=12.25,
        speed=3.0,
        address="Here 1",
        other={"mileage": 5},
    )
    assert found.device == "100"


def test_every_alarm_of_a_list_is_kept() -> None:
    alarms = message(alarm_msg=[{"imei": "1"}, "text", {"imei": "2"}, 17]).alarms
    assert [alarm.imei for alarm in alarms] == ["1", None, "2", None]
    assert alarms[1].name == "text"
    assert alarms[3].code == 17


@pytest.mark.parametrize(
    ("code", "bits", "number"),
    [
        (0x14, 0x14, None),
        ("20", 0x14, None),
        ("0x14", 0x14, None),
        ([4, 16], 0x14, None),
        (-(1 << 31), 1 << 31, None),
        (0x4000_0010, 0x4000_0010, None),
        (8, 8, None),
        (0x80, 0x80, None),
        (0x13, 0x13, None),
        # Ignition on and off at once would be nothing; the numbers are SOS and towing.
        (3, 0, 3),
        (7, 0, 7),
        (1, 0, 1),
    ],
)
def test_alarm_code_is_bits_unless_that_makes_no_sense(
    code: Any, bits: int, number: int | None
) -> None:
    found = notice({"imei": "1", "alarm_code": code})
    assert (found.bits, found.code, found.unread) == (bits, number, "")


def test_bits_of_both_words_count() -> None:
    assert notice({"alarm_code": 4, "alerts": -(1 << 31) + 16}).bits == 0x8000_0014


@pytest.mark.parametrize("key", ["cur_event", "curEvent", "event", "alarm", "type"])
@pytest.mark.parametrize("code", [22, "22", "0x16"])
def test_alarm_number_is_found_under_each_key(key: str, code: Any) -> None:
    found = notice({"imei": "1", key: code})
    assert (found.code, found.name, found.other) == (22, None, {})


def test_event_zero_does_not_hide_the_current_event() -> None:
    found = notice({"imei": "1", "event": 0, "cur_event": 22})
    assert found.code == 22
    assert found.other == {"event": 0}


def test_alarm_in_words_is_its_name() -> None:
    assert notice({"imei": "1", "alarm": "SOS", "alarm_code": 3}) == AlarmNotice(
        imei="1", name="SOS", code=3
    )
    assert notice({"imei": "1", "event_name": "Towing", "alarm": "x"}).name == "Towing"
    assert notice("Power cut").name == "Power cut"


def test_name_of_the_device_is_not_the_name_of_the_alarm() -> None:
    found = notice({"imei": "1", "name": "Truck 5", "plate": "X 1"})
    assert found.name is None
    assert found.other == {"name": "Truck 5", "plate": "X 1"}


def test_alarm_without_fix_has_no_place() -> None:
    for lat, lng in ((0, 0), (0.0, None), (-999, -999), (None, 0)):
        found = notice({"imei": "1", "lat": lat, "lng": lng})
        assert (found.latitude, found.longitude) == (None, None)
    assert notice({"imei": "1", "lat": 0, "lng": 9.5}).latitude == 0


@pytest.mark.parametrize("speed", [-1, -999, "fast", None])
def test_speed_that_is_none_is_none(speed: Any) -> None:
    assert notice({"imei": "1", "speed": speed}).speed is None


def test_device_of_an_alarm_is_the_best_id() -> None:
    assert AlarmNotice(device_key="k", id="7").device == "k"
    assert AlarmNotice(id="7").device == "7"
    assert AlarmNotice().device is None


def test_unknown_keys_of_a_message_are_kept() -> None:
    assert message(message="hi", priority=3).other == {"priority": 3}
    assert message(message={"a": 1}).other == {"message": {"a": 1}}
    assert message(message=5).text == "5"
    assert message().text == ""


def test_file_notices_tell_their_state_and_are_never_fetched() -> None:
    asked = push_of({"type": "getFileShake", "file_id": 7, "date": 1795135960})
    assert asked == FileNotice(
        kind="getFileShake",
        state=FileState.REQUESTED,
        from_id=None,
        from_name=None,
        address=None,
        name="7",
        sent_ms=1795135960000,
        other={"file_id": 7},
    )
    ready = push_of(
        {"type": "downloadAllow", "from_id": 0, "url": "https://x.invalid/7", "name": "a.csv"}
    )
    assert isinstance(ready, FileNotice)
    assert (ready.state, ready.address, ready.name) == (
        FileState.READY,
        "https://x.invalid/7",
        "a.csv",
    )
    assert ready.other == {"url": "https://x.invalid/7", "name": "a.csv"}


def test_file_notice_may_have_its_parts_within_data() -> None:
    inner = {"path": "/x/7", "file": "a.csv", "date": 1795135960000}
    for data in (inner, json.dumps(inner)):
        push = push_of({"type": "downloadAllow", "data": data})
        assert isinstance(push, FileNotice)
        assert (push.address, push.name, push.sent_ms) == ("/x/7", "a.csv", 1795135960000)
    bare = push_of({"type": "getFileShake"})
    assert isinstance(bare, FileNotice)
    assert (bare.address, bare.name) == (None, None)


def test_unknown_kinds_are_kept_whole() -> None:
    for content, kind in (
        ({"type": "somethingNew", "payload": [1]}, "somethingNew"),
        ({"event": "odd"}, "odd"),
        ({"a": 1}, "unknown"),
    ):
        assert push_of(content) == OtherPush(Channel.MESSAGES, kind, content)


def test_message_may_be_a_json_text() -> None:
    content = {"type": "messagePass", "from_id": 1, "message": "SOS", "alarm_msg": DETAILS}
    once = push_of(content)
    twice = decode(Channel.MESSAGES, json.dumps(json.dumps(content)).encode())
    assert twice == once
