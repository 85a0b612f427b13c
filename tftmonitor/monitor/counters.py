"""Counts over the life of the program; the diagnostics take differences."""

from dataclasses import dataclass, field
from typing import Final

from tftmonitor.model.fields.formatting import one_line

# The server names kinds, so their number and what is kept of each is bounded.
_MOST: Final = 1_000
_SHOWN: Final = 120
# The answers to a sign-in: not documented either, but expected.
_ANSWERS: Final = frozenset({"signin", "registUserMessage"})


@dataclass(slots=True)
class NotUnderstood:
    """One sort of frame that could not be used, or not in full: how often, and the last one."""

    what: str
    channel: str = ""
    count: int = 0
    last_ms: int = 0
    example: str = ""


@dataclass(slots=True)
class Counters:
    """What came in; nothing is thrown away between socket and model.

    ``not_understood`` is what an operator should see, by channel and sort: frames of kinds that
    are not documented, and those that are no push at all.
    """

    messages: int = 0
    invalid: int = 0
    late: int = 0
    other_kinds: dict[str, int] = field(default_factory=dict)
    last_problem: str = ""
    not_understood: dict[tuple[str, str], NotUnderstood] = field(default_factory=dict)
    not_understood_count: int = 0

    def note_other(self, kind: str, channel: str = "", at_ms: int = 0, frame: bytes = b"") -> None:
        """Count a push of a kind that is not documented."""
        if kind in self.other_kinds or len(self.other_kinds) < _MOST:
            self.other_kinds[kind] = self.other_kinds.get(kind, 0) + 1
        if kind not in _ANSWERS:
            self._note(f"Unknown kind “{one_line(kind)[:_SHOWN]}”", channel, at_ms, frame)

    def note_invalid(self, problem: str, channel: str, at_ms: int = 0, frame: bytes = b"") -> None:
        """Count a frame that is no push; ``problem`` says why, in words."""
        self.invalid += 1
        self.last_problem = f"{channel}: {problem}"
        # Behind the colon stands what came, which differs from frame to frame.
        self._note(f"Unusable: {problem.partition(':')[0]}", channel, at_ms, frame)

    def _note(self, what: str, channel: str, at_ms: int, frame: bytes) -> None:
        self.not_understood_count += 1
        key = (channel, what)
        found = self.not_understood.get(key)
        if found is None:
            if len(self.not_understood) >= _MOST:
                return
            found = self.not_understood[key] = NotUnderstood(what, channel)
        found.count += 1
        found.last_ms = at_ms
        found.example = one_line(frame[: 4 * _SHOWN].decode("utf-8", "replace"))[:_SHOWN]
