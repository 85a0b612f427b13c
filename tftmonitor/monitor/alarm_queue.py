"""The order in which queued events are worked off: nobody's flood keeps another's alarm waiting."""

from collections import OrderedDict, deque
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


class EventQueue:
    """Events in fair order, each put and taken at a constant cost.

    What the operator does comes first, and what has to be known before all else of
    its device. Then the devices have their turns, one event each, those
    with something critical before the rest. Of one device nothing overtakes, and what names no
    device is a lane of its own.
    """

    def __init__(self) -> None:
        self._commands: deque[Event] = deque()
        self._lanes: dict[_Lane, deque[Event]] = {}
        self._critical: dict[_Lane, int] = {}
        # Lanes in the order of their turns; those with something critical are in both.
        self._turns: OrderedDict[_Lane, None] = OrderedDict()
        self._urgent: OrderedDict[_Lane, None] = OrderedDict()
        self._in_a_row = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, event: Event) -> None:
        """Add an event."""
        if isinstance(event, Joined):
            self._rename(event.former, event.device)
        self._count += 1
        if isinstance(event, _FIRST):
            self._commands.append(event)
            return
        lane: _Lane = getattr(event, "device", None)
        waiting = self._lanes.get(lane)
        if waiting is None:
            waiting = self._lanes[lane] = deque()
            self._turns[lane] = None
        waiting.append(event)
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
        for event in waiting:
            self.put(replace(event, device=device))

    def pop(self) -> Event:
        """Take the next event; IndexError when there is none."""
        if not self._count:
            raise IndexError("no event is queued")
        self._count -= 1
        if self._commands:
            return self._commands.popleft()
        is_urgent = bool(self._urgent) and self._in_a_row < _URGENT_IN_A_ROW
        self._in_a_row = self._in_a_row + 1 if is_urgent else 0
        turns = self._urgent if is_urgent else self._turns
        lane = next(iter(turns))
        turns.move_to_end(lane)
        return self._take(lane)

    def _take(self, lane: _Lane) -> Event:
        waiting = self._lanes[lane]
        event = waiting.popleft()
        if _is_critical(event):
            self._critical[lane] -= 1
            if not self._critical[lane]:
                del self._critical[lane], self._urgent[lane]
        if not waiting:
            del self._lanes[lane], self._turns[lane]
        return event


def _is_critical(event: Event) -> bool:
    return isinstance(event, Raised) and event.severity is Severity.CRITICAL
