"""The program on a computer that lacks a system library of Qt: a real process, a library spoilt."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.desktop import desktop, missing_programs
from tftmonitor.ui.platform import qt_libraries

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt brings them all")


def run_without(library: str, folder: Path, env: dict[str, str]) -> tuple[int, str]:
    """Exit code and words of the window where this library cannot be loaded."""
    hidden = folder / "libraries"
    hidden.mkdir()
    (hidden / library).touch()
    done = subprocess.run(
        [sys.executable, "-m", "tftmonitor", "--demo", "--profile", str(folder / "profile")],
        env=env | {"LD_LIBRARY_PATH": str(hidden)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("library", ["libEGL.so.1", "libGL.so.1", "libxkbcommon.so.0"])
def test_library_that_qt_links_is_named_with_its_package(tmp_path: Path, library: str) -> None:
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    code, words = run_without(library, tmp_path, env)
    check(library, code, words)


@pytest.mark.skipif(bool(missing_programs()), reason="no display for tests")
@pytest.mark.parametrize("library", ["libxcb-cursor.so.0", "libxcb-icccm.so.4"])
def test_library_of_the_display_is_named_with_its_package(tmp_path: Path, library: str) -> None:
    with desktop(tmp_path, notifications=False, tray=False) as place:
        code, words = run_without(library, tmp_path, place.env)
    check(library, code, words)


def check(library: str, code: int, words: str) -> None:
    assert code == qt_libraries.EXIT_NO_QT, words
    assert "Traceback" not in words
    assert library in words
    assert qt_libraries.LIBRARIES[library] in words.splitlines()[-1]


def test_table_is_that_of_the_set_up() -> None:
    names = runpy.run_path(str(ROOT / "dev.py"))
    assert names["LIBRARIES"] == qt_libraries.LIBRARIES
