"""A desktop of its own for a test: X server, session bus, notification daemon and tray.

Everything runs apart from the developer's own desktop and ends with the ``with`` block.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bus_config import bus_address, bus_command

PROGRAMS = ("Xvfb", "dbus-daemon", "dunst", "dunstctl", "xdotool", "xwininfo")
# Either will do: some releases of Debian and Ubuntu have the one, some the other.
_TRAYS = {
    "trayer": "--edge bottom --align right --widthtype request",
    "stalonetray": "--geometry 1x1-0-0 --window-type dock --grow-gravity E",
}
# Their windows, as xwininfo shows them.
_TRAY_WINDOW = re.compile(r'"(panel|stalonetray)"')
# By name xdotool may find a function key on a level that needs a modifier (xkb-data of 2025).
_KEYCODES = {f"F{number}": str(66 + number) for number in range(1, 11)}
SCREEN = (1280, 800)
_WAIT_S = 45.0
_END_WAIT_S = 5.0

# At the upper left edge, so that a test knows where to click.
_ORIGIN, _OFFSET = "top-left", "20x20"
_DUNST = """[global]
    monitor = 0
    origin = {origin}
    offset = {offset}
    width = 420
    height = 160
    font = DejaVu Sans 11
    markup = full
    format = "<b>%s</b>\\n%b"
    idle_threshold = 0
    mouse_left_click = do_action, close_current
"""
_CLICK = (80, 50)
# Wider than any icon in a tray.
_ICON_LIMIT = 100


def missing_programs() -> list[str]:
    """The programs of the desktop that this machine lacks."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    return missing if any(map(shutil.which, _TRAYS)) else [*missing, " or ".join(_TRAYS)]


def press(*keys: str, env: Mapping[str, str] | None = None) -> None:
    """Press these one after the other, as xdotool names them, in the window that has the focus."""
    codes = [_KEYCODES.get(key, key) for key in keys]
    subprocess.run(["xdotool", "key", *codes], env=env, check=True)


def wait_until(fact: Callable[[], bool], what: str, limit_s: float = _WAIT_S) -> None:
    """Wait for a fact; AssertionError with words when it does not come."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if fact():
            return
        time.sleep(0.05)
    raise AssertionError(f"waited {limit_s:g} s for {what}")


@dataclass
class Desktop:
    """A running desktop: ``env`` is what a program needs to live on it."""

    folder: Path
    env: dict[str, str]
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str) -> None:
        """Start a program of the desktop, its output in ``<name>.log``."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(
                command, env=self.env, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def stop(self, name: str) -> None:
        """End a program of the desktop and wait until it is gone."""
        process = self._running.pop(name)
        process.terminate()
        try:
            process.wait(_END_WAIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self, name: str) -> None:
        """End a program of the desktop as a crash does."""
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def stop_all(self) -> None:
        """End everything, the last started first."""
        for name in reversed(list(self._running)):
            self.stop(name)

    def start_notifications(self, origin: str = _ORIGIN, offset: str = _OFFSET) -> None:
        """Start the notification daemon and wait until it answers."""
        config = self.folder / "dunstrc"
        config.write_text(_DUNST.format(origin=origin, offset=offset))
        self.start("dunst", "dunst", "-config", str(config), "-print")
        wait_until(lambda: self._ctl("count") is not None, "the notification daemon")

    def start_tray(self) -> None:
        """Start the tray and wait until it is the tray of the screen."""
        name = next(filter(shutil.which, _TRAYS))
        self.start("tray", name, *_TRAYS[name].split())
        wait_until(lambda: bool(self._search(name)), "the tray")

    def shown(self) -> int:
        """How many notifications are on the screen."""
        count = self._ctl("count", "displayed")
        return int(count) if count else 0

    def seen(self) -> str:
        """What the daemon was given so far, as it prints it: summary, body, urgency."""
        return (self.folder / "dunst.log").read_text(errors="replace")

    def history(self) -> list[dict[str, Any]]:
        """The notifications that were closed, latest first, as the daemon keeps them."""
        answer = self._ctl("history")
        entries = json.loads(answer)["data"][0] if answer else []
        return [{key: fact["data"] for key, fact in entry.items()} for entry in entries]

    def click_notification(self) -> None:
        """Click the topmost notification with the mouse."""
        x, y = (str(place) for place in _CLICK)
        self._run("xdotool", "mousemove", x, y, "click", "1")

    def docked(self) -> list[str]:
        """The windows that sit in the tray."""
        found = self._run("xwininfo", "-root", "-tree") or ""
        lines = found.splitlines()
        start = next((n for n, line in enumerate(lines) if _TRAY_WINDOW.search(line)), None)
        if start is None:
            return []
        depth = len(lines[start]) - len(lines[start].lstrip())
        inside = []
        for line in lines[start + 1 :]:
            if len(line) - len(line.lstrip()) <= depth:
                break
            inside.append(line.strip())
        return [line for line in inside if "tftmonitor" in line]

    def balloon(self) -> bool:
        """True while a balloon of the tray is on the screen; Qt names it after the program."""
        found = self._run("xwininfo", "-root", "-tree") or ""
        return any(
            int(width) > _ICON_LIMIT for width in re.findall(r'"tftmonitor".*?(\d+)x\d+\+', found)
        )

    def picture(self, file: Path) -> None:
        """Save what is on the screen."""
        self._run("scrot", "--overwrite", str(file))

    def _ctl(self, *words: str) -> str | None:
        return self._run("dunstctl", *words)

    def _search(self, name: str) -> str | None:
        return self._run("xdotool", "search", "--class", name)

    def _run(self, *command: str) -> str | None:
        """What a command says, None when it fails."""
        done = subprocess.run(
            command, env=self.env, capture_output=True, text=True, timeout=_WAIT_S, check=False
        )
        return done.stdout.strip() if done.returncode == 0 else None


@contextlib.contextmanager
def desktop(
    folder: Path,
    *,
    notifications: bool = True,
    tray: bool = True,
    screen: tuple[int, int] = SCREEN,
) -> Iterator[Desktop]:
    """A private desktop with the parts asked for."""
    made = Desktop(folder, dict(os.environ))
    for name in ("WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "QT_QPA_PLATFORM", "DISPLAY"):
        made.env.pop(name, None)
    try:
        made.env["DISPLAY"] = _start_screen(made, screen)
        made.env["QT_QPA_PLATFORM"] = "xcb"
        made.env["DBUS_SESSION_BUS_ADDRESS"] = _start_bus(made)
        if notifications:
            made.start_notifications()
        if tray:
            made.start_tray()
        yield made
    finally:
        made.stop_all()


def _start_screen(made: Desktop, size: tuple[int, int]) -> str:
    reader, writer = os.pipe()
    width, height = size
    screen = f"{width}x{height}x24"
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", screen, "-nolisten", "tcp"]
    # Else it begins anew when its last client leaves, and the next one finds it gone.
    command.append("-noreset")
    with (made.folder / "screen.log").open("wb") as log:
        made._running["screen"] = subprocess.Popen(
            command, stdout=log, stderr=log, pass_fds=[writer]
        )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        number = pipe.readline().strip()
    if not number:
        raise AssertionError("Xvfb did not start: " + (made.folder / "screen.log").read_text())
    return f":{number}"


def _start_bus(made: Desktop) -> str:
    made.start("bus", *bus_command(made.folder))
    wait_until((made.folder / "bus").exists, "the session bus")
    return bus_address(made.folder)
