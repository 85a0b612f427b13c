"""A list in the profile, as rules and places: an entry that cannot be costs itself alone."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from tftmonitor.base.files import set_aside
from tftmonitor.settings.json_text import why_unreadable, without_mark
from tftmonitor.settings.profile_file import ProfileFile

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class SalvagedList(Generic[Entry]):
    """How one list is read; ``read`` raises ValueError, with words, for what is no entry.

    ``same`` says of two entries that they have one key, which it is given for ``{}``. More than
    ``most`` are left out, None for no limit.
    """

    read: Callable[[Any], Entry]
    key_of: Callable[[Entry], Hashable]
    same: str
    most: int | None = None

    def load(self, file: ProfileFile) -> list[Entry] | None:
        """The entries, None where there is no list; ``problem`` of the file says what is wrong.

        Of a damaged file what is right is kept, and the file itself is set aside.
        """
        try:
            content = file.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            file.problem = f"{file.name} could not be read: {error.strerror}"
            return None
        try:
            raws = msgspec.json.decode(without_mark(content), type=list[Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            why = why_unreadable(content, error)
            file.problem = set_aside(file.path, f"{file.name} were not readable ({why})")
            return None
        found, why = self._salvage(raws)
        if why:
            count = len(raws) - len(found)
            words = f"{count} of {len(raws)} {file.name} were not readable ({why})"
            file.problem = set_aside(file.path, words)
        return found

    def _salvage(self, raws: list[Any]) -> tuple[list[Entry], str]:
        """What can be, and why the last of the others cannot, "" where all can."""
        found: dict[Hashable, Entry] = {}
        why = ""
        for raw in raws:
            try:
                entry = self.read(raw)
            except ValueError as error:
                why = str(error)
                continue
            key = self.key_of(entry)
            if key in found:
                why = self.same.format(key)
            elif len(found) == self.most:
                why = f"there can be at most {self.most:,}"
            else:
                found[key] = entry
        return list(found.values()), why
