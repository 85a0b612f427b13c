"""Cliffs: the longest stall of each situation at three sizes, and how it grows with them."""

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Of the offscreen platform, for each window that has a fixed size.
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false;default.warning=false")

from tests.bench.bench_table import Row

_MOST_MS = 50.0


def measure(rounds: int) -> list[Row]:
    """In this process; ``rounds`` is how often each is built."""
    from PySide6.QtWidgets import QApplication

    from tests.cliffs.all_situations import SITUATIONS
    from tests.cliffs.situation import stalls_ms

    app = QApplication.instance() or QApplication(sys.argv[:1])
    wanted = os.environ.get("CLIFF", "")
    rows = []
    for situation in SITUATIONS:
        if wanted not in situation.what:
            continue
        before: tuple[int, float] | None = None
        for size in situation.sizes:
            worst = min(max(stalls_ms(situation, size)) for _ in range(min(rounds, 3)))
            growth = None if before is None else (worst / before[1]) / (size / before[0])
            reached = worst < _MOST_MS if size <= situation.held_to else None
            what = f"{situation.what}: {size:,} {situation.unit}"
            goal = "below 50" if size <= situation.held_to else ""
            rows.append(Row("cliff", what, "ms", worst, None, None, growth, goal, reached))
            print(f"{what}: {worst:.1f} ms", flush=True)
            before = (size, worst)
    app.processEvents()
    return rows
