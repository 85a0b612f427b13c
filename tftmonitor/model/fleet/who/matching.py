"""Which of the units that share ids with a frame it is of."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from tftmonitor.model.fleet.who.unit import KINDS, Ids, Unit

VAGUE: Final = 1 << len(KINDS)
"""The bit of a unit that shares a name with a frame, of whatever kind that is."""


class Match(NamedTuple):
    """The units that are the one which a frame is of, the one to stay first; empty for a new one.

    ``is_unclear`` when it may be of one or of another of them.
    """

    units: tuple[Unit, ...] = ()
    is_unclear: bool = False


def match(sharing: Mapping[Unit, int], ids: Ids, now_ms: int) -> Match:
    """Choose among ``sharing``: units with a bit for each id that they share with ``ids``."""
    shared = {unit: bits for unit, bits in sharing.items() if not unit.ids.differ(ids)}
    if not shared:
        return Match()
    found = _in_order(shared)
    if _are_one(found, ids):
        return Match(_row_first(found))
    # What reports no more is not what this one is of.
    alive = [unit for unit in found if unit.is_alive(now_ms)]
    if alive and _are_one(alive, ids):
        return Match(_row_first(alive))
    best = shared[found[0]]
    if all(shared[unit] != best and shared[unit] | best == best for unit in found[1:]):
        return Match((found[0],))
    of_them = {ident for unit in found for ident in unit.ids.known()}
    if not of_them.issuperset(ids.known()):
        return Match()
    return Match(tuple(found), is_unclear=True)


def _in_order(shared: Mapping[Unit, int]) -> list[Unit]:
    """Those that share most first, then the oldest."""
    return sorted(shared, key=lambda unit: (-shared[unit].bit_count(), unit.age))


def _row_first(units: list[Unit]) -> tuple[Unit, ...]:
    """The one to stay first: the oldest that has a row, else the oldest."""
    return tuple(sorted(units, key=lambda unit: (not unit.has_row, unit.age)))


def _are_one(units: list[Unit], ids: Ids) -> bool:
    """True when all of them and a frame with these ids can be of one unit."""
    together = ids
    for unit in units:
        if unit.ids.differ(together):
            return False
        together = together.over(unit.ids)
    return True
