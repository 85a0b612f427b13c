"""Whatever moment the program dies at, the journal knows what was shown."""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import msgspec
import pytest

from tftmonitor.base.clock import SystemClock
from tftmonitor.history.journal import Journal
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.alarm import Alarm

CHILD = Path(__file__).with_name("journal_child.py")
ROOT = Path(__file__).parents[2]
KILLS = 100

# How far each state is in the life of one alarm. Once shown, it may only go on from there.
PROGRESS = {"active": 0, "returned": 1, "acknowledged": 2, "closed": 3}


def start(profile: Path, seed: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(CHILD), str(profile), str(seed)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def run_until_killed(child: subprocess.Popen[bytes], work_s: float) -> list[tuple[int, str, int]]:
    """What the child showed before it was killed after so much work."""
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    time.sleep(work_s)
    child.send_signal(signal.SIGKILL)
    out, _ = child.communicate()
    assert child.returncode == -signal.SIGKILL, "the child ended by itself"
    shown = []
    for line in out.splitlines(keepends=True):
        if line.endswith(b"\n"):  # half a line was never painted
            number, state, count = line.split()
            shown.append((int(number), state.decode(), int(count)))
    return shown


def next_start(profile: Path) -> dict[int, Alarm]:
    """The open alarms that the next start of the program takes over."""
    journal = Journal.open(profile / FILE_NAME, SystemClock())
    assert journal.notice == ""
    try:
        return {alarm.id: alarm for alarm in journal.load().alarms}
    finally:
        journal.close()


def on_disk(profile: Path, number: int) -> Alarm:
    """An alarm as the file holds it, open or closed."""
    with contextlib.closing(sqlite3.connect(profile / FILE_NAME)) as database:
        row = database.execute("SELECT body FROM alarms WHERE id = ?", (number,)).fetchone()
    assert row is not None, f"alarm {number} was shown and is not on disk at all"
    return msgspec.json.decode(row[0], type=Alarm)


def losses(profile: Path, shown: dict[int, tuple[str, int]], left: dict[int, Alarm]) -> list[str]:
    """What was shown and is not so after the next start."""
    found = []
    for number, (state, count) in shown.items():
        if state == "closed" and number not in left:
            continue
        kept = left.get(number) or on_disk(profile, number)
        # What had returned may have come again, on disk but not yet shown.
        again = state == "returned" and kept.count > count
        if PROGRESS[kept.state.value] < PROGRESS[state] and not again:
            found.append(f"alarm {number} was shown as {state} and is {kept.state.value} again")
        if number not in left and kept.acknowledged_ms is None:
            found.append(f"alarm {number} was shown as {state} and is lost")
        if kept.count < count:
            found.append(f"alarm {number} was shown with count {count} and has {kept.count}")
    return found


def contradictions(profile: Path) -> list[str]:
    """Where the journal and the alarms, which are written together, tell different stories."""
    journal = Journal.open(profile / FILE_NAME, SystemClock())
    told: dict[int, Counter[str]] = defaultdict(Counter)
    alarms = {}
    for entry in journal.read(1_000_000):
        if entry.alarm is not None:
            told[entry.alarm.id][entry.kind] += 1
            alarms[entry.alarm.id] = entry.alarm
    journal.close()
    found = [f"open alarm {number} is in no entry" for number in next_start(profile).keys() - told]
    for number, alarm in alarms.items():
        if told[number]["raised"] != alarm.count and alarm.count <= 10:
            found.append(f"alarm {number} came {alarm.count} times, journalled are {told[number]}")
        if (alarm.acknowledged_ms is not None) != bool(told[number]["acknowledged"]):
            found.append(f"alarm {number} is {alarm.state}, journalled are {told[number]}")
    return found


@pytest.mark.timeout(300)
def test_nothing_shown_is_lost_or_undone_by_being_killed_a_hundred_times(tmp_path: Path) -> None:
    chance = random.Random(20261)
    shown: dict[int, tuple[str, int]] = {}
    lines = acknowledged = 0
    for kill in range(KILLS):
        told = run_until_killed(start(tmp_path, kill), chance.uniform(0.01, 0.06))
        shown.update({number: (state, count) for number, state, count in told})
        lines += len(told)
        acknowledged += sum(state == "acknowledged" for _, state, _ in told)
        left = next_start(tmp_path)
        assert losses(tmp_path, shown, left) == [], f"after kill {kill + 1}"
        # From here on the restart is the truth: what was on disk and not yet shown counts too.
        shown = {n: (alarm.state.value, alarm.count) for n, alarm in left.items()}
    assert contradictions(tmp_path) == []
    assert lines > KILLS * 5
    assert acknowledged > KILLS
