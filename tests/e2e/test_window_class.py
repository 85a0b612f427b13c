"""The desktop knows the window by one name, however it was started."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.desktop import desktop, missing_programs, wait_until

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    bool(missing_programs()) or not shutil.which("xprop"), reason="needs a display and xprop"
)
STARTS = {
    "module": [sys.executable, "-m", "tftmonitor"],
    "command": [str(Path(sys.executable).with_name("tftmonitor"))],
}


@pytest.mark.parametrize("start", list(STARTS))
def test_class_and_application_id_are_the_programs_own(tmp_path: Path, start: str) -> None:
    folder = tmp_path / "desktop"
    folder.mkdir()
    with desktop(folder, notifications=False, tray=False) as screen:
        command = [*STARTS[start], "--profile", str(tmp_path / "profile")]
        running = subprocess.Popen(command, env=screen.env, cwd=ROOT)
        try:
            wait_until(lambda: bool(_said(screen.env, "WM_CLASS")), "the window", 20)
            assert _said(screen.env, "WM_CLASS") == '"tftmonitor", "tftmonitor"'
            assert _said(screen.env, "_GTK_APPLICATION_ID") == '"tftmonitor"'
        finally:
            running.terminate()
            running.wait(30)


def _said(env: dict[str, str], name: str) -> str:
    """A property of the window of the program, "" before there is one."""
    search = ["xdotool", "search", "--onlyvisible", "--class", "^tftmonitor$"]
    found = subprocess.run(search, env=env, capture_output=True, text=True, check=False)
    if not found.stdout.split():
        return ""
    asked = ["xprop", "-id", found.stdout.split()[-1], name]
    done = subprocess.run(asked, env=env, capture_output=True, text=True, check=False)
    return done.stdout.partition("= ")[2].strip()
