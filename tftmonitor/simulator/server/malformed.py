"""Malformed frames that a client must survive, by name; sent by the fault ``garbage``."""

from collections.abc import Iterator
from typing import Any

import msgspec

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.outgoing import Frame, Outgoing

# Deeper than any recursive parser goes.
_DEPTH = 20_000
_HUGE_BYTES = 2_000_000
_encode = msgspec.json.Encoder().encode


def malformed(channel: Channel, snapshot: Frame) -> list[tuple[str, Outgoing]]:
    """Name and frame of each; ``snapshot`` is a valid one, from which some are made."""
    texts = list(_both(snapshot))
    texts += _devices(snapshot) if channel is Channel.DEVICES else _messages()
    frames = [(name, Outgoing(channel, text)) for name, text in texts]
    binary = Outgoing(channel, b"\x00\xff\xfe\x80binary", binary=True)
    return [*frames, ("binary", binary)]


def _both(snapshot: Frame) -> Iterator[tuple[str, bytes]]:
    valid = _encode(snapshot)
    yield "text", b"hello"
    yield "text", b"pong"
    yield "text", b""
    yield "text", b"{'event': 'snapshot'}"
    yield "truncated", valid[: len(valid) // 2]
    yield "truncated", valid[:-1]
    yield "deep", b"[" * _DEPTH + b"]" * _DEPTH
    yield "deep", b'{"data":' * _DEPTH + b"1" + b"}" * _DEPTH
    yield "types", b"null"
    yield "types", b"42"
    yield "types", b"[]"
    yield "types", b"{}"
    yield "types", b'{"event":7,"type":{},"data":"","error":[]}'
    yield "huge", _encode({"event": "notice", "type": "notice", "text": "x" * _HUGE_BYTES})


def _devices(snapshot: Frame) -> Iterator[tuple[str, bytes]]:
    data = snapshot["data"]
    wrong_data: tuple[Any, ...] = (None, [], "text", 5, {"status": [1, 2]}, data | {"status": None})
    for wrong in wrong_data:
        yield "types", _encode(snapshot | {"data": wrong})
    yield "types", _encode(snapshot | {"data": data | {"imei": None, "device_key": 5, "id": "x"}})
    for event in ("bleTemp", "bleDoor", "gpsDriverBehavior"):
        records = [{"mac": "020000000001", "temp": 21.5, "humidity": 40}]
        extra = {"date": data["status"]["date"], "bleDataList": records}
        identity = {key: value for key, value in data.items() if key != "status"}
        yield "unknown", _encode(snapshot | {"event": event, "data": identity | extra})
    wrong_fields: dict[str, Any] = {
        "speed": "fast",
        "external_power_voltage": {"volts": 12},
        "satellite_count": 3.7,
        "input": 17,
        "lat": 95.0,
        "date": "yesterday",
    }
    for wire, wrong in wrong_fields.items():
        yield "badfield", _encode(snapshot | {"data": _with(data, wire, wrong)})
    key, valid = b'"speed":', _encode(snapshot)
    yield "badfield", valid.replace(key, b'"speed":1e400,"was":', 1)
    yield "badfield", valid.replace(key, b'"speed":NaN,"was":', 1)


def _messages() -> Iterator[tuple[str, bytes]]:
    details: tuple[Any, ...] = (None, [], "not json", 17, [{"imei": 5}])
    for wrong in details:
        message = {"type": "messagePass", "from_id": 1, "alarm_msg": wrong, "message": 5}
        yield "types", _encode(message | {"date": "now", "from_name": None})
    yield "unknown", b'{"type":"somethingNew","payload":[1,2,3]}'
    yield "unknown", b'{"type":"getFileShake"}'


def _with(data: Frame, wire: str, value: object) -> Frame:
    return data | {"status": data["status"] | {wire: value}}
