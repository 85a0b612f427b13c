"""Counts over the life of the program; the diagnostics take differences."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """What came in; nothing is thrown away between socket and model."""

    messages: int = 0
    invalid: int = 0
    late: int = 0
    other_kinds: dict[str, int] = field(default_factory=dict)
    last_problem: str = ""

    def note_other(self, kind: str) -> None:
        """Count a push of a kind that is not documented; the server's names are bounded."""
        if kind in self.other_kinds or len(self.other_kinds) < 1_000:
            self.other_kinds[kind] = self.other_kinds.get(kind, 0) + 1
