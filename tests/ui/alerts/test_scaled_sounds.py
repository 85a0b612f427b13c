import array
import gc
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tftmonitor.base.paths import resource
from tftmonitor.ui.alerts.scaled_sounds import ScaledSounds, remove_leftovers, scale_sound
from tftmonitor.ui.alerts.sound_player import SoundPlayer

ROOT = Path(__file__).resolve().parents[3]
HIGH = resource("sounds", "high.wav")
CHILD = """
import sys
from pathlib import Path
from tftmonitor.ui.alerts.scaled_sounds import ScaledSounds
sounds = ScaledSounds()
print(sounds.at_volume(Path(sys.argv[1]), 50), flush=True)
sys.stdin.read()
"""
Start = Callable[[], tuple["subprocess.Popen[str]", Path]]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory of the test's own, for its children too."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setenv("TEMP", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.fixture
def start(temporary: Path) -> Iterator[Start]:
    """Starts a program that has made a quieter sound, and tells its folder."""
    children: list[subprocess.Popen[str]] = []

    def start_it() -> tuple[subprocess.Popen[str], Path]:
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(HIGH)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        assert child.stdout is not None
        return child, Path(child.stdout.readline().strip()).parent

    yield start_it
    for child in children:
        child.kill()
        child.communicate()


def test_folder_of_a_killed_program_is_removed_at_the_next_start(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.sound_player._CLEAN_DELAY_MS", 1)
    killed, left = start()
    _, kept = start()
    killed.kill()
    killed.wait()
    assert (left / "high-50.wav").exists()
    player = SoundPlayer([])
    qtbot.waitUntil(lambda: not left.exists())
    assert (kept / "high-50.wav").exists()
    player.close()


def test_folders_of_running_programs_stay(start: Start, temporary: Path) -> None:
    folders = [start()[1] for _ in range(2)]
    remove_leftovers()
    assert [(folder / "high-50.wav").exists() for folder in folders] == [True, True]
    assert sorted(temporary.iterdir()) == sorted(folders)


def test_what_is_not_surely_a_leftover_stays(temporary: Path) -> None:
    without_lock = temporary / "tftmonitor-sounds-new"
    of_others = temporary / "other"
    file = temporary / "tftmonitor-sounds-file"
    for folder in (without_lock, of_others):
        folder.mkdir()
    (of_others / "lock").write_text("1\nx\ny\n")
    file.touch()
    unrelated = temporary / "unrelated"
    unrelated.touch()
    link = temporary / "tftmonitor-sounds-link"
    link.symlink_to(of_others)
    remove_leftovers()
    assert sorted(temporary.iterdir()) == sorted([file, link, of_others, unrelated, without_lock])
    assert (of_others / "lock").exists()


def test_missing_temporary_directory_harms_nothing(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = temporary / "missing"
    monkeypatch.setattr(tempfile, "tempdir", str(missing))
    remove_leftovers()
    assert not missing.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="users have folders of their own")
def test_leftover_of_another_user_stays(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    killed, left = start()
    killed.kill()
    killed.wait()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getuid", lambda: -1)
        remove_leftovers()
    assert left.exists()
    remove_leftovers()
    assert not left.exists()


def test_sounds_that_nobody_closed_leave_nothing(temporary: Path) -> None:
    sounds = ScaledSounds()
    assert sounds.at_volume(HIGH, 50).exists()
    del sounds
    gc.collect()
    assert list(temporary.iterdir()) == []


def test_copy_is_made_once_and_gone_at_the_end(temporary: Path) -> None:
    sounds = ScaledSounds()
    assert sounds.folder is None
    assert sounds.at_volume(HIGH, 100) == HIGH
    assert sounds.folder is None, "full volume needs no copy"
    copy = sounds.at_volume(HIGH, 50)
    made_ns = copy.stat().st_mtime_ns
    assert sounds.at_volume(HIGH, 50) == copy
    assert copy.stat().st_mtime_ns == made_ns
    sounds.close()
    sounds.close()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("whole_folder", [True, False])
def test_copy_that_was_cleaned_away_is_made_again(temporary: Path, *, whole_folder: bool) -> None:
    sounds = ScaledSounds()
    copy = sounds.at_volume(HIGH, 50)
    if whole_folder:
        shutil.rmtree(copy.parent)
    else:
        copy.unlink()
    assert sounds.at_volume(HIGH, 50).exists()
    sounds.close()
    assert list(temporary.iterdir()) == []


def test_copy_that_failed_half_way_is_not_taken_for_a_sound(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_disk(_source: Path, target: Path, _volume: int) -> None:
        target.write_bytes(b"RIFF")
        raise OSError("No space left on device")

    sounds = ScaledSounds()
    with monkeypatch.context() as patch:
        patch.setattr("tftmonitor.ui.alerts.scaled_sounds.scale_sound", fill_disk)
        with pytest.raises(OSError, match="No space"):
            sounds.at_volume(HIGH, 50)
    with wave.open(str(sounds.at_volume(HIGH, 50))) as file:
        assert file.getnframes() > 0
    sounds.close()


@pytest.mark.parametrize(("volume", "factor"), [(100, 1), (50, 0.25), (0, 0)])
def test_loudness_goes_by_the_square(tmp_path: Path, volume: int, factor: float) -> None:
    quiet, loud = tmp_path / "quiet.wav", HIGH
    scale_sound(loud, quiet, volume)
    peaks = []
    for path in (quiet, loud):
        with wave.open(str(path)) as file:
            peaks.append(max(array.array("h", file.readframes(file.getnframes()))))
    assert peaks[0] == pytest.approx(peaks[1] * factor, abs=2)


@pytest.mark.skipif(sys.byteorder == "big", reason="the other order is native here")
def test_samples_of_the_other_byte_order_are_swapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scale_sound(HIGH, tmp_path / "native.wav", 100)
    monkeypatch.setattr(sys, "byteorder", "big")
    scale_sound(HIGH, tmp_path / "swapped.wav", 100)
    # Both read, swap, keep and swap back.
    assert (tmp_path / "swapped.wav").read_bytes() == (tmp_path / "native.wav").read_bytes()


def test_scaled_sound_is_silent_at_zero(tmp_path: Path) -> None:
    scale_sound(resource("sounds", "critical.wav"), tmp_path / "zero.wav", 0)
    with wave.open(str(tmp_path / "zero.wav")) as file:
        assert set(file.readframes(file.getnframes())) == {0}


SHIPPED = ["critical.wav", "high.wav", "warning.wav"]


def test_script_makes_the_shipped_sounds(tmp_path: Path) -> None:
    made = runpy.run_path(str(ROOT / "packaging" / "make_sounds.py"))["make"](tmp_path)
    assert sorted(path.name for path in made) == SHIPPED
    same = [
        path.name
        for path in made
        if path.read_bytes() == resource("sounds", path.name).read_bytes()
    ]
    assert sorted(same) == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_sound_is_short(name: str) -> None:
    with wave.open(str(resource("sounds", name))) as file:
        assert 0 < file.getnframes() / file.getframerate() < 1.2
