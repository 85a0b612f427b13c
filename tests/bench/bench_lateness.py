"""C, C2, D, E, K: how late the loop is and what CPU it takes while messages arrive evenly."""

from tests.bench.bench_process import Stand, stand
from tests.bench.bench_table import Row, median, ratio

_DEVICES = 10_000
_SECONDS = 8.0
_IDLE_SECONDS = 15.0


def measure(rounds: int) -> list[Row]:
    """Lateness at two rates, CPU at three."""
    with stand(_DEVICES) as tested:
        tested.add("bare", "bench_bare.py")
        tested.add("naive", "bench_naive.py")
        tested.add("program", "bench_program.py")
        tested.add_idle("window", "bench_window.py", "idle")
        for name in ("bare", "naive", "program"):
            tested.fill(name)
        tested.subjects["program"].ask("look")
        rows = _late(tested, rounds, 5_000, 8.0, 33.0) + _late(tested, rounds, 20_000, 16.0, None)
        return [*rows, _cheap(tested, rounds), _idle(tested), _own(tested)]


def _late(
    tested: Stand, rounds: int, per_s: int, most_p99: float, most_max: float | None
) -> list[Row]:
    found: dict[str, list[dict[str, float]]] = {"window": [], "program": [], "naive": []}
    for name in found:
        tested.subjects[name].ask("probe", on=True)
    for _ in range(rounds):
        for name, results in found.items():
            results.append(tested.pace(name, 0 if name == "window" else per_s, _SECONDS))
    for name in found:
        tested.subjects[name].ask("probe", on=False)
    rows = []
    for key, most in (("p99", most_p99), ("max", most_max)):
        idle, ours, naive = ([one[key] for one in found[name]] for name in found)
        what = f"event loop late at {per_s:,}/s, {key}"
        goal = f"under {most:g}" if most else ""
        reached = median(ours) < most if most else None
        rows.append(
            Row("C", what, "ms", median(ours), median(idle), median(naive), None, goal, reached)
        )
    if per_s == 5_000:
        ours, naive = (
            [one["cpu_s"] / one["seconds"] * 100 for one in found[name]]
            for name in ("program", "naive")
        )
        share = median(ours)
        rows.append(
            Row(
                "C2",
                "CPU at 5,000/s",
                "% of a core",
                share,
                None,
                median(naive),
                None,
                "25 or less",
                share <= 25,
            )
        )
    return rows


def _cheap(tested: Stand, rounds: int) -> Row:
    """What a message costs at 1,000/s; the probe is off, and the program's idling counts."""
    costs: dict[str, list[float]] = {"bare": [], "program": []}
    for _ in range(rounds):
        for name, results in costs.items():
            found = tested.pace(name, 1_000, _SECONDS)
            results.append(found["cpu_s"] / found["sent"] * 1e6)
    share = ratio(costs["program"], costs["bare"])
    return Row(
        "D",
        "CPU at 1,000/s, evenly",
        "us a message",
        median(costs["program"]),
        median(costs["bare"]),
        None,
        share,
        "1.0 or less",
        share <= 1.0,
    )


def _idle(tested: Stand) -> Row:
    shares = {}
    for name in ("window", "program"):
        found = tested.pace(name, 0, _IDLE_SECONDS)
        shares[name] = found["cpu_s"] / found["seconds"] * 100
    return Row(
        "E",
        "CPU with 10,000 quiet devices",
        "% of a core",
        shares["program"],
        shares["window"],
        None,
        None,
        "under 1",
        shares["program"] < 1.0,
    )


def _own(tested: Stand) -> Row:
    """What the program's own figures cost, as they tell it themselves."""
    program = tested.subjects["program"]
    program.ask("diagnose", on=True)
    tested.pace("program", 5_000, _SECONDS)
    lines = program.ask("diagnose", on=False)["lines"]
    share = median([line["own_percent"] for line in lines[1:]])
    return Row(
        "K",
        "the figures of --diagnostics at 5,000/s, CPU",
        "% of a core",
        share,
        None,
        None,
        None,
        "under 0.5",
        share < 0.5,
    )
