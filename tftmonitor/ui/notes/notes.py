"""What is said in passing: which sentences stand, how often each came, and which go first."""

import enum
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

_log = logging.getLogger(__name__)

PASSES_AFTER_S = 20.0
"""How long a sentence stands that nobody has to act on."""
# More than anybody reads; the oldest of the least grave ones go.
_KEPT = 30
_HISTORY = 200


class Gravity(enum.IntEnum):
    """What a sentence asks for. The values are the levels under which it is logged."""

    INFO = logging.INFO  # nothing: it passes
    WARNING = logging.WARNING  # to be read: it stays until somebody has


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence; ``count`` is how often it came while it stood, ``since_s`` when last.

    ``at`` is that time as the window writes it.
    """

    text: str
    gravity: Gravity
    since_s: float
    count: int = 1
    at: str = ""

    @property
    def words(self) -> str:
        """The sentence as it is shown."""
        return f"{self.text} (\u00d7{self.count})" if self.count > 1 else self.text


class Notes:
    """The sentences that stand, and those of before. Times are monotonic, in seconds.

    Each is in the log once. ``stamp`` gives the time of now in words.
    """

    def __init__(self, stamp: Callable[[], str] = str) -> None:
        self._stamp = stamp
        self._notes: list[Note] = []
        self._history: list[Note] = []

    def add(self, text: str, gravity: Gravity, now_s: float) -> None:
        """Say this from now on; what stands already is counted."""
        _log.log(gravity, "%s", text)
        before = next((note for note in self._notes if note.text == text), None)
        note = Note(text, gravity, now_s, at=self._stamp())
        if before is not None:
            worst = max(before.gravity, gravity)
            note = replace(note, gravity=worst, count=before.count + 1)
            self._notes.remove(before)
            self._history = [old for old in self._history if old is not before]
        self._notes.append(note)
        self._history = [*self._history[1 - _HISTORY :], note]
        if len(self._notes) > _KEPT:
            self._notes.remove(min(self._notes, key=lambda each: (each.gravity, each.since_s)))

    def take_away(self, text: str) -> None:
        """Somebody has read it."""
        self._notes = [note for note in self._notes if note.text != text]

    def pass_on(self, now_s: float) -> bool:
        """Forget what has stood long enough; True when there was any."""
        before = len(self._notes)
        self._notes = [
            note
            for note in self._notes
            if note.gravity > Gravity.INFO or now_s - note.since_s < PASSES_AFTER_S
        ]
        return len(self._notes) < before

    def standing(self) -> list[Note]:
        """The graver ones first, then the newer ones."""
        return sorted(self._notes, key=lambda note: (-note.gravity, -note.since_s))

    def history(self) -> list[Note]:
        """All of this run that are still known, the newest first, standing or not."""
        return self._history[::-1]
