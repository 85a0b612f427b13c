"""What is under packaging/, as far as it can be tried without building anything."""

import configparser
import contextlib
import importlib.util
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tftmonitor import __version__

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
ENTRY = PACKAGING / "linux" / "tftmonitor.desktop"


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(PACKAGING))
    spec = importlib.util.spec_from_file_location("build_script", PACKAGING / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_spec_is_python_and_names_files_that_exist() -> None:
    text = (PACKAGING / "tftmonitor.spec").read_text("utf-8")
    compile(text, "tftmonitor.spec", "exec")
    paths = [re.findall(r'"([^"]+)"', row) for row in re.findall(r'root((?: / "[^"]+")+)', text)]
    assert len(paths) >= 2
    assert [path for path in paths if not ROOT.joinpath(*path).exists()] == []


@pytest.mark.parametrize(
    ("platform", "name"),
    [("linux", "tftmonitor"), ("darwin", "tftmonitor"), ("win32", "tftmonitor.exe")],
)
def test_executable_has_the_name_of_its_platform(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch, platform: str, name: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert build.executable() == ROOT / "dist" / "tftmonitor" / name


@pytest.fixture
def commands(build: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """What ``build.py`` would have started; the smoke test ends with 3."""
    started: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        started.append(command)
        return subprocess.CompletedProcess(command, 3 if "--smoke" in command else 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(build, "WORK", tmp_path / "build")
    monkeypatch.setattr(build, "trim", lambda _folder: 0)
    return started


def test_failed_smoke_test_fails_the_build(build: ModuleType, commands: list[list[str]]) -> None:
    assert build.main() == 3
    assert len(commands) == 2


def test_spec_finds_the_version_for_windows_where_the_build_puts_it(
    build: ModuleType, commands: list[list[str]]
) -> None:
    build.build()
    [command] = commands
    # PyInstaller gives the spec a folder of its own in this one, as ``workpath``.
    work = Path(command[command.index("--workpath") + 1])
    spec = (PACKAGING / "tftmonitor.spec").read_text("utf-8")
    [name] = re.findall(r'Path\(workpath\)\.parent / "([^"]+)"', spec)
    assert (work / name).read_text("utf-8") == build.windows_version(__version__)


def test_desktop_entry_starts_the_program_and_has_its_icon() -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(ENTRY, "utf-8")
    entry = parser["Desktop Entry"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert entry["Type"] == "Application"
    assert entry["Exec"] in project["scripts"]
    # The window names this file as its own: the desktop finds the icon by it.
    loop = (ROOT / "tftmonitor" / "ui" / "platform" / "event_loop.py").read_text("utf-8")
    assert f'setDesktopFileName("{ENTRY.stem}")' in loop
    assert entry["StartupWMClass"] == ENTRY.stem
    assert entry["Icon"] == "tftmonitor"
    assert (ROOT / "resources" / "icons" / "app.svg").is_file()
    assert entry["Categories"].endswith(";")


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None, reason="needs desktop-file-utils"
)
def test_desktop_entry_is_valid() -> None:
    done = subprocess.run(
        ["desktop-file-validate", str(ENTRY)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("version", "numbers"),
    [
        ("1.2", "1, 2, 0, 0"),
        ("0.87.65", "0, 87, 65, 0"),
        ("87.0.65rc2", "87, 0, 65, 0"),
        ("87.2.3.4.5", "87, 2, 3, 4"),
    ],
)
def test_windows_shows_the_version(build: ModuleType, version: str, numbers: str) -> None:
    text = build.windows_version(version)
    compile(text, "windows-version.txt", "eval")
    assert re.findall(r'"(?:File|Product)Version", "([^"]+)"', text) == [version, version]
    assert re.findall(r"vers=\(([^)]+)\)", text) == [numbers, numbers]


def test_version_without_numbers_is_refused(build: ModuleType) -> None:
    with pytest.raises(ValueError, match="does not begin with numbers"):
        build.windows_version("unknown")


def test_a_table_of_trouble_codes_under_another_licence_is_not_taken(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("codes", PACKAGING / "make_trouble_codes.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    database = tmp_path / "codes.sqlite"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.executescript(
            "CREATE TABLE meta (key, value); CREATE TABLE dtc (code, title_en);"
            "INSERT INTO meta VALUES ('license', 'CC0-1.0'), ('source_commit', 'abc');"
            "INSERT INTO dtc VALUES ('P0301', ' Cylinder 1\tMisfire '), ('P0FFF', 'Reserved X');"
        )
        assert script.read(database) == ({"P0301": "Cylinder 1 Misfire"}, "abc")
        connection.execute("UPDATE meta SET value = 'GPL-2.0' WHERE key = 'license'")
        connection.commit()
    with pytest.raises(ValueError, match="the licence is GPL"):
        script.read(database)
