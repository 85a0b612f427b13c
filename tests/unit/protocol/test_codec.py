import json
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import UNSET

from tftmonitor.model.fields.field import FieldKind, FieldSpec, FieldTable, Flag, Number, Text
from tftmonitor.model.fleet.identity import identity_of
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import FRAME_LIMIT, decode, read_status, unmodelled
from tftmonitor.protocol.messages import (
    InvalidPush,
    KeepAlive,
    OtherPush,
    Push,
    Snapshot,
    SnapshotData,
)


def devices(content: Any) -> Push:
    frame = content if isinstance(content, bytes) else json.dumps(content).encode()
    return decode(Channel.DEVICES, frame)


def snapshot(status: dict[str, Any], **data: Any) -> Snapshot:
    content = {"event": "snapshot", "data": {"imei": "1", "status": status} | data, "error": 0}
    push = devices(content)
    assert isinstance(push, Snapshot), push
    return push


def invalid(content: Any) -> InvalidPush:
    push = devices(content)
    assert isinstance(push, InvalidPush), push
    return push


def test_absent_null_and_zero_stay_apart() -> None:
    status = snapshot({"speed": 0, "altitude": None}).status
    assert status.speed == 0
    assert status.altitude is None
    assert status.mileage is UNSET


def test_numbers_flags_and_times_come_as_text_too() -> None:
    push = snapshot(
        {
            "speed": "12.6",
            "acc": "1",
            "gps": "true",
            "satellite_count": "9",
            "date": "1627693682000",
        }
    )
    assert push.problems == ()
    assert push.status.speed == 12.6
    assert push.status.acc
    assert push.status.gps is True
    assert push.status.satellite_count == 9
    assert push.status.date == 1627693682000


def test_alert_sum_stays_text() -> None:
    status = snapshot({"alert_sum": "404228143--972-2129968"}).status
    assert status.alert_sum == "404228143--972-2129968"


@pytest.mark.parametrize(
    ("wire", "value", "problem"),
    [
        ("speed", "fast", "speed: 'fast' is not a number"),
        ("speed", True, "speed: True is not a number"),
        ("speed", [[1]], "speed: [[1]] is not a number"),
        ("satellite_count", 3.7, "satellite_count: 3.7 is not a whole number"),
        ("acc", "maybe", "acc: 'maybe' is neither 0 nor 1"),
        ("date", "yesterday", "date: 'yesterday' is not a time in milliseconds"),
        ("version", {"a": 1}, "version: {'a': 1} is not text"),
        ("input", True, "input: True is not text"),
        ("alerts", "many", "alerts: 'many' is not a whole number"),
        ("speed", "x" * 99, "speed: '" + "x" * 39 + "… is not a number"),
    ],
)
def test_bad_value_is_named_and_costs_itself_alone(wire: str, value: Any, problem: str) -> None:
    push = snapshot({"mileage": 5, "network_signal": 40, wire: value})
    assert push.problems == (problem,)
    assert push.status.mileage == 5
    assert push.status.network_signal == 40
    name = "speed" if wire == "speed" else wire
    assert getattr(push.status, name) is None


def test_number_without_end_costs_itself_alone() -> None:
    digits = b"1" * 5_000
    push = devices(
        b'{"event":"snapshot","data":{"imei":"1","status":{"satellite_count":%b,"speed":7}}}'
        % digits
    )
    assert isinstance(push, Snapshot)
    assert push.status.speed == 7
    assert push.status.satellite_count is None


def test_empty_text_in_place_of_a_number_is_unknown_and_no_problem() -> None:
    push = snapshot({"speed": "", "mileage": 5})
    assert (push.status.speed, push.status.mileage, push.problems) == (None, 5, ())


def test_number_in_place_of_text_is_taken_as_text() -> None:
    push = snapshot({"imei": 1000000900000009, "version": 2.5, "speed": 1})
    assert (push.status.imei, push.status.version, push.problems) == ("1000000900000009", "2.5", ())


@pytest.mark.parametrize("number", [900009, "900009", 900009.0])
def test_ids_come_as_numbers_or_text(number: Any) -> None:
    identity = identity_of(snapshot({}, id=number, imei=1000000900000009).data)
    assert identity is not None
    assert (identity.id, identity.key) == ("900009", "1000000900000009")


