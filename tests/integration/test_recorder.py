"""The command ``record`` as a process: killed, ended, and on sick disks."""

import contextlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.recorder_kills import (
    EVER,
    await_live,
    differences,
    kill_again_and_again,
    logged,
    recorder,
    simulator,
)
from tftmonitor.cli import main
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.stored import FILE_NAME

KILLS = 10

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.skipif(sys.platform == "win32", reason="kills and limits are POSIX"),
]


def test_what_is_half_a_second_old_outlives_ten_kills_once_and_in_order(tmp_path: Path) -> None:
    assert kill_again_and_again(tmp_path, KILLS, random.Random(14)) == []


@pytest.fixture
def urls(tmp_path: Path) -> Iterator[list[str]]:
    with simulator(tmp_path / "sent.log", "--devices", "30", "--rate", "200") as found:
        yield found


def end(child: "subprocess.Popen[str]") -> str:
    """End it in order; what it has said since it was live."""
    child.send_signal(signal.SIGTERM)
    _, said = child.communicate(timeout=20)
    assert child.returncode == 0, said
    return said


def blind_reasons(profile: Path) -> list[str]:
    with contextlib.closing(HistoryReader(profile)) as reader:
        return [interval.reason for interval in reader.blind(*EVER)]


def test_recorder_that_is_told_to_end_has_all_on_disk(tmp_path: Path, urls: list[str]) -> None:
    profile = tmp_path / "profile"
    child = recorder(profile, urls)
    await_live(child)
    time.sleep(1.0)
    said = end(child)
    assert "0 lost" in said
    assert not (profile / f"{FILE_NAME}-wal").exists()
    sent = logged((tmp_path / "sent.log").read_bytes())
    # What the server wrote into a socket that had said goodbye is not ours.
    due = {key: len(frames) - 20 for key, frames in sent.items()}
    assert differences(profile, sent, due) == []


def test_second_recorder_on_a_profile_says_so_and_ends(tmp_path: Path, urls: list[str]) -> None:
    profile = tmp_path / "profile"
    child = recorder(profile, urls)
    await_live(child)
    second = recorder(profile, urls)
    _, said = second.communicate(timeout=20)
    assert second.returncode == 1
    assert "records in" in said
    assert f"process {child.pid}" in said
    end(child)


def test_what_is_recorded_is_listed_and_checked(
    tmp_path: Path, urls: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "profile"
    child = recorder(profile, urls)
    await_live(child)
    time.sleep(0.5)
    assert main(["history", "--profile", str(profile)]) == 0  # while it is written
    end(child)
    assert main(["history", "--profile", str(profile), "--check"]) == 0
    told = capsys.readouterr()
    assert told.out.count("pushes from") >= 60
    assert "all sums are right" in told.err


def test_flipped_byte_is_found_and_costs_its_block_alone(
    tmp_path: Path, urls: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "profile"
    child = recorder(profile, urls)
    await_live(child)
    time.sleep(1.0)
    end(child)
    with contextlib.closing(HistoryReader(profile)) as reader:
        whole = len(list(reader.frames(*EVER)))
    with contextlib.closing(sqlite3.connect(profile / FILE_NAME)) as database:
        (body,) = database.execute("SELECT body FROM spool ORDER BY length(body) DESC").fetchone()
    content = bytearray((profile / FILE_NAME).read_bytes())
    content[content.index(body[:64]) + 40] ^= 0x10
    (profile / FILE_NAME).write_bytes(content)
    assert main(["history", "--profile", str(profile), "--check"]) == 1
    assert "the sum is wrong" in capsys.readouterr().err
    with contextlib.closing(HistoryReader(profile)) as reader:
        left = len(list(reader.frames(*EVER)))
        assert reader.damaged <= 1
    assert whole - 200 < left <= whole


def test_broken_file_is_set_aside_and_recording_goes_on(tmp_path: Path, urls: list[str]) -> None:
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / FILE_NAME).write_bytes(b"no database at all" * 1_000)
    child = recorder(profile, urls)
    await_live(child)
    time.sleep(0.5)
    end(child)
    assert len(list(profile.glob("history-damaged-*.db"))) == 1
    with contextlib.closing(HistoryReader(profile)) as reader:
        assert list(reader.frames(*EVER))


def _fails(*command: str) -> bool:
    return bool(subprocess.run(command, check=False, capture_output=True).returncode)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 600 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(place)]
    if shutil.which("mount") is None or _fails(*mount):
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def until_said(child: "subprocess.Popen[str]", words: str) -> str:
    assert child.stderr is not None
    while words not in (line := child.stderr.readline()):
        assert line, "the recorder ended by itself"
    return line


def test_full_disk_is_said_and_what_waited_is_written_once_there_is_room(
    small_disk: Path, urls: list[str], tmp_path: Path
) -> None:
    child = recorder(small_disk, urls)
    await_live(child)
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4_096))
    until_said(child, "is not recorded: the disk")
    time.sleep(1.0)
    filler.unlink()
    line = until_said(child, "recorded again")
    assert "Nothing is missing" in line
    end(child)
    sent = logged((tmp_path / "sent.log").read_bytes())
    due = {key: len(frames) - 20 for key, frames in sent.items()}
    assert differences(small_disk, sent, due) == []


def test_folder_that_cannot_be_written_at_the_start_is_said_and_its_history_is_read(
    small_disk: Path, urls: list[str]
) -> None:
    child = recorder(small_disk, urls)
    await_live(child)
    end(child)
    assert not _fails("mount", "-o", "remount,ro", str(small_disk))
    again = recorder(small_disk, urls)
    _, said = again.communicate(timeout=20)
    assert again.returncode == 1
    assert "cannot be recorded" in said
    with contextlib.closing(HistoryReader(small_disk)) as reader:
        assert list(reader.frames(*EVER))
        assert list(reader.check()) == []


def test_folder_that_vanishes_is_said_and_made_anew(tmp_path: Path, urls: list[str]) -> None:
    profile = tmp_path / "profile"
    child = recorder(profile, urls)
    await_live(child)
    time.sleep(0.5)
    profile.rename(tmp_path / "gone")
    until_said(child, "is not there any more")
    until_said(child, "recorded again")
    time.sleep(0.5)
    end(child)
    for place in (tmp_path / "gone", profile):
        with contextlib.closing(HistoryReader(place)) as reader:
            assert list(reader.frames(*EVER))
            assert list(reader.check()) == []
