"""A device of the map in words: for its tooltip, for lists of one spot, for a screen reader."""

import re
from collections.abc import Callable
from typing import Final

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.formatting import format_age, one_line
from tftmonitor.model.fleet.activity import Staleness, state_text
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.geo.coordinates import coordinates_text
from tftmonitor.model.geo.fixes import LEFT_OUT_TEXTS, LeftOut
from tftmonitor.ui.map.devices.positions import Positions

# "2 h 10 min" is more than a sign has room for.
_SECOND_UNIT: Final = re.compile(r" \d+ (?:min|h)$")

PlaceWords = Callable[[float, float], str]


class DeviceWords:
    """Says a row of the fleet; ``place_words`` names a place by the towns near it, or is empty."""

    def __init__(self, fleet: Fleet, positions: Positions) -> None:
        self._fleet = fleet
        self._positions = positions
        self.place_words: PlaceWords = lambda _latitude, _longitude: ""

    def name(self, row: int) -> str:
        """What the device is called."""
        return one_line(self._fleet.devices[row].label)

    def label(self, row: int, now_ms: int) -> str:
        """What stands beside the sign: the name, and the age of a place that is not of now."""
        name, positions = self.name(row), self._positions
        since_ms = int(positions.since_ms[row])
        if not positions.is_hollow[row] or not since_ms:
            return name
        return f"{name} · {_SECOND_UNIT.sub('', format_age(now_ms - since_ms))}"

    def state(self, row: int, now_ms: int) -> str:
        """What it does, or since when nothing is known of it."""
        fleet = self._fleet
        age_ms = now_ms - int(fleet.data_ms[row])
        staleness = int(self._positions.staleness[row])
        return state_text(
            int(fleet.activities[row]), staleness, age_ms, int(fleet.intervals_ms[row])
        )

    def place(self, row: int) -> str:
        """Its place by the towns near it, and by its coordinates."""
        positions = self._positions
        latitude, longitude = float(positions.latitude[row]), float(positions.longitude[row])
        words = self.place_words(latitude, longitude)
        numbers = coordinates_text(latitude, longitude)
        return f"{words} ({numbers})" if words else numbers

    def lines(self, row: int, now_ms: int) -> list[str]:
        """Name, state, age, place, alarm: a line each."""
        positions = self._positions
        found = [f"{self.name(row)}: {self.state(row, now_ms)}"]
        age = format_age(now_ms - int(self._fleet.data_ms[row]))
        found.append(f"last report {age} ago")
        if positions.is_hollow[row] and self._positions.staleness[row] < Staleness.OVERDUE:
            since_ms = int(positions.since_ms[row])
            fix = f"{format_age(now_ms - since_ms)} ago" if since_ms else "at a time not known"
            found.append(f"no fix now: this is where it was, {fix}")
        found.append(self.place(row))
        severity = int(positions.severities[row])
        if severity:
            ended = ", ended" if positions.is_over[row] else ""
            found.append(f"{Severity(severity).word} alarm{ended}")
        reason = LeftOut(int(positions.left_out[row]))
        if reason is LeftOut.JUMP:
            found.append(LEFT_OUT_TEXTS[reason])
        return found

    def spoken(self, row: int, now_ms: int) -> str:
        """The same in one sentence."""
        return ", ".join(self.lines(row, now_ms))

    def why_left_out(self, row: int) -> str:
        """Name and reason of one that the map does not show where it says."""
        return f"{self.name(row)}: {LEFT_OUT_TEXTS[LeftOut(int(self._positions.left_out[row]))]}"
