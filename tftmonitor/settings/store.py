"""The settings: who owns them, writes them to the profile, and tells of each change."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from tftmonitor.base.files import set_aside
from tftmonitor.base.listeners import Listeners
from tftmonitor.settings.json_text import why_unreadable, without_mark
from tftmonitor.settings.profile_file import ProfileFile
from tftmonitor.settings.salvage import read_values
from tftmonitor.settings.schema import Settings

_NAME = "settings.json"


class SettingsStore:
    """The settings of one profile, in one readable JSON file that is never half written.

    ``values`` is for reading; ``set`` and ``update`` are the only ways to change it. Keys that
    only a newer version knows stay in the file. What the disk refuses is written again with
    ``file.try_again`` and with the next change. ``problem`` says in words what could not be read or
    written, ``changed`` tells the name of each setting that has another value. ``schema`` is the
    table of the settings.
    """

    def __init__(self, profile: Path, schema: type[Settings] = Settings) -> None:
        self.path = profile / _NAME
        self.file = ProfileFile(self.path, "settings")
        self.schema = schema
        self._types = {field.name: field.type for field in msgspec.structs.fields(schema)}
        self.changed: Listeners[[str]] = Listeners()
        self._further: dict[str, Any] = {}
        self._values = self._load()

    @property
    def problem(self) -> str:
        """What could not be read or written, "" for nothing."""
        return self.file.problem

    @property
    def values(self) -> Settings:
        """What holds now; another object after each change."""
        return self._values

    def set(self, name: str, value: object) -> bool:
        """Change one setting, write all, and tell the listeners.

        Returns False, with ``problem`` set, when the disk refuses; the value holds all the same.
        Raises ValueError, in words, when the value is none that this setting can have.
        """
        return self.update(**{name: value})

    def update(self, **values: object) -> bool:
        """Change several settings at once, as ``set`` does; all of them or, if one is bad, none."""
        valid = {name: self._valid(name, value) for name, value in values.items()}
        changed = [name for name, value in valid.items() if getattr(self._values, name) != value]
        if not changed:
            self.file.try_again()
            return not self.file.is_unsaved
        self._values = msgspec.structs.replace(self._values, **valid)
        saved = self._save()
        for name in changed:
            self.changed(name)
        return saved

    def on_change(self, listener: Callable[[], object], *names: str) -> Callable[[], None]:
        """Call ``listener`` when one of these settings changes; call the result to end that."""
        if unknown := set(names) - self._types.keys():
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")

        def notify(name: str) -> None:
            if name in names:
                listener()

        self.changed.add(notify)
        return lambda: self.changed.remove(notify)

    def _save(self) -> bool:
        content = msgspec.to_builtins(self._values) | self._further
        return self.file.save(msgspec.json.format(msgspec.json.encode(content)))

    def _load(self) -> Settings:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return self.schema()
        except OSError as error:
            self.file.problem = f"settings could not be read: {error.strerror}"
            return self.schema()
        try:
            raw = msgspec.json.decode(without_mark(content), type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            why = why_unreadable(content, error)
            self.file.problem = set_aside(self.path, f"settings were not readable ({why})")
            return self.schema()
        known, why = read_values(raw, self.schema)
        if why:
            self.file.problem = set_aside(self.path, f"some settings were not readable ({why})")
        self._further = {key: value for key, value in raw.items() if key not in self._types}
        return self.schema(**known)

    def _valid(self, name: str, value: object) -> Any:
        """The value as the schema has it. Raises ValueError."""
        if name not in self._types:
            raise ValueError(f"no such setting: {name}")
        try:
            return msgspec.convert(value, self._types[name])
        except msgspec.ValidationError as error:
            raise ValueError(f"{name} cannot be {value!r}: {error}") from None
