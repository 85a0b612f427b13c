"""Which fields a reading of the past has to look at, and what each raw value of them is worth."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from tftmonitor.model.fields.field import Field, FieldKind
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.motion import FLAGS

TIMES: Final = ("date", "location_date")
SERVER_TIMES: Final = ("polling", "heartbeat_time", "last_reg_date")
"""What decides when a frame is from whose date is far from its receipt, or missing."""

FLAG_NAMES: Final = tuple(dict.fromkeys([*FLAGS, *(field.name for field in SERIES.lane_fields)]))
"""What lanes and motion follow from."""

# Motion goes by them.
_MOTION: Final = ("speed", "lat")
_NUMBERS: Final = frozenset({FieldKind.NUMBER, FieldKind.COUNT, FieldKind.FLAG})


class Wanted:
    """``fields`` in the order of asking, ``numbers`` the names of all that is read as numbers.

    Raises ValueError for a wire name that is no field, or one that is no number.
    """

    def __init__(self, wires: Iterable[str]) -> None:
        self.fields: tuple[Field, ...] = tuple(map(_field_of, wires))
        names = [*(field.name for field in self.fields), *_MOTION]
        needed = [name for known in names for name in void_names(STATUS_FIELDS.by_name[known])]
        self.numbers = tuple(dict.fromkeys([*names, *needed, *TIMES, *SERVER_TIMES]))
        self.flags = FLAG_NAMES


def _field_of(wire: str) -> Field:
    field = STATUS_FIELDS.by_wire.get(wire)
    if field is None or field.spec.kind not in _NUMBERS:
        raise ValueError(f"{wire} is no field that has a number")
    return field


def void_names(field: Field) -> Sequence[str]:
    """The fields that say whether a value of this one says nothing."""
    void = field.spec.void
    # By what it asks for, so that the table of fields stays the one place that says it.
    asked = void.__code__.co_names if void is not None else ()
    return [name for name in asked if name in STATUS_FIELDS.by_name]


def converted(field: Field, raw: Any) -> Any:
    """What the decoder of frames makes of a value of JSON: None of one that it cannot use."""
    try:
        return msgspec.convert(raw, field.wire_type, strict=False)
    except (msgspec.ValidationError, OverflowError):
        return None
