"""The command ``replay`` on a screen: plays, stands, steps, jumps and ends, and changes nothing."""

import asyncio
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.desktop import Desktop, desktop, missing_programs, press, wait_until
from tests.e2e.driven import Driven, driven
from tests.integration.recorded_hour import END_MS, START_MS, LiveHour
from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.cli import main
from tftmonitor.settings.store import SettingsStore

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the desktop is made of X and D-Bus"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]

_NOW = "replay.session.player.clock.now_ms()"
_OPTIONS = ("--speed", "60", "--theme", "dark", "--size", "1200x740")
_MIDDLE_MS = START_MS + 30 * MINUTE_MS
# What reading a database that somebody may write makes beside it; it holds nothing.
_BESIDE = ("-shm", "-wal")


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An hour of twelve devices, with settings, and a name of the user's own."""
    folder = tmp_path_factory.mktemp("recorded")
    asyncio.run(LiveHour(folder / "profile", folder / "live").play())
    settings = SettingsStore(folder / "profile")
    settings.update(zone="utc", names={"1000000800000003": "VAN-3"}, user="somebody")
    return folder / "profile"


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    folder = tmp_path / "desktop"
    folder.mkdir()
    with desktop(folder) as made:
        yield made


def sums(profile: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in profile.iterdir()
        if not path.name.endswith(_BESIDE)
    }


def replayed(profile: Path, *options: str) -> tuple[str, ...]:
    return ("replay", "--profile", str(profile), "--device", "1000000800000003", *options)


def moment(program: Driven) -> int:
    return int(program.ask(_NOW))


def test_replay_plays_stands_steps_jumps_and_ends(screen: Desktop, profile: Path) -> None:
    before = sums(profile)
    with driven(screen.env, profile, *replayed(profile, *_OPTIONS)) as program:
        program.wait_for("replay.program.window.isVisible() and replay.program.parts.plots.stack")
        assert program.ask("replay.program.window.windowTitle()").startswith("REPLAY 2026-11-18 ")
        program.wait_for(f"{_NOW} > {START_MS + MINUTE_MS}")
        chips = "replay.program.parts.top_bar.chips.values()"
        assert all("REPLAY" in text for text in program.ask(f"[c.text.text() for c in {chips}]"))
        assert program.ask("replay.program.parts.devices.selected_key()") == "1000000800000003"
        assert program.ask("replay.program.monitor.fleet.find('1000000800000003').label") == "VAN-3"
        assert screen.docked() == []
        # Nor is it recorded, whatever the settings say.
        program.do("replay.program.core.settings.set('record', True)")
        assert program.ask("replay.program.recording.standing.word") == "Not recording"
        assert program.ask("replay.program.recording._recorder is None")
        # It stands at the key, at once.
        program.do("replay.program.window.come_forward()")
        program.wait_for("replay.program.window.isActiveWindow()")
        press("space", env=screen.env)
        program.wait_for("not replay.session.player.is_playing")
        stood_ms = moment(program)
        # A step is to the next push of the device that is chosen.
        program.do("replay.session.bar.step.click()")
        program.wait_for(f"{_NOW} > {stood_ms} and not replay.session.player.is_hurrying")
        stepped_ms = moment(program)
        received = "replay.program.monitor.fleet.find('1000000800000003').received_ms"
        assert program.ask(received) == stepped_ms
        program.do("replay.session.bar.step.click()")
        program.wait_for(f"{_NOW} > {stepped_ms} and not replay.session.player.is_hurrying")
        program.do(
            "replay.program.core.settings.set('theme', 'light')",
            "replay.program.window.resize(1_111, 700)",
        )
        # And back to it: with a model that knows nothing of what came after it.
        program.do("first = replay.program", "replay.session.bar.back.click()")
        program.wait_for("replay.program is not first and replay.program.window.isVisible()")
        assert moment(program) == stepped_ms
        assert program.ask(received) == stepped_ms
        assert program.ask("replay.program.core.settings.values.theme") == "light"
        assert program.ask("replay.program.window.width()") == 1_111
        program.wait_for("first._exit.is_set()")
        program.do("del first", "import gc; from tftmonitor.app.program import Program")
        # Of the window before nothing is left, so that one may step back for hours.
        program.do("windows = lambda: [o for o in gc.get_objects() if isinstance(o, Program)]")
        program.wait_for("(gc.unfreeze(), gc.collect(), len(windows()) == 1)[-1]")
        assert not program.ask("replay.session.player.is_playing")
        assert program.ask("replay.program.parts.devices.selected_key()") == "1000000800000003"
        # The slider leads to any moment.
        program.do(f"replay.session.bar.moment_chosen.emit({_MIDDLE_MS})")
        program.wait_for(f"{_NOW} == {_MIDDLE_MS}")
        assert program.ask("replay.program.window.windowTitle()").startswith("REPLAY 2026-11-18 ")
        program.do("replay.session.player.set_speed(600)", "replay.session.player.play()")
        program.wait_for("replay.session.player.is_at_end")
        assert not program.ask("replay.session.player.is_playing")
        assert abs(moment(program) - END_MS) < 10_000
        assert program.end() == 0
    assert sums(profile) == before
    assert "Traceback" not in program.errors


