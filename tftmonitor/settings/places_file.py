"""The places on disk: one readable JSON file in the profile, never half written."""

from pathlib import Path
from typing import Any

import msgspec

from tftmonitor.base.files import set_aside
from tftmonitor.model.places.place import MOST_PLACES, Place
from tftmonitor.model.places.store import Places
from tftmonitor.settings.json_text import why_unreadable, without_mark
from tftmonitor.settings.profile_file import ProfileFile

_NAME = "places.json"


class PlacesFile:
    """The places and their file, which is written with each change of them.

    ``problem`` says in words what could not be read or written. Of a damaged file what is right
    is kept, and the file itself is set aside.
    """

    def __init__(self, profile: Path) -> None:
        self.path = profile / _NAME
        self.file = ProfileFile(self.path, "places")
        self.places = Places(self._load())
        self.places.on_change.add(self._save)

    @property
    def problem(self) -> str:
        """What could not be read or written, "" for nothing."""
        return self.file.problem

    def _save(self) -> None:
        self.file.save(msgspec.json.format(msgspec.json.encode(self.places.items)))

    def _load(self) -> list[Place]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            self.file.problem = f"places could not be read: {error.strerror}"
            return []
        try:
            raws = msgspec.json.decode(without_mark(content), type=list[Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            why = why_unreadable(content, error)
            self.file.problem = set_aside(self.path, f"places were not readable ({why})")
            return []
        return self._places_of(raws)

    def _places_of(self, raws: list[Any]) -> list[Place]:
        found: dict[str, Place] = {}
        why = ""
        for raw in raws:
            try:
                place = msgspec.convert(raw, Place)
            except msgspec.ValidationError as error:
                why = str(error)
                continue
            if place.problem:
                why = f"{place.name or 'a place'}: {place.problem}"
            elif place.key in found:
                why = f"two places have the key {place.key}"
            elif len(found) == MOST_PLACES:
                why = f"there can be at most {MOST_PLACES:,}"
            else:
                found[place.key] = place
        if why:
            count = len(raws) - len(found)
            words = f"{count} of {len(raws)} places were not readable ({why})"
            self.file.problem = set_aside(self.path, words)
        return list(found.values())
