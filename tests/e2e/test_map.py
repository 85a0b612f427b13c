"""The map in the real window under a window manager: one selection, filter and moment."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.desktop import desktop, missing_programs
from tests.e2e.driven import Driven, driven

pytestmark = pytest.mark.skipif(
    bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
)
KEY = "program.parts.devices.selected_key()"
IMPORTS = (
    "import numpy as np",
    "from PySide6.QtCore import QPoint, Qt",
    "from PySide6.QtTest import QTest",
    "from PySide6.QtWidgets import QApplication",
    "parts, fleet = program.parts, program.monitor.fleet",
    "canvas, layer = parts.map.get().canvas, parts.map.get().devices",
)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Driven]:
    folder = tmp_path / "desktop"
    folder.mkdir()
    with (
        desktop(folder) as screen,
        driven(screen.env, tmp_path / "profile", "--demo", "--demo-devices", "8") as made,
    ):
        made.do(*IMPORTS)
        made.wait_for("len(fleet) >= 8 and canvas.isVisible()")
        made.do("parts.detail.show_tab('Overview')")
        made.wait_for("parts.plots.stack is not None")
        yield made


def test_one_selection_for_list_map_alarms_and_plots(program: Driven) -> None:
    program.do("program.window.show_workspace('map')")
    program.wait_for("canvas.width() > 300")
    # From the list to the map.
    program.do("parts.devices.select(fleet.devices[2].key)")
    program.wait_for("layer.selected == 2")
    program.do("canvas.setFocus()", "QTest.keyClick(canvas, Qt.Key.Key_M)")
    program.wait_for(
        "abs(canvas.view.middle[0] - parts.map.get().positions.latitude[2]) < 0.05", limit_s=5.0
    )
    # From the map to the list, by a click on a sign.
    program.do(
        "parts.map.get().camera.show_all()",
        "canvas.arrange()",
        "others = [int(r) for r in layer.singles if r != 2]",
        "rows = others or [int(layer.grouped[0])]",
        "canvas.set_view(canvas.view.centred(float(parts.map.get().positions.latitude[rows[0]]), "
        "float(parts.map.get().positions.longitude[rows[0]]), 17.0))",
        "canvas.arrange()",
        "spot = layer.point_of(rows[0])",
    )
    if program.ask("spot is not None"):
        program.do(
            "QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, "
            "pos=QPoint(round(spot[0]), round(spot[1])))"
        )
        program.wait_for(f"{KEY} == fleet.devices[rows[0]].key")
        assert program.ask("parts.detail.head.device.key == " + KEY)
    # From an alarm, chosen in its table, to list and map.
    program.wait_for("program.alarms.unacknowledged() and parts.alarms.model.rowCount()", 40.0)
    program.do("program.window.come_forward()")
    program.wait_for("program.window.isActiveWindow()")
    program.do("program.shell.show_pane('alarms')", "parts.alarms.view.setFocus()")
    program.wait_for("parts.alarms.view.hasFocus()")
    program.do(
        "parts.alarms.view.select_place(0)",
        "alarm = parts.alarms.view.selected_alarms()[0]",
    )
    program.wait_for(f"alarm.device is None or {KEY} == fleet.find(alarm.device).key")
    program.wait_for("alarm.device is None or layer.selected == fleet.find(alarm.device).row")


def test_a_chip_of_the_list_filters_the_map(program: Driven) -> None:
    program.do("parts.devices.set_filter('moving')")
    program.wait_for("'Moving' in canvas.furniture.note")
    program.do("canvas.arrange()")
    shown = "set(layer.singles.tolist()) | set(layer.grouped.tolist())"
    moving = "set(np.array(parts.devices.model.order.shown).tolist()) | {layer.selected}"
    program.wait_for(f"({shown}) <= ({moving})", 5.0)
    program.do("parts.devices.clear_filters()")
    program.wait_for("canvas.furniture.note == ''")


def test_one_moment_for_plots_and_trail(program: Driven) -> None:
    moving = "[d for d in fleet if len(d.series) > 30 and d.motion.activity == 4]"
    program.wait_for(moving, 40.0)
    program.do(f"parts.devices.select({moving}[0].key)", "parts.map.get().tick()")
    program.wait_for("len(parts.map.get().trail.source.track) > 5", 20.0)
    program.do(
        "times = parts.map.get().trail.source.track.times",
        "parts.map.get().trail.moment_chosen.emit(float(times[len(times) // 2]))",
    )
    cursor = "parts.plots.stack._navigator.cursor"
    program.wait_for(f"{cursor} is not None and abs({cursor} - times[len(times) // 2]) < 1")
    program.do("parts.plots.stack.set_cursor(float(times[1]))")
    program.wait_for("parts.map.get().trail.layer.cursor_s == float(times[1])")


def test_hidden_behind_a_page_it_paints_nothing(program: Driven) -> None:
    program.do("program.shell.show_pane('settings')")
    program.wait_for("not canvas.isVisible()")
    program.do("paints = canvas.paints", "frames = program.shell.frame_clock.frames")
    program.wait_for("program.shell.frame_clock.frames > frames + 5")
    assert program.ask("canvas.paints - paints") == 0
