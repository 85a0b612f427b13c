"""Real child processes, which write down their environment."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from tftmonitor.ui.alerts.inhibit_process import ProcessInhibitor
from tftmonitor.ui.alerts.sound_player import SoundPlayer
from tftmonitor.ui.platform.child_process import make_process
from tftmonitor.ui.widgets.address_panel import open_in_browser

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs are shell scripts")
NAMES = ("TFTMONITOR_PASSWORD", "TFTMONITOR_OTHER", "tftmonitor_small")


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "a secret")
    monkeypatch.setenv("HARMLESS", "kept")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program under any name that writes its environment to a file and ends."""
    path = tmp_path / "aplay"
    path.write_text(f"#!/bin/sh\nenv > {tmp_path}/new\nmv {tmp_path}/new {tmp_path}/seen\n")
    path.chmod(0o700)
    return path


def assert_clean(qtbot: QtBot, program: Path) -> None:
    seen = program.parent / "seen"
    qtbot.waitUntil(seen.exists, timeout=5_000)
    text = seen.read_text()
    assert "a secret" not in text
    assert "HARMLESS=kept" in text
    assert f"PATH={os.environ['PATH']}" in text


def test_any_process_has_the_rest_of_the_environment(qtbot: QtBot, program: Path) -> None:
    parent = QObject()
    process = make_process(parent)
    process.start(str(program))
    assert process.waitForFinished(5_000)
    assert_clean(qtbot, program)
    assert "TFTMONITOR_PASSWORD" in os.environ  # the process' own is another matter


def test_sound_player_gets_no_password(qtbot: QtBot, program: Path, tmp_path: Path) -> None:
    player = SoundPlayer([str(program)])
    player.play(Path(__file__).resolve().parents[3] / "resources" / "sounds" / "warning.wav", 80)
    assert_clean(qtbot, program)
    player.close()


def test_what_keeps_awake_gets_no_password(qtbot: QtBot, program: Path) -> None:
    inhibitor = ProcessInhibitor(str(program))
    inhibitor.inhibit(lambda _on, _reason: None)
    assert_clean(qtbot, program)
    inhibitor.release()


class Browser(QObject):
    """Stands where Qt would start a program: starts one as Qt does, from this environment."""

    seen = ""

    @Slot(QUrl)
    def open(self, _url: QUrl) -> None:
        self.seen = subprocess.run(["env"], stdout=subprocess.PIPE, text=True, check=True).stdout


@pytest.fixture
def browser(qtbot: QtBot) -> Iterator[Browser]:
    browser = Browser()
    QDesktopServices.setUrlHandler("https", browser, "open")  # type: ignore[arg-type]
    yield browser
    QDesktopServices.unsetUrlHandler("https")


def test_browser_gets_no_password(browser: Browser) -> None:
    assert open_in_browser("https://files.example.com/a")
    assert "HARMLESS=kept" in browser.seen
    assert "a secret" not in browser.seen
