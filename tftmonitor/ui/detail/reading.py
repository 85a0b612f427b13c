"""One field of a status as the detail pane shows it: value, unit, or why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from tftmonitor.model.fields.field import (
    FOLDING_GROUPS,
    INVALID,
    Confidence,
    Examined,
    Field,
    FieldKind,
    Group,
    Quality,
    Unit,
)
from tftmonitor.model.fields.formatting import (
    UNKNOWN_TEXT,
    format_clock,
    format_time,
    format_value,
    one_line,
)
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fields.units import unit_text
from tftmonitor.ui.widgets.tooltip import plain_tip

_ABSENT = Examined(None, Quality.ABSENT)
NOT_SUPPORTED = -1
# Lengths within "2026-12-28 00:00:00".
_DATE = 10
_YEAR = len("2000-")
TO_THE_MINUTE = 16
# A degree is written close to its number, every other unit a little apart.
CLOSE_UNITS = frozenset({Unit.DEGREE.value, Unit.PERCENT.value})


@dataclass(frozen=True, slots=True)
class Reading:
    """What is shown of one field; ``nothing`` is true for none and for zero alike."""

    text: str
    unit: str
    note: str
    quality: Quality
    nothing: bool = False

    @property
    def known(self) -> bool:
        """True when there is a value."""
        return self.quality is Quality.KNOWN

    @property
    def with_unit(self) -> str:
        """Value and unit, else the reason for having none."""
        if not self.known:
            return self.note
        apart = "" if self.unit in CLOSE_UNITS else "\u00a0"
        return f"{self.text}{apart}{self.unit}" if self.unit else self.text


def read_field(field: Field, status: DeviceStatus | None, now_ms: int, zone: tzinfo) -> Reading:
    """The reading of a field; a status of None reports nothing at all."""
    examined = _ABSENT if status is None else field.examine(status, now_ms)
    if examined.quality is not Quality.KNOWN:
        note = reason(field, status, examined)
        return Reading(UNKNOWN_TEXT, "", note, examined.quality, nothing=True)
    value = examined.value
    text = one_line(format_value(field, value, zone))
    empty = value == ""
    return Reading(
        text,
        "" if empty else unit_text(field.spec),
        "empty" if empty else "",
        Quality.KNOWN,
        nothing=empty or value == 0,
    )


def reason(field: Field, status: DeviceStatus | None, examined: Examined) -> str:
    """Why a field has no value, as a short text."""
    if examined.quality is Quality.ABSENT:
        return "not reported"
    is_time = field.spec.kind is FieldKind.TIME
    if examined.quality is Quality.INVALID:
        return "clock not set" if is_time else "invalid"
    raw = field.raw(status)
    if raw is None:
        return "unknown"
    if is_time and raw <= 0:
        return "never"
    if raw == INVALID:
        return "no reading"
    if raw == NOT_SUPPORTED:
        return "not supported"
    if field.spec.group is Group.POSITION and field.spec.void is not None:
        return "no fix"
    if raw == 0 or field.spec.void is not None:
        return "not measured"
    return "no reading"


def has_nothing(group: Group, readings: list[Reading]) -> bool:
    """True when a section may fold: in some groups zero stands for "no such sensor" too."""
    if group in FOLDING_GROUPS:
        return all(reading.nothing for reading in readings)
    return all(reading.quality is Quality.ABSENT for reading in readings)


def problems_of(fields: Iterable[Field], status: DeviceStatus | None, now_ms: int) -> list[str]:
    """What is wrong with each value that cannot be right."""
    if status is None:
        return []
    examined = (field.examine(status, now_ms) for field in fields)
    return [found.problem for found in examined if found.problem]


def describe(field: Field) -> str:
    """The tooltip of a field: its help, its key on the wire, how sure its meaning is."""
    spec = field.spec
    lines = [spec.label, f"Key in the feed: {field.wire}", f"Meaning: {spec.confidence.value}"]
    if spec.help:
        lines.insert(1, sentence(spec.help))
    return plain_tip("\n".join(lines))


def is_guessed(field: Field) -> bool:
    """True when only the name hints at what the field means."""
    return field.spec.confidence is Confidence.GUESS


def moment_text(time_ms: int, now_ms: int, zone: tzinfo) -> str:
    """Time of day; of another day the date and the minute, of another year with the year."""
    today = format_time(now_ms, zone)[:_DATE]
    full = format_time(time_ms, zone)
    if full.startswith(today):
        return format_clock(time_ms, zone)
    return full[_YEAR if full[:_YEAR] == today[:_YEAR] else 0 : TO_THE_MINUTE]


def sentence(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
