"""Runs the scripts of the fault tests: a server and a window each, on a desktop of its own.

All scripts that the chosen tests need start together, some at a time, when the first test asks.
"""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest

from tests.e2e.desktop import Desktop, desktop, wait_until
from tftmonitor.history.schema import FILE_NAME

ROOT = Path(__file__).resolve().parents[2]
_LIMIT_S = 80.0
# Windows at a time: they mostly wait.
_AT_A_TIME = 3


@dataclass(frozen=True)
class Scenario:
    """A script, the server's options, the window's, and in how many runs it is played."""

    script: str
    server: tuple[str, ...]
    window: tuple[str, ...] = ("--user", "tester")
    runs: int = 1
    scale: str = "1"
    screen: tuple[int, int] = (1280, 800)


_FEW, _MANY = ("--devices", "7"), ("--devices", "60")
_LIVELY, _CALM = ("--rate", "20"), ("--rate", "0.01")
_USER = ("--user", "tester")

# By the name of their fixture, the longest first.
SCENARIOS = {
    "links": Scenario("fault_links", (*_FEW, *_LIVELY)),
    "refused": Scenario("fault_refused", (*_FEW, *_LIVELY), window=()),
    "alarms": Scenario("fault_alarms", (*_MANY, *_CALM)),
    "survival": Scenario("fault_survival", (*_FEW, *_CALM, "--no-initial"), runs=2),
    "light": Scenario("fault_keys", (*_FEW, *_LIVELY), (*_USER, "--theme", "light")),
    "dark": Scenario(
        "fault_keys",
        (*_FEW, *_LIVELY),
        (*_USER, "--theme", "dark"),
        scale="1.5",
        screen=(1920, 1080),
    ),
}


@dataclass
class Run:
    """What a script told, by step; the desktop's notifications; where the profile is."""

    profile: Path
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: list[int] = field(default_factory=list)
    stderr: str = ""
    notified: str = ""

    def __getitem__(self, step: str) -> dict[str, Any]:
        assert step in self.steps, self.story
        return self.steps[step]

    @property
    def story(self) -> str:
        """All of it, for the message of a failed test."""
        return f"{list(self.steps)} {self.steps.get('failed')} {self.codes} {self.stderr[-3000:]}"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What is in the database after the end."""
        with closing(sqlite3.connect(self.profile / FILE_NAME)) as database:
            return database.execute(query).fetchall()


class Runs:
    """The scripts that run or ran in this session of tests."""

    def __init__(self) -> None:
        self._futures: dict[str, Future[Run]] = {}
        self._threads = ThreadPoolExecutor(_AT_A_TIME, "scenario")

    def result(self, request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> Run:
        """What came of the scenario whose name the asking fixture bears."""
        name = str(request.fixturename)
        if name not in self._futures:
            for wanted in _wanted(request.session):
                folder = folders.mktemp(wanted)
                job = self._threads.submit(play, SCENARIOS[wanted], folder)
                self._futures[wanted] = job
        run = self._futures[name].result()
        assert "failed" not in run.steps, run.story
        assert run.codes == [-9] * (SCENARIOS[name].runs - 1) + [0], run.story
        assert "Traceback" not in run.stderr, run.story
        assert "Task was destroyed" not in run.stderr, run.story
        return run


RUNS = Runs()


def _wanted(session: pytest.Session) -> list[str]:
    """The scenarios that the chosen tests have a fixture for."""
    used = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    return [name for name in SCENARIOS if name in used]


def play(scenario: Scenario, folder: Path) -> Run:
    """Play one scenario to its end."""
    run = Run(folder / "profile")
    place = folder / "desktop"
    place.mkdir()
    with desktop(place, screen=scenario.screen) as made, serving(scenario.server) as server:
        for _ in range(scenario.runs):
            _open_window(scenario, made, server, run)
        run.notified = made.seen()
    return run


@dataclass
class Served:
    """A running server: where it listens, and how to have something go wrong."""

    urls: tuple[str, str]
    orders: IO[str]

    def obey(self, words: str) -> None:
        self.orders.write(words + "\n")
        self.orders.flush()


@contextmanager
def serving(options: tuple[str, ...]) -> Iterator[Served]:
    command = [sys.executable, "-m", "tests.e2e.fault_server", *options]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            words = process.stdout.readline().split()
            yield Served((words[1], words[3]), process.stdin)
        finally:
            process.stdin.close()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


def _open_window(scenario: Scenario, made: Desktop, server: Served, run: Run) -> None:
    command = [sys.executable, "-m", f"tests.e2e.{scenario.script}", *scenario.window]
    command += ["--profile", str(run.profile)]
    if "--user" in scenario.window:
        command += ["--device-url", server.urls[0], "--message-url", server.urls[1]]
    environment = {**made.env, "QT_SCALE_FACTOR": scenario.scale}
    environment |= {"FAULT_DEVICE_URL": server.urls[0], "FAULT_MESSAGE_URL": server.urls[1]}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    if "--user" in scenario.window:
        environment["TFTMONITOR_PASSWORD"] = "secret"
    log = made.folder / "window.log"
    with (
        log.open("ab") as errors,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT
        ) as process,
    ):
        assert process.stdout is not None
        limit = threading.Timer(_LIMIT_S, process.kill)
        limit.start()
        for line in process.stdout:
            _take(json.loads(line), made, server, run, process)
        run.codes.append(process.wait())
        limit.cancel()
    run.stderr = log.read_text(errors="replace")


def _take(
    told: dict[str, Any],
    made: Desktop,
    server: Served,
    run: Run,
    process: subprocess.Popen[str],
) -> None:
    step = told["step"]
    if step == "fault":
        server.obey(told["words"])
        return
    if step == "desk":
        wait_until(lambda: made.shown() > 0, "a notification")
        told |= {"docked": len(made.docked()), "shown": made.shown()}
    elif step == "kill":
        process.kill()
    run.steps[step] = told
