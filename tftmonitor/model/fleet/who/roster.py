"""Which ids lead to which unit, and which units turn out to be one.

Each kind of id is a namespace of its own. Units that a frame ties are joined; those that cannot
be one, because they have other ids of the same kind, stay apart whatever they share.
"""

from collections.abc import Callable, Iterator
from typing import Final

from tftmonitor.model.fleet.who.matching import VAGUE, Match, match
from tftmonitor.model.fleet.who.unit import KINDS, NO_IDS, Ids, Unit

# Messages may name units that never report; what is remembered of them is bounded.
UNITS_WITHOUT_ROW: Final = 10_000


class _Index:
    """The units that have an id of one kind: nearly always one."""

    __slots__ = ("_first", "_further")

    def __init__(self) -> None:
        self._first: dict[str, Unit] = {}
        self._further: dict[str, tuple[Unit, ...]] = {}

    def of(self, ident: str) -> tuple[Unit, ...]:
        first = self._first.get(ident)
        return () if first is None else (first, *self._further.get(ident, ()))

    def add(self, ident: str, unit: Unit) -> None:
        if self._first.setdefault(ident, unit) is not unit:
            self._further[ident] = (*self._further.get(ident, ()), unit)

    def remove(self, ident: str, unit: Unit) -> None:
        left = [other for other in self.of(ident) if other is not unit]
        self._first.pop(ident, None)
        self._further.pop(ident, None)
        for other in left:
            self.add(ident, other)