def test_device_is_told_apart_by_imei_then_device_key_then_id() -> None:
    keys = [
        identity_of(SnapshotData("key", 5, "imei", "T1")),
        identity_of(SnapshotData("key", 5, "", "T1")),
        identity_of(SnapshotData(None, 5, None, "T1")),
    ]
    assert [identity and identity.key for identity in keys] == ["imei", "key", "5"]
    assert identity_of(SnapshotData(None, 0, "", "T1")) is None


def test_imei_inside_the_status_names_the_device_where_data_names_none() -> None:
    push = devices({"event": "snapshot", "data": {"status": {"imei": "77", "speed": 1}}})
    assert isinstance(push, Snapshot)
    assert push.data.imei == "77"


@pytest.mark.parametrize("status", [{"speed": 1}, {"speed": "fast"}, {"imei": ""}])
def test_snapshot_that_names_no_device_is_invalid(status: dict[str, Any]) -> None:
    content = {"event": "snapshot", "data": {"imei": "", "id": 0, "status": status}}
    assert invalid(content).problem == "snapshot that names no device"


@pytest.mark.parametrize("wrong", [None, [], "text", 5, [{"imei": "1"}]])
def test_snapshot_without_a_data_object_is_invalid(wrong: Any) -> None:
    assert invalid({"event": "snapshot", "data": wrong, "error": 0}).problem == (
        "snapshot without data"
    )


@pytest.mark.parametrize("wrong", [None, [1, 2], "text", 5])
def test_snapshot_without_a_status_object_is_invalid(wrong: Any) -> None:
    content = {"event": "snapshot", "data": {"imei": "1", "status": wrong}}
    assert invalid(content).problem == "snapshot without a status object"


@pytest.mark.parametrize("data", [None, {}, {"imei": "1"}])
def test_snapshot_that_carries_an_error_in_place_of_data_is_an_answer(data: Any) -> None:
    push = devices({"event": "snapshot", "data": data, "error": 1001})
    assert isinstance(push, OtherPush)
    assert push.kind == "snapshot"


def test_data_and_status_may_be_json_text() -> None:
    status = json.dumps({"speed": "3.5"})
    for data in ({"imei": "1", "status": status}, json.dumps({"imei": "1", "status": status})):
        push = devices({"event": "snapshot", "data": data, "error": 0})
        assert isinstance(push, Snapshot)
        assert push.status.speed == 3.5


def test_frame_may_be_json_within_json() -> None:
    frame = json.dumps({"event": "snapshot", "data": {"imei": "1", "status": {"speed": 2}}})
    for _ in range(3):
        frame = json.dumps(frame)
        push = devices(frame.encode())
        assert isinstance(push, Snapshot)
        assert push.status.speed == 2
    assert "JSON str" in invalid(json.dumps(frame).encode()).problem


def test_event_may_be_called_type() -> None:
    push = devices({"type": "snapshot", "data": {"imei": "1", "status": {"speed": 2}}})
    assert isinstance(push, Snapshot)


@pytest.mark.parametrize("frame", [b"pong", b" PONG\n", b'"pong"', b"ping"])
def test_answer_to_our_ping_is_nothing_to_show(frame: bytes) -> None:
    assert decode(Channel.DEVICES, frame) == KeepAlive()
    assert decode(Channel.MESSAGES, frame) == KeepAlive()


@pytest.mark.parametrize(
    ("frame", "problem"),
    [
        (b"", "not JSON: ''"),
        (b"hello", "not JSON: 'hello'"),
        (b"{'event': 1}", "not JSON: \"{'event': 1}\""),
        (b'{"event":"snapshot","data":{"im', "not JSON:"),
        (b"\x00\xff\xfe\x80binary", "not JSON:"),
        (b"null", "a JSON NoneType instead of an object"),
        (b"42", "a JSON int instead of an object"),
        (b"[]", "a JSON list instead of an object"),
        (b'[{"event":"snapshot"}]', "a JSON list instead of an object"),
        # Python 3.14 follows 50,000 levels.
        (b"[" * 60_000 + b"]" * 60_000, "nested too deeply"),
        (b'{"data":' * 60_000 + b"1" + b"}" * 60_000, "nested too deeply"),
        (b"[" * 300_000 + b"]" * 300_000, "more values"),
        (b"[" + b"0," * 310_000 + b"0]", "more values"),
        (b'"' + b"\\ud83d" * 20_000 + b'"', "more half characters"),
        (b'"' + b"x" * FRAME_LIMIT + b'"', "larger than 1048576 bytes"),
    ],
)
@pytest.mark.parametrize("channel", Channel)
def test_what_is_no_push_is_invalid_in_text(channel: Channel, frame: bytes, problem: str) -> None:
    push = decode(channel, frame)
    assert isinstance(push, InvalidPush)
    assert push.problem.startswith(problem)
    assert (push.channel, push.size) == (channel, len(frame))


