"""Real disks: full, gone, locked by another program, none at all; and real kills at the start."""

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tftmonitor.app.program import EXIT_ALARMS_LOST
from tftmonitor.app.run import EXIT_IN_USE
from tftmonitor.base.clock import SystemClock
from tftmonitor.history.journal import Journal
from tftmonitor.history.profile_lock import ProfileLock
from tftmonitor.history.schema import FILE_NAME

CHILD = Path(__file__).with_name("disk_child.py")
ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
KILLS = 12

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.skipif(sys.platform == "win32", reason="kills and limits are POSIX"),
]


def _fails(command: list[str]) -> bool:
    return bool(subprocess.run(command, check=False, capture_output=True).returncode)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)]
    if shutil.which("mount") is None or _fails(mount):
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def start(profile: Path, seconds: float, per_s: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(CHILD), str(profile), str(seconds), str(per_s)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=ENVIRONMENT,
    )


def journalled(profile: Path) -> Counter[str]:
    """How often each alarm was raised, after a start that takes up what lies beside."""
    with contextlib.closing(Journal.open(profile / FILE_NAME, SystemClock())) as journal:
        journal.load()
        return Counter(
            entry.alarm.key.removeprefix("rule:")
            for entry in journal.read(100_000)
            if entry.kind == "raised" and entry.alarm is not None
        )


def test_alarms_of_a_disk_that_fills_up_are_in_the_journal_once(small_disk: Path) -> None:
    child = start(small_disk, 3, 300)
    out, _ = child.communicate("")
    assert child.returncode == 0
    (mark,) = [line for line in out.splitlines() if line.startswith("mark")]
    assert "the disk is full" in mark
    assert "aside \n" in out  # all of it is beside
    raised = sum(line[0].isdigit() for line in out.splitlines())
    subprocess.run(["mount", "-o", "remount,size=40m", str(small_disk)], check=True)
    found = journalled(small_disk)
    assert len(found) == raised
    assert set(found.values()) == {1}


def test_no_alarm_older_than_50_ms_is_lost_by_a_kill_in_the_first_seconds(tmp_path: Path) -> None:
    chance = random.Random(3)
    oldest_s = []
    for kill in range(KILLS):
        profile = tmp_path / str(kill)
        child = start(profile, 60, 100)
        assert child.stdout is not None
        assert child.stdout.readline() == "begin\n"
        time.sleep(chance.uniform(0.02, 1.5))
        child.kill()
        killed_s = time.monotonic()
        # What the stream has read ahead belongs to it.
        out = child.stdout.read()
        child.communicate()
        put = [line.split() for line in out.splitlines(keepends=True) if line.endswith("\n")]
        with contextlib.closing(sqlite3.connect(profile / FILE_NAME)) as database:
            query = "SELECT json_extract(body, '$.key') FROM alarms"
            kept = {key.removeprefix("rule:") for (key,) in database.execute(query)}
        lost = [killed_s - float(at_s) for number, at_s in put if number not in kept]
        oldest_s.append(max(lost, default=0.0))
    # One may meet another program's flush.
    assert sorted(oldest_s)[-2] <= 0.05, oldest_s


def run_window(
    profile: Path, *more: str, limit: Callable[[], None] | None = None
) -> tuple[int, str]:
    command = [sys.executable, "-m", "tftmonitor", "--profile", str(profile), "--demo", *more]
    beside = next(folder for folder in profile.parents if folder.is_dir())
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**ENVIRONMENT, "XDG_RUNTIME_DIR": str(beside)},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )
    return done.returncode, done.stderr


def test_alarms_that_nothing_takes_are_said_and_the_exit_code_is_not_0(tmp_path: Path) -> None:
    import resource

    def no_file_grows() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    code, said = run_window(tmp_path, "--exit-after", "4", limit=no_file_grows)
    assert code == EXIT_ALARMS_LOST
    assert "could not be kept anywhere" in said
    assert str(tmp_path) in said


@pytest.mark.parametrize("kind", ["file", "below a file", "too long"])
def test_profile_that_is_none_has_a_window_all_the_same(tmp_path: Path, kind: str) -> None:
    profile = {
        "file": tmp_path / "file",
        "below a file": tmp_path / "file" / "profile",
        "too long": tmp_path / ("x" * 300),
    }[kind]
    (tmp_path / "file").write_text("")
    picture = tmp_path / "window.png"
    code, said = run_window(profile, "--screenshot", str(picture), "--exit-after", "3")
    assert code == 0, said
    assert "the profile cannot be used" in said
    assert picture.stat().st_size > 10_000


def test_second_program_on_a_profile_refuses_with_words(tmp_path: Path) -> None:
    lock = ProfileLock.take(tmp_path)
    assert lock is not None
    with lock:
        code, said = run_window(tmp_path, "--exit-after", "3")
    assert code == EXIT_IN_USE
    assert f"in use by process {os.getpid()} on computer" in said
    assert not (tmp_path / FILE_NAME).exists()
