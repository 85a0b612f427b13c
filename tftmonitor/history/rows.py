"""Alarms and events as rows of the database, and back."""

import logging
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import replace

from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.events import Event

_log = logging.getLogger(__name__)

MOST: Final = 1 << 53
"""Times and numbers are below it; a larger one is a broken byte."""
DAMAGED: Final = "damaged"
_MOST_IN_FILE: Final = 1 << 63

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
            rows.append(_storable(make(item)))
        except (ValueError, OverflowError):
            _log.exception("not journalled: %r", item)
            bad += 1
    return rows, bad


def _storable(row: Row) -> Row:
    if any(isinstance(value, int) and not -_MOST_IN_FILE <= value < _MOST_IN_FILE for value in row):
        raise OverflowError("a number that no file can hold")
    return row


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


def event_row(numbered: tuple[int, Event]) -> Row:
    """The row of an event in table waiting, with its number."""
    number, event = numbered
    return (number, _encode(event).decode())


def event_of(body: object) -> Event | None:
    """The event of a body, None when it is broken or this version does not understand it."""
    event: Event | None = _read(_EVENTS.decode, body)
    return event


def fact_row(fact: tuple[str, Any]) -> Row:
    """The row of a named fact in table facts."""
    return (fact[0], _encode(fact[1]).decode())


def entry_of(
    seq: int,
    at_ms: object,
    event_ms: object,
    kind: object,
    alarm_id: object,
    device: object,
    event: object,
    alarm: object,
) -> JournalEntry:
    """The entry of a row, as ``Journal.read`` selects it; of a broken one what can be read."""
    return JournalEntry(
        seq,
        _number(at_ms),
        _number(event_ms),
        kind if isinstance(kind, str) else DAMAGED,
        _number(alarm_id) or None,
        device if isinstance(device, str) else None,
        _read(_EVENTS.decode, event),
        alarm_of(alarm),
    )


def alarm_of(body: object) -> Alarm | None:
    """The alarm of a body, None when it is broken or this version does not understand it."""
    alarm: Alarm | None = _read(_decode_alarm, body)
    if alarm is None or not all(0 <= at < MOST for at in (alarm.id, alarm.first_ms, alarm.last_ms)):
        return None
    return alarm


def fact_of(body: object) -> Any:
    """The fact of a body, None when it is broken."""
    return _read(msgspec.json.decode, body)


def _read(decode: Callable[[Any], Any], body: object) -> Any:
    # A broken byte makes a number of a text as well.
    try:
        return decode(body) if isinstance(body, str) and body else None
    except (msgspec.DecodeError, RecursionError):
        return None


def _number(value: object) -> int:
    return value if isinstance(value, int) and abs(value) < MOST else 0
