import array
import runpy
import stat
import wave
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from tftmonitor.base.clock import ManualClock
from tftmonitor.base.paths import resource
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alerts.sound import NAG_S, REPEAT_S, AlarmSound
from tftmonitor.ui.alerts.sound_player import SoundPlayer, scale_sound

ROOT = Path(__file__).resolve().parents[3]
NOW_MS = 1_795_003_200_000


class FakePlayer(QObject):
    finished = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, int]] = []
        self.busy = False
        self.problem = ""
        self.closed = False

    def play(self, file: Path, volume: int, device: str = "") -> None:
        self.heard.append((file.stem, volume))
        self.finished.emit(self.problem)

    def close(self) -> None:
        self.closed = True


class Stage:
    def __init__(self, folder: Path) -> None:
        self.settings = SettingsStore(folder)
        self.clock = ManualClock(NOW_MS)
        self.player = FakePlayer()
        self.book = OpenAlarms()
        self.sound = AlarmSound(self.settings, self.clock, self.player)
        self.states: list[str] = []
        self.sound.state_changed.connect(self.states.append)

    @property
    def heard(self) -> list[tuple[str, int]]:
        return self.player.heard

    def alarm(self, number: int, severity: Severity, **more: object) -> Alarm:
        source = (Source.SNAPSHOT,)
        made = Alarm(number, "k", "SOS", severity, NOW_MS, NOW_MS, source, source)
        return replace(made, **more)

    def take(self, alarm: Alarm, *, rings: bool = True) -> None:
        self.book.put(alarm)
        change = AlarmChange(alarm, events.Expired(NOW_MS), rings=rings)
        self.sound.take([change], self.book)

    def wait(self, seconds: float) -> None:
        """Let time go by, a beat a second."""
        for _ in range(round(seconds)):
            self.clock.advance(1)
            self.sound.tick()