def test_alarms_of_a_replay_are_shown_and_heard_only_when_asked(
    screen: Desktop, profile: Path
) -> None:
    with driven(screen.env, profile, *replayed(profile, "--speed", "600")) as program:
        program.wait_for("replay.program.alarms.total.count > 3")
        assert program.ask("replay.program.parts.top_bar.sound.text()") == "Sound off"
        assert screen.shown() == 0
        program.do("replay.session.bar.sound.click()")
        program.wait_for("replay.program.core.settings.values.sound")
        # What makes no sense of another time is not there.
        action = "replay.program.window.findChild(__import__('PySide6.QtGui').QtGui.QAction, {!r})"
        found = [program.ask(f"{action.format(name)} is None") for name in ("sign_in", "settings")]
        assert found == [True, False]
        # Also while another moment is read for it ends at once, with nothing left.
        program.do(
            "replay.session.player.pause()",
            f"replay.session.go_to({START_MS})",
            "replay.session.bar.close_button.click()",
        )
        assert program.process.wait(20) == 0
    assert "Traceback" not in program.errors


def test_profile_without_history_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert main(["replay", "--profile", str(tmp_path)]) == 1
    assert "no recorded history" in capsys.readouterr().err


def test_action_of_the_live_window_opens_a_replay_that_outlives_it(
    screen: Desktop, profile: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    shutil.copytree(profile, own)
    with driven(screen.env, own, "--demo", "--demo-devices", "3", "--profile", str(own)) as live:
        live.wait_for("program.parts.plots.stack and window.isVisible()")
        # What the plots show is where the replay begins.
        stack, wanted_s = "program.parts.plots.stack", (START_MS + 5 * MINUTE_MS) / 1_000
        seen = f"{stack}.window_s[0] < {wanted_s} < {stack}.window_s[1]"
        live.wait_for(f"({stack}.set_cursor({wanted_s}), {seen})[-1]")
        live.do(
            "window.findChild(__import__('PySide6.QtGui').QtGui.QAction, 'replay').trigger()",
        )
        wait_until(lambda: _asked(screen, "getwindowname") != "", "the window of the replay")
        assert live.ask("program.monitor.is_replay") is False
        assert live.end() == 0
    assert _asked(screen, "getwindowname").startswith("REPLAY 2026-11-18 ")
    os.kill(int(_asked(screen, "getwindowpid")), signal.SIGTERM)
    wait_until(lambda: _asked(screen, "getwindowname") == "", "the end of the replay")


def _asked(screen: Desktop, what: str) -> str:
    """What xdotool says of the window of a replay; "" when there is none."""
    command = ["xdotool", "search", "--name", "^REPLAY ", what]
    found = subprocess.run(command, env=screen.env, capture_output=True, text=True, check=False)
    return found.stdout.strip()
