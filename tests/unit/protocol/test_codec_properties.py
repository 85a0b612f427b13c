"""What must hold for whatever a server sends."""

import json
from typing import Any, get_args

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tftmonitor.base.clock import EARLIEST_TIME_MS
from tftmonitor.model.fields.field import Field, FieldKind
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.monitor.watch_format import WatchFormatter, encode_line
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode, unmodelled
from tftmonitor.protocol.messages import Push, Snapshot

NOW_MS = 1_795_000_000_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
WIRES = [field.wire for field in STATUS_FIELDS]
_KEYS = (
    "event type data status error imei device_key id model date alarm_msg message mac temp "
    "voltage errorData vin alarm value url from_id name list"
)
_KINDS = (
    "snapshot bleTire rs232Tire driver obdErrorInfo rs232Fuel messagePass getFileShake "
    "downloadAllow other"
)
LIKELY = st.sampled_from(_KEYS.split() + WIRES[:8])
KINDS = st.sampled_from(_KINDS.split())
# Objects that look enough like pushes to get far.
LIKE_PUSHES = st.recursive(
    JSON | KINDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LIKELY, inner, max_size=5),
    max_leaves=20,
)


def line_of(channel: Channel, frame: bytes) -> bytes:
    push = decode(channel, frame)
    assert isinstance(push, Push)
    line = WatchFormatter().line(channel, push, frame, NOW_MS)
    return b"" if line is None else encode_line(line)


@settings(deadline=None)
@given(st.sampled_from(Channel), st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
@example(Channel.DEVICES, b"[" * 900 + b"]" * 900)
@example(Channel.DEVICES, b'{"event":"x","a":' + b"[" * 500 + b"]" * 500 + b"}")
@example(Channel.MESSAGES, rb'{"type":"messagePass","from_id":"\ud800"}')
def test_any_bytes_give_a_push_and_a_line(channel: Channel, frame: bytes) -> None:
    line_of(channel, frame)


@settings(deadline=None, max_examples=120)
@given(st.sampled_from(Channel), KINDS, st.dictionaries(LIKELY, LIKE_PUSHES, max_size=6))
def test_any_json_gives_a_push_and_a_line(
    channel: Channel, kind: str, content: dict[str, Any]
) -> None:
    for named in (content, {"event": kind, "type": kind} | content):
        line = line_of(channel, json.dumps(named).encode())
        assert b"-999" not in line or b"-999" in json.dumps(named).encode()


def good_value(field: Field) -> st.SearchStrategy[Any]:
    spec = field.spec
    low, high = max(spec.low, -1e6), min(spec.high, 1e6)
    match spec.kind:
        case FieldKind.NUMBER:
            numbers = st.floats(low, high) | st.integers(int(low), int(high))
            return numbers.filter(lambda value: value not in spec.all_ones)
        case FieldKind.COUNT:
            counts = st.integers(int(low), int(high))
            return counts.filter(lambda value: value not in spec.all_ones)
        case FieldKind.FLAG:
            return st.sampled_from([0, 1, True, False, -1])
        case FieldKind.TIME:
            return st.integers(EARLIEST_TIME_MS, NOW_MS)
        case FieldKind.WORD:
            return st.integers(-(2**31), 2**32 - 1)
        case FieldKind.PINS:
            pins = st.lists(st.booleans(), min_size=8, max_size=8)
            return pins.map(lambda on: "|".join(f"{n}:{int(v)}" for n, v in enumerate(on, 1)))
        case _:
            return st.text(st.characters(codec="utf-8"), max_size=20)


STATUSES = st.fixed_dictionaries(
    {"speed": good_value(STATUS_FIELDS.by_name["speed"])},
    optional={field.wire: good_value(field) for field in STATUS_FIELDS if field.name != "speed"},
)


def frame_of(status: dict[str, Any]) -> bytes:
    data = {"device_key": "99", "id": 7, "imei": "100", "model": "T1", "status": status}
    return json.dumps({"event": "snapshot", "data": data, "error": 0}, ensure_ascii=False).encode()


def snapshot_of(frame: bytes) -> Snapshot:
    push = decode(Channel.DEVICES, frame)
    assert isinstance(push, Snapshot)
    return push


def values_of(status: DeviceStatus) -> dict[str, Any]:
    return {field.wire: field.examine(status, NOW_MS) for field in STATUS_FIELDS}


@settings(deadline=None)
@given(STATUSES, st.data())
def test_one_broken_field_keeps_all_the_others(status: dict[str, Any], data: st.DataObject) -> None:
    wire = data.draw(st.sampled_from(sorted(status)))
    broken = data.draw(JSON)
    before = values_of(snapshot_of(frame_of(status)).status)
    after = values_of(snapshot_of(frame_of(status | {wire: broken})).status)
    # A percentage leans on the voltage, and a latitude on the longitude.
    leaning = {"battery_voltage": "battery_voltage_percent", "lat": "lng", "lng": "lat"}
    assert len(before) == len(STATUS_FIELDS)
    for name in before:
        if name not in {wire, leaning.get(wire)}:
            assert after[name] == before[name], name


@settings(deadline=None)
@given(STATUSES)
def test_sound_snapshot_takes_the_fast_way_and_has_no_problem(status: dict[str, Any]) -> None:
    push = snapshot_of(frame_of(status))
    assert push.problems == ()
    assert push.data.id == 7
    assert not [found.problem for found in values_of(push.status).values() if found.problem]


@settings(deadline=None)
@given(STATUSES, st.integers(1, 3))
def test_double_encoding_does_not_change_the_result(status: dict[str, Any], times: int) -> None:
    frame = wrapped = frame_of(status)
    for _ in range(times):
        wrapped = json.dumps(wrapped.decode()).encode()
    assert snapshot_of(wrapped).status == snapshot_of(frame).status
    assert line_of(Channel.DEVICES, wrapped) == line_of(Channel.DEVICES, frame)


@settings(deadline=None)
@given(STATUSES)
def test_number_as_text_equals_the_number(status: dict[str, Any]) -> None:
    texts = {
        wire: json.dumps(value) if isinstance(value, int | float) else value
        for wire, value in status.items()
    }
    plain, spelled = snapshot_of(frame_of(status)), snapshot_of(frame_of(texts))
    assert spelled.problems == ()
    assert values_of(spelled.status) == values_of(plain.status)


@settings(deadline=None)
@given(STATUSES, st.dictionaries(st.text(max_size=8), JSON, max_size=5))
def test_unknown_keys_are_kept_and_change_nothing(
    status: dict[str, Any], more: dict[str, Any]
) -> None:
    strange = {key: value for key, value in more.items() if key not in STATUS_FIELDS.by_wire}
    frame = frame_of(status | strange)
    assert values_of(snapshot_of(frame).status) == values_of(snapshot_of(frame_of(status)).status)
    assert json.dumps(unmodelled(frame)) == json.dumps(strange)


def test_every_field_takes_null() -> None:
    push = snapshot_of(frame_of(dict.fromkeys(WIRES)))
    assert push.problems == ()
    assert all(type(None) in get_args(field.wire_type) for field in STATUS_FIELDS)
    assert {found.value for found in values_of(push.status).values()} == {None}
