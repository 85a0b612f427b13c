"""Canonical values of whole columns: what ``SampleReader`` makes of one status, of thousands."""

from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import UNSET

from tftmonitor.history.past.raw_rows import Floats, Ints, RawRows
from tftmonitor.history.past.wanted import void_names
from tftmonitor.model.fields.field import Field
from tftmonitor.model.fields.plausibility import LEFT_OUT
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus

_PROVEN: Final = tuple(field for field in STATUS_FIELDS if field.spec.proof)
# Samples are packed as 32 bits.
_LARGEST: Final = float(np.finfo(np.float32).max)
# Equal to itself, as NaN is not.
_NULL: Final = -1e300

_Mask = npt.NDArray[np.bool_]


def measured_by(rows: RawRows, before: int) -> Ints:
    """The bits of ``DeviceStatus.measured`` at each row; those known before any of them hold."""
    measured = np.full(len(rows), before, np.int64)
    for field in _PROVEN:
        if not before & field.spec.proof and field.name in rows.numbers:
            values = rows.numbers[field.name]
            shown = _are_plain(field, values) & (values != 0)
            if shown.any():
                measured[int(shown.argmax()) :] |= field.spec.proof
    return measured


def canonical(field: Field, rows: RawRows, measured: Ints) -> Floats:
    """The values of a field, shape (n,): NaN for unknown, ``LEFT_OUT`` for what is not there."""
    raw = rows.numbers[field.name]
    known = _are_plain(field, raw)
    if not known.all():
        _judge_others(field, rows, measured, known)
        values = np.where(known, raw + 0.0, np.nan)  # + 0 turns -0.0 into 0.0
        values[raw == LEFT_OUT] = LEFT_OUT
        return values
    return np.asarray(raw + 0.0)


def _are_plain(field: Field, values: Floats) -> _Mask:
    low, high, excepted = field.rule.plain()
    known: _Mask = (values >= max(low, -_LARGEST)) & (values <= min(high, _LARGEST))
    if not known.any():
        return known
    seen = values[known]
    least, most = float(seen.min()), float(seen.max())
    # Of thirty numbers that cannot be hardly one lies among those that are there.
    for none in excepted:
        if least <= none <= most:
            known &= values != none
    return known


def _judge_others(field: Field, rows: RawRows, measured: Ints, known: _Mask) -> None:
    """Add those of which only the whole status tells whether they say something."""
    rule, values = field.rule, rows.numbers[field.name]
    if rule.void is None:
        return
    suspects = np.flatnonzero(~known & (np.abs(values) <= _LARGEST))
    asked = values[suspects] if rule.void_at is None else rule.void_at
    suspects = suspects[np.isin(values[suspects], asked)]
    if not len(suspects):
        return
    if field.spec.void is None:
        # The one value of which that can be asked is a 0, which may be one.
        known[suspects] = measured[suspects] & field.spec.proof > 0
        return
    names = dict.fromkeys([field.name, *void_names(field)])
    columns = [rows.numbers[name][suspects] for name in names]
    told = np.column_stack([*columns, measured[suspects]])
    # Few statuses differ in what is looked at here.
    distinct, places = np.unique(np.nan_to_num(told, nan=_NULL), axis=0, return_inverse=True)
    statuses = [_status_of(list(names), row) for row in distinct.tolist()]
    verdicts = rule.mask(distinct[:, 0].copy(), statuses, 0)
    known[suspects] = verdicts[places.reshape(-1)]


def _status_of(names: list[str], row: list[float]) -> DeviceStatus:
    *numbers, measured = row
    told = {
        name: UNSET if number > _LARGEST else None if number == _NULL else number
        for name, number in zip(names, numbers, strict=True)
    }
    return DeviceStatus(**told, measured=int(measured))  # type: ignore[arg-type]
