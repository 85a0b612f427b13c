"""The palette: a letter typed, in a fleet."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from tests.cliffs.situation import Act, Situation, new_harness
from tftmonitor.ui.window.command_palette import Palette


def _letter(devices: int) -> Act:
    harness = new_harness()
    window = harness.show(QWidget(), 800, 600)
    names = [(f"VAN {number}  TLW1", str(number)) for number in range(devices)]
    palette = Palette({"quit": QAction("Quit")}, lambda: iter(names), lambda _key: None, window)
    palette.open()

    def type_letter(turn: int) -> None:
        palette.line.setText(("v", "va", "", "7", "zzz")[turn % 5])

    return type_letter


def _open(devices: int) -> Act:
    harness = new_harness()
    window = harness.show(QWidget(), 800, 600)
    for number in range(devices):
        harness.snapshot(f"{number:015d}")
    fleet = harness.fleet
    palette = Palette(
        {},
        lambda: ((f"{device.label}  {device.model or ''}", device.key) for device in fleet),
        lambda _key: None,
        window,
    )
    return lambda _turn: palette.open()


SITUATIONS = (
    Situation("palette, opened", "devices", (1_000, 10_000, 100_000), 10_000, _open, (300, 3_000)),
    Situation(
        "palette, a letter",
        "devices",
        (1_000, 10_000, 100_000),
        100_000,
        _letter,
        (300, 3_000),
        is_bounded=True,
    ),
)
