"""What some snapshots carried of the wanted fields, as columns, in the order of their receipt.

Numbers are doubles, NaN where the frame says null and ``LEFT_OUT`` where it has no such key. Flags
and texts are places in a list of distinct values, which all rows of one reading share.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from msgspec import UNSET

from tftmonitor.history.past.wanted import FLAG_NAMES, Wanted, converted
from tftmonitor.history.samples.columns import Column
from tftmonitor.model.fields.field import Field
from tftmonitor.model.fields.plausibility import LEFT_OUT
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Which = slice | npt.NDArray[Any]

_EVERY: Final = slice(None)
_FLAG_FIELDS: Final = {name: STATUS_FIELDS.by_name[name] for name in FLAG_NAMES}


class Words:
    """The distinct raw values of flags and texts, by field; what is left out is the first."""

    def __init__(self) -> None:
        self.values: dict[str, list[Any]] = {name: [UNSET] for name in FLAG_NAMES}
        self._places: dict[str, dict[tuple[type, Any], int]] = {
            name: {(type(UNSET), UNSET): 0} for name in FLAG_NAMES
        }
        # The same by the values of JSON, which are worth a look once each.
        self._known: dict[tuple[str, type, Any], int] = {}
        self._numbers: dict[tuple[str, type, Any], float] = {}

    def place_of(self, name: str, value: Any) -> int:
        """The place of a value, given where it is new."""
        places = self._places[name]
        place = places.setdefault((type(value), value), len(places))
        if place == len(self.values[name]):
            self.values[name].append(value)
        return place

    def number_of_json(self, name: str, value: Any) -> float:
        """The number that the decoder of frames makes of a value of JSON."""
        key = name, type(value), str(value) if isinstance(value, list) else value
        number = self._numbers.get(key)
        if number is None:
            made = converted(STATUS_FIELDS.by_name[name], value)
            number = self._numbers[key] = _number(made)
        return number

    def place_of_json(self, name: str, value: Any) -> int:
        """The place of what the decoder of frames makes of a value of JSON."""
        key = name, type(value), str(value) if isinstance(value, list) else value
        place = self._known.get(key)
        if place is None:
            made = converted(_FLAG_FIELDS[name], value)
            place = self._known[key] = self.place_of(name, made)
        return place


@dataclass(slots=True)
class RawRows:
    """``seqs`` and ``received_ms`` of n snapshots, and by name their ``numbers`` and ``flags``."""

    seqs: Ints
    received_ms: Ints
    numbers: dict[str, Floats]
    flags: dict[str, Ints]

    @classmethod
    def empty(cls, seqs: Ints, received_ms: Ints, wanted: Wanted) -> "RawRows":
        """Rows that carry nothing yet."""
        count = len(seqs)
        return cls(
            seqs,
            received_ms,
            {name: np.full(count, LEFT_OUT) for name in wanted.numbers},
            {name: np.zeros(count, np.int64) for name in wanted.flags},
        )

    def __len__(self) -> int:
        return len(self.seqs)

    def pick(self, which: Which) -> "RawRows":
        """Those that a slice, a mask or an order of places says."""
        return RawRows(
            self.seqs[which],
            self.received_ms[which],
            {name: column[which] for name, column in self.numbers.items()},
            {name: column[which] for name, column in self.flags.items()},
        )

    def put_column(self, name: str, column: Column, words: Words, which: Which = _EVERY) -> None:
        """What a column of a chunk says of a field, into these rows."""
        if name in self.numbers:
            self.numbers[name][which] = _numbers_of(STATUS_FIELDS.by_name[name], column)
        if name in self.flags:
            places, values = column.coded()
            known = [words.place_of_json(name, value) for value in values]
            self.flags[name][which] = known[0] if len(known) == 1 else np.array(known)[places]

    def put_constant(self, name: str, value: Any, words: Words, which: Which = _EVERY) -> None:
        """The same of a column whose values are all this one."""
        if name in self.numbers:
            self.numbers[name][which] = words.number_of_json(name, value)
        if name in self.flags:
            self.flags[name][which] = words.place_of_json(name, value)

    def put_statuses(
        self, statuses: Sequence[DeviceStatus], words: Words, which: Which = _EVERY
    ) -> None:
        """What decoded statuses say, into these rows."""
        for name, column in self.numbers.items():
            column[which] = [_number(getattr(status, name)) for status in statuses]
        for name, places in self.flags.items():
            places[which] = [words.place_of(name, getattr(each, name)) for each in statuses]


def joined(parts: Sequence[RawRows]) -> RawRows:
    """All rows of at least one part, in the order of the parts."""
    if len(parts) == 1:
        return parts[0]
    return RawRows(
        np.concatenate([part.seqs for part in parts]),
        np.concatenate([part.received_ms for part in parts]),
        {name: np.concatenate([p.numbers[name] for p in parts]) for name in parts[0].numbers},
        {name: np.concatenate([p.flags[name] for p in parts]) for name in parts[0].flags},
    )


def _numbers_of(field: Field, column: Column) -> npt.NDArray[Any]:
    numbers = column.numbers()
    # A half of what is counted in whole ones is no value, as it is to the decoder of frames.
    if numbers is not None and (_is_float(field) or not column.has_halves):
        return numbers
    places, values = column.coded()
    known = np.array([_number(converted(field, value)) for value in values])
    return known if len(known) == 1 else known[places]


def _is_float(field: Field) -> bool:
    return float in getattr(field.wire_type, "__args__", ())


def _number(raw: Any) -> float:
    if raw is UNSET:
        return LEFT_OUT
    return float(raw) if raw is not None and math.isfinite(raw) else math.nan
