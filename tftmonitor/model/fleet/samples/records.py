"""How samples lie in memory, and how those of some channels become those of others."""

import functools
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Records = npt.NDArray[Any]


@functools.cache
def record_of(channels: int) -> tuple[struct.Struct, npt.DTypeLike]:
    """How one sample lies in the buffer: time (s), values, states, known."""
    layout = [("time", "<f8"), ("values", "<f4", (channels,)), ("states", "<u2"), ("known", "<u2")]
    return struct.Struct(f"<d{channels}fHH"), np.dtype(layout)


def shift(block: bytearray, start: int, end: int, record: bytes) -> bytes:
    """Put a record at ``start``; the one that falls out at ``end``."""
    width = len(record)
    last = bytes(block[end - width : end])
    block[start + width : end] = block[start : end - width]
    block[start : start + width] = record
    return last


def rearranged(
    columns: npt.NDArray[Any],
    before: Sequence[str],
    after: Sequence[str],
    missing: npt.NDArray[Any],
) -> npt.NDArray[Any]:
    """Columns (channels, n) whose last ones are called ``before``, with those of ``after`` there.

    One that there was none of is ``missing`` (n,).
    """
    base = len(columns) - len(before)
    places = {name: base + number for number, name in enumerate(before)}
    last = [columns[places[name]] if name in places else missing for name in after]
    return np.vstack((columns[:base], *last)).astype(columns.dtype, copy=False)


def with_extra(records: Records, before: Sequence[str], after: Sequence[str]) -> Records:
    """Records with other extra channels; nothing is known of those that are new."""
    # Unknown and not left out: a late sample must not be carried over what nobody looked at.
    unknown = np.full(len(records), np.nan, np.float32)
    values = rearranged(records["values"].T, before, after, unknown)
    made = np.empty(len(records), record_of(len(values))[1])
    for name in ("time", "states", "known"):
        made[name] = records[name]
    made["values"] = values.T
    return made