@pytest.fixture
def stage(qapp: object, tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_each_severity_has_its_own_sound(stage: Stage) -> None:
    for number, severity in enumerate((Severity.WARNING, Severity.HIGH, Severity.CRITICAL)):
        stage.take(stage.alarm(number, severity))
    assert stage.heard == [("warning", 80), ("high", 80), ("critical", 80)]


def test_change_that_does_not_ring_is_not_heard(stage: Stage) -> None:
    stage.take(stage.alarm(1, Severity.WARNING), rings=False)
    assert stage.heard == []


def test_critical_repeats_until_acknowledged(stage: Stage) -> None:
    alarm = stage.alarm(1, Severity.CRITICAL)
    stage.take(alarm)
    assert stage.sound._tick_second.isActive()
    stage.wait(3 * REPEAT_S)
    assert stage.heard == [("critical", 80)] * 4
    stage.take(replace(alarm, acknowledged_ms=NOW_MS), rings=False)
    stage.wait(3 * NAG_S)
    assert len(stage.heard) == 4
    assert not stage.sound._tick_second.isActive()


def test_silence_stops_the_repeats_at_once_and_nags_softly(stage: Stage) -> None:
    alarm = stage.alarm(1, Severity.CRITICAL)
    stage.take(alarm)
    stage.sound.silence()
    assert stage.sound.state == "Silenced"
    stage.take(replace(alarm, silenced_ms=NOW_MS), rings=False)
    stage.wait(NAG_S - 1)
    assert stage.heard == [("critical", 80)]
    stage.wait(1)
    assert stage.heard == [("critical", 80), ("critical", 36)]
    assert stage.states == ["Sound on", "Silenced"]


def test_silence_of_a_former_run_holds(stage: Stage) -> None:
    stage.take(stage.alarm(1, Severity.CRITICAL, silenced_ms=NOW_MS), rings=False)
    stage.wait(10 * REPEAT_S)
    assert stage.heard == []
    assert stage.sound.state == "Silenced"


def test_new_critical_alarm_ends_the_silence_a_lesser_one_does_not(stage: Stage) -> None:
    stage.take(stage.alarm(1, Severity.CRITICAL))
    stage.sound.silence()
    stage.take(stage.alarm(2, Severity.WARNING))
    stage.wait(2 * REPEAT_S)
    assert stage.heard == [("critical", 80), ("warning", 80)]
    stage.take(stage.alarm(3, Severity.CRITICAL))
    stage.wait(REPEAT_S)
    assert stage.heard[2:] == [("critical", 80)] * 2


def test_high_rings_once_and_nags_each_minute(stage: Stage) -> None:
    stage.take(stage.alarm(1, Severity.HIGH))
    stage.wait(2 * NAG_S)
    assert stage.heard == [("high", 80), ("high", 36), ("high", 36)]


def test_warning_is_never_repeated(stage: Stage) -> None:
    stage.take(stage.alarm(1, Severity.WARNING))
    stage.wait(3 * NAG_S)
    assert stage.heard == [("warning", 80)]
    assert not stage.sound._tick_second.isActive()


def test_late_alarm_rings_softly_and_does_not_insist(stage: Stage) -> None:
    stage.take(stage.alarm(1, Severity.CRITICAL, late=True))
    stage.wait(NAG_S - 1)
    assert stage.heard == [("critical", 36)]
    stage.take(stage.alarm(2, Severity.CRITICAL))
    stage.wait(REPEAT_S)
    assert stage.heard[1:] == [("critical", 80), ("critical", 80)]


def test_burst_is_heard_as_its_worst(stage: Stage) -> None:
    alarms = [stage.alarm(n, Severity(1 + n % 4)) for n in range(1, 40)]
    for alarm in alarms:
        stage.book.put(alarm)
    changes = [AlarmChange(alarm, events.Expired(NOW_MS), rings=True) for alarm in alarms]
    stage.sound.take(changes, stage.book)
    assert stage.heard == [("critical", 80)]


def test_worse_alarm_is_heard_after_what_is_playing(stage: Stage) -> None:
    stage.player.busy = True
    for number, severity in enumerate((Severity.WARNING, Severity.CRITICAL, Severity.HIGH)):
        stage.take(stage.alarm(number, severity))
    assert stage.heard == []
    stage.player.busy = False
    stage.player.finished.emit("")
    assert stage.heard == [("critical", 80)]


def test_sound_that_is_off_stays_off_but_for_the_test(stage: Stage) -> None:
    stage.settings.set("sound", False)
    stage.sound.refresh()
    assert stage.sound.state == "Sound off"
    stage.take(stage.alarm(1, Severity.CRITICAL))
    stage.wait(3 * REPEAT_S)
    assert stage.heard == []
    stage.sound.test()
    assert stage.heard == [("high", 80)]


def test_missing_device_is_a_state_until_something_is_heard(stage: Stage) -> None:
    stage.player.problem = "no sound player found"
    stage.sound.test()
    assert stage.sound.state == "No sound: no sound player found"
    stage.player.problem = ""
    stage.sound.test()
    assert stage.states[-2:] == ["No sound: no sound player found", "Sound on"]


def test_close_ends_beats_and_player(stage: Stage) -> None:
    stage.take(stage.alarm(1, Severity.CRITICAL))
    stage.sound.close()
    assert stage.player.closed
    assert not stage.sound._tick_second.isActive()


def program(folder: Path, name: str, script: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return str(path)


def play(qtbot: QtBot, player: SoundPlayer, volume: int = 50) -> str:
    with qtbot.waitSignal(player.finished, timeout=10_000) as told:
        player.play(resource("sounds", "high.wav"), volume)
    assert told.args is not None
    return str(told.args[0])


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
    ("name", "words"),
    [
        ("pw-play", "--target desk high"),
        ("paplay", "--device desk high"),
        ("aplay", "-q -D desk high"),
        ("canberra-gtk-play", "-f high"),
    ],
)
def test_device_is_asked_for_in_the_players_own_text(
    qtbot: QtBot, tmp_path: Path, name: str, words: str
) -> None:
    log = tmp_path / "log"
    player = SoundPlayer([program(tmp_path, name, f'echo "$@" > {log}')])
    with qtbot.waitSignal(player.finished, timeout=10_000):
        player.play(resource("sounds", "high.wav"), 100, "desk")
    asked = [Path(word).stem if "/" in word else word for word in log.read_text().split()]
    assert " ".join(asked) == words
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


def test_player_without_device_says_what_it_was_told(qtbot: QtBot, tmp_path: Path) -> None:
    script = "echo first >&2; echo 'audio open error: No such device' >&2; exit 1"
    player = SoundPlayer([program(tmp_path, name, script) for name in ("paplay", "aplay")])
    for _ in range(2):
        words = play(qtbot, player)
        assert "audio open error: No such device" in words
        assert words.startswith("no sound device works (")
    player.close()


def test_no_player_at_all_is_said(qtbot: QtBot) -> None:
    player = SoundPlayer(["no-such-player", "nor-this-one"])
    assert play(qtbot, player) == "no sound player found (no-such-player or nor-this-one)"
    player.close()


def test_player_that_hangs_is_ended(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.ui.alerts.sound_player._LIMIT_MS", 200)
    player = SoundPlayer([program(tmp_path, "aplay", "exec sleep 60")])
    assert "does not end" in play(qtbot, player)
    assert not player.busy
    player.close()


def test_close_leaves_no_process_and_no_file(qtbot: QtBot, tmp_path: Path) -> None:
    player = SoundPlayer([program(tmp_path, "aplay", "exec sleep 60")])
    player.play(resource("sounds", "high.wav"), 50)
    assert player.busy
    folder = Path(player._folder.name)
    assert folder.exists()
    player.close()
    assert player._process is None
    assert not folder.exists()


def test_broken_sound_file_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    player = SoundPlayer([program(tmp_path, "aplay", "true")])
    broken = tmp_path / "x.wav"
    broken.write_bytes(b"no sound")
    with qtbot.waitSignal(player.finished) as told:
        player.play(broken, 50)
    assert told.args is not None
    assert "sound file cannot be used" in told.args[0]
    player.close()


def test_scaled_sound_is_silent_at_zero(tmp_path: Path) -> None:
    scale_sound(resource("sounds", "critical.wav"), tmp_path / "zero.wav", 0)
    with wave.open(str(tmp_path / "zero.wav")) as file:
        assert set(file.readframes(file.getnframes())) == {0}


def test_shipped_sounds_are_those_of_the_script(tmp_path: Path) -> None:
    make = runpy.run_path(str(ROOT / "packaging" / "make_sounds.py"))["make"]
    made = make(tmp_path)
    assert sorted(path.name for path in made) == ["critical.wav", "high.wav", "warning.wav"]
    for path in made:
        assert path.read_bytes() == resource("sounds", path.name).read_bytes()
        with wave.open(str(path)) as file:
            assert file.getnframes() / file.getframerate() < 1.2
