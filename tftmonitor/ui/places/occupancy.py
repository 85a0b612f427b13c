"""Which devices are within each place by their last position."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from tftmonitor.model.fields.bulk_reading import read_numbers
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.places.place import Place, Rows, rows_within
from tftmonitor.model.rules.surroundings import NEAR_NULL

_LATITUDE, _LONGITUDE = STATUS_FIELDS.by_name["lat"], STATUS_FIELDS.by_name["lng"]
_BLANK: Final = DeviceStatus()
_NAMED: Final = 20


class Occupancy:
    """As of the last ``refresh``; rows of devices by the key of a place."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._rows: dict[str, Rows] = {}

    def refresh(self, places: Sequence[Place]) -> None:
        """Look again where the devices are."""
        devices = self._fleet.devices
        statuses = [device.status or _BLANK for device in devices]
        latitude = read_numbers(_LATITUDE, statuses, 0)
        longitude = read_numbers(_LONGITUDE, statuses, 0)
        nowhere = (np.abs(latitude) < NEAR_NULL) & (np.abs(longitude) < NEAR_NULL)
        latitude[nowhere | self._fleet.hidden[: len(devices)]] = np.nan
        found = rows_within(places, latitude, longitude)
        self._rows = {place.key: rows for place, rows in zip(places, found, strict=True)}

    def count(self, key: str) -> int:
        """How many devices are within a place."""
        return len(self._rows.get(key, ()))

    def names(self, key: str) -> str:
        """Some of them by name, a line each."""
        rows = self._rows.get(key)
        if rows is None or not len(rows):
            return ""
        lines = [self._fleet.devices[row].label for row in rows[:_NAMED].tolist()]
        more = len(rows) - len(lines)
        return "\n".join([*lines, f"and {more} more"] if more else lines)
