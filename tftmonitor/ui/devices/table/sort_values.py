"""One field of many devices at once, as numbers to sort by; what is not known is NaN.

Some twenty times faster than ``Field.read`` of each: a list of 100,000 devices is sorted while
the user looks on.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import UNSET

from tftmonitor.base.text_search import folded
from tftmonitor.model.fields.field import Field, FieldKind

FloatArray = npt.NDArray[np.float64]

_NAN = float("nan")
_TEXTS = frozenset({FieldKind.TEXT, FieldKind.PINS})
_WORD_SIZE = 1 << 32
_DIGITS = re.compile(r"\d+")
# Longer than any IMEI, so that numbers inside of names sort by value.
_DIGITS_WIDE = 20


def read_numbers(field: Field, statuses: Sequence[Any], now_ms: int) -> FloatArray:
    """The canonical values of a field that is no text, shape (n,); ``now_ms`` bounds times."""
    raws = list(map(field.raw, statuses))
    try:
        values = np.array(raws, np.float64)  # which makes NaN of None
    except TypeError:
        numbers = (_NAN if value is UNSET else value for value in raws)
        values = np.array(list(numbers), np.float64)
    values[~field.rule.mask(values, statuses, now_ms)] = _NAN
    return values % _WORD_SIZE if field.spec.kind is FieldKind.WORD else values


def read_texts(field: Field, statuses: Sequence[Any]) -> list[str | None]:
    """The values of a text field; empty text is as good as none."""
    return [value or None if value is not UNSET else None for value in map(field.raw, statuses)]


def is_text(field: Field) -> bool:
    """True when the field sorts as text."""
    return field.spec.kind in _TEXTS


def natural_key(text: str) -> str:
    """A text that sorts VAN-2 before VAN-12, and capitals with the small letters."""
    return _DIGITS.sub(lambda found: found.group().zfill(_DIGITS_WIDE), folded(text))
