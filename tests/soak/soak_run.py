"""The soak with faults: hours of trouble for the real window, and what it has to say for itself.

``python3 dev.py soak --faults --hours 2``: needs the programs of the window tests (Linux).
"""

import argparse
import contextlib
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.e2e.desktop import Desktop, desktop, missing_programs, wait_until
from tests.soak.figures import Figures
from tests.soak.ledger import due, faults_of, raised, read_log
from tests.soak.soak_faults import SoakFault, each_kind, faults
from tftmonitor.history.schema import FILE_NAME

ROOT = Path(__file__).resolve().parents[2]
# Of the program's time: a sign-in that is turned away twice is tried again after a minute each.
_LIVE_WITHIN_S = 240.0
_LEAST_S = 60.0
_SETTLES_S = 10.0
_TO_SERVER = frozenset({"drop", "goodbye", "stall", "down", "refuse", "burst"})
# A clock that is wrong is right again after so many real seconds.
_WRONG_S = 6.0
_NO_LIMIT = resource.RLIM_INFINITY


class Soak:
    """A desktop, a server and a window that is started again when it was killed."""

    def __init__(self, folder: Path, made: Desktop, options: argparse.Namespace) -> None:
        self.profile, self.log = folder / "profile", folder / "server.jsonl"
        self.figures = Figures(folder / "figures.jsonl")
        self.counts: Counter[str] = Counter()
        # Stretches (s since 1970) in which nobody could have received anything.
        self.outages: list[tuple[float, float]] = []
        self._desktop, self._folder = made, folder
        self._start_s, self._speed = time.time(), options.speed
        self.log.touch()
        arguments = [self._start_s, options.speed, options.devices, options.rate, self.log]
        self._server = self._start("tests.soak.soak_server", map(str, arguments), dict(os.environ))
        assert self._server.stdout
        self._urls = self._server.stdout.readline().split()
        self._window = self._open()

    def _start(
        self, module: str, arguments: Iterable[str], env: dict[str, str]
    ) -> subprocess.Popen[str]:
        errors = (self._folder / f"{module.rpartition('.')[2]}.log").open("a")
        with errors:
            return subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=env | {"PYTHONPATH": str(ROOT)},
                text=True,
                cwd=ROOT,
            )

    def _open(self) -> subprocess.Popen[str]:
        arguments = [str(self._start_s), str(self._speed)]
        arguments += ["--profile", str(self.profile), "--user", "soak"]
        arguments += ["--device-url", self._urls[0], "--message-url", self._urls[1]]
        environment = {**self._desktop.env, "TFTMONITOR_PASSWORD": "secret"}
        process = self._start("tests.soak.soak_window", arguments, environment)
        assert process.stdout
        self.figures.begin(process.stdout)
        return process

    def play(self, fault: SoakFault) -> None:
        """Have it go wrong, and end what lasts. AssertionError when the window has ended."""
        assert self._window.poll() is None, f"the window ended with {self._window.poll()}"
        self.counts[fault.kind] += 1
        if fault.kind in _TO_SERVER:
            self._tell(self._server, f"{fault.kind} {fault.amount}")
            return
        getattr(self, f"_{fault.kind}")(fault.amount)

    def await_live(self, why: str) -> None:
        """Until both channels stand and every step of the alarm path works."""
        what = f"the window to be live after {why}"
        wait_until(self.figures.is_well, what, max(_LEAST_S, _LIVE_WITHIN_S / self._speed))

    def end(self) -> int:
        """End both in order; the window's exit code."""
        self._close(self._window)
        code = self._window.wait(30)
        self._close(self._server)
        self._server.wait(30)
        return code

    def abandon(self) -> None:
        """Leave no process behind, whatever has happened."""
        for process in (self._window, self._server):
            if process.poll() is None:
                process.kill()
                process.wait()

    def _kill(self, _amount: float) -> None:
        began_s = time.time()
        self._window.kill()
        self._window.wait()
        self._window = self._open()
        self.await_live("a kill")
        self.outages.append((began_s, time.time()))

    def _stop(self, seconds: float) -> None:
        # What is sent meanwhile waits in the socket, and has to arrive.
        self._window.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._window.send_signal(signal.SIGCONT)

    _sleep = _stop

    def _clock(self, ahead_s: float) -> None:
        self._tell(self._window, f"set {ahead_s}")
        time.sleep(_WRONG_S)
        self._tell(self._window, "set 0")

    def _lock(self, seconds: float) -> None:
        with contextlib.closing(sqlite3.connect(self.profile / FILE_NAME, timeout=5)) as other:
            with contextlib.suppress(sqlite3.OperationalError):
                other.execute("BEGIN EXCLUSIVE")
            time.sleep(seconds)

    def _full(self, seconds: float) -> None:
        # No file of this process may grow: what a full disk says.
        least = 4_096
        resource.prlimit(self._window.pid, resource.RLIMIT_FSIZE, (least, _NO_LIMIT))
        time.sleep(seconds)
        resource.prlimit(self._window.pid, resource.RLIMIT_FSIZE, (_NO_LIMIT, _NO_LIMIT))

    def _notices(self, seconds: float) -> None:
        self._desktop.kill("dunst")
        time.sleep(seconds)
        self._desktop.start_notifications()

    def _tray(self, seconds: float) -> None:
        self._desktop.kill("tray")
        time.sleep(seconds)
        self._desktop.start_tray()

    def _tell(self, process: subprocess.Popen[str], order: str) -> None:
        assert process.stdin
        process.stdin.write(order + "\n")
        process.stdin.flush()

    def _close(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        process.stdin.close()


def judge(soak: Soak, code: int) -> list[str]:
    """What did not hold, in words."""
    problems = [] if code == 0 else [f"the window ended with exit code {code}"]
    sent, ended = read_log(soak.log)
    wanted = due(sent, ended, soak.outages)
    found = raised(soak.profile / FILE_NAME)
    lost, twice = faults_of(wanted, found)
    print(
        f"alarms: {len(sent)} sent, {len(wanted)} of them on a live connection; "
        f"{len(lost)} of these lost, {len(twice)} in the journal more than once"
    )
    problems += [f"lost: {', '.join(lost[:10])}"] if lost else []
    problems += [f"more than once: {', '.join(twice[:10])}"] if twice else []
    return problems + soak.figures.growth()


def run(made: Desktop, folder: Path, plan: Iterable[SoakFault], options: argparse.Namespace) -> int:
    """Play the plan; 0 when all held."""
    soak = Soak(folder, made, options)
    try:
        soak.await_live("the start")
        next_line_s = time.monotonic() + options.every
        for fault in plan:
            time.sleep(fault.after_s)
            with (folder / "faults.log").open("a") as log:
                log.write(f"{time.time():.2f} {fault.kind} {fault.amount}\n")
            soak.play(fault)
            if time.monotonic() > next_line_s:
                next_line_s = time.monotonic() + options.every
                print(soak.figures.line(), dict(soak.counts), flush=True)
        soak.await_live("the last fault")
        time.sleep(_SETTLES_S)
        problems = judge(soak, soak.end())
    finally:
        soak.abandon()
    print(f"faults: {dict(soak.counts)}")
    print("held" if not problems else "DID NOT HOLD: " + "; ".join(problems))
    return 1 if problems else 0


def main(arguments: list[str]) -> int:
    """The command ``dev.py soak``."""
    parser = argparse.ArgumentParser(prog="dev.py soak", description=__doc__)
    parser.add_argument("--faults", action="store_true", help="with random faults")
    parser.add_argument("--hours", type=float, default=2.0, help="that pass for the program")
    parser.add_argument(
        "--speed", type=float, default=4.0, help="of its clock; limits of sockets stay real"
    )
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--rate", type=float, default=20.0, help="snapshots a real second")
    parser.add_argument("--every", type=float, default=60.0, help="real seconds between two lines")
    parser.add_argument("--once", action="store_true", help="each kind once, and no hours")
    parser.add_argument("--folder", type=Path, help="for logs and profile; else thrown away")
    options, rest = parser.parse_known_args(arguments)
    if not options.faults:
        from tests.bench import soak

        return soak.main(arguments)
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if missing := missing_programs():
        parser.error(f"not installed: {', '.join(missing)}")
    seconds = options.hours * 3600 / options.speed
    plan = each_kind(options.seed) if options.once else faults(options.seed, seconds)
    print(f"seed {options.seed}, {seconds / 60:.0f} minutes of {options.hours:g} hours", flush=True)
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as thrown_away:
        folder = (options.folder or Path(thrown_away)).resolve()
        (folder / "desktop").mkdir(parents=True)
        with desktop(folder / "desktop") as made:
            return run(made, folder, plan, options)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
