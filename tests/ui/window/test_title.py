"""What the window is called, live and in a replay."""

from PySide6.QtWidgets import QWidget

from tests.ui.harness import Harness
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.ui.window.title import WindowTitle


def test_moment_of_a_replay_stands_in_front_of_the_name(harness: Harness) -> None:
    window = harness.show(QWidget())
    title = WindowTitle(window, OpenAlarms())
    title.set_mark("DEMO")
    assert window.windowTitle() == "tftmonitor - DEMO"
    title.set_lead("REPLAY 2026-11-26 03:12")
    assert window.windowTitle() == "REPLAY 2026-11-26 03:12 – tftmonitor - DEMO"
    title.set_lead("REPLAY 2026-11-26 03:13")
    assert window.windowTitle().startswith("REPLAY 2026-11-26 03:13 – ")
