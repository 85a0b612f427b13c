"""Pushes as flat JSON objects for pipes and scripts: the lines of ``tftmonitor watch``."""

from typing import Any

import msgspec

from tftmonitor.base.clock import SECOND_MS, is_plausible, to_iso
from tftmonitor.model.alarms.numbering import CodeResolver, name_for_message, narrow
from tftmonitor.model.fields.field import FieldKind, FieldTable, Quality, Value
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.clock_offset import judge_date
from tftmonitor.model.fleet.clocks import clock_note
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import value_age
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.identity import Identity, identity_of
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import unmodelled
from tftmonitor.protocol.messages import (
    AlarmNotice,
    FileNotice,
    InvalidPush,
    KeepAlive,
    OtherPush,
    Push,
    Snapshot,
    UserMessage,
)

Line = dict[str, Any]


class WatchFormatter:
    """Turns pushes into lines; keeps a fleet to know which frames are late."""

    def __init__(self) -> None:
        # Nobody asks for what was before.
        self._fleet = Fleet(samples=1)
        self._codes = CodeResolver()

    def line(self, channel: Channel, push: Push, frame: bytes, received_ms: int) -> Line | None:
        """The object for one push, or None for an answer to our ping."""
        head: Line = {"received": to_iso(received_ms), "channel": channel.value}
        if isinstance(push, Snapshot):
            return head | self._snapshot(push, frame, received_ms)
        if isinstance(push, Records):
            device = self._fleet.keep_records(push, frame, received_ms)
            trouble: Line = {"problems": [device.trouble]} if device.trouble else {}
            judged = _record_time(push, device, received_ms)
            return head | _records(push, device, received_ms) | judged | trouble
        if isinstance(push, UserMessage):
            return head | self._message(push, received_ms)
        if isinstance(push, FileNotice):
            return head | _file_notice(push, received_ms)
        if isinstance(push, InvalidPush):
            return head | {"kind": "invalid", "problem": push.problem, "size": push.size}
        if isinstance(push, OtherPush):
            return head | {"kind": push.kind, "other": push.content}
        assert isinstance(push, KeepAlive)
        return None

    def _snapshot(self, push: Snapshot, frame: bytes, received_ms: int) -> Line:
        values, problems = canonical_values(push, received_ms)
        applied = self._fleet.apply(push.data, push.status, frame, received_ms)
        if trouble := applied.device.trouble:
            problems = [trouble, *problems]
        identity = identity_of(push.data)
        assert identity is not None
        line: Line = {
            "kind": "snapshot",
            **_identity(identity, applied.device),
            "error": push.error,
            "values": values,
            "other": unmodelled(frame),
            "problems": problems,
            "late": applied.late,
        }
        if note := clock_note(applied.device):
            believed_ms = applied.device_ms
            line |= {"clock": note, "device_time": to_iso(believed_ms) if believed_ms else None}
        if applied.live and (old := _old_values(applied.device, values, received_ms)):
            line["old"] = old
        return line

    def _message(self, push: UserMessage, received_ms: int) -> Line:
        alarms = [
            self._alarm(notice, push.text, received_ms, push.sent_ms) for notice in push.alarms
        ]
        line: Line = {
            "kind": push.kind,
            "from_id": push.from_id,
            "sender": push.sender.value,
            "from_name": push.from_name,
            "text": push.text,
            "sent": _iso(push.sent_ms, received_ms),
            "alarm": alarms[0] if alarms else None,
            "other": push.other,
        }
        if len(alarms) > 1:
            line["alarms"] = alarms
        left = [notice.other for notice in push.alarms]
        if any(left):
            line["other"] = push.other | {"alarm_msg": left[0] if len(left) == 1 else left}
        return line

    def _alarm(self, notice: AlarmNotice, text: str, received_ms: int, sent_ms: int | None) -> Line:
        unit = self._fleet.mention(notice, received_ms)
        model = notice.model or (unit.model if unit else None)
        clock = unit.clock if isinstance(unit, Device) else None
        believed_ms, doubtful = judge_date(clock, notice.device_ms, received_ms, sent_ms)
        reading = None
        if notice.code is not None:
            reading = self._codes.resolve(notice.code, None, model)
        named = text or notice.name
        if reading is not None and named:
            reading = narrow(reading, named)
        line: Line = {
            "imei": (unit.imei if unit else None) or notice.device,
            "name": name_for_message(reading, named),
            "severity": reading.severity.word if reading else "warning",
            "numbering": reading.numbering.value if reading and reading.numbering else None,
            "code": notice.code,
            "date": _iso(notice.device_ms, received_ms),
            "lat": notice.latitude,
            "lng": notice.longitude,
            "speed": notice.speed,
            "address": notice.address,
        }
        if unit is not None and unit.doubt:
            line["problems"] = [unit.doubt]
        return line | _judged(notice.device_ms, believed_ms, doubtful=doubtful)


