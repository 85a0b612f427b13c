"""Messages and file notices of this run, newest last, with read marks."""

import enum
from dataclasses import dataclass

from tftmonitor.base.listeners import Listeners

# A day of a busy account; older ones are for the history.
CAPACITY = 5_000


class ItemKind(enum.Enum):
    """What an item of the inbox is."""

    SYSTEM = "system"
    ALARM = "alarm"
    USER = "user"
    FILE = "file"
    OTHER = "other"


@dataclass(slots=True)
class InboxItem:
    """One message or file notice. All texts are the server's: plain and bounded.

    ``address`` is shown as text and opened only by a click that shows it whole. ``place`` is
    latitude and longitude in degrees, where the message tells one.
    """

    number: int
    kind: ItemKind
    received_ms: int
    sent_ms: int | None
    from_name: str
    text: str
    device: str | None = None
    address: str | None = None
    file_state: str | None = None
    read: bool = False
    place: tuple[float, float] | None = None


class Inbox:
    """Bounded list of items; drops the oldest read one first, then the oldest.

    ``changed`` is called after each change of the list or of a read mark.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.items: list[InboxItem] = []
        self.unread = 0
        self.changed: Listeners[[]] = Listeners()
        self._capacity = capacity
        self._next = 1
        self._unsaved: dict[int, InboxItem] = {}

    def add(
        self,
        kind: ItemKind,
        received_ms: int,
        sent_ms: int | None,
        from_name: str,
        text: str,
        *,
        device: str | None = None,
        address: str | None = None,
        file_state: str | None = None,
        place: tuple[float, float] | None = None,
    ) -> InboxItem:
        """Put a new unread item at the end."""
        item = InboxItem(
            self._next,
            kind,
            received_ms,
            sent_ms,
            from_name,
            text,
            device,
            address,
            file_state,
            place=place,
        )
        self._next += 1
        self.items.append(item)
        self._unsaved[item.number] = item
        self.unread += 1
        if len(self.items) > self._capacity:
            self._drop_one()
        self.changed()
        return item

    def mark_read(self, numbers: set[int]) -> None:
        """Mark these items as read."""
        for item in self.items:
            if item.number in numbers and not item.read:
                item.read = True
                self._unsaved[item.number] = item
                self.unread -= 1
        self.changed()

    def mark_all_read(self) -> None:
        """Mark every item as read."""
        for item in self.items:
            if not item.read:
                item.read = True
                self._unsaved[item.number] = item
        self.unread = 0
        self.changed()

    def rename(self, former: str, device: str) -> None:
        """Items about the former key of a device are about this one."""
        found = [item for item in self.items if item.device == former]
        for item in found:
            item.device = device
            self._unsaved[item.number] = item
        if found:
            self.changed()

    def drain_changed(self) -> list[InboxItem]:
        """Items that are new or were read since the last call, to be kept on disk."""
        unsaved, self._unsaved = list(self._unsaved.values()), {}
        return unsaved

    def put_back(self, items: list[InboxItem]) -> None:
        """These could not be kept: hand them out again, unless they changed since.

        Of more than fit in the list the oldest are given up.
        """
        unsaved = {item.number: item for item in items} | self._unsaved
        excess = max(0, len(unsaved) - self._capacity)
        self._unsaved = dict(list(unsaved.items())[excess:])

    def restore(self, items: list[InboxItem]) -> None:
        """Put what a former run kept before what is there; numbers go on from there."""
        if not items:
            return
        last = items[-1].number
        for item in self.items:
            item.number += last
        self._next += last
        self._unsaved = {item.number: item for item in self._unsaved.values()}
        self.items[:0] = items[max(0, len(items) + len(self.items) - self._capacity) :]
        self.unread = sum(not item.read for item in self.items)
        self.changed()

    def _drop_one(self) -> None:
        place = next((i for i, item in enumerate(self.items) if item.read), 0)
        if not self.items[place].read:
            self.unread -= 1
        del self.items[place]
