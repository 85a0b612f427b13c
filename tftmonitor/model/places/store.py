"""The places that there are, and who wants to know when they change."""

from collections.abc import Iterable

from tftmonitor.base.listeners import Listeners
from tftmonitor.model.places.place import MOST_PLACES, Place


class Places:
    """``items`` in the order of the table. ``on_change`` is called after each change.

    What changes it raises ValueError, with words for the user, for what cannot be a place, for a
    key that is there twice, and beyond ``MOST_PLACES``; nothing is changed then.
    """

    def __init__(self, items: Iterable[Place] = ()) -> None:
        self.on_change: Listeners[[]] = Listeners()
        self._by_key: dict[str, Place] = {}
        self._items: tuple[Place, ...] = ()
        self._take(tuple(items))

    @property
    def items(self) -> tuple[Place, ...]:
        """All of them."""
        return self._items

    def find(self, key: str) -> Place | None:
        """The place of this key, None where there is none."""
        return self._by_key.get(key)

    def add(self, *places: Place) -> None:
        """Put these behind the others, with one call of the listeners."""
        self.set((*self._items, *places))

    def replace(self, place: Place) -> None:
        """Put this one where the one of its key is; KeyError where there is none."""
        if place.key not in self._by_key:
            raise KeyError(place.key)
        self.set(place if place.key == other.key else other for other in self._items)

    def remove(self, key: str) -> Place:
        """Take this one away and return it; KeyError where there is none."""
        gone = self._by_key[key]
        self.set(place for place in self._items if place.key != key)
        return gone

    def set(self, items: Iterable[Place]) -> None:
        """Have these and no others."""
        wanted = tuple(items)
        if wanted != self._items:
            self._take(wanted)
            self.on_change()

    def _take(self, items: tuple[Place, ...]) -> None:
        if len(items) > MOST_PLACES:
            raise ValueError(f"There can be at most {MOST_PLACES:,} places.")
        by_key = {place.key: place for place in items}
        if len(by_key) < len(items):
            raise ValueError("Two places have one key.")
        for place in items:
            # Those that were there are right already.
            if self._by_key.get(place.key) is not place and place.problem:
                raise ValueError(f"{place.name or 'A place'}: {place.problem}")
        self._items, self._by_key = items, by_key
