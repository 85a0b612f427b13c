"""The settings on disk: one readable JSON file in the profile, never half written."""

from pathlib import Path

import msgspec

from tftmonitor.base.files import set_aside, write_whole
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
            write_whole(self.path, content)
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
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self.problem = set_aside(self.path, f"settings were not readable ({error})")
            return Settings()
