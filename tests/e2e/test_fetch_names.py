"""Names and last reports in the real window, from the real simulator, by tick and by menu."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.watch_pair import LIMIT_S, ROOT, environment
from tftmonitor.simulator.fleet.world import World

DEVICES = 6
PROGRAM = ["-m", "tests.e2e.fetch_names_program"]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="not tried")


@pytest.fixture
def urls() -> Iterator[list[str]]:
    """A fleet that reports next to nothing by itself, and its three addresses."""
    command = [sys.executable, "-m", "tftmonitor", "simulate", "--no-initial", "--rate", "1"]
    command += ["--devices", str(DEVICES), "--device-port", "0", "--message-port", "0"]
    with subprocess.Popen(
        [*command, "--http-port", "0"], cwd=ROOT, env=environment(), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        words = process.stdout.readline().decode().split()
        assert words[::2] == ["devices", "messages", "http"]
        yield words[1::2]
        process.terminate()


def test_list_is_full_with_names_and_can_be_asked_for_again(
    urls: list[str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, *PROGRAM, str(tmp_path), *urls],
        cwd=ROOT,
        env=environment() | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=LIMIT_S + 30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["names"] == sorted(World(DEVICES, 1, 0).names().values())
    assert said["asked"] > 0
    assert len(said["told"]) == 2
    for told in said["told"]:
        assert told.startswith("Fetched from 127.0.0.1:")
        assert f"{DEVICES} devices, {DEVICES} names" in told
    log = "".join(file.read_text("utf-8", "replace") for file in tmp_path.glob("*.log"))
    assert "access-token" not in log + done.stderr
