import json
import sys
from pathlib import Path

import pytest

from tftmonitor.ui.alerts.sound_devices import sound_devices

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone")


def program(folder: Path, name: str, says: str, code: int = 0) -> None:
    """A program of this name that says this."""
    text = folder / f"{name}.txt"
    text.write_text(says, "utf-8")
    script = folder / name
    script.write_text(f'#!/bin/sh\n/bin/cat "{text}"\nexit {code}\n', "utf-8")
    script.chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_devices_of_pulse_have_their_words(folder: Path) -> None:
    sinks = [{"name": "alsa.hdmi", "description": "HDMI"}, {"name": "usb"}, {"index": 3}, "odd"]
    program(folder, "pactl", json.dumps(sinks))
    assert sound_devices() == {"alsa.hdmi": "HDMI", "usb": "usb"}


def test_devices_of_alsa_are_asked_for_where_pulse_does_not_answer(folder: Path) -> None:
    program(folder, "pactl", "Connection refused", 1)
    program(folder, "aplay", "null\n    Discard all samples\nhw:CARD=PCH\n    HDA Intel\n    x\n")
    assert sound_devices() == {"null": "Discard all samples", "hw:CARD=PCH": "HDA Intel"}


def test_nonsense_and_nothing_are_no_devices(folder: Path) -> None:
    assert sound_devices() == {}
    program(folder, "pactl", "{no json")
    assert sound_devices() == {}
    program(folder, "pactl", '{"a": 1}')
    assert sound_devices() == {}
