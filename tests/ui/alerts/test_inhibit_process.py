import stat
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tftmonitor.base.tasks import TaskScope
from tftmonitor.ui.alerts.inhibit_process import ProcessInhibitor
from tftmonitor.ui.alerts.keep_awake import KeepAwake

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")


def program(folder: Path, script: str) -> str:
    path = folder / "caffeinate"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return str(path)


def test_program_runs_as_long_as_it_is_wanted(qtbot: QtBot, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    script = f'echo $$ "$@" > {pid}.new; mv {pid}.new {pid}; exec sleep 60'
    awake = KeepAwake(TaskScope(), ProcessInhibitor(program(tmp_path, script)))
    awake.set(True)
    qtbot.waitUntil(lambda: pid.exists() and awake.state == "Kept awake")
    number, *arguments = pid.read_text().split()
    assert arguments[:2] == ["-i", "-w"]
    awake.set(False)
    assert not Path(f"/proc/{number}").exists()
    assert awake.state == ""


def test_program_that_is_missing_is_reported(qtbot: QtBot, tmp_path: Path) -> None:
    awake = KeepAwake(TaskScope(), ProcessInhibitor(str(tmp_path / "none")))
    awake.set(True)
    qtbot.waitUntil(lambda: awake.state.startswith("Not possible on this desktop: "))
    awake.set(False)


def test_program_that_ends_is_reported_with_its_exit_code(qtbot: QtBot, tmp_path: Path) -> None:
    inhibitor = ProcessInhibitor(program(tmp_path, "exit 3"))
    awake = KeepAwake(TaskScope(), inhibitor)
    awake.set(True)
    qtbot.waitUntil(lambda: "caffeinate stopped with code 3" in awake.state)
    awake.set(False)


def test_program_that_is_killed_is_reported_once(qtbot: QtBot, tmp_path: Path) -> None:
    reports: list[tuple[bool, str]] = []
    inhibitor = ProcessInhibitor(program(tmp_path, "kill -9 $$"))
    inhibitor.inhibit(lambda inhibited, reason: reports.append((inhibited, reason)))
    qtbot.waitUntil(lambda: len(reports) == 2)
    qtbot.wait(50)
    assert [inhibited for inhibited, _ in reports] == [True, False]
    assert reports[1][1].endswith("caffeinate stopped with code 9")
