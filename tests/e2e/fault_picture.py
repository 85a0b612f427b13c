"""The window with an alarm on a whole desktop: banner, notification and tray icon in one picture.

``python -m tests.e2e.fault_picture docs/alarm-desktop.png`` takes it anew.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.desktop import SCREEN, Desktop, desktop, press, wait_until

_ROOT = Path(__file__).resolve().parents[2]
# Until the demo's fleet has raised some alarms.
_ALARMS_S = 38.0
_SETTLE_S = 1.5
# Of the window manager's title, and of the tray.
_TITLE, _TRAY = 22, 30


def main() -> int:
    file = Path(sys.argv[1]).resolve()
    with (
        tempfile.TemporaryDirectory() as folder,
        desktop(Path(folder), notifications=False) as place,
    ):
        # Beside the tray, over the empty end of the table of alarms.
        place.start_notifications("bottom-right", "60x6")
        place.start("openbox", "openbox", "--sm-disable")
        size = f"{SCREEN[0] - 2}x{SCREEN[1] - _TITLE - _TRAY}"
        command = ["-m", "tftmonitor", "--demo", "--theme", "light", "--size", size]
        command += ["--profile", str(Path(folder) / "profile")]
        place.env["PYTHONPATH"] = str(_ROOT)
        place.start("window", sys.executable, *command)
        wait_until(lambda: _window(place) != "", "the window")
        place._run("xdotool", "windowmove", _window(place), "1", str(_TITLE))
        time.sleep(_ALARMS_S)
        place._run("xdotool", "windowactivate", "--sync", _window(place))
        press("F7", env=place.env)
        time.sleep(_SETTLE_S)
        wait_until(lambda: place.shown() > 0 and bool(place.docked()), "notification and icon")
        place.picture(file)
        print((place.folder / "window.log").read_text(), end="")
    return 0


def _window(place: Desktop) -> str:
    found = place._run("xdotool", "search", "--onlyvisible", "--name", "tftmonitor - DEMO") or ""
    return found.splitlines()[0] if found else ""


if __name__ == "__main__":
    raise SystemExit(main())
