"""Finding the sensor of a wheel: somebody lets a little air out, and one pressure drops."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.ui.detail.tyres.readings import TyreReading

WAIT_MS: Final = 120 * SECOND_MS
"""A sensor reports a sudden drop within seconds, its tracker hands it on with the next report."""

LEAST_DROP_KPA: Final = 20.0
"""Six steps of a sensor: warming up or a bend moves a pressure by one or two."""


@dataclass(slots=True)
class AirTest:
    """One search for the sensor of ``wheel``, begun at ``start_ms`` of the wall clock.

    ``before`` are the pressures in kPa by sensor; one that reports first during the search begins
    there. ``dropped`` are the sensors that fell far enough: exactly one is an answer.
    """

    wheel: str
    start_ms: int
    before: dict[str, float] = field(default_factory=dict)
    now: dict[str, float] = field(default_factory=dict)

    @classmethod
    def begin(cls, wheel: str, readings: Iterable[TyreReading], now_ms: int) -> "AirTest":
        """Remember the pressures of this moment."""
        known = {r.sensor: r.pressure_kpa for r in readings if r.pressure_kpa is not None}
        return cls(wheel, now_ms, known)

    def update(self, readings: Iterable[TyreReading]) -> None:
        """Take in what has been reported since; what was measured before the start says nothing."""
        for reading in readings:
            kpa = reading.pressure_kpa
            is_new = reading.received_ms > self.start_ms and reading.dated_ms >= self.start_ms
            if kpa is not None and is_new:
                self.before.setdefault(reading.sensor, kpa)
                self.now[reading.sensor] = kpa

    @property
    def dropped(self) -> list[str]:
        """The sensors whose pressure fell by more than ``LEAST_DROP_KPA``."""
        return sorted(
            sensor for sensor, kpa in self.now.items() if self.before[sensor] - kpa > LEAST_DROP_KPA
        )

    def left_ms(self, now_ms: int) -> int:
        """How long the search goes on, 0 when it is over."""
        return max(0, self.start_ms + WAIT_MS - now_ms)
