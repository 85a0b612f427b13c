from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from tftmonitor.base.clock import ManualClock
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alerts.sound import REMINDER_S, REPEAT_S, AlarmSound

NOW_MS = 1_795_003_200_000


class RecordingPlayer(QObject):
    finished = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.played: list[tuple[str, int]] = []
        self.busy = False
        self.problem = ""
        self.closed = False

    def play(self, file: Path, volume: int, device: str = "") -> None:
        self.played.append((file.stem, volume))
        self.finished.emit(self.problem)

    def close(self) -> None:
        self.closed = True


class Stage:
    def __init__(self, folder: Path) -> None:
        self.settings = SettingsStore(folder)
        self.clock = ManualClock(NOW_MS)
        self.player = RecordingPlayer()
        self.book = OpenAlarms()
        self.sound = AlarmSound(self.settings, self.clock, self.player)
        self.states: list[str] = []
        self.sound.state_changed.connect(self.states.append)

    @property
    def played(self) -> list[tuple[str, int]]:
        return self.player.played

    def alarm(self, number: int, severity: Severity, **more: object) -> Alarm:
        source = (Source.SNAPSHOT,)
        made = Alarm(number, "k", "SOS", severity, NOW_MS, NOW_MS, source, source)
        return replace(made, **more)

    def apply(self, alarm: Alarm, *, rings: bool = True) -> None:
        self.book.put(alarm)
        change = AlarmChange(alarm, events.Expired(NOW_MS), rings=rings)
        self.sound.apply_changes([change], self.book)

    def wait(self, seconds: float) -> None:
        """Let time go by, a tick a second."""
        for _ in range(round(seconds)):
            self.clock.advance(1)
            self.sound.tick()


