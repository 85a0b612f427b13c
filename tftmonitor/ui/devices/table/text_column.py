"""The texts of one column by fleet row, and numbers that sort as the texts do.

A new text gets a number between those of its neighbours, so that a change costs nothing for the
rows that did not change: of 100,000 texts, sorting and numbering all takes a quarter of a second.
"""

from bisect import bisect_left
from collections.abc import Iterable

import numpy as np

from tftmonitor.model.fields.bulk_reading import FloatArray
from tftmonitor.ui.devices.table.sort_values import natural_key

_NAN = float("nan")
# Texts that no row has any more are forgotten when there are so many of them.
_LEAST_FORGOTTEN = 1_000


class TextColumn:
    """``None`` is no text, and sorts last. Texts that differ only in capitals sort as equal."""

    def __init__(self, texts: Iterable[str | None] = ()) -> None:
        self._texts: list[str | None] = []
        self._ranks: dict[str | None, float] = {}
        # What the texts sort by, in order, and the number of each.
        self._sorted: list[str] = []
        self._numbers: list[float] = []
        self._keys: FloatArray = np.empty(0)
        self._is_behind = False
        self.extend(texts)

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def keys(self) -> FloatArray:
        """Numbers to sort the rows by, shape (n,); NaN for no text."""
        if self._is_behind:
            self._number_all()
        return self._keys

    def extend(self, texts: Iterable[str | None]) -> None:
        """Add rows at the end."""
        self._texts.extend(texts)
        if len(self._keys) != len(self._texts):
            self._is_behind = True

    def put(self, row: int, text: str | None) -> None:
        """Another text in a row that is there."""
        if self._texts[row] == text:
            return
        self._texts[row] = text
        if self._is_behind:
            return
        rank = _NAN if text is None else self._rank(text)
        if rank is None:
            self._is_behind = True
        else:
            self._keys[row] = rank

    def _rank(self, text: str) -> float | None:
        """Its number; None when there is no room for one, or too many are not in use."""
        rank = self._ranks.get(text)
        if rank is not None:
            return rank
        if len(self._ranks) > 2 * len(self._texts) + _LEAST_FORGOTTEN:
            return None
        key = natural_key(text)
        place = bisect_left(self._sorted, key)
        if place < len(self._sorted) and self._sorted[place] == key:
            rank = self._numbers[place]
        else:
            below = self._numbers[place - 1] if place else self._lowest - 2
            above = self._numbers[place] if place < len(self._numbers) else below + 2
            rank = (below + above) / 2
            if not below < rank < above:
                return None
            self._sorted.insert(place, key)
            self._numbers.insert(place, rank)
        self._ranks[text] = rank
        return rank

    @property
    def _lowest(self) -> float:
        return self._numbers[0] if self._numbers else 0.0

    def _number_all(self) -> None:
        by_text = {text: natural_key(text) for text in self._texts if text is not None}
        self._sorted = sorted(set(by_text.values()))
        self._numbers = [float(number) for number in range(len(self._sorted))]
        number_of = dict(zip(self._sorted, self._numbers, strict=True))
        self._ranks = {text: number_of[key] for text, key in by_text.items()}
        ranks = {None: _NAN} | self._ranks
        self._keys = np.fromiter(map(ranks.__getitem__, self._texts), np.float64, len(self._texts))
        self._is_behind = False
