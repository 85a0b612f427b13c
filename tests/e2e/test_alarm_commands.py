"""`alarms` and `ack` on a window that runs, one that was closed, and one that was killed."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.watch_pair import LIMIT_S, ROOT, Command, Simulate, environment, wait_for
from tftmonitor.history.journal import JournalError
from tftmonitor.history.journal_reader import read_alarms
from tftmonitor.history.schema import FILE_NAME

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes of Windows were not tried")

FIELDS = [
    *("id", "device", "imei", "name", "severity", "state", "active", "acknowledged", "count"),
    *("first", "last", "device_time", "late", "sources", "code", "place", "rings"),
]
FLOOD = ("--devices", "8", "--rate", "5", "--fault", "alarms@0.5:every=2,n=4")


class Window(Command):
    """The window of a profile as a process of its own, without a display."""

    def __init__(self, folder: Path, server: Simulate) -> None:
        self.profile = folder / "profile"
        options = ("--user", "demo", "--profile", str(self.profile), *server.urls)
        super().__init__(folder, "--theme", "dark", *options, QT_QPA_PLATFORM="offscreen")

    def wait_for_alarms(self, count: int) -> list[dict[str, Any]]:
        """What waits, once it is so many."""
        wait_for(lambda: kept(self.profile) >= count, f"alarms {self.words}")
        return waiting(self.profile)


def kept(profile: Path) -> int:
    """How many open alarms the journal has; none while the window still makes it."""
    with suppress(JournalError):
        return len(list(read_alarms(profile, only_open=True)))
    return 0


def call(profile: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run_python(profile, "-m", "tftmonitor", *words)


def run_python(profile: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words, "--profile", str(profile)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def alarms(profile: Path, *words: str) -> list[dict[str, Any]]:
    done = call(profile, "alarms", "--json", *words)
    return [json.loads(line) for line in done.stdout.splitlines()]


def waiting(profile: Path) -> list[dict[str, Any]]:
    found = alarms(profile)
    return [alarm for alarm in found if alarm["state"] in {"active", "returned"}]


def acknowledged(profile: Path) -> list[tuple[int, str]]:
    """Each acknowledgement in the journal: number and operator."""
    with closing(sqlite3.connect(profile / FILE_NAME)) as database:
        query = "SELECT alarm_id, body FROM journal WHERE kind = 'acknowledged' ORDER BY seq"
        return [(n, json.loads(body).get("who", "")) for n, body in database.execute(query)]


def starts(profile: Path) -> int:
    """How often a window took the journal over."""
    with closing(sqlite3.connect(profile / FILE_NAME)) as database:
        query = "SELECT count(*) FROM journal WHERE kind = 'restored'"
        return int(database.execute(query).fetchone()[0])


def ack(profile: Path, *words: str) -> tuple[int, list[dict[str, Any]]]:
    done = call(profile, "ack", "--json", *words)
    assert "Traceback" not in done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def end(window: Window, number: signal.Signals) -> None:
    code = window.end(number)
    assert code == (0 if number is signal.SIGTERM else -number)
    assert "Traceback" not in window.words


def test_running_window_lists_and_acknowledges(tmp_path: Path) -> None:
    with Simulate(tmp_path, *FLOOD) as server, Window(tmp_path, server) as window:
        found = window.wait_for_alarms(2)
        assert list(found[0]) == FIELDS
        assert all(alarm["rings"] >= 1 and alarm["imei"] for alarm in found)
        first, second = found[0]["id"], found[1]["id"]
        code, answers = ack(window.profile, str(first), "987654", "--as", "night shift")
        assert code == 4
        assert [(a["id"], a["result"]) for a in answers] == [
            (first, "acknowledged"),
            (987_654, "unknown"),
        ]
        assert answers[0]["alarm"]["acknowledged"] is True
        assert acknowledged(window.profile) == [(first, "night shift")]
        assert ack(window.profile, str(first))[1][0]["result"].startswith("already")
        code, answers = ack(window.profile, "--all")
        assert code == 0
        assert second in {answer["id"] for answer in answers}
        assert not {a["id"] for a in waiting(window.profile)} & {a["id"] for a in answers}
        assert [who for number, who in acknowledged(window.profile) if number == first] == [
            "night shift"
        ]
        end(window, signal.SIGTERM)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_window_that_is_gone_is_answered_from_its_journal(
    tmp_path: Path, number: signal.Signals
) -> None:
    with Simulate(tmp_path, *FLOOD) as server, Window(tmp_path, server) as window:
        profile = window.profile
        window.wait_for_alarms(2)
        end(window, number)
        left = waiting(profile)
        assert len(left) >= 2
        first = left[0]["id"]
        code, answers = ack(profile, str(first), "--as", "night shift")
        assert (code, [a["result"] for a in answers]) == (0, ["acknowledged"])
        code, answers = ack(profile, "--all")
        assert (code, [a["id"] for a in answers]) == (0, [a["id"] for a in left[1:]])
        assert waiting(profile) == []
        every = alarms(profile, "--all")
        assert {a["id"] for a in every} >= {a["id"] for a in left}
        rows = acknowledged(profile)
        assert rows == [(first, "night shift"), *((a["id"], "command line") for a in left[1:])]
    rings = {alarm["id"]: alarm["rings"] for alarm in alarms(profile, "--all")}
    # The next window takes over what was acknowledged without one, and rings for none of it.
    with Simulate(tmp_path, "--devices", "2") as server, Window(tmp_path, server) as heir:
        wait_for(lambda: starts(profile) == 2, "the next window")
        now = {alarm["id"]: alarm["rings"] for alarm in alarms(profile, "--all")}
        assert rings.items() <= now.items()
        end(heir, signal.SIGTERM)


def test_window_that_stands_still_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    with Simulate(tmp_path, *FLOOD) as server, Window(tmp_path, server) as window:
        found = window.wait_for_alarms(2)
        window.process.send_signal(signal.SIGSTOP)
        done = call(window.profile, "ack", str(found[0]["id"]))
        assert done.returncode == 1
        assert "does not answer" in done.stderr
        assert acknowledged(window.profile) == []
        assert waiting(window.profile)
        window.process.send_signal(signal.SIGCONT)
        code, _ = ack(window.profile, str(found[0]["id"]))
        assert code == 0
        assert len(acknowledged(window.profile)) == 1
        end(window, signal.SIGTERM)


@pytest.mark.parametrize("words", ["alarms", "ack 1"])
def test_commands_never_import_qt(tmp_path: Path, words: str) -> None:
    script = (
        "import sys; from tftmonitor.cli import main; code = main(sys.argv[1:]);"
        "bad = [m for m in sys.modules if m.split('.')[0] in "
        "{'PySide6', 'shiboken6', 'qasync', 'pyqtgraph'} or m.startswith('tftmonitor.ui')];"
        "sys.exit(str(bad) if bad else code)"
    )
    child = run_python(tmp_path, "-c", script, *words.split())
    assert child.returncode == 1
    assert "no journal" in child.stderr