@pytest.fixture
def stage(qapp: object, tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_each_severity_has_its_own_sound(stage: Stage) -> None:
    for number, severity in enumerate((Severity.WARNING, Severity.HIGH, Severity.CRITICAL)):
        stage.apply(stage.alarm(number, severity))
    assert stage.played == [("warning", 80), ("high", 80), ("critical", 80)]


def test_change_that_does_not_ring_is_not_played(stage: Stage) -> None:
    stage.apply(stage.alarm(1, Severity.WARNING), rings=False)
    assert stage.played == []


def test_critical_repeats_until_acknowledged(stage: Stage) -> None:
    alarm = stage.alarm(1, Severity.CRITICAL)
    stage.apply(alarm)
    assert stage.sound._tick_timer.isActive()
    stage.wait(3 * REPEAT_S)
    assert stage.played == [("critical", 80)] * 4
    stage.apply(replace(alarm, acknowledged_ms=NOW_MS), rings=False)
    stage.wait(3 * REMINDER_S)
    assert len(stage.played) == 4
    assert not stage.sound._tick_timer.isActive()


def test_silence_stops_the_repeats_at_once_and_reminds_softly(stage: Stage) -> None:
    alarm = stage.alarm(1, Severity.CRITICAL)
    stage.apply(alarm)
    stage.sound.silence()
    assert stage.sound.state == "Silenced"
    stage.apply(replace(alarm, silenced_ms=NOW_MS), rings=False)
    stage.wait(REMINDER_S - 1)
    assert stage.played == [("critical", 80)]
    stage.wait(1)
    assert stage.played == [("critical", 80), ("critical", 36)]
    assert stage.states == ["Sound on", "Silenced"]


def test_silence_of_a_former_run_holds(stage: Stage) -> None:
    stage.apply(stage.alarm(1, Severity.CRITICAL, silenced_ms=NOW_MS), rings=False)
    stage.wait(10 * REPEAT_S)
    assert stage.played == []
    assert stage.sound.state == "Silenced"


def test_new_critical_alarm_ends_the_silence_a_lesser_one_does_not(stage: Stage) -> None:
    stage.apply(stage.alarm(1, Severity.CRITICAL))
    stage.sound.silence()
    stage.apply(stage.alarm(2, Severity.WARNING))
    stage.wait(2 * REPEAT_S)
    assert stage.played == [("critical", 80), ("warning", 80)]
    stage.apply(stage.alarm(3, Severity.CRITICAL))
    stage.wait(REPEAT_S)
    assert stage.played[2:] == [("critical", 80)] * 2


def test_high_sounds_once_and_reminds_each_minute(stage: Stage) -> None:
    stage.apply(stage.alarm(1, Severity.HIGH))
    stage.wait(2 * REMINDER_S)
    assert stage.played == [("high", 80), ("high", 36), ("high", 36)]


def test_warning_is_never_repeated(stage: Stage) -> None:
    stage.apply(stage.alarm(1, Severity.WARNING))
    stage.wait(3 * REMINDER_S)
    assert stage.played == [("warning", 80)]
    assert not stage.sound._tick_timer.isActive()


def test_late_alarm_sounds_softly_and_does_not_repeat(stage: Stage) -> None:
    stage.apply(stage.alarm(1, Severity.CRITICAL, late=True))
    stage.wait(REMINDER_S - 1)
    assert stage.played == [("critical", 36)]
    stage.apply(stage.alarm(2, Severity.CRITICAL))
    stage.wait(REPEAT_S)
    assert stage.played[1:] == [("critical", 80), ("critical", 80)]


def test_burst_is_heard_as_its_worst(stage: Stage) -> None:
    alarms = [stage.alarm(n, Severity(1 + n % 4)) for n in range(1, 40)]
    for alarm in alarms:
        stage.book.put(alarm)
    changes = [AlarmChange(alarm, events.Expired(NOW_MS), rings=True) for alarm in alarms]
    stage.sound.apply_changes(changes, stage.book)
    assert stage.played == [("critical", 80)]


def test_worse_alarm_is_heard_after_what_is_playing(stage: Stage) -> None:
    stage.player.busy = True
    for number, severity in enumerate((Severity.WARNING, Severity.CRITICAL, Severity.HIGH)):
        stage.apply(stage.alarm(number, severity))
    assert stage.played == []
    stage.player.busy = False
    stage.player.finished.emit("")
    assert stage.played == [("critical", 80)]


def test_sound_that_is_off_stays_off_but_for_the_test(stage: Stage) -> None:
    stage.settings.set("sound", False)
    assert stage.sound.state == "Sound off"
    stage.apply(stage.alarm(1, Severity.CRITICAL))
    stage.wait(3 * REPEAT_S)
    assert stage.played == []
    stage.sound.test()
    assert stage.played == [("high", 80)]


def test_missing_device_is_a_state_until_something_is_heard(stage: Stage) -> None:
    stage.player.problem = "no sound player found"
    stage.sound.test()
    assert stage.sound.state == "No sound: no sound player found"
    stage.player.problem = ""
    stage.sound.test()
    assert stage.states[-2:] == ["No sound: no sound player found", "Sound on"]


def test_close_ends_timer_player_and_listening(stage: Stage) -> None:
    stage.apply(stage.alarm(1, Severity.CRITICAL))
    stage.sound.close()
    assert stage.player.closed
    assert not stage.sound._tick_timer.isActive()
    stage.settings.set("sound", False)
    assert "Sound off" not in stage.states


def test_state_follows_the_settings_by_itself(stage: Stage) -> None:
    stage.settings.set("sound", False)
    stage.settings.set("volume", 20)
    stage.settings.set("sound", True)
    assert stage.states == ["Sound off", "Sound on"]


def test_silence_with_nothing_to_silence_changes_nothing(stage: Stage) -> None:
    stage.sound.silence()
    assert stage.sound.state == "Sound on"
    stage.apply(stage.alarm(1, Severity.CRITICAL))
    stage.wait(REPEAT_S)
    assert len(stage.played) == 2
