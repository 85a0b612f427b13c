"""``tftmonitor evidence`` and ``verify`` on a profile that was recorded by the real parts."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.history.evidence.profiles import journal, record
from tests.unit.history.evidence.test_bundle import files_of
from tests.unit.history.export.memory import DAY, NOW
from tftmonitor.base.clock import to_iso
from tftmonitor.cli import main
from tftmonitor.history.evidence.access_log import FILE_NAME
from tftmonitor.history.schema import FILE_NAME as JOURNAL

PERIOD = ["--from", to_iso(NOW - DAY), "--to", to_iso(NOW + DAY)]


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    made = tmp_path / "profile"
    made.mkdir()
    record(made)
    journal(made)
    return made


def evidence(profile: Path, *words: str) -> int:
    return main(["evidence", "--profile", str(profile), *words])


def test_an_alarm_and_what_was_around_it(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = str(tmp_path / "e.zip")
    assert evidence(profile, "--alarm", "7", "--who", "R.", "--output", target) == 0
    assert "92 pushes of 100" in capsys.readouterr().err
    assert main(["verify", target]) == 0
    manifest = json.loads(files_of(tmp_path / "e.zip")["manifest.json"])
    assert manifest["alarm"].startswith("SOS")
    assert json.loads((profile / FILE_NAME).read_bytes())["who"] == "R."


def test_a_device_and_a_stretch(profile: Path, tmp_path: Path) -> None:
    target = tmp_path / "e.zip"
    assert evidence(profile, "--device", "200", *PERIOD, "--output", str(target)) == 0
    assert json.loads(files_of(target)["manifest.json"])["frames"]["count"] == 30
    with target.open("r+b") as file:
        file.seek(200)
        file.write(b"\0\0\0\0")
    assert main(["verify", str(target)]) in {1, 2}


def test_what_cannot_be_is_said(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = ["--output", str(tmp_path / "e.zip")]
    assert evidence(profile, "--device", "100", *target) == 2
    assert evidence(profile, "--alarm", "8", *target) == 4
    back = ["--from", to_iso(NOW), "--to", to_iso(NOW - 1_000)]
    assert evidence(profile, "--device", "100", *back, *target) == 2
    assert evidence(profile, "--device", "100", *PERIOD, "--output", str(tmp_path)) == 1
    assert "cannot be written" in capsys.readouterr().err
    (profile / JOURNAL).unlink()
    assert evidence(profile, "--alarm", "7", *target) == 1
    assert main(["verify", str(tmp_path / "none.zip")]) == 2
    assert not (tmp_path / "e.zip").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_cancel_leaves_no_file(profile: Path, tmp_path: Path) -> None:
    words = ["evidence", "--profile", str(profile), "--device", "100", *PERIOD]
    code = (
        "import os, signal, sys\n"
        "from tftmonitor.cli import main\n"
        "from tftmonitor.history.evidence import bundle\n"
        "def stop(*_): os.kill(os.getpid(), signal.SIGTERM)\n"
        "bundle.picture = stop\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", code, *words, "--output", str(tmp_path / "e.zip")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert signal.SIGTERM
    assert (done.returncode, "cancelled" in done.stderr) == (1, True)
    assert not list(tmp_path.glob("*e.zip*"))
