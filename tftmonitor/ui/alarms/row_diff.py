"""Turns one list of rows into another in the steps that Qt's views understand."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowSteps:
    """First remove, from the bottom; then put what stays into ``order``; then insert.

    Runs are (first, last), inclusive. ``order`` names for each place the place before, None when
    nothing moves. Runs to insert are places in the final list, top first.
    """

    removals: list[tuple[int, int]]
    order: list[int] | None
    insertions: list[tuple[int, int]]


def row_steps(before: Sequence[Hashable], after: Sequence[Hashable]) -> RowSteps:
    """The steps between two lists of unique keys."""
    wanted, held = set(after), set(before)
    removals = [*runs([n for n, key in enumerate(before) if key not in wanted])]
    kept = [key for key in before if key in wanted]
    sorted_kept = [key for key in after if key in held]
    order = None
    if kept != sorted_kept:
        places = {key: place for place, key in enumerate(kept)}
        order = [places[key] for key in sorted_kept]
    insertions = [*runs([n for n, key in enumerate(after) if key not in held])]
    return RowSteps(removals[::-1], order, insertions)


def runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Rising numbers as runs of neighbours."""
    first = last = None
    for place in places:
        if first is None or last is None:
            first = last = place
        elif place == last + 1:
            last = place
        else:
            yield first, last
            first = last = place
    if first is not None and last is not None:
        yield first, last
