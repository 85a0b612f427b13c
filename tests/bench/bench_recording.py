"""R: what recording costs the window; its bare limit is the same window with recording off."""

import json
import os
from pathlib import Path

from tests.bench.bench_process import Stand, stand
from tests.bench.bench_table import Row, median, ratio

_DEVICES = 10_000
_MESSAGES = 60_000
_SECONDS = 8.0
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_PAGE = 4_096


def measure(rounds: int) -> list[Row]:
    """Ingest and lateness with and without, and what the process that writes takes."""
    with stand(_DEVICES) as tested:
        for name in ("off", "on"):
            profile = tested.profile(name)
            profile.mkdir(parents=True, exist_ok=True)
            (profile / "settings.json").write_text(json.dumps({"record": name == "on"}))
            tested.add(name, "bench_program.py")
            tested.fill(name)
            tested.subjects[name].ask("look")
        return [
            *_flood(tested, rounds),
            *_late(tested, rounds, 5_000),
            *_late(tested, rounds, 20_000),
        ]


def _flood(tested: Stand, rounds: int) -> list[Row]:
    found: dict[str, list[dict[str, float]]] = {"off": [], "on": []}
    for _ in range(rounds):
        for name, results in found.items():
            results.append(tested.flood(name, _MESSAGES))
    without, with_it = ([one["per_s"] for one in found[name]] for name in found)
    share = ratio(with_it, without)
    goal = "0.85 or more"
    return [
        Row(
            "R",
            "ingest while recording, beside without",
            "messages/s",
            median(with_it),
            median(without),
            None,
            share,
            goal,
            share >= 0.85,
        )
    ]


def _late(tested: Stand, rounds: int, per_s: int) -> list[Row]:
    found: dict[str, list[dict[str, float]]] = {"off": [], "on": []}
    costs: list[float] = []
    largest = 0.0
    writer = _child_of(tested.subjects["on"].pid)
    for name in found:
        tested.subjects[name].ask("probe", on=True)
    for _ in range(rounds):
        for name, results in found.items():
            before_s = _cpu_s(writer)
            results.append(tested.pace(name, per_s, _SECONDS))
            if name == "on":
                costs.append((_cpu_s(writer) - before_s) / results[-1]["sent"] * 1e6)
                largest = max(largest, _rss_mb(writer))
    for name in found:
        tested.subjects[name].ask("probe", on=False)
    without, with_it = ([one["p99"] for one in found[name]] for name in found)
    own = [one["cpu_s"] / one["sent"] * 1e6 for one in found["on"]]
    late = median(with_it)
    rate = f"{per_s:,}/s"
    return [
        Row(
            "R",
            f"loop late while recording {rate}, p99",
            "ms",
            late,
            median(without),
            None,
            ratio(with_it, without),
            "under 8" if per_s == 5_000 else "",
            late < 8 if per_s == 5_000 else None,
        ),
        Row(
            "R",
            f"CPU of what writes at {rate}, sealing included, beside the window's",
            "us a message",
            median(costs),
            median(own),
            None,
            ratio(costs, own),
            "a third or less" if per_s == 5_000 else "",
            ratio(costs, own) <= 1 / 3 if per_s == 5_000 else None,
        ),
        Row("R", f"largest RSS of what writes at {rate}", "MiB", largest),
    ]


def _child_of(pid: int) -> int:
    """The process that writes for a window."""
    text = Path(f"/proc/{pid}/task").iterdir()
    found = [
        int(child) for task in text for child in (task / "children").read_text("ascii").split()
    ]
    return found[0]


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _rss_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE / 1_048_576
