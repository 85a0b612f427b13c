import array
import stat
import sys
import wave
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from tftmonitor.base.paths import resource
from tftmonitor.ui.alerts.sound_player import SoundPlayer


def program(folder: Path, name: str, script: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return str(path)


def play(qtbot: QtBot, player: SoundPlayer, volume: int = 50) -> str:
    with qtbot.waitSignal(player.finished, timeout=10_000) as finished:
        player.play(resource("sounds", "high.wav"), volume)
    assert finished.args is not None
    return str(finished.args[0])


def test_player_gets_a_file_at_the_volume_asked(qtbot: QtBot, tmp_path: Path) -> None:
    seen = tmp_path / "seen.wav"
    player = SoundPlayer([program(tmp_path, "pw-play", f'cp "$1" {seen}')])
    assert play(qtbot, player) == ""
    with wave.open(str(seen)) as quiet, wave.open(str(resource("sounds", "high.wav"))) as loud:
        assert quiet.getparams() == loud.getparams()
        peaks = [max(array.array("h", f.readframes(f.getnframes()))) for f in (quiet, loud)]
    assert peaks[0] == pytest.approx(peaks[1] / 4, abs=2)
    assert not player.busy
    player.close()


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("pw-play", "--target desk high"),
        ("paplay", "--device desk high"),
        ("aplay", "-q -D desk high"),
        ("canberra-gtk-play", "-f high"),
    ],
)
def test_device_is_asked_for_in_the_players_own_options(
    qtbot: QtBot, tmp_path: Path, name: str, arguments: str
) -> None:
    log = tmp_path / "log"
    player = SoundPlayer([program(tmp_path, name, f'echo "$@" > {log}')])
    with qtbot.waitSignal(player.finished, timeout=10_000):
        player.play(resource("sounds", "high.wav"), 100, "desk")
    asked = [Path(a).stem if "/" in a else a for a in log.read_text().split()]
    assert " ".join(asked) == arguments
    player.close()


def test_player_that_fails_makes_way_for_the_next(qtbot: QtBot, tmp_path: Path) -> None:
    log = tmp_path / "log"
    bad = program(tmp_path, "paplay", f"echo bad >> {log}; exit 1")
    good = program(tmp_path, "aplay", f'echo "good $1" >> {log}')
    player = SoundPlayer([bad, good])
    assert play(qtbot, player) == ""
    assert play(qtbot, player) == ""
    # The second time it begins with the one that worked; aplay is asked to be quiet.
    assert log.read_text().split() == ["bad", "good", "-q", "good", "-q"]
    player.close()


def test_player_without_device_says_what_the_program_said(qtbot: QtBot, tmp_path: Path) -> None:
    script = "echo first >&2; echo 'audio open error: No such device' >&2; exit 1"
    player = SoundPlayer([program(tmp_path, name, script) for name in ("paplay", "aplay")])
    first, second = play(qtbot, player), play(qtbot, player)
    assert first == "no sound device works (aplay: audio open error: No such device)"
    assert second == first
    player.close()


def test_no_player_at_all_is_reported(qtbot: QtBot) -> None:
    player = SoundPlayer(["no-such-player", "nor-this-one"])
    assert play(qtbot, player) == "no sound player found (no-such-player or nor-this-one)"
    player.close()


def test_player_that_hangs_is_ended(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.sound_player._PLAY_LIMIT_MS", 200)
    player = SoundPlayer([program(tmp_path, "aplay", "exec sleep 60")])
    assert "did not finish" in play(qtbot, player)
    assert not player.busy
    player.close()


def test_close_leaves_no_process_and_no_file(qtbot: QtBot, tmp_path: Path) -> None:
    player = SoundPlayer([program(tmp_path, "aplay", "exec sleep 60")])
    player.play(resource("sounds", "high.wav"), 50)
    assert player.busy
    folder = player._sounds.folder
    assert folder is not None
    assert folder.exists()
    player.close()
    assert player._process is None
    assert not folder.exists()


def test_broken_sound_file_is_reported(qtbot: QtBot, tmp_path: Path) -> None:
    player = SoundPlayer([program(tmp_path, "aplay", "true")])
    broken = tmp_path / "x.wav"
    broken.write_bytes(b"no sound")
    with qtbot.waitSignal(player.finished) as finished:
        player.play(broken, 50)
    assert finished.args is not None
    assert "sound file cannot be used" in finished.args[0]
    player.close()


def test_failure_without_a_text_is_reported_by_its_code(qtbot: QtBot, tmp_path: Path) -> None:
    player = SoundPlayer([program(tmp_path, "aplay", "exit 7")])
    assert play(qtbot, player) == "no sound device works (aplay: failed with code 7)"
    player.close()


def test_player_that_crashes_makes_way_for_the_next(qtbot: QtBot, tmp_path: Path) -> None:
    bad = program(tmp_path, "paplay", "kill -9 $$")
    player = SoundPlayer([bad, program(tmp_path, "aplay", "true")])
    assert play(qtbot, player) == ""
    player.close()


def test_player_that_vanished_makes_way_for_the_next(qtbot: QtBot, tmp_path: Path) -> None:
    gone = program(tmp_path, "paplay", "true")
    player = SoundPlayer([gone, program(tmp_path, "aplay", "true")])
    Path(gone).unlink()
    assert play(qtbot, player) == ""
    player.close()


def test_second_sound_takes_the_place_of_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    player = SoundPlayer([program(tmp_path, "aplay", 'case "$2" in *high*) exec sleep 60;; esac')])
    finished: list[str] = []
    player.finished.connect(finished.append)
    player.play(resource("sounds", "high.wav"), 100)
    first = player._process
    assert first is not None
    player.play(resource("sounds", "warning.wav"), 100)
    qtbot.waitUntil(lambda: not player.busy)
    assert finished == [""]
    player.close()


@pytest.mark.parametrize(
    ("error", "outcome"), [(None, ""), ("Failed to play", "no sound device works (Failed to play)")]
)
def test_windows_plays_it_itself(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, error: str | None, outcome: str
) -> None:
    calls: list[tuple[str, int]] = []

    def play_sound(file: str, flags: int) -> None:
        calls.append((Path(file).name, flags))
        if error:
            raise RuntimeError(error)

    module = SimpleNamespace(PlaySound=play_sound, SND_FILENAME=1, SND_ASYNC=2, SND_NODEFAULT=4)
    monkeypatch.setitem(sys.modules, "winsound", module)
    player = SoundPlayer([])
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "win32")
        assert play(qtbot, player, 100) == outcome
    assert calls == [("high.wav", 7)]
    player.close()


@pytest.mark.parametrize(("platform", "first"), [("darwin", "afplay"), ("linux", "pw-play")])
def test_each_platform_has_its_programs(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, platform: str, first: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", platform)
        player = SoundPlayer()
    assert player._wanted[0] == first
    player.close()


def test_missing_single_program_is_named_alone(qtbot: QtBot) -> None:
    player = SoundPlayer(["no-such-player"])
    assert play(qtbot, player) == "no sound player found (no-such-player)"
    player.close()
