"""The rows of a table while somebody is in it: each stays where it stands, what is new waits."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class HeldRows(Generic[Row]):
    """``rows`` is what may be shown, ``waiting`` what is left out until nobody holds the table.

    ``is_other`` is True when the rows would stand otherwise if nobody held them.
    """

    rows: list[Row]
    waiting: list[Row]
    is_other: bool


def hold_rows(
    shown: Sequence[Row],
    wanted: Sequence[Row],
    key_of: Callable[[Row], Hashable],
    left_behind: Callable[[Row], Row],
) -> HeldRows[Row]:
    """Keep the places of ``shown``, with what ``wanted`` says of each row.

    ``left_behind`` makes what a row that is not wanted any more says in its place.
    """
    by_key = {key_of(row): row for row in wanted}
    keys = [key_of(row) for row in shown]
    known = set(keys)
    rows = [
        by_key[key] if key in by_key else left_behind(row)
        for key, row in zip(keys, shown, strict=True)
    ]
    waiting = [row for row in wanted if key_of(row) not in known]
    return HeldRows(rows, waiting, keys != [key_of(row) for row in wanted])
