"""How a unit moves over the ground: speed ramps, straight steps, an odometer that agrees."""

import math
import random
from dataclasses import dataclass

_METRES_PER_DEGREE = 111_320.0
_KMH_PER_MS = 3.6
# Beyond this distance from home the heading drifts back, so that nobody ends in the sea.
_RANGE_M = 15_000.0
# Roads bend more when slow: degrees a second at walking pace and at full speed.
_BEND_SLOW = 8.0
_BEND_FAST = 0.8
_FAST_KMH = 60.0
_SATELLITES = (5, 19)


@dataclass(slots=True)
class Track:
    """Position, course and odometer of one unit; ``advance`` is its only change."""

    lat: float
    lng: float
    heading: float
    accelerate_ms2: float
    brake_ms2: float
    speed_kmh: float = 0.0
    mileage_m: float = 0.0
    satellites: int = 12
    altitude_m: float = 120.0
    home_lat: float = 0.0
    home_lng: float = 0.0

    def advance(self, seconds: float, target_kmh: float, rng: random.Random) -> None:
        """Approach the target speed and go straight along a course chosen for this step."""
        before = self.speed_kmh
        metres = self._change_speed(seconds, target_kmh)
        if metres <= 0.0:
            return
        self.heading = self._steer(seconds, (before + self.speed_kmh) / 2, rng)
        angle = math.radians(self.heading)
        self.lat += metres * math.cos(angle) / _METRES_PER_DEGREE
        width = _METRES_PER_DEGREE * math.cos(math.radians(self.lat))
        self.lng += metres * math.sin(angle) / width
        self.mileage_m += metres
        self._update_satellites(rng)

    def _change_speed(self, seconds: float, target_kmh: float) -> float:
        """Ramp towards the target; the metres gone meanwhile."""
        start, target = self.speed_kmh / _KMH_PER_MS, target_kmh / _KMH_PER_MS
        rate = self.accelerate_ms2 if target > start else self.brake_ms2
        ramp_s = min(seconds, abs(target - start) / rate)
        end = target if ramp_s < seconds else start + math.copysign(rate * ramp_s, target - start)
        self.speed_kmh = max(0.0, end) * _KMH_PER_MS
        return (start + end) / 2 * ramp_s + target * (seconds - ramp_s)

    def _steer(self, seconds: float, kmh: float, rng: random.Random) -> float:
        bend = _BEND_SLOW + (_BEND_FAST - _BEND_SLOW) * min(1.0, kmh / _FAST_KMH)
        turn = rng.uniform(-bend, bend) * min(seconds, 10.0)
        north = (self.home_lat - self.lat) * _METRES_PER_DEGREE
        east = (self.home_lng - self.lng) * _METRES_PER_DEGREE * math.cos(math.radians(self.lat))
        if math.hypot(north, east) > _RANGE_M:
            home = math.degrees(math.atan2(east, north))
            off = (home - self.heading + 180) % 360 - 180
            turn += math.copysign(min(abs(off), bend * seconds), off)
        return (self.heading + turn) % 360

    def _update_satellites(self, rng: random.Random) -> None:
        low, high = _SATELLITES
        self.satellites = min(high, max(low, self.satellites + rng.choice((-1, 0, 0, 1))))
        wave = math.sin(self.lat * 900) + math.sin(self.lng * 700)
        self.altitude_m = 140.0 + 45.0 * wave
