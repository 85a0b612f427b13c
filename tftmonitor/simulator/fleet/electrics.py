"""The volts of a unit: vehicle supply, internal battery, solar panel."""

import math
import random
from dataclasses import dataclass

from tftmonitor.simulator.fleet.itinerary import Phase

# All of a 12 V system; a 24 V system has twice as much.
_REST_V = 12.55
_SURFACE_V = 0.55
_SURFACE_FADES_S = 90.0
_CRANK_V = 10.1
_IDLE_V = 13.75
_CHARGE_V = 14.2
# What a real unit read after its supply was cut.
_CUT_V = 2.63
_CELL_FULL_V = 4.1
_CELL_EMPTY_V = 3.3
_DAY_S = 86_400


@dataclass(slots=True)
class Electrics:
    """Supply and battery of one unit; ``advance`` is called with each step of time."""

    volts: int
    has_battery: bool
    has_solar: bool
    supply_v: float = 0.0
    cell_v: float = 0.0
    solar_v: float = 0.0
    is_cut: bool = False
    surface: float = 0.0

    def advance(self, seconds: float, phase: Phase, time_s: float, rng: random.Random) -> None:
        """Let the supply settle to what the phase makes of it and the cell charge or drain."""
        if self.volts:
            self._settle_supply(seconds, phase, rng)
        if self.has_solar:
            sun = math.sin(math.tau * (time_s % _DAY_S) / _DAY_S - math.pi / 2)
            self.solar_v = max(0.0, 5.2 * sun + rng.uniform(-0.1, 0.1)) if sun > 0 else 0.0
        if self.has_battery:
            self._settle_cell(seconds, rng)

    @property
    def is_solar_charging(self) -> bool:
        """True in daylight while the cell is not full."""
        return self.solar_v > 1.0 and self.cell_v < _CELL_FULL_V

    @property
    def percent(self) -> int:
        """Charge of the cell; 100 for a unit that cannot measure it, as real ones report."""
        if not self.has_battery:
            return 100
        share = (self.cell_v - _CELL_EMPTY_V) / (_CELL_FULL_V - _CELL_EMPTY_V)
        return round(100 * min(1.0, max(0.0, share)))

    def _settle_supply(self, seconds: float, phase: Phase, rng: random.Random) -> None:
        noise = rng.uniform(-0.06, 0.06)
        if self.is_cut:
            base, noise = _CUT_V / (self.volts / 12), noise / 6
        elif phase is Phase.CRANKING:
            base, noise = _CRANK_V, rng.uniform(-0.5, 0.4)
        elif phase is Phase.IDLING:
            base, self.surface = _IDLE_V, 1.0
        elif phase is Phase.DRIVING:
            base, self.surface = _CHARGE_V, 1.0
        else:
            self.surface *= math.exp(-seconds / _SURFACE_FADES_S)
            base, noise = _REST_V + _SURFACE_V * self.surface, noise / 4
        self.supply_v = (base + noise) * self.volts / 12

    def _settle_cell(self, seconds: float, rng: random.Random) -> None:
        charging = (self.volts and not self.is_cut) or self.is_solar_charging
        drift = 2e-4 * seconds if charging else -(4e-5 if self.volts else 2e-6) * seconds
        self.cell_v += drift + rng.uniform(-0.003, 0.003)
        self.cell_v = min(_CELL_FULL_V, max(3.12, self.cell_v))
