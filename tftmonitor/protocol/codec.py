"""Text frames of both channels to typed pushes; tolerant, and never raising.

Snapshots take one pass straight into the status struct. Only a frame that this refuses is read
field by field, so that one bad value costs neither its frame nor the connection.
"""

from collections.abc import Collection
from typing import Any

import msgspec
from msgspec import UNSET

from tftmonitor.model.fields.field import Field, FieldKind, FieldTable
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.identity import identity_of
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol import lenient
from tftmonitor.protocol.alarm_forms import (
    is_word,
    read_alarm,
    read_alarm_code,
    read_bits,
    says_none,
)
from tftmonitor.protocol.alarm_search import alarms_in
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.message_codec import decode_message
from tftmonitor.protocol.messages import (
    AlarmNotice,
    InvalidPush,
    KeepAlive,
    OtherPush,
    Push,
    Snapshot,
    SnapshotData,
)
from tftmonitor.protocol.record_search import find_records
from tftmonitor.protocol.records import RECORD_TABLES

# A snapshot is 1.6 kB; far above any push that makes sense, far below what hurts.
FRAME_LIMIT = 1_048_576
_NESTING_LIMIT = 3
_SHOWN = 40
# No field that is known has it in its name.
_ALARM = b"alarm"
_ALARM_CODE = "alarm_code"
_ALARM_WORDS = {"cur_event": read_alarm, "alerts": read_bits}

_DEVICES = Channel.DEVICES
_SNAPSHOT = msgspec.json.Decoder(Snapshot, strict=False)
_DECODE_ERRORS = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)


def decode(channel: Channel, frame: bytes) -> Push:
    """The push that a frame of this channel holds; InvalidPush, in words, when none."""
    if len(frame) > FRAME_LIMIT:
        return InvalidPush(channel, f"larger than {FRAME_LIMIT} bytes", len(frame))
    if channel is _DEVICES:
        try:
            snapshot = _SNAPSHOT.decode(frame)
        except _DECODE_ERRORS:
            pass
        else:
            data = snapshot.data
            if (
                snapshot.event == "snapshot"
                and (status := data.status) is not UNSET
                and not _has_further_alarm(frame, data, status)
            ):
                if data.imei or identity_of_snapshot(snapshot):
                    return snapshot
                return InvalidPush(channel, "snapshot that names no device", len(frame))
    return _decode_slowly(channel, frame)


def _has_further_alarm(frame: bytes, data: SnapshotData, status: DeviceStatus) -> bool:
    """True when an alarm may stand elsewhere than in the two words of the status."""
    # Each snapshot comes this way: looking for the word in all of it costs a fifth of decoding,
    # and is left to frames that have none where it belongs.
    return bool(
        data.cur_event is not UNSET
        or data.alerts is not UNSET
        or data.alarm is not UNSET
        or data.alarm_code is not UNSET
        or data.alarm_msg is not UNSET
        or status.alarm
        or status.alarm_code
        or status.alarm_msg
        or (status.cur_event is UNSET and _ALARM in frame)
    )


def identity_of_snapshot(snapshot: Snapshot) -> bool:
    """True when the snapshot names a device by any id, also one inside of its status."""
    data = snapshot.data
    if data.imei or data.device_key or data.id:
        return True
    data.imei = snapshot.status.imei or None
    return bool(data.imei)


def _decode_slowly(channel: Channel, frame: bytes) -> Push:
    content, problem = _parse(frame)
    if problem:
        if frame.strip(b' \t\r\n"').lower() in {b"pong", b"ping"}:
            return KeepAlive()
        return InvalidPush(channel, problem, len(frame))
    if not isinstance(content, dict):
        what = type(content).__name__
        return InvalidPush(channel, f"a JSON {what} instead of an object", len(frame))
    if channel is Channel.DEVICES:
        return _decode_device_event(content, len(frame))
    return decode_message(content)


def _parse(frame: bytes) -> tuple[Any, str]:
    """JSON content, decoded again while it is a text that holds JSON; or a problem in words."""
    try:
        content: Any = lenient.parse_json(frame.decode("utf-8-sig", "replace"))
        for _ in range(_NESTING_LIMIT):
            if not isinstance(content, str):
                break
            content = lenient.parse_json(content)
    except lenient.BoundlessError as error:
        return None, str(error)
    except ValueError:
        shown = frame[:_SHOWN].decode("utf-8", "replace")
        return None, f"not JSON: {shown!r}"
    return content, ""


def _decode_device_event(content: dict[str, Any], size: int) -> Push:
    kind = lenient.text(content.get("event")) or lenient.text(content.get("type")) or "unknown"
    data = lenient.inner_json(content.get("data"))
    if kind != "snapshot" and kind not in RECORD_TABLES:
        return OtherPush(Channel.DEVICES, kind, content)
    error = content.get("error", 0)
    if not isinstance(data, dict):
        missing = "data"
    elif kind != "snapshot":
        return _decode_records(kind, data, error, size)
    elif isinstance(status := lenient.inner_json(data.get("status")), dict):
        return _decode_snapshot_slowly(data, status, error, size)
    else:
        missing = "a status object"
    if lenient.text(error) not in {None, "0", "False"}:
        return OtherPush(Channel.DEVICES, kind, content)
    return InvalidPush(Channel.DEVICES, f"{kind} without {missing}", size)


