"""Alarms and events as rows of the database, and back."""

import logging
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import replace

from tftmonitor.history.batch import JournalBatch
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.events import Event

_log = logging.getLogger(__name__)

Row = tuple[object, ...]
_Item = TypeVar("_Item")

_encode = msgspec.json.Encoder().encode
_decode_alarm = msgspec.json.Decoder(Alarm).decode
_EVENTS: Final[msgspec.json.Decoder[Event]] = msgspec.json.Decoder(Event)


class JournalEntry(msgspec.Struct, frozen=True):
    """A row of the journal; ``event_ms`` is the time it is about, ``alarm`` as it is now.

    ``event`` is None when a newer version of the program wrote it; ``kind`` still says what.
    """

    seq: int
    at_ms: int
    event_ms: int
    kind: str
    alarm_id: int | None
    device: str | None
    event: Event | None
    alarm: Alarm | None


def rows_of(make: Callable[[_Item], Row], items: Iterable[_Item]) -> tuple[list[Row], int]:
    """The rows of these items, and how many cannot be made."""
    rows, bad = [], 0
    for item in items:
        try:
            rows.append(make(item))
        except (ValueError, OverflowError):
            _log.exception("not journalled: %r", item)
            bad += 1
    return rows, bad


def alarm_row(alarm: Alarm) -> Row:
    """The row of an alarm in table alarms."""
    body = _encode(alarm).decode()
    return (alarm.id, alarm.is_open, alarm.device, alarm.last_ms, body)


def entry_row(entry: tuple[Event, Alarm | None]) -> Row:
    """The row of an event in table journal, with the alarm that it changed, if any."""
    event, alarm = entry
    kind, at_ms = event.kind, event.at_ms
    if alarm is None:
        device = getattr(event, "device", None)
        return (at_ms, at_ms, kind, None, device, _encode(event).decode())
    if getattr(event, "ids", ()):  # one row an alarm, each with its own number
        event = replace(event, ids=(alarm.id,))
    # Only a late occurrence is about the past; the operator acts now.
    event_ms = getattr(event, "device_ms", at_ms) if getattr(event, "late", False) else at_ms
    return (at_ms, event_ms, kind, alarm.id, alarm.device, _encode(event).decode())


def fact_row(fact: tuple[str, Any]) -> Row:
    """The row of a named fact in table facts."""
    return (fact[0], _encode(fact[1]).decode())


def entry_of(
    seq: int,
    at_ms: int,
    event_ms: int,
    kind: str,
    alarm_id: int | None,
    device: str | None,
    event: str,
    alarm: str | None,
) -> JournalEntry:
    """The entry of a row, as ``Journal.read`` selects it."""
    return JournalEntry(
        seq, at_ms, event_ms, kind, alarm_id, device, _event_of(event), alarm_of(alarm)
    )


def alarm_of(body: str | None) -> Alarm | None:
    """The alarm of a body, None when this version does not understand it."""
    try:
        return _decode_alarm(body) if body else None
    except msgspec.DecodeError:
        return None


def _event_of(body: str) -> Event | None:
    try:
        return _EVENTS.decode(body)
    except msgspec.DecodeError:
        return None


def fact_of(body: str) -> Any:
    """The fact of a body, None when it is broken."""
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None


def batch_of(saved: Iterable[tuple[str, ...]]) -> JournalBatch:
    """What was saved from a damaged file, to be written to the new one."""
    batch = JournalBatch()
    for table, *columns in saved:
        if table == "facts":
            batch.facts[columns[0]] = fact_of(columns[1])
        elif alarm := alarm_of(columns[0]):
            batch.alarms[alarm.id] = alarm
    return batch
