"""The order in which queued events are worked off: nobody's flood keeps another's alarm waiting."""

from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Event, Joined, Raised

# However many devices have something critical, the others have a turn after so many of those.
_URGENT_IN_A_ROW: Final = 4
_FIRST: Final = (
    events.AlarmCommand,
    events.OutOfService,
    events.DrillConfirmed,
    events.Expired,
    events.Joined,
)
_Lane = str | None
Numbered = tuple[int, Event]


class EventQueue:
    """Events in fair order, each put and taken at a constant cost.

    What the operator does comes first, and what has to be known before all else of
    its device. Then the devices have their turns, one event each, those
    with something critical before the rest. Of one device nothing overtakes, and what names no
    device is a lane of its own.
    """

    def __init__(self, above: int = 0) -> None:
        self._commands: deque[Numbered] = deque()
        self._lanes: dict[_Lane, deque[Numbered]] = {}
        self._critical: dict[_Lane, int] = {}
        # Lanes in the order of their turns; those with something critical are in both.
        self._turns: OrderedDict[_Lane, None] = OrderedDict()
        self._urgent: OrderedDict[_Lane, None] = OrderedDict()
        self._in_a_row = 0
        self._count = 0
        # Each has a number, by which it is known on disk while it waits; those of a former run
        # are below ``above``.
        self._last = self._asked = above
        self._on_disk: set[int] = set()
        self.done: list[int] = []
        """Numbers of those that were taken, and are on disk."""

    def __len__(self) -> int:
        return self._count

    def put(self, event: Event) -> None:
        """Add an event."""
        if isinstance(event, Joined):
            self._rename(event.former, event.device)
        self._last += 1
        self._put((self._last, event))

    def put_back(self, waiting: Iterable[Numbered]) -> None:
        """Add events of a former run, which are on disk under these numbers."""
        for number, event in waiting:
            self._on_disk.add(number)
            self._put((number, event))

    def take_new(self) -> list[Numbered]:
        """Those that wait and are not on disk; from now on they are taken to be."""
        if self._asked == self._last:
            return []
        lanes = (self._commands, *self._lanes.values())
        new = [numbered for lane in lanes for numbered in lane if numbered[0] > self._asked]
        self._asked = self._last
        self._on_disk.update(number for number, _ in new)
        return new

    def _put(self, numbered: Numbered) -> None:
        event = numbered[1]
        self._count += 1
        if isinstance(event, _FIRST):
            self._commands.append(numbered)
            return
        lane: _Lane = getattr(event, "device", None)
        waiting = self._lanes.get(lane)
        if waiting is None:
            waiting = self._lanes[lane] = deque()
            self._turns[lane] = None
        waiting.append(numbered)
        if _is_critical(event):
            self._critical[lane] = self._critical.get(lane, 0) + 1
            self._urgent.setdefault(lane, None)

    def _rename(self, former: str, device: str) -> None:
        """What waits under the former key of a device is of this one, and comes after all of it."""
        waiting = self._lanes.pop(former, None)
        if waiting is None:
            return
        del self._turns[former]
        self._critical.pop(former, None)
        self._urgent.pop(former, None)
        self._count -= len(waiting)
        for number, event in waiting:
            self._put((number, replace(event, device=device)))

    def pop(self) -> Event:
        """Take the next event; IndexError when there is none."""
        if not self._count:
            raise IndexError("no event is queued")
        self._count -= 1
        number, event = self._commands.popleft() if self._commands else self._pop_lane()
        if number in self._on_disk:
            self._on_disk.discard(number)
            self.done.append(number)
        return event

    def _pop_lane(self) -> Numbered:
        is_urgent = bool(self._urgent) and self._in_a_row < _URGENT_IN_A_ROW
        self._in_a_row = self._in_a_row + 1 if is_urgent else 0
        turns = self._urgent if is_urgent else self._turns
        lane = next(iter(turns))
        turns.move_to_end(lane)
        return self._take(lane)

    def _take(self, lane: _Lane) -> Numbered:
        waiting = self._lanes[lane]
        numbered = waiting.popleft()
        if _is_critical(numbered[1]):
            self._critical[lane] -= 1
            if not self._critical[lane]:
                del self._critical[lane], self._urgent[lane]
        if not waiting:
            del self._lanes[lane], self._turns[lane]
        return numbered


def _is_critical(event: Event) -> bool:
    return isinstance(event, Raised) and event.severity is Severity.CRITICAL
