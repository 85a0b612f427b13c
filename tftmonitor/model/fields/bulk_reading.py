"""One field of many devices at once, as numbers; what is not known is NaN.

Some twenty times faster than ``Field.read`` of each: a list of 100,000 devices is sorted, and a map
of 10,000 drawn, while the user looks on.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import UNSET

from tftmonitor.model.fields.field import Field, FieldKind

FloatArray = npt.NDArray[np.float64]

_NAN = float("nan")
_WORD_SIZE = 1 << 32


def read_numbers(field: Field, statuses: Sequence[Any], now_ms: int) -> FloatArray:
    """The canonical values of a field that is no text, shape (n,); ``now_ms`` bounds times."""
    values = _raw_numbers(field, statuses)
    values[~field.rule.mask(values, statuses, now_ms)] = _NAN
    return values % _WORD_SIZE if field.spec.kind is FieldKind.WORD else values


def read_reported(field: Field, statuses: Sequence[Any]) -> FloatArray:
    """The same as it was reported, also what cannot be; what stands for none is NaN."""
    values = _raw_numbers(field, statuses)
    for none in field.rule.sentinels:
        values[values == none] = _NAN
    return values


def _raw_numbers(field: Field, statuses: Sequence[Any]) -> FloatArray:
    raws = list(map(field.raw, statuses))
    try:
        return np.array(raws, np.float64)  # which makes NaN of None
    except TypeError:
        return np.array([_NAN if value is UNSET else value for value in raws], np.float64)
