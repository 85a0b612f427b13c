"""What the window tells of itself a second, and whether it grows."""

import json
import threading
import time
from pathlib import Path
from statistics import median
from typing import IO, Any

_GROWN = {"rss": 1.10, "tasks": 1.25, "threads": 1.25, "handles": 1.25}
"""By how much the last fifth may be above the first one, of the last life of the program."""
_LEAST_LINES = 50
# The first seconds of a life fill buffers.
_FILLS_S = 20
_FRESH_S = 3.0
_SHOWN = ("messages", "rss", "objects", "tasks", "threads", "handles", "open")


class Figures:
    """Keeps what the window prints in a file; a life begins with each start of the program."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._begins_at = 0

    def begin(self, printed: IO[str]) -> None:
        """A new life: what is in the file is of former ones."""
        self._begins_at = self.file.stat().st_size if self.file.exists() else 0
        threading.Thread(target=self._keep, args=(printed,), daemon=True).start()

    def _keep(self, printed: IO[str]) -> None:
        with self.file.open("a", encoding="utf-8") as file:
            for line in printed:
                file.write(line)
                file.flush()

    def is_well(self) -> bool:
        """True when the newest line says that the program is live, and is new itself."""
        lines = self._lines()
        if not lines or time.time() - self.file.stat().st_mtime > _FRESH_S:
            return False
        return bool(lines[-1]["live"]) and not lines[-1]["failing"]

    def line(self) -> str:
        """The newest figures, for a person."""
        lines = self._lines()
        return " ".join(f"{name} {lines[-1][name]:,.0f}" for name in _SHOWN) if lines else "-"

    def growth(self) -> list[str]:
        """What grew in the last life, in words."""
        lines = self._lines()[_FILLS_S:]
        if len(lines) < _LEAST_LINES:
            return []
        fifth = len(lines) // 5
        problems = []
        for name, most in _GROWN.items():
            first, last = (
                median(line[name] for line in part) for part in (lines[:fifth], lines[-fifth:])
            )
            print(
                f"{name}: {first:,.0f} in the first fifth of the last life, {last:,.0f} at its end"
            )
            if last > first * most:
                problems.append(f"{name} grew from {first:,.0f} to {last:,.0f}")
        return problems

    def _lines(self) -> list[dict[str, Any]]:
        if not self.file.exists():
            return []
        with self.file.open("rb") as file:
            file.seek(self._begins_at)
            whole = file.read().rpartition(b"\n")[0]
        return [json.loads(line) for line in whole.splitlines()]
