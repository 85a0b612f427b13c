"""No action acts on what nobody sees, wherever the panes are."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(300)
def test_every_action_with_every_pane_acts_on_what_is_seen(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.every_action_program", "--profile", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [fact for fact in facts if "tried" not in fact] == [], done.stderr[-2_000:]
    assert facts[-1]["tried"] > 250
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
