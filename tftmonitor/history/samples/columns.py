"""One column of values as a few bytes: whole numbers, differences, small widths, shuffled bytes.

A column is described by a list of JSON beside its bytes; ``docs/history-format.md`` has the kinds.
"""

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from tftmonitor.history.samples.stored import DamagedBlockError

Ints = npt.NDArray[np.int64]
Description = list[Any]

CONSTANT: Final = "c"
WHOLE: Final = "i"
SCALED: Final = "s"
BITS: Final = "b"
MIXED: Final = "m"
WORDS: Final = "w"

_MOST_DIGITS: Final = 9
# Up to here a double is a whole number exactly.
_EXACT: Final = float(1 << 53)
_WIDTHS: Final = (1, 2, 4, 8)
_encode = msgspec.json.encode
# The bit that says negative.
_ODD: Final = np.uint64(1)
# Nearly all columns are so narrow, for which one look is all.
_TABLED: Final = 2
_UNFOLDED: Final = np.where(
    np.arange(1 << 16) & 1, -(np.arange(1 << 16) // 2) - 1, np.arange(1 << 16) // 2
)
# So few whole numbers are counted without sorting them.
_FEW: Final = 64
_SPREAD: Final = 1 << 16
_INT, _FLOAT, _NULL = 0, 1, 2
_KINDS: Final = {int: _INT, float: _FLOAT, type(None): _NULL}


def pack_ints(values: Ints) -> tuple[list[int], bytes]:
    """Whole numbers as [order, base, step, width] and bytes.

    What is kept of each is how far it is from the first (order 0), or how its difference from the
    one before differs from the middle difference (order 1); whichever takes fewer bits.
    """
    base = int(values[0])
    plain = _zigzag(values - values[0])
    steps = np.diff(values, prepend=values[:1])
    step = int(np.partition(steps, len(steps) // 2)[len(steps) // 2])
    differences = steps - np.int64(step)
    differences[0] = 0
    turned = _zigzag(differences)
    is_first = _bits(plain) <= _bits(turned)
    residue = plain if is_first else turned
    largest = int(residue.max())
    width = next(width for width in _WIDTHS if largest >> 8 * width == 0)
    narrow = residue.astype(f"<u{width}")
    shuffled = narrow.view(np.uint8).reshape(-1, width).T
    return [int(not is_first), base, step, width], shuffled.tobytes()


def unpack_ints(head: Sequence[int], body: bytes, count: int) -> Ints:
    """What ``pack_ints`` was given. Raises DamagedBlockError."""
    order, base, step, width = head
    if width not in _WIDTHS or len(body) != count * width:
        raise DamagedBlockError("a column has a wrong length")
    planes = np.frombuffer(body, np.uint8).reshape(width, count)
    narrow = planes[0] if width == 1 else np.ascontiguousarray(planes.T).view(f"<u{width}")
    residue = narrow.reshape(count)
    if width <= _TABLED:
        values: Ints = _UNFOLDED[residue]
    else:
        residue = residue.astype(np.uint64)
        values = (residue & _ODD).view(np.int64)
        np.negative(values, out=values)
        residue >>= _ODD
        values ^= residue.view(np.int64)
    if order == 0:
        values += base
        return values
    values += step
    values[0] = base
    return np.add.accumulate(values, out=values)


def pack_column(values: Sequence[Any]) -> tuple[Description, bytes]:
    """Values of JSON that are no objects, as a description and bytes."""
    kinds = set(map(type, values))
    if len(kinds) == 1 and list not in kinds and _is_constant(values):
        return [CONSTANT, values[0]], b""
    try:
        if kinds == {int}:
            head, body = pack_ints(np.array(values, np.int64))
            return [WHOLE, *head], body
        if kinds == {float}:
            return _pack_floats(np.array(values, np.float64))
        if kinds <= _KINDS.keys() and kinds & {int, float}:
            return _pack_mixed(values)
    except OverflowError:  # larger than any counter
        pass
    return _pack_words(values)


class Column:
    """A column that is read again; ``part(low, high)`` has the values of these rows."""

    def __init__(self, description: Description, body: bytes, count: int) -> None:
        """Raises DamagedBlockError, and for what no writer made ValueError and its like."""
        kind = self._kind = description[0]
        self._count = count
        self._value: Any = None
        if kind == CONSTANT:
            self._value = description[1]
        elif kind in (WHOLE, BITS):
            self._ints = unpack_ints(description[1:], body, count)
        elif kind == SCALED:
            self._power = 10.0 ** description[1]
            self._ints = unpack_ints(description[2:], body, count)
        elif kind == WORDS:
            self._words = description[1]
            self._ints = unpack_ints(description[2:], body, count)
            if self._ints.min() < 0 or self._ints.max() >= len(self._words):
                raise DamagedBlockError("a column names a word that it has not")
        elif kind == MIXED:
            size = description[1]
            self._kinds = Column(description[2], body[:size], count)
            self._numbers = Column(description[3], body[size:], count)
        else:
            raise DamagedBlockError(f"a column is of the kind {kind!r}")

    def part(self, low: int, high: int) -> Iterator[Any]:
        """The values of the rows from ``low`` to before ``high``, in order."""
        if self._kind == CONSTANT:
            return repeat(self._value, high - low)
        if self._kind == MIXED:
            return self._mixed(low, high)
        ints = self._ints[low:high]
        if self._kind == SCALED:
            return iter((ints / self._power).tolist())
        if self._kind == BITS:
            return iter(ints.view(np.float64).tolist())
        if self._kind == WORDS:
            return iter([self._words[place] for place in ints.tolist()])
        return iter(ints.tolist())

    def numbers(self) -> npt.NDArray[Any] | None:
        """All values as whole numbers or doubles, NaN for null; None where some are no numbers."""
        if self._kind == MIXED:
            kinds, numbers = self._kinds.numbers(), self._numbers.numbers()
            if kinds is None or numbers is None:
                raise DamagedBlockError("a column of kinds and numbers has neither")
            return np.where(kinds == _NULL, np.nan, numbers)
        if self._kind == CONSTANT and type(self._value) in (int, float):
            return np.full(self._count, self._value)
        if self._kind == SCALED:
            return np.asarray(self._ints / self._power)
        if self._kind == BITS:
            return self._ints.view(np.float64)
        return self._ints if self._kind == WHOLE else None

    def coded(self) -> tuple[Ints, list[Any]]:
        """A place for each row, and the values that the places are of, each once.

        Some of these may be of no row.
        """
        if self._kind == CONSTANT:
            return np.zeros(self._count, np.int64), [self._value]
        if self._kind == WORDS:
            return self._ints, list(self._words)
        if self._kind == WHOLE:
            low, high = int(self._ints.min()), int(self._ints.max())
            if high - low < _FEW:
                return self._ints - low, list(range(low, high + 1))
            if high - low < _SPREAD:
                present = np.zeros(high - low + 1, np.bool_)
                present[self._ints - low] = True
                distinct = np.flatnonzero(present)
                return np.searchsorted(distinct, self._ints - low), (distinct + low).tolist()
            distinct, places = np.unique(self._ints, return_inverse=True)
            return places.reshape(-1), distinct.tolist()
        # Equal numbers of two kinds are two values.
        kinds: dict[tuple[type, Any], int] = {}
        each = [
            kinds.setdefault((type(value), value), len(kinds))
            for value in self.part(0, self._count)
        ]
        return np.array(each, np.int64), [value for _, value in kinds]

    @property
    def has_halves(self) -> bool:
        """True when not all of its numbers are whole ones, or null."""
        return self._kind in (SCALED, BITS, MIXED) or type(self._value) is float

    @property
    def constant(self) -> bytes | None:
        """The JSON of all its values, None where they differ."""
        return _encode(self._value) if self._kind == CONSTANT else None

    def texts(self, low: int, high: int) -> Sequence[bytes]:
        """As ``part``, each value as JSON, for a column that is not constant."""
        if self._kind == WORDS:
            words = [_encode(word) for word in self._words]
            return [words[place] for place in self._ints[low:high].tolist()]
        # No number has a comma in it.
        return _encode(list(self.part(low, high)))[1:-1].split(b",")

    def _mixed(self, low: int, high: int) -> Iterator[Any]:
        pairs = zip(self._kinds.part(low, high), self._numbers.part(low, high), strict=True)
        for kind, number in pairs:
            yield None if kind == _NULL else int(number) if kind == _INT else number


def _is_constant(values: Sequence[Any]) -> bool:
    if len(set(values)) > 1:
        return False
    return bool(values[0] != 0 or len(set(map(str, values))) == 1)  # 0.0 equals -0.0


def _pack_floats(values: npt.NDArray[np.float64]) -> tuple[Description, bytes]:
    bits = values.view(np.int64)
    for digits in range(_MOST_DIGITS + 1):
        power = 10.0**digits
        whole = np.rint(values * power)
        if np.abs(whole).max() >= _EXACT:
            break
        if ((whole.astype(np.int64) / power).view(np.int64) == bits).all():
            head, body = pack_ints(whole.astype(np.int64))
            return [SCALED, digits, *head], body
    head, body = pack_ints(bits)
    return [BITS, *head], body


def _pack_mixed(values: Sequence[Any]) -> tuple[Description, bytes]:
    kinds = [_KINDS[type(value)] for value in values]
    last, numbers = 0.0, []
    for value in values:
        last = last if value is None else float(value)
        numbers.append(last)
    whole = [value for value in values if type(value) is int]
    if any(abs(value) >= _EXACT for value in whole):
        return _pack_words(values)
    kind_head, kind_body = pack_column(kinds)
    number_head, number_body = pack_column(numbers)
    return [MIXED, len(kind_body), kind_head, number_head], kind_body + number_body


def _pack_words(values: Sequence[Any]) -> tuple[Description, bytes]:
    places: dict[bytes, int] = {}
    words: list[Any] = []
    indices = []
    for value in values:
        text = _encode(value)
        place = places.setdefault(text, len(words))
        if place == len(words):
            words.append(value)
        indices.append(place)
    head, body = pack_ints(np.array(indices, np.int64))
    return [WORDS, words, *head], body


def _zigzag(values: Ints) -> npt.NDArray[np.uint64]:
    return ((values << 1) ^ (values >> 63)).view(np.uint64)


def _bits(values: npt.NDArray[np.uint64]) -> float:
    return float(np.log2(values.astype(np.float64) + 1.0).sum())
