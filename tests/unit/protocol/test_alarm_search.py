"""Alarms in pushes of every kind, and in frames that are none."""

import json
from typing import Any

import pytest

from tftmonitor.protocol.alarm_search import alarms_in, salvage, text_of
from tftmonitor.protocol.messages import AlarmNotice


def found(content: dict[str, Any]) -> list[AlarmNotice]:
    return alarms_in(content, str(content["event"]), loose=True)


@pytest.mark.parametrize(
    "content",
    [
        {"event": "alarm", "data": {"imei": "1", "alarm_code": 7}},
        {"event": "ALARM_PUSH", "data": {"imei": "1", "type": 7}},
        {"event": "sosCall", "imei": "1", "code": "0x07"},
        {"event": "bleDoor", "data": {"imei": "1", "status": {"cur_event": 7}}},
        {"event": "bleDoor", "data": '{"imei":"1","cur_event":"7"}'},
        {"event": "x", "data": {"imei": "1", "list": [{"id": 9, "cur_event": 7}]}},
        {"event": "x", "data": {"imei": "1", "cur_event": 7, "status": {"cur_event": 7}}},
        {"event": "x", "data": {"imei": "1", "alarm_msg": '{"event": 7}'}},
    ],
)
def test_number_is_found_wherever_it_stands(content: dict[str, Any]) -> None:
    (notice,) = found(content)
    assert (notice.imei, notice.code) == ("1", 7)


@pytest.mark.parametrize(
    "content",
    [
        {"event": "bleDoor", "data": {"imei": "1", "alarm": 2}},
        {"event": "alarm", "data": {"imei": "1"}},
        {"event": "alarm", "data": {"imei": "1", "type": "PANIC"}},
        {"event": "x", "data": {"imei": "1", "cur_event": True}},
        {"event": "x", "data": {"imei": "1", "alerts": [20, 0]}},
        {"event": "x", "data": {"imei": "1", "sos": {"by": "button"}}},
    ],
)
def test_what_is_in_no_known_form_is_told_as_it_came(content: dict[str, Any]) -> None:
    (notice,) = found(content)
    assert notice.imei == "1"
    assert notice.unread


@pytest.mark.parametrize(
    "content",
    [
        {"event": "alarm", "data": {"imei": "1", "alarm_code": 0}},
        {"event": "bleDoor", "data": {"imei": "1", "cur_event": "0", "alarm": False, "alerts": []}},
        {"event": "bleTemp", "data": {"imei": "1", "temp": 21.5, "type": 3, "code": 7}},
        {"event": "signin", "error": 0, "code": 200},
    ],
)
def test_push_without_an_alarm_has_none(content: dict[str, Any]) -> None:
    assert found(content) == []


def test_alarm_has_the_time_and_the_place_around_it() -> None:
    status = {"lat": 47.5, "lng": 12.25, "date": 1795135960000, "cur_event": 7}
    content = {"event": "x", "data": {"imei": "1", "model": "T1", "status": status}}
    (notice,) = found(content)
    assert (notice.latitude, notice.longitude, notice.model) == (47.5, 12.25, "T1")
    assert notice.device_ms == 1795135960000


def test_each_device_of_a_list_has_its_own_alarm() -> None:
    rows = [{"imei": str(number), "cur_event": 7} for number in range(3)]
    assert [notice.imei for notice in found({"event": "x", "rows": rows})] == ["0", "1", "2"]


def test_endless_lists_are_not_read_to_their_end() -> None:
    rows = [{"imei": str(number), "cur_event": 7} for number in range(500)]
    assert 50 <= len(found({"event": "x", "rows": rows})) < 100
    quiet: list[dict[str, Any]] = [{"n": number} for number in range(3_000)]
    assert found({"event": "x", "rows": [*quiet, {"cur_event": 7}]}) == []


def test_text_of_a_push_is_its_message() -> None:
    assert text_of({"message": "SOS", "text": "x"}) == "SOS"
    assert text_of({"msg": 5}) == "5"
    assert text_of({}) == text_of([]) == ""


def test_whole_frame_that_is_no_push_still_tells_its_alarm() -> None:
    content = [{"event": "snapshot", "data": {"imei": "1", "status": {"cur_event": 7}}}]
    (notice,) = salvage(json.dumps(content).encode())
    assert (notice.imei, notice.code) == ("1", 7)
    assert salvage(b'[{"speed": 5}]') == []
    assert salvage(b"hello") == []


@pytest.mark.parametrize(
    ("frame", "device", "code"),
    [
        (b'{"event":"snapshot","data":{"imei":"77","status":{"cur_event":7,"spe', "77", 7),
        (b'{"data":{"id":5,"device_key":"k","status":{"cur_event": "0x07', "k", 7),
        (rb"{\"imei\":\"77\",\"curEvent\":\"7\",", "77", 7),
        (b'"cur_event":7,', None, 7),
    ],
)
def test_broken_frame_still_tells_its_number(frame: bytes, device: str, code: int) -> None:
    (notice,) = salvage(frame)
    assert (notice.device, notice.code) == (device, code)


@pytest.mark.parametrize(
    "value", [b"PANIC", b'"PANIC"', b'{"a":1', b"[1,2]", b"true", b'"alerts":"x']
)
def test_broken_frame_tells_what_it_cannot_read(value: bytes) -> None:
    (notice,) = salvage(b'{"imei":"77","alarm_msg":' + value)
    assert (notice.device, notice.code) == ("77", None)
    assert notice.unread.startswith("alarm_msg: ")


def test_broken_frame_without_an_alarm_has_none() -> None:
    assert salvage(b'{"imei":"77","cur_event":0,"alerts":0,"spe') == []
    assert salvage(b'{"imei":"77","cur_event":') == []


def test_broken_frame_tells_each_alarm_once_and_not_without_end() -> None:
    assert len(salvage(b'{"cur_event":7,"cur_event":7,')) == 1
    many = b",".join(b'{"imei":"%d","cur_event":7}' % number for number in range(200))
    assert len(salvage(b"[" + many)) == 50


def test_bits_of_a_broken_frame_are_bits() -> None:
    (notice,) = salvage(b'{"imei":"1","alarm_code":"0x40"')
    assert (notice.imei, notice.bits, notice.code, notice.unread) == ("1", 0x40, None, "")
