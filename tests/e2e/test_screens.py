"""The window on screens of all sizes that come and go, under a real window manager."""

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.desktop import Desktop, desktop, missing_programs, wait_until

PROGRAM = Path(__file__).with_name("screens_program.py")
ROOT = PROGRAM.parent.parent.parent
_NEEDED = [name for name in ("openbox", "xrandr") if shutil.which(name) is None]

pytestmark = pytest.mark.skipif(
    bool(missing_programs() or _NEEDED), reason=f"not installed: {[*missing_programs(), *_NEEDED]}"
)


class Window:
    """A window as a process: it does what it is told, and says where it is then."""

    def __init__(self, screen: Desktop, profile: Path, scale: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(profile)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**screen.env, "PYTHONPATH": str(ROOT), "QT_SCALE_FACTOR": scale},
            text=True,
        )

    def do(self, *acts: str) -> dict[str, Any]:
        """What holds after the last act."""
        assert self._process.stdin
        assert self._process.stdout
        found: dict[str, Any] = {}
        for act in acts:
            self._process.stdin.write(act + "\n")
            self._process.stdin.flush()
            found = json.loads(self._process.stdout.readline())
        return found

    def end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.wait(10) == 0
        assert self._process.stdout
        self._process.stdout.close()


@contextlib.contextmanager
def managed(folder: Path, size: tuple[int, int]) -> Iterator[Desktop]:
    """A screen with a window manager that draws frames."""
    folder.mkdir()
    with desktop(folder, notifications=False, tray=False, screen=size) as made:
        made.start("manager", "openbox")
        wait_until(lambda: made._run("xdotool", "get_num_desktops") is not None, "openbox")
        yield made


@contextlib.contextmanager
def window(screen: Desktop, profile: Path, scale: str = "1") -> Iterator[Window]:
    made = Window(screen, profile, scale)
    try:
        yield made
    finally:
        made.end()


@pytest.mark.parametrize(
    ("size", "scale"),
    [((1366, 768), "1"), ((1024, 600), "1"), ((1920, 1080), "1.5"), ((1920, 1080), "2")],
)
def test_first_window_is_on_the_screen_with_its_frame(
    tmp_path: Path, size: tuple[int, int], scale: str
) -> None:
    with managed(tmp_path / "desktop", size) as screen, window(screen, tmp_path, scale) as shown:
        found = shown.do("show", "wait")
        assert found["inside"], found
        assert found["below"]


def test_layout_of_a_larger_screen_fits_and_keeps_its_docks(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with managed(tmp_path / "large", (2560, 1440)) as screen, window(screen, profile) as shown:
        shown.do("show", "hide below", "far", "float far", "save")
    with managed(tmp_path / "small", (1366, 768)) as screen, window(screen, profile) as shown:
        found = shown.do("restore", "show", "wait")
        assert found["inside"], found
        assert (found["floating"], found["floats_inside"]) == (True, True), found
        assert not found["below"], "the docks were reset"


def test_screen_that_shrinks_takes_the_window_with_it(tmp_path: Path) -> None:
    with (
        managed(tmp_path / "desktop", (1920, 1080)) as screen,
        window(screen, tmp_path) as shown,
    ):
        before = shown.do("show", "far", "wait")
        assert before["inside"], before
        subprocess.run(
            ["xrandr", "--fb", "1366x768"], env=screen.env, capture_output=True, check=False
        )
        found = shown.do("wait", "wait")
        assert found["room"][2] < 1920, "the screen did not shrink"
        assert found["inside"], found


def test_full_screen_twice_leaves_a_maximized_window_maximized(tmp_path: Path) -> None:
    with managed(tmp_path / "desktop", (1366, 768)) as screen, window(screen, tmp_path) as shown:
        shown.do("show", "maximize")
        assert shown.do("F11")["full"]
        found = shown.do("F11")
        assert (found["full"], found["maximized"]) == (False, True)
