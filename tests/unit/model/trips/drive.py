"""Tracks made by hand along the equator, where a metre is a metre and sums can be done apart."""

import math
from dataclasses import dataclass, field

import numpy as np

from tftmonitor.model.trips.points import Points

NOON_S = 1_795_003_200  # 2026-11-18 12:00 UTC
METRES_A_DEGREE = 6_371_008.8 * math.pi / 180.0
NAN = math.nan


@dataclass
class Drive:
    """A device that reports at ``at_s``, so many metres east and north of 10° E on the equator."""

    at_s: float = NOON_S
    east_m: float = 0.0
    north_m: float = 0.0
    odometer_m: float = 50_000.0
    rows: list[tuple[float, float, float, float, int, float]] = field(default_factory=list)

    def report(self, speed: float = 0.0, ignition: int = 0, **other: float) -> None:
        north = other.get("north_m", self.north_m) / METRES_A_DEGREE
        east = 10.0 + other.get("east_m", self.east_m) / METRES_A_DEGREE
        odometer = other.get("odometer_m", self.odometer_m)
        self.rows.append((self.at_s, north, east, speed, ignition, odometer))

    def park(self, seconds: float, every_s: float = 60, ignition: int = 0) -> None:
        for _ in range(round(seconds / every_s)):
            self.at_s += every_s
            self.report(0.0, ignition)

    def go(self, seconds: float, kmh: float = 36.0, every_s: float = 10, ignition: int = 1) -> None:
        for _ in range(round(seconds / every_s)):
            self.at_s += every_s
            self.east_m += kmh / 3.6 * every_s
            self.odometer_m += kmh / 3.6 * every_s
            self.report(kmh, ignition)

    def wait(self, seconds: float) -> None:
        self.at_s += seconds

    @property
    def points(self) -> Points:
        columns = np.array(self.rows, np.float64).reshape(-1, 6).T
        return Points(
            np.round(columns[0] * 1_000).astype(np.int64),
            columns[1],
            columns[2],
            columns[3],
            columns[4].astype(np.int8),
            columns[5],
        )


def parked() -> Drive:
    """One that has stood with its ignition off for ten minutes."""
    drive = Drive()
    drive.report()
    drive.park(600)
    return drive
