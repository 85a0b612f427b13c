"""F: from the start of the process to the first painted window, signed in and listing."""

import subprocess
import sys
import time
from pathlib import Path

from tests.bench.bench_process import ROOT, environment, stand
from tests.bench.bench_table import Row, median, ratio

_HERE = Path(__file__).parent
_DEVICES = 100


def measure(rounds: int) -> list[Row]:
    """The bare window and the program in turn; the first start of each only warms the disk."""
    bare, first, listing = [], [], []
    with stand(_DEVICES) as tested:
        for turn in range(rounds + 1):
            name = f"start{turn}"
            profile = str(tested.profile(name))
            window = _run("bench_window.py", "start")
            program = _run("bench_start_program.py", tested.url, name, profile, sender=tested)
            if turn:
                bare.append(window[0])
                first.append(program[0])
                listing.append(program[1])
    share, listed = ratio(first, bare), ratio(listing, bare)
    return [
        Row(
            "F",
            "first painted window",
            "ms",
            median(first),
            median(bare),
            None,
            share,
            "0.7 or less",
            share <= 0.7,
        ),
        Row(
            "F",
            "the same, signed in and listing",
            "ms",
            median(listing),
            median(bare),
            None,
            listed,
            "0.7 or less",
            listed <= 0.7,
        ),
    ]


def _run(script: str, *arguments: str, sender: object = None) -> list[float]:
    command = [sys.executable, str(_HERE / script), *arguments, str(time.time())]
    from tests.bench.bench_process import Stand

    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(), cwd=ROOT) as process:
        if isinstance(sender, Stand):
            sender.sender.ask("wait", name=arguments[1])
            sender.sender.ask("flood", name=arguments[1], count=_DEVICES)
        assert process.stdout
        return [float(part) for part in process.stdout.readline().split()]
