"""The window as a process, on a real display with a real tray and notification daemon."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.desktop import Desktop, desktop, missing_programs, wait_until

PROGRAM = Path(__file__).with_name("window_program.py")
ROOT = PROGRAM.parent.parent.parent

pytestmark = pytest.mark.skipif(
    bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    folder = tmp_path / "desktop"
    folder.mkdir()
    with desktop(folder) as made:
        made.env["PYTHONPATH"] = str(ROOT)
        yield made


@pytest.fixture
def server() -> Iterator[tuple[str, str]]:
    command = [sys.executable, "-m", "tftmonitor", "simulate", "--devices", "8", "--seed", "3"]
    command += ["--device-port", "0", "--message-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        words = process.stdout.readline().split()
        yield words[1], words[3]
        process.terminate()
        assert process.wait(10) == 0


def use_window(screen: Desktop, server: tuple[str, str], profile: Path) -> dict[str, Any]:
    """What the script told, by step, and the exit code."""
    command = [sys.executable, str(PROGRAM), "--profile", str(profile), "--user", "tester"]
    command += ["--device-url", server[0], "--message-url", server[1]]
    environment = {**screen.env, "TFTMONITOR_PASSWORD": "secret"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=90, check=False, cwd=ROOT
    )
    steps = {line["step"]: line for line in map(json.loads, done.stdout.splitlines())}
    steps["exit"] = {"code": done.returncode, "stderr": done.stderr}
    return steps


def test_person_selects_sees_hears_acknowledges_closes_and_quits(
    screen: Desktop, server: tuple[str, str], tmp_path: Path
) -> None:
    steps = use_window(screen, server, tmp_path / "profile")
    assert "failed" not in steps, steps
    assert steps["plots"]["selected"] == steps["plots"]["wanted"]
    assert steps["alarm"]["name"] in screen.seen()
    assert steps["acknowledged"]["needs_ack"] is False
    assert steps["closed"]["visible"] is False
    wait_until(lambda: "tftmonitor goes on watching" in screen.seen(), "the notice of the tray")
    assert steps["ended"]["threads"] == []
    assert steps["exit"]["code"] == 0, steps["exit"]["stderr"]
    assert "Task was destroyed" not in steps["exit"]["stderr"]
    assert "Traceback" not in steps["exit"]["stderr"]


def test_window_without_a_display_says_how_to_see_it(tmp_path: Path) -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    done = subprocess.run(
        [sys.executable, "-m", "tftmonitor", "--demo", "--profile", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 2
    assert "no display" in done.stderr
    assert "--screenshot" in done.stderr


def test_picture_of_a_window_that_nobody_signed_in(tmp_path: Path) -> None:
    file = tmp_path / "window.png"
    command = ["-m", "tftmonitor", "--profile", str(tmp_path / "profile"), "--screenshot", file]
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert file.stat().st_size > 10_000