def canonical_values(
    push: Snapshot, now_ms: int, table: FieldTable = STATUS_FIELDS
) -> tuple[dict[str, Any], list[str]]:
    """Wire name to canonical value for each field of this frame, and the problems as texts."""
    values: dict[str, Any] = {}
    problems = list(push.problems)
    for field in table:
        examined = field.examine(push.status, now_ms)
        if examined.quality is Quality.ABSENT:
            continue
        value: Value = examined.value
        if field.spec.kind is FieldKind.TIME and value is not None:
            value = to_iso(int(value))
        values[field.wire] = value
        if examined.problem:
            problems.append(examined.problem)
    return values, problems


def _old_values(device: Device, values: Line, now_ms: int) -> dict[str, float]:
    """Wire name to age in seconds of what the frame repeats but did not measure.

    Of what is of no known age the flags of the receiver tell as much.
    """
    ages: dict[str, float] = {}
    for wire, value in values.items():
        age = value_age(device, STATUS_FIELDS.by_wire[wire].name, now_ms)
        if value is not None and age.is_old and age.is_own and age.since_ms is not None:
            ages[wire] = (now_ms - age.since_ms) / SECOND_MS
    return ages


def _record_time(push: Records, device: Device, received_ms: int) -> Line:
    believed_ms, doubtful = judge_date(device.clock, push.device_ms, received_ms)
    return _judged(push.device_ms, believed_ms, doubtful=doubtful)


def _judged(date_ms: int | None, believed_ms: int | None, *, doubtful: bool) -> Line:
    """What is held of a date that cannot be taken as it stands, empty for others."""
    if doubtful:
        return {"clock": "time doubtful"}
    if believed_ms is not None and believed_ms != date_ms:
        return {"device_time": to_iso(believed_ms)}
    return {}


def _records(push: Records, device: Device, received_ms: int) -> Line:
    return {
        "kind": push.kind,
        **_identity(push.identity, device),
        "error": push.error,
        "date": _iso(push.device_ms, received_ms),
        "records": push.records,
        "other": push.other,
    }


def _file_notice(push: FileNotice, received_ms: int) -> Line:
    return {
        "kind": push.kind,
        "from_id": push.from_id,
        "sender": "system",
        "from_name": push.from_name,
        "text": push.name or push.address or "",
        "sent": _iso(push.sent_ms, received_ms),
        "alarm": None,
        "state": push.state.value,
        "address": push.address,
        "other": push.other,
    }


def _identity(identity: Identity, device: Device) -> Line:
    """The ids of a frame, and those that earlier ones have told of the device."""
    return {
        "imei": identity.imei or device.imei,
        "device_key": identity.device_key or device.device_key,
        "id": identity.id or device.id,
        "model": identity.model or device.model,
    }


def _iso(time_ms: int | None, now_ms: int) -> str | None:
    return to_iso(time_ms) if time_ms is not None and is_plausible(time_ms, now_ms) else None


def encode_line(line: Line) -> bytes:
    """One line of JSON, without the line end."""
    return msgspec.json.encode(line)