def test_unknown_event_keeps_all_that_it_holds() -> None:
    content = {"event": "bleTemp", "data": {"imei": "1", "temp": 21.5}, "error": 0}
    assert devices(content) == OtherPush(Channel.DEVICES, "bleTemp", content)


def test_object_without_a_kind_is_of_unknown_kind() -> None:
    assert devices({}) == OtherPush(Channel.DEVICES, "unknown", {})
    assert devices({"event": 7, "type": {}}).kind == "7"  # type: ignore[union-attr]


def test_bytes_that_are_no_utf8_cost_their_character_alone() -> None:
    push = devices(
        b'{"event":"snapshot","data":{"imei":"1","status":{"address":"M\xfcller","speed":4}}}'
    )
    assert isinstance(push, Snapshot)
    assert (push.status.address, push.status.speed) == ("M\ufffdller", 4)


def test_half_characters_reach_nobody() -> None:
    push = devices(
        rb'{"event":"snapshot","data":{"imei":"1","status":{"address":"a\ud800b","speed":4}}}'
    )
    assert isinstance(push, Snapshot)
    assert (push.status.address, push.status.speed) == ("a\ufffdb", 4)
    assert devices(rb'{"event":"\udfff"}').kind == "\ufffd"  # type: ignore[union-attr]


def test_server_cannot_fill_in_our_problems() -> None:
    content = {"event": "snapshot", "data": {"imei": "1", "status": {}}, "problems": ["lie"]}
    push = devices(content)
    assert isinstance(push, Snapshot)
    assert push.problems == ()
    assert unmodelled(json.dumps(content).encode()) == {"problems": ["lie"]}


def test_unknown_keys_are_kept_from_every_level() -> None:
    content = {
        "event": "snapshot",
        "time": 5,
        "data": {"imei": "1", "plate": "X 1", "status": {"speed": 1, "gyro": [1, 2]}},
    }
    expected = {"time": 5, "plate": "X 1", "gyro": [1, 2]}
    assert unmodelled(json.dumps(content).encode()) == expected
    assert unmodelled(json.dumps(json.dumps(content)).encode()) == expected


@pytest.mark.parametrize("frame", [b"", b"[]", b'{"data":5}', b'{"data":{"status":[]}}'])
def test_frame_that_is_no_snapshot_has_no_unknown_keys(frame: bytes) -> None:
    assert unmodelled(frame) == {}


def test_record_events_need_data_and_a_device() -> None:
    assert invalid({"event": "driver", "data": None}).problem == "driver without data"
    assert invalid({"event": "driver", "data": {"mac": "a"}}).problem == (
        "driver that names no device"
    )


def test_record_event_takes_its_time_from_data_or_from_the_status() -> None:
    base = {"imei": "1", "mac": "a"}
    for data in (
        base | {"date": 1627693682000},
        base | {"status": {"date": 1627693682000}},
        base | {"status": json.dumps({"date": "1627693682000"})},
    ):
        push = devices({"event": "driver", "data": data})
        assert isinstance(push, Records)
        assert push.device_ms == 1627693682000
    push = devices({"event": "driver", "data": base})
    assert isinstance(push, Records)
    assert push.device_ms is None


class WiderStatus(msgspec.Struct):
    speed: Annotated[Number, FieldSpec("Speed")] = UNSET
    ev_range: Annotated[Number, FieldSpec("Range left", low=0)] = msgspec.field(
        default=UNSET, name="evRange"
    )
    plugged: Annotated[Flag, FieldSpec("Plugged in", FieldKind.FLAG)] = UNSET
    maker: Annotated[Text, FieldSpec("Maker", FieldKind.TEXT)] = UNSET


def test_field_of_another_status_class_is_decoded_without_further_code() -> None:
    table = FieldTable(WiderStatus)
    problems: list[str] = []
    raw = {"speed": "5", "evRange": "120.5", "plugged": "perhaps", "maker": 7}
    status: Any = read_status(table, raw, problems)
    assert isinstance(status, WiderStatus)
    assert (status.speed, status.ev_range, status.plugged, status.maker) == (5, 120.5, None, "7")
    assert problems == ["plugged: 'perhaps' is neither 0 nor 1"]
