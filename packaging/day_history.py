"""Writes some weeks of made-up days into a profile, so that pictures of day sheets show something.

Called by ``pictures.py`` before the window is opened, which then reads the history like any other.
"""

import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tftmonitor.base.clock import DAY_MS, HOUR_MS, SECOND_MS, ManualClock
from tftmonitor.history.samples.stored import Recorded
from tftmonitor.history.samples.writer import SampleWriter

DAYS: Final = 45
DEVICES: Final = tuple(f"1000000{800_000_001 + number:09d}" for number in range(4))
"""The first ones of the demo."""
_START: Final = (52.396, 13.058)
_DEGREE_M: Final = 111_195.0
_EVERY_S: Final = 30


def write_history(profile: Path, now_ms: int) -> None:
    """Whole days, and of today what has been."""
    made = random.Random(7)  # noqa: S311 - the same pictures each time
    writer = SampleWriter(profile, ManualClock(now_ms), print)
    for number, device in enumerate(DEVICES):
        for back in range(DAYS, -1, -1):
            day_ms = now_ms // DAY_MS * DAY_MS - back * DAY_MS
            if back and made.random() < 0.2:
                continue
            rows = _day(made, device, day_ms, 12.6 if number % 2 else 25.2)
            for row in sorted(rows, key=lambda row: row[2]):
                if row[2] <= now_ms:
                    writer.put(row)
    writer.close()


def _day(made: random.Random, device: str, day_ms: int, volts: float) -> Iterator[Recorded]:
    """Parked, a drive there, a halt, one that is told late, a silence, and back home."""
    begin = day_ms + round((5.5 + made.random()) * HOUR_MS)
    plan = (
        ("park", 0.6, 0),
        ("idle", 0.12, 0),
        ("go", 0.4 + made.random(), 1),
        ("park", 0.5 + made.random(), 0),
        ("go", 0.3 + made.random(), 1),
        ("idle", 0.25, 0),
        ("park", 1.2, 0),
        ("silent", 0.8 + made.random(), 0),
        ("late", 0.4, 1),
        ("park", 1.5 + made.random(), 0),
        ("go", 1.2, -1),
        ("park", 2.5, 0),
    )
    odometer, east, at = 80_000_000.0, 0.0, begin
    for what, hours, way in plan:
        is_on = what not in {"park", "silent"}
        for step in range(round(hours * HOUR_MS / SECOND_MS / _EVERY_S)):
            at += _EVERY_S * SECOND_MS
            speed = 50 + 25 * math.sin(step / 9) + made.random() * 6 if way else 0.0
            moved = speed / 3.6 * _EVERY_S
            odometer, east = odometer + moved, east + moved * way
            if what == "silent" or (what == "park" and step % 10):
                continue
            status = {
                "date": at,
                "lat": _START[0] + 0.05 * math.sin(east / 9_000),
                "lng": _START[1] + east / (_DEGREE_M * math.cos(math.radians(_START[0]))),
                "latlng_valid": 1,
                "speed": round(speed, 1),
                "acc": int(is_on),
                "mileage": round(odometer),
                "external_power_voltage": round(volts * (1.12 if is_on else 1.0), 2),
            }
            data = {"imei": device, "model": "TLP1-SF", "status": status}
            frame = json.dumps({"event": "snapshot", "data": data, "error": 0}).encode()
            # An upload comes much faster than it was made.
            upload_ms = at - step * (_EVERY_S - 1) * SECOND_MS + HOUR_MS
            received = upload_ms if what == "late" else at + 300
            yield device, "devices", received, at, what == "late", frame
