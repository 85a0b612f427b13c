"""The engine as an OBD unit reads it: speed, load, temperatures, air and fuel that agree."""

import math
import random
from dataclasses import dataclass

_WARM_C = 91.0
_WARMS_UP_S = 240.0
_IDLE_RPM = 790.0
_GEAR_KMH = 28.0
_TANK_ML = 60_000.0
# Millilitres an hour for each gram of air a second, as three real units show it.
_ML_H_PER_AIR = 332.0


@dataclass(slots=True)
class Engine:
    """One engine; all values are what the wire carries while it runs."""

    outside_c: float = 18.0
    coolant_c: float = 18.0
    rpm: float = 0.0
    load: float = 0.0
    throttle: float = 0.0
    air_g_s: float = 0.0
    flow_ml_h: float = 0.0
    used_ml: float = 0.0
    left_ml: float = 0.6 * _TANK_ML
    runs: bool = False

    def advance(
        self, seconds: float, *, runs: bool, kmh: float, gain_kmh: float, rng: random.Random
    ) -> None:
        """One step; ``gain_kmh`` is how much faster the vehicle became in it."""
        self.runs = runs
        goal = _WARM_C if runs else self.outside_c
        rate = _WARMS_UP_S if runs else 10 * _WARMS_UP_S
        self.coolant_c += (goal - self.coolant_c) * (1 - math.exp(-seconds / rate))
        if not runs:
            return
        gear_share = (kmh % _GEAR_KMH) / _GEAR_KMH if kmh < 4 * _GEAR_KMH else kmh / 150
        moving = 1_150 + 1_200 * gear_share if kmh > 3 else _IDLE_RPM
        self.rpm = moving + rng.uniform(-25, 25)
        push = max(0.0, gain_kmh / max(seconds, 0.1))
        self.load = min(95.0, 14 + kmh * 0.3 + push * 9 + rng.uniform(-3, 3))
        self.throttle = min(90.0, 8 + kmh * 0.2 + push * 10 + rng.uniform(-2, 2))
        self.air_g_s = max(2.0, self.rpm * self.load / 4_200)
        self.flow_ml_h = self.air_g_s * _ML_H_PER_AIR
        burnt = self.flow_ml_h * seconds / 3_600
        self.used_ml += burnt
        self.left_ml -= burnt
        if self.left_ml < 0.08 * _TANK_ML:
            self.left_ml = 0.95 * _TANK_ML

    @property
    def fuel_percent(self) -> int:
        """What is left in the tank."""
        return round(100 * self.left_ml / _TANK_ML)
