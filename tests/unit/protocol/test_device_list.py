"""What is made of the answers of the HTTP interface, in all the shapes that they may have."""

import json
from typing import Any

import msgspec
import pytest

from tftmonitor.protocol import device_list
from tftmonitor.protocol.codec import FRAME_LIMIT
from tftmonitor.protocol.device_list import (
    AnswerError,
    DeviceList,
    ListedDevice,
    read_devices,
    read_list,
    read_token,
    refusal_of_body,
)

DATE_MS = 1_795_000_000_000
STATUS = {"date": DATE_MS, "speed": "12.5", "heartbeat_time": str(DATE_MS), "acc": True}
TRUCK = {"imei": "1000000000000001", "device_key": "86", "model": "T1", "status": STATUS}


def body(content: object) -> bytes:
    return json.dumps(content).encode()


def one(entry: object) -> ListedDevice | None:
    (device,) = read_devices(DeviceList([msgspec.Raw(body(entry))]))
    return device


def known(entry: object) -> ListedDevice:
    device = one(entry)
    assert device is not None
    return device


@pytest.mark.parametrize(
    "content",
    [
        {"access-token": "abc", "keep-time": 1800},
        {"code": 0, "access_token": "abc"},
        {"code": 0, "data": {"accessToken": "abc"}},
        {"getAccessToken": {"result": {"access-token": "abc"}}},
    ],
)
def test_token_is_found_where_the_documents_or_habits_put_it(content: object) -> None:
    assert read_token(body(content)) == "abc"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"code": 3, "msg": "no\u202e\nway"}, "the server refused (no way)"),
        ({"code": 3}, "the server refused (code 3)"),
        ({"code": 0, "access-token": "a\nb"}, "no token"),
        ({"code": 0, "access-token": "x" * 600}, "no token"),
        ({"code": 0, "access-token": 5}, "no token"),
        ({"a": {"b": {"c": {"access-token": "too deep"}}}}, "no token"),
        (["access-token"], "no token"),
    ],
)
def test_login_without_a_token_says_why(content: object, words: str) -> None:
    with pytest.raises(AnswerError) as caught:
        read_token(body(content))
    assert words in " ".join(str(caught.value).split())


def test_refusal_is_bounded() -> None:
    words = refusal_of_body(body({"code": 1, "msg": "long " * 500}))
    assert words.startswith("the server refused (long ")
    assert len(words) < 200
    assert refusal_of_body(b"<html>") == ""


@pytest.mark.parametrize(
    "content",
    [
        {"code": 0, "devices": [TRUCK]},
        {"data": {"devices": [TRUCK]}},
        {"data": [TRUCK]},
        [TRUCK],
    ],
)
def test_list_is_found_in_several_shapes(content: object) -> None:
    (device,) = read_devices(read_list(body(content)))
    assert device is not None
    assert device.identity.key == TRUCK["imei"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"code":0,"devices":[', "not JSON"),
        (b"\xff", "not JSON"),
        (b'{"code":0}', "no list of devices"),
        (b'{"code":0,"devices":"many"}', "no list of devices"),
        (b'{"code":1002,"msg":"token is not valid"}', "refused (token is not valid)"),
        (b'"' + b"x" * FRAME_LIMIT + b'"', "no list of devices"),
    ],
)
def test_what_is_no_list_says_so(content: bytes, words: str) -> None:
    with pytest.raises(AnswerError) as caught:
        read_list(content)
    assert words in str(caught.value)


def test_list_is_bounded_and_tells_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_list, "MOST_LISTED", 2)
    listed = read_list(body({"devices": [TRUCK] * 5}))
    assert (len(listed.devices), listed.left_out) == (2, 3)


def test_device_has_name_ids_and_its_last_report() -> None:
    device = known(TRUCK | {"config": {"name": "Truck 7"}})
    assert device.name == "Truck 7"
    assert (device.identity.device_key, device.identity.model) == ("86", "T1")
    assert device.snapshot is not None
    assert device.snapshot.status.date == DATE_MS
    assert device.snapshot.status.speed == 12.5
    assert json.loads(device.frame)["data"]["status"] == STATUS


@pytest.mark.parametrize("status", [None, "", [], 5, "{"])
def test_device_without_a_readable_report_still_has_its_name(status: object) -> None:
    device = known(TRUCK | {"status": status, "config": '{"name": "Van"}'})
    assert (device.name, device.snapshot, device.frame) == ("Van", None, b"")


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ({"name": "Outside"}, "Outside"),
        ({"config": {"name": ""}, "name": "Outside"}, "Outside"),
        ({"config": {"name": 17}}, "17"),
        ({"config": {"name": {"de": "x"}}}, ""),
        ({"config": [1]}, ""),
        ({"config": {"name": " <b>two\nlines\u202e</b> "}}, "<b>two lines </b>"),
        ({}, ""),
    ],
)
def test_name_is_plain_text_on_one_line(entry: dict[str, Any], name: str) -> None:
    assert known(TRUCK | entry).name == name


def test_name_is_cut() -> None:
    assert len(known(TRUCK | {"config": {"name": "n" * 500}}).name) == 80


@pytest.mark.parametrize(
    "entry", [5, "x", [], {}, {"imei": 0}, {"status": STATUS}, {"imei": {}}, {"imei": ""}]
)
def test_entry_that_names_no_device_is_left_out(entry: object) -> None:
    assert one(entry) is None


def test_entry_beyond_any_size_is_left_out() -> None:
    assert one(TRUCK | {"config": "x" * FRAME_LIMIT}) is None


def test_settings_about_alarms_are_no_alarms() -> None:
    device = known(TRUCK | {"config": {"alarm": "SOS", "alarm_code": 16}})
    assert device.snapshot is not None
    assert device.snapshot.alarms == ()
