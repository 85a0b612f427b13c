"""One process at a time writes a profile, and a killed one keeps nobody out."""

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tftmonitor.history.profile_lock import FILE_NAME, HOLDER_NAME, ProfileLock, holder_of

ROOT = Path(__file__).resolve().parents[3]
HOLDER = """
import sys, time
from pathlib import Path
from tftmonitor.history.profile_lock import ProfileLock
lock = ProfileLock.take(Path(sys.argv[1]))
print(lock is not None, flush=True)
time.sleep(60)
"""


def test_second_is_kept_out_until_the_first_lets_go(tmp_path: Path) -> None:
    first = ProfileLock.take(tmp_path)
    assert first is not None
    assert ProfileLock.take(tmp_path) is None
    began = time.monotonic()
    assert ProfileLock.take(tmp_path, wait_s=0.12) is None
    assert time.monotonic() - began >= 0.12
    first.release()
    second = ProfileLock.take(tmp_path)
    assert second is not None
    with second:
        assert ProfileLock.take(tmp_path) is None
    third = ProfileLock.take(tmp_path)
    assert third is not None
    third.release()


def test_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "True"
    assert ProfileLock.take(tmp_path) is None
    child.kill()
    child.communicate()
    lock = ProfileLock.take(tmp_path, wait_s=5)
    assert lock is not None
    lock.release()


def test_profile_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be locked"):
        ProfileLock.take(tmp_path / "nowhere")
    (tmp_path / FILE_NAME).write_bytes(b"something else" * 100)
    with pytest.raises(OSError, match="cannot be locked"):
        ProfileLock.take(tmp_path)


def hold_from(profile: Path, computer: str, age_s: float = 0.0) -> Path:
    """What a window on another computer leaves on a share that carries no locks."""
    holder = profile / HOLDER_NAME
    holder.write_text(json.dumps({"computer": computer, "process": 7}))
    touched_s = time.time() - age_s
    os.utime(holder, (touched_s, touched_s))
    return holder


def test_window_on_another_computer_keeps_others_out_while_it_lives(tmp_path: Path) -> None:
    hold_from(tmp_path, "elsewhere")
    assert ProfileLock.take(tmp_path, wait_s=0.06) is None
    assert holder_of(tmp_path) == "process 7 on computer elsewhere"
    hold_from(tmp_path, "elsewhere", age_s=120)
    lock = ProfileLock.take(tmp_path)
    assert lock is not None
    assert platform.node() in holder_of(tmp_path)
    lock.beat()
    lock.release()
    assert holder_of(tmp_path) == "another program"
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"computer": 5}'])
def test_broken_holder_keeps_nobody_out_for_long(tmp_path: Path, text: str) -> None:
    holder = hold_from(tmp_path, "x")
    holder.write_text(text)
    os.utime(holder, (0, 0))
    lock = ProfileLock.take(tmp_path)
    assert lock is not None
    lock.release()


def test_holder_of_a_former_run_here_is_no_holder(tmp_path: Path) -> None:
    hold_from(tmp_path, platform.node())
    lock = ProfileLock.take(tmp_path)
    assert lock is not None
    lock.release()


def test_share_that_takes_no_probe_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError

    hold_from(tmp_path, "elsewhere")
    monkeypatch.setattr(Path, "touch", refuse)
    lock = ProfileLock.take(tmp_path)
    assert lock is not None
    lock.release()


def test_temporary_folder_has_no_say(tmp_path: Path) -> None:
    lock = ProfileLock.take(tmp_path)
    assert lock is not None
    with lock:
        other = {**os.environ, "TMPDIR": str(tmp_path / "other"), "PYTHONPATH": str(ROOT)}
        (tmp_path / "other").mkdir()
        command = [sys.executable, "-c", HOLDER.replace("time.sleep(60)", ""), str(tmp_path)]
        found = subprocess.run(command, env=other, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