def _decode_snapshot_slowly(
    data: dict[str, Any], status: dict[str, Any], error: Any, size: int
) -> Push:
    problems: list[str] = []
    words, further = _alarm_words(status)
    read = {*_ALARM_WORDS, *([_ALARM_CODE] if _code_bits(status) else [])}
    others = data | {"status": {key: status[key] for key in status if key not in read}}
    further += alarms_in(others, loose=True)
    snapshot = Snapshot("snapshot", _identity_data(data), error)
    snapshot.alarms = tuple(further)
    status = status | words
    snapshot.data.status = read_status(STATUS_FIELDS, status, problems)
    snapshot.problems = tuple(problems)
    if not identity_of_snapshot(snapshot):
        return InvalidPush(Channel.DEVICES, "snapshot that names no device", size)
    return snapshot


def _alarm_words(status: dict[str, Any]) -> tuple[dict[str, int | None], list[AlarmNotice]]:
    """The two alarm words as far as they can be read, and what of them is something else."""
    words: dict[str, int | None] = {}
    further: list[AlarmNotice] = []
    for key, read in _ALARM_WORDS.items():
        raw = status.get(key)
        if key not in status or (type(raw) is int and is_word(raw)):
            continue
        form = read(raw)
        if form is None:
            words[key] = 0 if says_none(raw) else None
        elif form.unread:
            further.append(AlarmNotice(unread=form.unread))
        else:
            words[key] = form.codes[0]
            further += [AlarmNotice(code=code) for code in form.codes[1:]]
    if bits := _code_bits(status):
        # The documents call its bits the alarms; where both are there, either may have them.
        alerts = words.get("alerts", status.get("alerts"))
        words["alerts"] = bits | (alerts if isinstance(alerts, int) else 0)
    return words, further


def _code_bits(status: dict[str, Any]) -> int:
    form = read_alarm_code(status.get(_ALARM_CODE))
    return form.bits if form is not None else 0


def _decode_records(kind: str, data: dict[str, Any], error: Any, size: int) -> Push:
    identity = identity_of(_identity_data(data))
    if identity is None:
        return InvalidPush(Channel.DEVICES, f"{kind} that names no device", size)
    records, left = find_records(RECORD_TABLES[kind], data)
    device_ms = lenient.time_ms(data.get("date"))
    status = lenient.inner_json(data.get("status"))
    if device_ms is None and isinstance(status, dict):
        device_ms = lenient.time_ms(status.get("date"))
    return Records(kind, identity, device_ms, records, left, error)


def _identity_data(data: dict[str, Any]) -> SnapshotData:
    # A 0 names nothing.
    device_key, number, imei, model = (
        lenient.text(data.get(key) or None) for key in ("device_key", "id", "imei", "model")
    )
    return SnapshotData(device_key, number, imei, model)


def read_status(table: FieldTable, status: dict[str, Any], problems: list[str]) -> DeviceStatus:
    """A status read field by field: the good kept, each bad one None and named in problems."""
    values: dict[str, Any] = {}
    for field in table:
        if field.wire not in status:
            continue
        raw = status[field.wire]
        if field.spec.kind is FieldKind.TEXT and not isinstance(raw, bool):
            raw = lenient.text(raw) if isinstance(raw, int | float) else raw
        try:
            values[field.name] = msgspec.convert(raw, field.wire_type, strict=False)
        except (msgspec.ValidationError, OverflowError):
            values[field.name] = None
            if raw != "":
                problems.append(f"{field.wire}: {_shown(raw)} {_expected(field)}")
    result: DeviceStatus = table.status_type(**values)  # type: ignore[assignment]
    return result


_EXPECTED = {
    FieldKind.NUMBER: "is not a number",
    FieldKind.COUNT: "is not a whole number",
    FieldKind.FLAG: "is neither 0 nor 1",
    FieldKind.TIME: "is not a time in milliseconds",
    FieldKind.TEXT: "is not text",
    FieldKind.PINS: "is not text",
    FieldKind.WORD: "is not a whole number",
}


def _expected(field: Field) -> str:
    return _EXPECTED[field.spec.kind]


def _shown(raw: Any) -> str:
    shown = repr(raw)
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"


# What each level of a snapshot frame is known to hold, and the key of the next level.
_LEVELS: tuple[tuple[Collection[str], str], ...] = (
    ({"event", "data", "error"}, "data"),
    ({"device_key", "id", "imei", "model", "status"}, "status"),
    (STATUS_FIELDS.by_wire, ""),
)


def unmodelled(frame: bytes) -> dict[str, Any]:
    """What a snapshot frame carries beyond its envelope and the table of fields, as it came."""
    content, _ = _parse(frame)
    found: dict[str, Any] = {}
    for known, inside in _LEVELS:
        if isinstance(content, dict):
            found |= {key: value for key, value in content.items() if key not in known}
            content = lenient.inner_json(content.get(inside))
    return found
