"""What a unit does over the day: parked, cranking, idling, driving legs with stops, asleep."""

import enum
import random
from collections import deque
from typing import NamedTuple


class Phase(enum.Enum):
    """What the unit is doing now."""

    PARKED = "parked"
    CRANKING = "cranking"
    IDLING = "idling"
    DRIVING = "driving"
    TOWED = "towed"


# Phases in which the ignition is on.
IGNITION_ON = frozenset({Phase.CRANKING, Phase.IDLING, Phase.DRIVING})


class Leg(NamedTuple):
    """A stretch of time in one phase, at one target speed."""

    phase: Phase
    seconds: float
    target_kmh: float = 0.0


class Style(NamedTuple):
    """How long a unit parks and how many legs it drives; ``cranks`` is false for trailers."""

    top_kmh: float
    parked_s: tuple[int, int]
    legs: tuple[int, int]
    cranks: bool = True


class Itinerary:
    """An endless sequence of legs with whole seconds; ``spend`` uses up the current one."""

    def __init__(self, style: Style, rng: random.Random) -> None:
        self._style = style
        self._rng = rng
        self._legs: deque[Leg] = deque()
        self.leg = Leg(Phase.PARKED, 0.0)
        self.left_s = 0.0

    def start(self, first: Leg) -> None:
        """Begin with this leg; a day follows that fits it."""
        self._legs.clear()
        if first.phase is not Phase.PARKED:
            self._plan_drive()
        self.leg, self.left_s = first, first.seconds

    def insert(self, *legs: Leg) -> None:
        """Put legs before what was planned, ending the current one."""
        self._legs.appendleft(Leg(self.leg.phase, self.left_s, self.leg.target_kmh))
        self._legs.extendleft(reversed(legs))
        self._next()

    def spend(self, seconds: float) -> None:
        """Use up some of the current leg; at its end the next one begins."""
        self.left_s -= seconds
        if self.left_s <= 0:
            self._next()

    def seconds_to_switch(self) -> float:
        """Until the phase changes: when a real unit would report at once."""
        total = self.left_s
        for leg in self._legs:
            if leg.phase is not self.leg.phase:
                break
            total += leg.seconds
        return total

    def _next(self) -> None:
        if not self._legs:
            self._plan_day()
        self.leg = self._legs.popleft()
        self.left_s = self.leg.seconds

    def _plan_day(self) -> None:
        rng, style = self._rng, self._style
        if self.leg.phase is not Phase.PARKED:
            self._legs.append(Leg(Phase.PARKED, rng.randint(*style.parked_s)))
            return
        if style.cranks:
            self._legs.append(Leg(Phase.CRANKING, rng.randint(2, 3)))
            self._legs.append(Leg(Phase.IDLING, rng.randint(3, 8)))
        self._plan_drive()

    def _plan_drive(self) -> None:
        rng, style = self._rng, self._style
        road_kmh = rng.choice((50.0, 50.0, 80.0, 100.0, style.top_kmh))
        for _ in range(rng.randint(*style.legs)):
            if rng.random() < 0.15:
                road_kmh = rng.choice((30.0, 50.0, 80.0, 100.0, style.top_kmh))
            if rng.random() < 0.12:
                self._legs.append(Leg(Phase.DRIVING, 12, 0.0))
                self._legs.append(Leg(Phase.IDLING, rng.randint(5, 25)))
            target = min(style.top_kmh, road_kmh) - rng.uniform(0, 9)
            self._legs.append(Leg(Phase.DRIVING, rng.randint(4, 14), target))
        self._legs.append(Leg(Phase.DRIVING, 20, 0.0))
        self._legs.append(Leg(Phase.IDLING, rng.randint(4, 10)))