class Roster:
    """All units that are known. ``new_row(key)`` makes one that reports.

    ``on_join(gone, unit)`` is called when two were joined, before the frame that did it is used:
    ``gone`` leads to ``unit`` from then on. ``on_learn(unit, before)`` when one has a
    new id, with those that it had.
    """

    def __init__(
        self,
        new_row: Callable[[str], Unit],
        on_join: Callable[[Unit, Unit], None],
        on_learn: Callable[[Unit, Ids], None],
    ) -> None:
        self._new_row = new_row
        self._on_join = on_join
        self._on_learn = on_learn
        self._by_kind = tuple(_Index() for _ in KINDS)
        # Also by the keys that units had before they were joined.
        self._by_key: dict[str, Unit] = {}
        self._loose: dict[Unit, None] = {}
        # Those that a later run would file under another key by itself.
        self._odd: dict[Unit, None] = {}
        self._next_age = 1

    def find(self, name: str) -> Unit | None:
        """The unit of a key, or else of an id of any kind; the oldest if several."""
        unit = self._by_key.get(name)
        if unit is None:
            unit = next((found for index in self._by_kind for found in index.of(name)), None)
        return unit

    def find_all(self, name: str) -> Iterator[Unit]:
        """All units that this is a key or an id of, some of them more than once."""
        if (unit := self._by_key.get(name)) is not None:
            yield unit
        for index in self._by_kind:
            yield from index.of(name)

    def holders(self, place: int, ident: str) -> tuple[Unit, ...]:
        """All units with this id; ``place`` is that of its kind in ``KINDS``."""
        return self._by_kind[place].of(ident)

    def rivals(self, unit: Unit) -> set[Unit]:
        """All that have one of its ids, itself among them."""
        return {
            holder for place, ident in unit.ids.known() for holder in self.holders(place, ident)
        }

    def is_contested(self, unit: Unit) -> bool:
        """True when another unit has one of its ids, too."""
        return any(len(self.holders(place, ident)) > 1 for place, ident in unit.ids.known())

    def report(self, ids: Ids, now_ms: int) -> Unit:
        """The unit that a frame is of, joined and made as need be."""
        return self._identify(ids, now_ms, ids, with_row=True)

    def mention(self, ids: Ids, now_ms: int) -> Unit:
        """The unit that a message speaks of; one that never reported has no row for that.

        Where no unit has such an id of that kind, one that has it as another will do. What is
        called ``id`` in a message may be that of the alarm: it may tie what is known, but beside
        a stronger one it contradicts nothing and is not learned.
        """
        stronger = ids._replace(id=None)
        if not self.match(ids, now_ms).units and self.match(stronger, now_ms).units:
            ids = stronger
        elif not self.match(ids, now_ms).units:
            for place, ident in ids.known():
                found = self.find(ident)
                others = ids._replace(**{KINDS[place]: None})
                if found is not None and not found.ids.differ(others):
                    return found
        learned = ids if stronger == NO_IDS else stronger
        return self._identify(ids, now_ms, learned, with_row=False)

    def expect(self, key: str, ids: Ids = NO_IDS, former: tuple[str, ...] = ()) -> Unit:
        """The unit that a former run filed something under; it may have yet to report.

        Without ids it is known by its key as an id of whatever kind.
        """
        filed = self.find(key)
        if filed is not None and not filed.ids.differ(ids):
            return filed
        unit = Unit(key)
        unit.former = former
        self._add(unit)
        for name in former:
            self._by_key.setdefault(name, unit)
        self._learn(unit, ids)
        return unit

    def odd(self) -> list[Unit]:
        """The units whose key or former keys do not follow from their ids."""
        return list(self._odd)

    def match(self, ids: Ids, now_ms: int) -> Match:
        """Which of the known units a frame with these ids is of."""
        return match(self._sharing(ids), ids, now_ms)

    def _sharing(self, ids: Ids) -> dict[Unit, int]:
        """The units that share an id with these, with a bit for each id that they do."""
        found: dict[Unit, int] = {}
        for place, ident in ids.known():
            for unit in self.holders(place, ident):
                found[unit] = found.get(unit, 0) | 1 << place
            vague = self._by_key.get(ident)
            if vague is not None and vague.ids == NO_IDS and not vague.is_unclear:
                found.setdefault(vague, VAGUE)
        return found

    def _identify(self, ids: Ids, now_ms: int, learned: Ids, *, with_row: bool) -> Unit:
        found = self.match(ids, now_ms)
        if found.is_unclear:
            unit = self._unclear(ids, with_row=with_row)
        elif found.units:
            unit, *others = found.units
            if with_row and not unit.has_row:
                unit = self._give_row(unit)
            for gone in others:
                self._join(gone, unit)
        else:
            unit = self._make(self._free_key(ids), with_row=with_row)
        if not unit.is_unclear:
            self._learn(unit, learned)
        unit.named_ms = max(unit.named_ms, now_ms)
        return unit

    def _unclear(self, ids: Ids, *, with_row: bool) -> Unit:
        """The one that stands for several units, of which nothing tells which it is."""
        key = f"{ids.best} (one of several)"
        unit = self._by_key.get(key)
        if unit is None:
            unit = self._make(key, with_row=with_row)
        elif with_row and not unit.has_row:
            unit = self._give_row(unit)
        unit.is_unclear = True
        return unit

    def _make(self, key: str, *, with_row: bool) -> Unit:
        unit = self._new_row(key) if with_row else Unit(key)
        self._add(unit)
        return unit

    def _add(self, unit: Unit) -> None:
        unit.age, self._next_age = self._next_age, self._next_age + 1
        self._by_key[unit.key] = unit
        if not unit.has_row:
            self._loose[unit] = None
            if len(self._loose) > UNITS_WITHOUT_ROW:
                self._forget(next(iter(self._loose)))

    def _forget(self, unit: Unit) -> None:
        del self._loose[unit]
        self._odd.pop(unit, None)
        for name in (unit.key, *unit.former):
            if self._by_key.get(name) is unit:
                del self._by_key[name]
        for place, ident in unit.ids.known():
            self._by_kind[place].remove(ident, unit)

    def _give_row(self, unit: Unit) -> Unit:
        """The same unit, which now reports."""
        self._forget(unit)
        device = self._new_row(unit.key)
        device.former, device.named_ms = unit.former, unit.named_ms
        device.age, self._next_age = self._next_age, self._next_age + 1
        for name in (unit.key, *unit.former):
            self._by_key[name] = device
        self._learn(device, unit.ids)
        return device

    def _join(self, gone: Unit, unit: Unit) -> None:
        ids = unit.ids.over(gone.ids)
        for place, ident in gone.ids.known():
            self._by_kind[place].remove(ident, gone)
        self._loose.pop(gone, None)
        unit.former = tuple(dict.fromkeys((*unit.former, gone.key, *gone.former)))
        for name in (gone.key, *gone.former):
            self._by_key[name] = unit
        unit.named_ms = max(unit.named_ms, gone.named_ms)
        self._odd.pop(gone, None)
        self._learn(unit, ids)
        self._note_odd(unit)
        self._on_join(gone, unit)

    def _learn(self, unit: Unit, ids: Ids) -> None:
        """Take over ids that are new to a unit."""
        before, after = unit.ids, ids.over(unit.ids)
        if after == before:
            return
        for place, (old, new) in enumerate(zip(before, after, strict=True)):
            if new != old and new is not None:
                if old is not None:
                    self._by_kind[place].remove(old, unit)
                self._by_kind[place].add(new, unit)
        unit.imei, unit.device_key, unit.id = after
        self._note_odd(unit)
        self._on_learn(unit, before)

    def _note_odd(self, unit: Unit) -> None:
        rivals = self.rivals(unit) if self.is_contested(unit) else ()
        if unit.key != unit.ids.best or unit.former or rivals:
            self._odd |= dict.fromkeys((unit, *rivals))
            while len(self._odd) > UNITS_WITHOUT_ROW:
                del self._odd[next(iter(self._odd))]

    def _free_key(self, ids: Ids) -> str:
        """What a new unit is filed under: its strongest id that leads to no other."""
        for _place, ident in ids.known():
            if self.find(ident) is None:
                return ident
        place, ident = next(ids.known())
        key, number = f"{ident} ({KINDS[place]})", 2
        while key in self._by_key:
            key, number = f"{ident} ({number})", number + 1
        return key
