"""The window on a desktop whose tray comes late, goes and comes back."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.desktop import desktop, missing_programs

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
)


@pytest.mark.parametrize("early", [True, False])
def test_window_follows_the_tray(tmp_path: Path, *, early: bool) -> None:
    with desktop(tmp_path, tray=early) as place:
        command = [sys.executable, "-m", "tests.e2e.tray_program"]
        command += ["--profile", str(tmp_path / "profile")]
        with subprocess.Popen(
            command, env=place.env, stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as process:
            steps: dict[str, dict[str, Any]] = {}
            assert process.stdout is not None
            for line in process.stdout:
                told = json.loads(line)
                steps[told["step"]] = told
                if told["step"] == "start" and not early:
                    place.start_tray()
                elif told["step"] in ("hidden", "again"):
                    place.stop("tray")
                elif told["step"] == "back":
                    place.start_tray()
            code = process.wait(20)
    assert "failed" not in steps, steps
    assert steps["start"]["there"] is early
    if not early:
        assert "has a tray now: closing the window goes on watching" in steps["came"]["words"][-1]
    assert steps["hidden"]["ending"] is False
    assert "tray is gone" in steps["back"]["words"][-1]
    assert "has a tray now" in steps["again"]["words"][-1]
    # Without one there is no way back to a hidden window.
    assert steps["closed"]["ending"] is True
    assert code == 0
