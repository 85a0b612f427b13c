"""The window as a process that records: killed, started again, ended, and beside a recorder."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from tests.integration.recorder_kills import (
    EVER,
    await_frames,
    await_live,
    differences,
    kill_again_and_again,
    logged,
    recorder,
    simulator,
    window,
)
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.stored import FILE_NAME

KILLS = 4
LIMIT_S = 40.0

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(sys.platform == "win32", reason="kills and limits are POSIX"),
]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "sent.log"


@pytest.fixture
def urls(log: Path) -> Iterator[list[str]]:
    with simulator(log, "--devices", "30", "--rate", "200") as found:
        yield found


class Window:
    """One window with its figures, a line a second."""

    def __init__(self, profile: Path, urls: list[str], *more: str) -> None:
        self.figures = profile.with_name(f"{profile.name}-{time.monotonic_ns()}.jsonl")
        self.child = window(profile, urls, "--diagnostics", str(self.figures), *more)

    def line(self) -> dict[str, object]:
        """The newest figures; none before the first."""
        lines = self.figures.read_bytes().splitlines() if self.figures.exists() else []
        return msgspec.json.decode(lines[-1]) if lines else {}

    def until(self, holds: Callable[[dict[str, object]], bool]) -> dict[str, object]:
        """Its figures once they are so."""
        end_s = time.monotonic() + LIMIT_S
        while not holds(line := self.line()):
            assert self.child.poll() is None, "the window ended by itself"
            assert time.monotonic() < end_s, f"waited in vain: {line}"
            time.sleep(0.05)
        return line

    def end(self) -> int:
        """End it in order; its exit code."""
        self.child.send_signal(signal.SIGTERM)
        self.child.communicate(timeout=LIMIT_S)
        return self.child.returncode


@pytest.fixture
def start(tmp_path: Path, urls: list[str]) -> Iterator[Callable[..., Window]]:
    started: list[Window] = []

    def begin(*more: str, profile: Path = tmp_path / "profile") -> Window:
        started.append(Window(profile, urls, *more))
        return started[-1]

    yield begin
    for made in started:
        if made.child.poll() is None:
            os.killpg(made.child.pid, signal.SIGKILL)
            made.child.communicate()


def test_what_is_half_a_second_old_outlives_kills_of_the_window(tmp_path: Path) -> None:
    assert kill_again_and_again(tmp_path, KILLS, random.Random(15), of_window=True) == []


def test_window_that_is_told_to_end_has_all_on_disk(
    start: Callable[..., Window], tmp_path: Path, log: Path
) -> None:
    profile = tmp_path / "profile"
    shown = start()
    shown.until(lambda line: line.get("recording") == "Recording")
    await_frames(shown.child, log, 0)
    time.sleep(1.0)
    assert shown.end() == 0
    assert not (profile / f"{FILE_NAME}-wal").exists()
    sent = logged(log.read_bytes())
    due = {key: len(frames) - 20 for key, frames in sent.items()}
    assert differences(profile, sent, due) == []


def test_list_is_full_with_true_ages_after_a_kill_and_before_anything_reports(
    start: Callable[..., Window], tmp_path: Path, log: Path
) -> None:
    profile = tmp_path / "profile"
    shown = start()
    shown.until(lambda line: line.get("devices") == 30)
    time.sleep(1.0)
    os.killpg(shown.child.pid, signal.SIGKILL)
    shown.child.communicate()
    # A server that lets nobody in: whatever is shown is of the former run.
    told = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("restored_child.py")), str(profile)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "TFTMONITOR_PASSWORD": "secret"},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
    )
    found = msgspec.json.decode(told.stdout.splitlines()[-1])
    with contextlib.closing(HistoryReader(profile)) as reader:
        last = {frame.device: frame.received_ms for frame in reader.last_frames()}
    assert len(last) == 30
    assert found["received_ms"] == last
    assert found["rows"] == 30
    assert all("from the history" in words for words in found["words"])
    assert found["within_s"] < 5.0


def test_window_beside_a_recorder_says_so_and_takes_over(
    start: Callable[..., Window], tmp_path: Path, urls: list[str]
) -> None:
    profile = tmp_path / "profile"
    child = recorder(profile, urls)
    await_live(child)
    shown = start()
    shown.until(lambda line: line.get("recording") == "Recorder at work")
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=LIMIT_S)
    shown.until(lambda line: line.get("recording") == "Recording")
    time.sleep(1.0)
    assert shown.end() == 0
    with contextlib.closing(HistoryReader(profile)) as reader:
        # One snapshot of a device has one date and one content, whichever connection it came by.
        frames = [frame.frame for frame in reader.frames(*EVER) if frame.channel == "devices"]
        assert list(reader.check()) == []
        gaps = [gap for gap in reader.blind(*EVER) if gap.scope == "program"]
    assert len(frames) > 100
    assert len(gaps) == 1


def test_recording_that_is_turned_off_writes_nothing(
    start: Callable[..., Window], tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "settings.json").write_text('{"record": false}')
    shown = start()
    shown.until(lambda line: line.get("devices") == 30)
    assert shown.line()["recording"] == "Not recording"
    assert shown.end() == 0
    assert not (profile / FILE_NAME).exists()


def test_demo_is_not_recorded_into_a_profile_of_somebody(
    start: Callable[..., Window], tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    shown = start("--demo", "--exit-after", "4")
    shown.until(lambda line: bool(line.get("devices")))
    assert shown.line()["recording"] == "Not recording"
    shown.child.communicate(timeout=LIMIT_S)
    assert not (profile / FILE_NAME).exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def says(words: str) -> Callable[[dict[str, object]], bool]:
    return lambda line: words in str(line.get("recording"))


def test_full_disk_stands_in_the_window_and_nothing_is_missing_once_there_is_room(
    start: Callable[..., Window], small_disk: Path
) -> None:
    shown = start(profile=small_disk)
    shown.until(lambda line: line.get("recording") == "Recording")
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4_096))
    shown.until(says("Not recording since"))
    time.sleep(1.0)
    filler.unlink()
    shown.until(lambda line: line.get("recording") == "Recording")
    assert shown.line()["recording_lost"] == 0
    assert shown.end() == 0
    with contextlib.closing(HistoryReader(small_disk)) as reader:
        assert list(reader.check()) == []


def test_folder_that_vanishes_is_said_and_made_anew(
    start: Callable[..., Window], tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    shown = start()
    shown.until(lambda line: line.get("recording") == "Recording")
    time.sleep(1.0)
    profile.rename(tmp_path / "gone")
    shown.until(lambda line: (profile / FILE_NAME).exists())
    shown.until(lambda line: line.get("recording") == "Recording")
    time.sleep(1.0)
    shown.end()
    for place in (tmp_path / "gone", profile):
        with contextlib.closing(HistoryReader(place)) as reader:
            assert list(reader.frames(*EVER))
            assert list(reader.check()) == []
