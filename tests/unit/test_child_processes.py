"""Other programs are started in one place, which keeps from them what signs in."""

import re
from pathlib import Path

import pytest

from tftmonitor.base.secret_variables import forget_secrets, is_secret

ROOT = Path(__file__).resolve().parents[2]
THE_PLACE = "tftmonitor/ui/platform/child_process.py"
STARTS = re.compile(
    r"\bsubprocess\b|\bPopen\b|\bos\.(?:system|popen|fork|forkpty|startfile|exec\w+|spawn\w+|"
    r"posix_spawn\w*)\b|\bmultiprocessing\b|\bProcessPoolExecutor\b|\bcreate_subprocess\w*|"
    r"\bsubprocess_(?:exec|shell)\b|\bpty\b|\bQProcess\(|\bstartDetached\b|\bstartCommand\b|"
    r"\bopenUrl\b|\bwebbrowser\b|\bxdg-open\b"
)


def starters(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder.parent))
        for path in folder.rglob("*.py")
        if STARTS.search(path.read_text("utf-8"))
    }


def test_no_other_place_starts_a_process() -> None:
    assert starters(ROOT / "tftmonitor") == {THE_PLACE}


@pytest.mark.parametrize(
    "line",
    [
        "import subprocess",
        "os.execvpe(a, b, c)",
        "QProcess(self)",
        "QProcess.startDetached(a)",
        "QDesktopServices.openUrl(x)",
        "await asyncio.create_subprocess_exec(a)",
        "import multiprocessing as m",
    ],
)
def test_each_way_to_start_one_is_found(tmp_path: Path, line: str) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "module.py").write_text(line)
    assert starters(folder) == {"package/module.py"}


def test_password_and_its_like_leave_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setenv("TFTMONITOR_PASSWORD", "secret")
    monkeypatch.setenv("tftmonitor_password_2", "secret")
    monkeypatch.setenv("XTFTMONITOR_PASSWORD", "of another program")
    assert is_secret("TFTMONITOR_PASSWORD")
    assert is_secret("Tftmonitor_Token")
    assert not is_secret("PATH")
    forget_secrets()
    forget_secrets()
    left = {name for name, value in os.environ.items() if value == "secret"}
    assert left == set()
    assert "XTFTMONITOR_PASSWORD" in os.environ
