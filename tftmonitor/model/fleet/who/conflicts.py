"""Several units that answer to one id: said while they report, and over when one falls quiet."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from tftmonitor.base.listeners import Listeners
from tftmonitor.model.fleet.who.roster import Roster
from tftmonitor.model.fleet.who.unit import KINDS, Ids, Unit

_TITLES: Final = {"imei": "IMEI", "device_key": "device key", "id": "ID"}
_COUNTS: Final = {2: "two", 3: "three"}
# A server that swaps the ids of two units does so for one after the other. What then is named
# twice in between is told from what stays so by that both go on.
_TURNS_OF_IDS: Final = 2


class Conflict(NamedTuple):
    """``units`` answer to the id ``ident`` of a kind, the oldest first."""

    kind: str
    ident: str
    units: tuple[Unit, ...]

    @property
    def title(self) -> str:
        """What is wrong, in a few words."""
        count = len(self.units)
        return f"{_COUNTS.get(count, str(count))} units answer to this {_TITLES[self.kind]}"

    @property
    def text(self) -> str:
        """The same with the ids by which they differ."""
        return f"{self.title} ({self.ident}): {'; '.join(map(self._told, self.units))}"

    def _told(self, unit: Unit) -> str:
        others = ((_TITLES[kind], getattr(unit, kind)) for kind in KINDS if kind != self.kind)
        return ", ".join(f"{title} {ident}" for title, ident in others if ident) or unit.key


class Conflicts:
    """``standing`` are those of now, by kind and id.

    ``review`` is to be called with each frame of a unit which has an id that others have, too,
    ``tick`` once in a while: what falls quiet ends a conflict without another frame.
    """

    def __init__(self, roster: Roster) -> None:
        # Called with a conflict, whether it stands, and the time.
        self.changed: Listeners[[Conflict, bool, int]] = Listeners()
        self.standing: dict[tuple[str, str], Conflict] = {}
        self._roster = roster
        # By an id that is shared: who named it last, and how often that was another than before.
        self._turns: dict[tuple[str, str], tuple[Unit, int]] = {}

    def review(self, unit: Unit, now_ms: int) -> None:
        """A frame has named this unit."""
        told: set[Unit] = set()
        for place, (kind, ident) in enumerate(zip(KINDS, unit.ids, strict=True)):
            if ident is None:
                continue
            subject = kind, ident
            holders = self._alive(place, ident, now_ms)
            if len(holders) < 2:
                self._end(subject, now_ms)
                continue
            turns = self._count_turn(subject, unit)
            # Who shares an IMEI is not told once more that the id is the same as well.
            is_new = not told.issuperset(holders)
            if is_new and (kind != "id" or turns >= _TURNS_OF_IDS):
                self._begin(subject, Conflict(kind, ident, holders), now_ms)
                told |= set(holders)
            elif not is_new:
                self._end(subject, now_ms)

    def tick(self, now_ms: int) -> None:
        """Time has gone by, or units were joined."""
        for (kind, ident), conflict in list(self.standing.items()):
            holders = self._alive(KINDS.index(kind), ident, now_ms)
            if len(holders) < 2:
                self._end((kind, ident), now_ms)
            elif holders != conflict.units:
                self._begin((kind, ident), Conflict(kind, ident, holders), now_ms)

    def about(self, ids: Ids) -> Conflict | None:
        """The conflict over the strongest of these ids that there is one over."""
        subjects = zip(KINDS, ids, strict=True)
        found = (self.standing.get((kind, ident)) for kind, ident in subjects if ident)
        return next((conflict for conflict in found if conflict), None)

    def _alive(self, place: int, ident: str, now_ms: int) -> tuple[Unit, ...]:
        holders = self._roster.holders(place, ident)
        found = (unit for unit in holders if unit.is_alive(now_ms))
        return tuple(sorted(found, key=lambda unit: unit.age))

    def _count_turn(self, subject: tuple[str, str], unit: Unit) -> int:
        last, turns = self._turns.get(subject, (None, 0))
        if last is not unit:
            turns += 1
            self._turns[subject] = (unit, turns)
        return turns

    def _begin(self, subject: tuple[str, str], conflict: Conflict, now_ms: int) -> None:
        before = self.standing.get(subject)
        if before == conflict:
            return
        self.standing[subject] = conflict
        self._tell((*conflict.units, *(before.units if before else ())))
        self.changed(conflict, True, now_ms)

    def _end(self, subject: tuple[str, str], now_ms: int) -> None:
        self._turns.pop(subject, None)
        conflict = self.standing.pop(subject, None)
        if conflict is not None:
            self._tell(conflict.units)
            self.changed(conflict, False, now_ms)

    def _tell(self, units: Iterable[Unit]) -> None:
        for unit in units:
            found = [c.text for c in self.standing.values() if unit in c.units]
            unit.trouble = "; ".join(found)
