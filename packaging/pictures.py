"""Takes pictures of each workspace and page, light and dark, in the sizes that people have.

Started by ``python3 dev.py pictures [DIR]``; ``--manual`` takes those of the documents:
the map in ``docs/map``, and the manual in ``docs/guide/pictures``. Needs no display. The demo goes
through the same sockets and alarm path as an account does.
"""

import asyncio
import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tftmonitor.app.program import Program

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1]))

# Scale of the screen -> sizes of the window as the program counts them.
SIZES = {"1": ((1366, 768), (1920, 1080)), "1.5": ((1707, 960),)}
THEMES = ("light", "dark")
_FIRST_ALARMS_S = 40.0
_SETTLED_S = 0.6
_MANUAL = "--manual"


def main() -> int:
    """One process a scale, which Qt reads when it starts."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else "build/pictures"
    is_manual = wanted == _MANUAL
    folder = (HERE.parents[1] / "docs" / "map" if is_manual else Path(wanted)).resolve()
    if "TFTMONITOR_PICTURES_SCALE" in os.environ:
        return _take(folder, os.environ["TFTMONITOR_PICTURES_SCALE"], is_manual=is_manual)
    folder.mkdir(parents=True, exist_ok=True)
    children = []
    for scale in ["1"] if is_manual else SIZES:
        variables = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QT_SCALE_FACTOR": scale,
            "TFTMONITOR_PICTURES_SCALE": scale,
        }
        command = [sys.executable, str(HERE), wanted if is_manual else str(folder)]
        children.append(subprocess.Popen(command, env=variables))
    codes = [child.wait() for child in children]
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return max(codes)


def _take(folder: Path, scale: str, *, is_manual: bool) -> int:
    from tftmonitor.app.program import Program
    from tftmonitor.app.run import run_window
    from tftmonitor.cli import build_parser

    async def script(program: Program) -> None:
        try:
            await _ready(program)
            await (_manual(program, folder) if is_manual else _all(program, folder, scale))
        finally:
            program.request_exit()

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        importlib.import_module("day_history").write_history(
            Path(profile), round(time.time() * 1_000)
        )
        return run_window(build_parser().parse_args(["--demo", "--profile", profile]), script)


async def _ready(program: "Program") -> None:
    """The first alarms of the demo are there, one is acknowledged, one shelved."""
    await asyncio.sleep(_FIRST_ALARMS_S)
    service = program.monitor.alarm_service
    waiting = service.alarms.unacknowledged()
    if len(waiting) > 2:
        service.acknowledge([waiting[-1].id])
        until_ms = program.core.clock.now_ms() + 3_600_000
        service.shelve([waiting[-2].id], until_ms, "in the workshop")
    program.parts.devices.select(_device_of_interest(program))
    await asyncio.sleep(1.0)


def _device_with(program: "Program", tab: str) -> str:
    """A device that has something for this tab, where there is one."""
    tabs = program.parts.detail.tabs
    for device in program.monitor.fleet:
        if not tabs.why_empty(tab, device):
            return device.key
    return _device_of_interest(program)


def _device_of_interest(program: "Program") -> str:
    """A truck, which has the most to show."""
    fleet = list(program.monitor.fleet)
    return max(fleet, key=lambda device: len(device.records)).key


async def _all(program: "Program", folder: Path, scale: str) -> None:
    for size in SIZES[scale]:
        program.window.resize(*size)
        for theme in THEMES:
            program.core.settings.set("theme", theme)
            for name, show in places(program).items():
                await show()
                await asyncio.sleep(_SETTLED_S)
                scaled = "x".join(str(round(side * float(scale))) for side in size)
                file = folder / f"{name}-{theme}-{scaled}.png"
                if not program.window.grab().save(str(file)):
                    raise OSError(f"{file} could not be written")


async def _manual(program: "Program", folder: Path) -> None:
    """The map alone in each of its scenes, then what the manual shows."""
    program.window.resize(1366, 768)
    scenes = importlib.import_module("map_pictures").map_scenes(program)
    for theme in THEMES:
        program.core.settings.set("theme", theme)
        for name, show in scenes.items():
            await show()
            await asyncio.sleep(_SETTLED_S)
            file = folder / f"{name.removeprefix('map-')}-{theme}.png"
            if not program.parts.map.get().grab_picture().save(str(file)):
                raise OSError(f"{file} could not be written")
    pictures = folder.parent / "guide" / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    await importlib.import_module("guide_pictures").take_guide_pictures(program, pictures)


def places(program: "Program") -> dict[str, Callable[[], Awaitable[None]]]:
    """Each workspace, page and tab that has a picture, and how to get there."""
    window, shell, parts = program.window, program.shell, program.parts

    def workspace(name: str) -> Callable[[], Awaitable[None]]:
        async def show() -> None:
            program.palette.hide()
            window.show_workspace(name)
            parts.detail.show_tab("Overview")

        return show

    def page(name: str) -> Callable[[], Awaitable[None]]:
        async def show() -> None:
            shell.show_pane(name)

        return show

    def tab(name: str) -> Callable[[], Awaitable[None]]:
        async def show() -> None:
            window.show_workspace("watch")
            parts.devices.select(_device_with(program, name))
            parts.detail.show_tab(name)

        return show

    async def edit_rule() -> None:
        shell.show_pane("rules")
        shell.page("rules").show_rule("default-speed")  # type: ignore[attr-defined]

    async def read_message() -> None:
        window.show_workspace("watch")
        parts.detail.show_tab("Overview")
        parts.inbox.show_message(program.monitor.inbox.items[-1].number)

    async def open_palette() -> None:
        window.show_workspace("watch")
        program.palette.open()

    return {
        "watch": workspace("watch"),
        "install": workspace("install"),
        # Beside this script, whose folder has the name of a library.
        **importlib.import_module("map_pictures").map_scenes(program),
        "message": read_message,
        **{f"tab-{name.lower().replace('/', '')}": tab(name) for name in _TABS},
        "rules": page("rules"),
        "rule": edit_rule,
        "places": page("places"),
        "settings": page("settings"),
        "journal": page("journal"),
        "statistics": page("statistics"),
        **importlib.import_module("day_pictures").day_scenes(program),
        "palette": open_palette,
    }


_TABS = ("Fields", "I/O", "OBD", "Tyres", "Driver", "Codes", "Fuel", "Raw")

if __name__ == "__main__":
    sys.exit(main())
