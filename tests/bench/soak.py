"""The soak: the program against the simulator for hours or days, a line of figures a minute.

``python3 dev.py bench soak --hours 48``; ends with Ctrl-C. What grows for ever leaks.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.bench_process import ROOT, Child, environment

_HEAD = ("minutes", "messages", "RSS MiB", "objects", "tasks", "threads", "handles", "open alarms")
# Trouble comes back for ever, because that is what days are made of.
_FAULTS = ("drop@300:every=600", "alarms@120:n=50,every=900", "late@200:n=100,every=700")


def main(arguments: list[str]) -> int:
    """Run until the time is over or somebody has seen enough."""
    parser = argparse.ArgumentParser(prog="dev.py bench soak")
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--devices", type=int, default=1_000)
    parser.add_argument("--rate", type=float, default=200.0, help="messages a second")
    parser.add_argument("--every", type=float, default=60.0, help="seconds between two lines")
    options = parser.parse_args(arguments)
    faults = [word for fault in _FAULTS for word in ("--fault", fault)]
    command = [sys.executable, "-m", "tftmonitor", "simulate", "--device-port", "0"]
    command += ["--message-port", "0", "--devices", str(options.devices)]
    command += ["--rate", str(options.rate), *faults]
    with (
        tempfile.TemporaryDirectory(prefix="soak-") as folder,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, env=environment(), cwd=ROOT, text=True
        ) as simulator,
    ):
        assert simulator.stdout
        _, devices, _, messages = simulator.stdout.readline().split()
        program = Child("bench_program.py", devices, "soak", str(Path(folder, "p")), messages)
        try:
            _watch(program, options.hours * 3600, options.every)
        except KeyboardInterrupt:
            print("ended")
        finally:
            program.end()
            simulator.terminate()
    return 0


def _watch(program: Child, seconds: float, every_s: float) -> None:
    start_s = time.monotonic()
    program.ask("sleep", seconds=5)
    program.ask("look")
    print("  ".join(f"{title:>11}" for title in _HEAD))
    while (elapsed_s := time.monotonic() - start_s) < seconds:
        found = program.ask("health")
        figures = (elapsed_s / 60, *(found[title] for title in _HEAD[1:]))
        print("  ".join(f"{figure:>11,.1f}" for figure in figures), flush=True)
        time.sleep(min(every_s, max(0.1, seconds - elapsed_s)))
