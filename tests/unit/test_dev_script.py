"""The parts of dev.py that can be tried without doing a set-up."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "dev.py"


@pytest.fixture
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    files = [tmp_path / "pyproject.toml", tmp_path / "requirements.lock"]
    for file in files:
        file.write_text(f"{file.name} as it was", "utf-8")
    return files


@pytest.mark.parametrize("index", [0, 1])
def test_stamp_changes_with_each_file(dev: ModuleType, sources: list[Path], index: int) -> None:
    before = dev.stamp((3, 12), sources)
    assert dev.stamp((3, 12), sources) == before
    sources[index].write_text("as it is", "utf-8")
    assert dev.stamp((3, 12), sources) != before


def test_stamp_changes_when_text_moves_between_files(dev: ModuleType, sources: list[Path]) -> None:
    sources[0].write_text("ab", "utf-8")
    sources[1].write_text("c", "utf-8")
    before = dev.stamp((3, 12), sources)
    sources[0].write_text("a", "utf-8")
    sources[1].write_text("bc", "utf-8")
    assert dev.stamp((3, 12), sources) != before


def test_stamp_changes_with_python(dev: ModuleType, sources: list[Path]) -> None:
    assert dev.stamp((3, 11), sources) != dev.stamp((3, 12), sources)


def make_environment(folder: Path, version: str) -> None:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    (folder / "bin" / "pip").touch()
    (folder / "pyvenv.cfg").write_text(f"home = somewhere\nversion = {version}\n", "utf-8")


@pytest.fixture
def environment(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "environment"
    make_environment(folder, "3.12.4")
    monkeypatch.setattr(dev, "ENVIRONMENT", folder)
    monkeypatch.setattr(dev, "STAMP", folder / "stamp")
    monkeypatch.setattr(dev, "environment_program", lambda name: folder / "bin" / name)
    monkeypatch.setattr(dev.shutil, "which", lambda _: None)
    return folder


def test_unstamped_environment_of_the_same_python_is_kept(
    dev: ModuleType, environment: Path
) -> None:
    assert dev.environment_fits((3, 12))
    assert not dev.environment_fits((3, 1))
    assert not dev.environment_fits((3, 13))


def test_environment_from_another_place_is_made_anew(dev: ModuleType, environment: Path) -> None:
    (environment / "stamp").write_text(f"{dev.identity((3, 12))}\nold hash\n", "utf-8")
    assert dev.environment_fits((3, 12))
    (environment / "stamp").write_text(f"{dev.identity((3, 12))}-copy\nold hash\n", "utf-8")
    assert not dev.environment_fits((3, 12))


def test_environment_without_an_installer_is_made_anew(dev: ModuleType, environment: Path) -> None:
    (environment / "bin" / "pip").unlink()
    assert not dev.environment_fits((3, 12))


def test_missing_library_is_named_by_its_package(
    dev: ModuleType, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "loads", lambda library: library != "libxcb-cursor.so.0")
    monkeypatch.setattr(dev, "has_font", lambda: True)
    assert dev.missing_packages("demo") == ["libxcb-cursor0"]
    assert dev.missing_packages("lock") == []


def test_missing_programs_count_only_where_they_are_used(
    dev: ModuleType, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "loads", lambda _: True)
    monkeypatch.setattr(dev, "has_font", lambda: False)
    assert dev.missing_packages("run") == ["fonts-dejavu-core"]
    missing = set(dev.missing_packages("test"))
    assert {"xvfb", "dunst"} < missing
    assert len(missing & set(dev.TRAYS)) == 1
    assert "binutils" in dev.missing_packages("build")


@pytest.mark.parametrize(
    ("known", "package"),
    [({"trayer", "stalonetray"}, "trayer"), ({"stalonetray"}, "stalonetray"), (set(), "trayer")],
)
def test_tray_is_the_one_that_the_system_has(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, known: set[str], package: str
) -> None:
    def run(command: list[str], **_: object) -> SimpleNamespace:
        found = "0.8.3-1" if command[-1] in known else "(none)"
        return SimpleNamespace(stdout=f"  Installed: (none)\n  Candidate: {found}\n")

    monkeypatch.setattr(dev.subprocess, "run", run)
    assert dev.tray_package() == package


@pytest.mark.parametrize("sudo", [None, "/usr/bin/sudo"])
def test_without_rights_the_message_is_one_line_with_all_packages(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, sudo: str | None
) -> None:
    found = {"apt-get": "/usr/bin/apt-get", "sudo": sudo}
    monkeypatch.setattr(dev.shutil, "which", found.get)
    monkeypatch.setattr(dev, "root_prefix", lambda: None)
    monkeypatch.setattr(dev, "step", lambda *_: pytest.fail("no step may be tried"))
    with pytest.raises(dev.StepError) as caught:
        dev.install_packages(["libegl1", "xvfb"])
    line = str(caught.value).splitlines()[-1]
    assert "libegl1 xvfb" in line
    assert line.startswith("sudo apt-get" if sudo else "su - -c")


def test_without_apt_the_message_names_the_packages(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda _: None)
    with pytest.raises(dev.StepError, match="libegl1 xvfb"):
        dev.install_packages(["libegl1", "xvfb"])


def test_failing_step_prints_its_output_and_advice(
    dev: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-c", "import sys; print('the reason'); sys.exit(3)"]
    with pytest.raises(dev.StepError, match=r"Failed: trying\. Do that\."):
        dev.step("trying", command, "Do that.")
    assert "the reason" in capfd.readouterr().out


def test_active_environment_and_ci_do_not_reach_the_programs(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "CI", "KEPT"):
        monkeypatch.setenv(name, "value")
    variables = dev.child_variables()
    assert variables["KEPT"] == "value"
    assert not {"VIRTUAL_ENV", "PYTHONPATH", "CI"} & variables.keys()


def test_older_python_is_refused_in_text(dev: ModuleType) -> None:
    assert "3.11 or newer" in dev.version_problem((3, 10))
    assert dev.version_problem((3, 11)) == ""
    assert dev.version_problem((3, 14)) == ""


@pytest.mark.parametrize("words", [[], ["nonsense"], ["nonsense", "--help"]])
def test_unknown_command_prints_usage_and_exits_2(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python3 dev.py")
    assert done.stdout == ""


def test_usage_names_every_command(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["--help"]) == 0
    usage = capsys.readouterr().out
    assert all(f"\n  {name} " in usage for name in dev.COMMANDS)


def test_programs_of_the_tests_desktop_are_installed(dev: ModuleType) -> None:
    text = (SCRIPT.parent / "tests" / "e2e" / "desktop.py").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("PROGRAMS = "))
    assert set(ast.literal_eval(line.removeprefix("PROGRAMS = "))) <= set(dev.TEST_PROGRAMS)
