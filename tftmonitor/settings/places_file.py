"""The places on disk: one readable JSON file in the profile, never half written."""

from pathlib import Path
from typing import Any, Final

import msgspec

from tftmonitor.model.places.place import MOST_PLACES, Place
from tftmonitor.model.places.store import Places
from tftmonitor.settings.profile_file import ProfileFile
from tftmonitor.settings.salvaged_list import SalvagedList

_NAME = "places.json"


class PlacesFile:
    """The places and their file, which is written with each change of them.

    ``problem`` says in words what could not be read or written. Of a damaged file what is right
    is kept, and the file itself is set aside.
    """

    def __init__(self, profile: Path) -> None:
        self.path = profile / _NAME
        self.file = ProfileFile(self.path, "places")
        self.places = Places(_LIST.load(self.file) or ())
        self.places.on_change.add(self._save)

    @property
    def problem(self) -> str:
        """What could not be read or written, "" for nothing."""
        return self.file.problem

    def _save(self) -> None:
        self.file.save(msgspec.json.format(msgspec.json.encode(self.places.items)))


def _read(raw: Any) -> Place:
    place = msgspec.convert(raw, Place)
    if place.problem:
        raise ValueError(f"{place.name or 'a place'}: {place.problem}")
    return place


_LIST: Final = SalvagedList(
    _read, lambda place: place.key, "two places have the key {}", most=MOST_PLACES
)
