"""Rows of the benchmark's table: printed for people, written as JSON for comparing machines."""

import json
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_HEAD = ("", "what", "bare limit", "program", "naive", "ratio", "to reach", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``ratio`` is of the program to the bare limit; ``reached`` None: no aim."""

    figure: str
    what: str
    unit: str
    program: float
    bare: float | None = None
    naive: float | None = None
    ratio: float | None = None
    goal: str = ""
    reached: bool | None = None


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def ratio(program: Sequence[float], bare: Sequence[float]) -> float:
    """The middle one of the ratios of each round, which is what noise spares."""
    return median([a / b for a, b in zip(program, bare, strict=True) if b])


def number(value: float | None) -> str:
    """Three digits that say something."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def text(rows: Sequence[Row]) -> str:
    """The table in Markdown."""
    lines = [_HEAD, tuple("---" for _ in _HEAD)]
    for row in rows:
        verdict = {None: "", True: "reached", False: "not reached"}[row.reached]
        lines.append(
            (
                row.figure,
                f"{row.what}, {row.unit}",
                number(row.bare),
                number(row.program),
                number(row.naive),
                number(row.ratio),
                row.goal,
                verdict,
            )
        )
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(rows: Sequence[Row], file: Path) -> None:
    """The rows with what they were measured on."""
    machine = {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": sys.version.split()[0],
    }
    content = {"machine": machine, "rows": [asdict(row) for row in rows]}
    file.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
