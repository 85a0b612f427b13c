"""The order of what the palette finds: the best first, and of equals what is used most."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tftmonitor.base.text_search import folded
from tftmonitor.settings.store import SettingsStore

_MOST_KEPT: Final = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette: what it says, the key that does the same, and what it does."""

    text: str
    key: str
    run: Callable[[], None]


class Uses:
    """How often each entry was chosen, kept in the settings by its text."""

    def __init__(self, settings: SettingsStore | None = None) -> None:
        self._settings = settings

    def counts(self) -> Mapping[str, int]:
        """The number by text."""
        return {} if self._settings is None else self._settings.values.palette_uses

    def note(self, text: str) -> None:
        """It was chosen once more; what is used least is forgotten."""
        if self._settings is None:
            return
        counts = {**self.counts(), text: self.counts().get(text, 0) + 1}
        kept = sorted(counts.items(), key=lambda item: -item[1])[:_MOST_KEPT]
        self._settings.set("palette_uses", {**dict(kept), text: counts[text]})


def in_order(entries: Iterable[Entry], words: list[str], uses: Mapping[str, int]) -> list[Entry]:
    """Those that have all the words: whole beginnings first, then beginnings of words."""
    found = [entry for entry in entries if has_all(entry.text, words)]
    return sorted(found, key=lambda entry: (_rank(entry.text, words), -uses.get(entry.text, 0)))


def has_all(text: str, words: list[str]) -> bool:
    """True when each of the words, in small letters, is in the text."""
    shown = folded(text)
    return all(word in shown for word in words)


def _rank(text: str, words: list[str]) -> int:
    if not words:
        return 0
    shown = folded(text)
    if shown.startswith(words[0]):
        return 0
    parts = shown.replace(":", " ").split()
    return 1 if all(any(part.startswith(word) for part in parts) for word in words) else 2
