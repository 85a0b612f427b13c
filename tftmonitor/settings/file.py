"""The settings on disk: one readable JSON file in the profile, never half written."""

import os
import tempfile
from pathlib import Path

import msgspec

from tftmonitor.settings.schema import Settings

_NAME = "settings.json"


class SettingsFile:
    """The settings in memory and their file; ``problem`` says in words what could not be read."""

    def __init__(self, profile: Path) -> None:
        self.path = profile / _NAME
        self.problem = ""
        self.values = self._load()

    def save(self) -> bool:
        """Write all settings at once; False, with ``problem`` set, when the disk refuses."""
        content = msgspec.json.format(msgspec.json.encode(self.values))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=_NAME)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(self.path)
        except OSError as error:
            self.problem = f"settings could not be saved: {error.strerror}"
            return False
        return True

    def _load(self) -> Settings:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            self.problem = f"settings could not be read: {error.strerror}"
            return Settings()
        try:
            return msgspec.json.decode(content, type=Settings)
        except msgspec.DecodeError as error:
            # Kept beside, because it may hold names that took somebody an afternoon.
            kept = self.path.with_suffix(".unreadable.json")
            self.path.replace(kept)
            self.problem = f"settings were not readable ({error}); kept as {kept.name}"
            return Settings()
