"""Numbers, times and fields of conditions as texts, and why one of them is none."""

from typing import Final

from tftmonitor.model.fields.field import Field, FieldKind, Unit, Value
from tftmonitor.model.fields.formatting import format_number
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fields.units import shown_as, shown_digits, shown_number, unit_text

LONGEST_HOLD_S: Final = 86_400.0


def find_field(name: str, kinds: frozenset[FieldKind]) -> Field | None:
    """The status field of this name, None when it is gone or of another kind."""
    field = STATUS_FIELDS.by_name.get(name)
    return field if field is not None and field.spec.kind in kinds else None


def field_text(name: str, value: Value) -> str:
    """A canonical value under its label."""
    field = STATUS_FIELDS.by_name[name]
    spec = field.spec
    if spec.kind is FieldKind.FLAG:
        return f"{spec.label} {'on' if value else 'off'}"
    number = format_number(shown_number(spec, float(value or 0)), shown_digits(spec))
    return f"{spec.label} {number} {unit_text(spec)}".rstrip()


def in_units(number: float, unit: Unit) -> str:
    """A number of the table's unit, in the unit that is shown, with it."""
    shown = shown_as(unit)
    # What was typed in another unit comes back as it was typed, not as 54.999999.
    return f"{number_text(round(shown.of(number), 4))} {shown.text}".rstrip()


def number_text(number: float) -> str:
    """As few digits as say it."""
    return f"{round(number, 6):.10g}"


def hold_text(seconds: float) -> str:
    """The end of a sentence, as " for 60 s", " for 5 min"; nothing for no time."""
    if not seconds:
        return ""
    for size, unit in ((3_600, "h"), (60, "min")):
        if seconds >= 2 * size and not seconds % (size / 2):
            return f" for {number_text(seconds / size)} {unit}"
    return f" for {number_text(seconds)} s"


def hold_problem(seconds: float) -> str:
    """Why this is no time to hold, as a text."""
    return "" if 0 <= seconds <= LONGEST_HOLD_S else "The time must be from 0 s to one day."
