"""A and B: messages a second as fast as they come, alone and among a hundred alarms a second."""

import sqlite3
from pathlib import Path

from tests.bench.bench_process import Stand, stand
from tests.bench.bench_table import Row, median, ratio

_DEVICES = 10_000
_MESSAGES = 60_000
_NAIVE_MESSAGES = 6_000
_ALARMS_PER_S = 100


def measure(rounds: int) -> list[Row]:
    """The three columns of A, and B with a count of what the journal holds."""
    with stand(_DEVICES) as tested:
        tested.add("bare", "bench_bare.py")
        tested.add("naive", "bench_naive.py")
        tested.add("program", "bench_program.py")
        for name in ("bare", "naive", "program"):
            tested.fill(name)
        tested.subjects["program"].ask("look")
        return [*_flood(tested, rounds), *_alarms(tested, rounds)]


def _flood(tested: Stand, rounds: int) -> list[Row]:
    found: dict[str, list[dict[str, float]]] = {"bare": [], "program": [], "naive": []}
    for _ in range(rounds):
        for name, results in found.items():
            count = _NAIVE_MESSAGES if name == "naive" else _MESSAGES
            results.append(tested.flood(name, count))
    rows = []
    for key, what, unit, goal in (
        ("per_s", "ingest as fast as it comes", "messages/s", 0.6),
        ("cpu_us", "the same, CPU", "us a message", None),
    ):
        bare, ours, naive = ([one[key] for one in found[name]] for name in found)
        share = ratio(ours, bare)
        reached = share >= goal if goal else None
        aim = f"{goal} or more" if goal else ""
        rows.append(
            Row("A", what, unit, median(ours), median(bare), median(naive), share, aim, reached)
        )
    return rows


def _alarms(tested: Stand, rounds: int) -> list[Row]:
    bare, ours, sent = [], [], 0
    for _ in range(rounds):
        bare.append(tested.flood("bare", _MESSAGES)["per_s"])
        result = tested.flood("program", _MESSAGES, _ALARMS_PER_S)
        ours.append(result["per_s"])
        sent += round(result["alarms"])
    tested.subjects["program"].ask("drain")
    kept = _journalled(tested.profile("program"))
    share = ratio(ours, bare)
    return [
        Row(
            "B",
            "the same among 100 alarms a second",
            "messages/s",
            median(ours),
            median(bare),
            None,
            share,
            "0.4 or more",
            share >= 0.4,
        ),
        Row(
            "B",
            "alarms in the journal, of those sent",
            "alarms",
            kept,
            sent,
            None,
            kept / sent,
            "all",
            kept == sent,
        ),
    ]


def _journalled(profile: Path) -> int:
    with sqlite3.connect(f"file:{profile / 'history.sqlite3'}?mode=ro", uri=True) as database:
        (count,) = database.execute(
            "SELECT count(*) FROM journal WHERE kind = 'raised' AND device IS NOT NULL"
        ).fetchone()
    return int(count)
