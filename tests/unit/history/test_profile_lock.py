"""One process at a time writes a profile, and a killed one keeps nobody out."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tftmonitor.history.profile_lock import FILE_NAME, ProfileLock

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
