"""A vehicle near Potsdam whose day is made by hand, put on disk by the writer of the history."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tftmonitor.base.clock import ManualClock
from tftmonitor.history.samples.stored import Recorded
from tftmonitor.history.samples.writer import SampleWriter
from tftmonitor.model.coverage import BlindInterval

DAY = date(2026, 11, 18)
MIDNIGHT_S = round(datetime(2026, 11, 18, tzinfo=UTC).timestamp())
HOUR_S = 3_600
# The middle of Potsdam; everything is driven to the east from here.
LATITUDE, LONGITUDE = 52.396, 13.058
METRES_A_DEGREE = 6_371_008.8 * math.pi / 180.0 * math.cos(math.radians(LATITUDE))


@dataclass
class Journey:
    """Reports at ``at_s`` seconds after the midnight of 2026-11-18 UTC, each received at once.

    Those made while ``upload_s`` is set are received in order from that time on, one a second.
    """

    device: str = "350"
    at_s: float = 0.0
    east_m: float = 0.0
    odometer_m: float = 100_000.0
    volts: float | None = 12.6
    has_place: bool = True
    has_fix: bool = True
    upload_s: float | None = None
    rows: list[Recorded] = field(default_factory=list)

    def report(self, speed: float = 0.0, ignition: int = 0, **more: Any) -> None:
        made_ms = round((MIDNIGHT_S + self.at_s) * 1_000)
        received_ms = made_ms + 200
        if self.upload_s is not None:
            received_ms = round((MIDNIGHT_S + self.upload_s) * 1_000)
            self.upload_s += 1
        status: dict[str, Any] = {"date": made_ms, "speed": speed, "acc": ignition}
        status |= {"mileage": round(self.odometer_m)}
        if self.volts is not None:
            status["external_power_voltage"] = self.volts
        if self.has_place:
            status |= {
                "lat": LATITUDE,
                "lng": round(LONGITUDE + self.east_m / METRES_A_DEGREE, 7),
                "latlng_valid": int(self.has_fix),
            }
        data = {"imei": self.device, "model": "T1", "status": status | more}
        frame = json.dumps({"event": "snapshot", "data": data, "error": 0}).encode()
        self.rows.append((self.device, "devices", received_ms, made_ms, False, frame))

    def park(self, seconds: float, every_s: float = 300, ignition: int = 0) -> None:
        for _ in range(round(seconds / every_s)):
            self.at_s += every_s
            self.report(0.0, ignition)

    def go(self, seconds: float, kmh: float = 72.0, every_s: float = 10) -> None:
        for _ in range(round(seconds / every_s)):
            self.at_s += every_s
            self.east_m += kmh / 3.6 * every_s
            self.odometer_m += kmh / 3.6 * every_s
            self.report(kmh, 1)

    def wait(self, seconds: float) -> None:
        self.at_s += seconds


def working_day(device: str = "350", start_s: float = 0.0) -> Journey:
    """A day of 24 h from ``start_s`` on: five hours silent, 36 km there, 24 km on.

    Parked from 6 to 7, cranked, idling 5 min, driven 30 min at 72 km/h, idling 10 min, parked
    2 h, silent 3 h, parked 1 h, driven 20 min (told an hour later), parked until 18 o'clock.
    """
    car = Journey(device, start_s + 6 * HOUR_S)
    car.report()
    car.park(HOUR_S)
    car.volts = 9.6
    car.wait(10)
    car.report(0.0, 1)
    car.volts = 14.2
    car.park(300, 10, ignition=1)
    car.go(1_800)
    car.park(600, 10, ignition=1)
    car.volts = 12.7
    car.park(2 * HOUR_S)
    car.wait(3 * HOUR_S)
    car.park(HOUR_S)
    car.volts = 14.1
    car.upload_s = car.at_s + 1_200 + HOUR_S
    car.go(1_200)
    car.upload_s = None
    car.volts = 12.7
    car.at_s += HOUR_S
    car.park(start_s + 18 * HOUR_S - car.at_s)
    return car


def record(
    profile: Path,
    journeys: Sequence[Journey],
    blind: Sequence[BlindInterval] = (),
    labels: dict[str, str] | None = None,
) -> None:
    """Have the real writer write it, in order of receipt."""
    writer = SampleWriter(profile, ManualClock(MIDNIGHT_S * 1_000), lambda _words: None)
    rows = [row for journey in journeys for row in journey.rows]
    for row in sorted(rows, key=lambda row: row[2]):
        writer.put(row)
    for interval in blind:
        writer.put_blind(interval)
    for device, label in (labels or {}).items():
        writer.put_label(device, label)
    assert writer.close()
