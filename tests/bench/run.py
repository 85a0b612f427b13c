"""The benchmarks, one module a figure: ``python3 dev.py bench [names] [--json FILE] [--rounds N]``.

Each measures the program beside the bare limit in interleaved rounds; nothing here is a test.
"""

import argparse
import importlib
import sys
from pathlib import Path

FIGURES = {
    "ingest": "A and B: messages a second, alone and among alarms",
    "lateness": "C, C2, D, E: how late the loop is, and CPU",
    "start": "F: the first painted window",
    "memory": "G: RSS, and of each device",
    "plots": "H: a frame of the plots",
    "map_tiles": "T: streets on the map",
    "list": "I: sort, filter, search and scroll",
    "map": "N: the devices on the map",
    "map_ground": "M: the ground of the map",
    "history": "P: what is recorded: bytes, pace, reading",
    "recording": "R: what recording costs the window",
    "alarms": "the list with 1,000 open alarms",
    "cliffs": "the longest stall of whatever may grow, at three sizes",
    "endurance": "J: twelve hours as fast as they go",
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py bench",
        description="Measure the program beside the bare limit.",
        epilog="; ".join(f"{name} - {words}" for name, words in FIGURES.items())
        + "; soak [--hours H] - for days against the simulator",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="all when none is given")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    options = parser.parse_args()
    if unknown := set(options.names) - FIGURES.keys():
        parser.error(f"no such figure: {', '.join(sorted(unknown))}")
    from tests.bench.bench_table import Row, text, write

    rows: list[Row] = []
    for name in options.names or FIGURES:
        print(f"-- {FIGURES[name]}", flush=True)
        found = importlib.import_module(f"tests.bench.bench_{name}").measure(options.rounds)
        print(text(found), flush=True)
        rows += found
    print(f"\n{text(rows)}")
    if options.json:
        write(rows, options.json)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    if sys.argv[1:2] == ["soak"]:
        from tests.bench import soak

        sys.exit(soak.main(sys.argv[2:]))
    sys.exit(main())
