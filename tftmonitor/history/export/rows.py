"""A stored push as a row of values: by wire name, canonical, as ``watch`` has them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from msgspec import UNSET

from tftmonitor.base.clock import is_believable, to_iso
from tftmonitor.history.export.source import Frame
from tftmonitor.model.fields.field import Field, FieldKind, Value
from tftmonitor.model.fields.plausibility import Raw
from tftmonitor.model.fleet.fleet import AppliedSnapshot, Fleet
from tftmonitor.model.fleet.who.rows import MOST_DEVICES, FleetFullError
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode, unmodelled
from tftmonitor.protocol.messages import Push, Snapshot

# Of a frame that is no JSON so many characters are shown.
_SHOWN: Final = 4_000
# Values of a field.
_REMEMBERED: Final = 1_000
_SHORT: Final = 64

_MILLI: Final = {"km": "m", "L": "mL", "L/h": "mL/h"}


@dataclass(frozen=True, slots=True)
class Row:
    """A push, and when it was.

    ``time_ms`` is what is believed of the device's own time, in ms since 1970, None where nobody
    knows. ``applied`` is what the judge of time made of a snapshot.
    """

    frame: Frame
    push: Push
    time_ms: int | None
    applied: AppliedSnapshot | None = None


class RowReader:
    """Decodes pushes, in order of receipt; clocks are judged as the window does it.

    Of the first ones it knows less than a window that heard the device before.
    """

    def __init__(self, most_devices: int = MOST_DEVICES) -> None:
        self._fleet = Fleet(most_devices=most_devices, samples=1)

    def read(self, frame: Frame) -> Row:
        """One push; what cannot be decoded is an ``InvalidPush``."""
        push = decode(Channel(frame.channel), frame.frame)
        date_ms, received_ms = frame.device_ms, frame.received_ms
        if not isinstance(push, Snapshot):
            is_known = date_ms is not None and is_believable(date_ms, received_ms)
            return Row(frame, push, date_ms if is_known else None)
        try:
            applied = self._fleet.apply(push.data, push.status, frame.frame, received_ms)
        except FleetFullError as full:
            applied = self._fleet.time_of_stray(full.stray, push.status, received_ms)
        # A value means what it means alone, whichever stretch is read.
        push.status.measured = 0
        return Row(frame, push, applied.device_ms, applied)


class Values:
    """Reads the same fields out of many snapshots.

    ``show`` makes of a field and its canonical value what is written; a value that came before is
    not judged and shown again, where the judgement depends on nothing else.
    """

    def __init__(self, fields: Sequence[Field], show: Callable[[Field, Value], Any]) -> None:
        self._show = show
        self._fields: list[tuple[Field, Raw, dict[Any, Any] | None]] = [
            (field, field.raw, {} if _is_steady(field) else None) for field in fields
        ]

    def of(self, row: Row) -> list[Any]:
        """What is written, one for each field; UNSET where the snapshot does not carry it."""
        assert isinstance(row.push, Snapshot)
        status, now_ms = row.push.status, row.frame.received_ms
        found: list[Any] = []
        for field, raw_of, known in self._fields:
            raw = raw_of(status)
            if raw is UNSET:
                found.append(UNSET)
            elif known is None:
                found.append(self._show(field, field.examine(status, now_ms).value))
            elif raw in known:
                found.append(known[raw])
            else:
                shown = self._show(field, field.examine(status, now_ms).value)
                found.append(shown)
                if not isinstance(raw, str) or len(raw) <= _SHORT:
                    if len(known) >= _REMEMBERED:
                        known.clear()
                    known[raw] = shown
        return found


def _is_steady(field: Field) -> bool:
    """True where what a raw value means depends on neither the rest of the status nor the time."""
    return field.spec.kind is not FieldKind.TIME and field.rule.void is None


def shown_value(field: Field, value: Value) -> Value:
    """A canonical value as texts have it: times in ISO 8601, UTC."""
    if field.spec.kind is FieldKind.TIME and value is not None:
        return to_iso(int(value))
    return value


def other_of(row: Row) -> dict[str, Any]:
    """What a snapshot carries beyond the table of fields."""
    return unmodelled(row.frame.frame)


def content_of(row: Row) -> Any:
    """The whole of a push that is no snapshot, parsed; as bounded text where it is no JSON."""
    try:
        return msgspec.json.decode(row.frame.frame)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return row.frame.frame[:_SHOWN].decode("utf-8", "replace")


def unit_of(field: Field) -> str:
    """The unit of a canonical value, "" for none."""
    unit, scale = field.spec.unit.value, field.spec.scale
    if field.spec.kind is FieldKind.TIME or not unit or scale == 1:
        return unit
    return _MILLI[unit] if scale == 0.001 else f"{scale:g} {unit}"
