"""The manual of the real window, by the keyboard."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(90)
def test_the_manual_opens_searches_and_closes_by_keys(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.manual_program", "--profile", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=80,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout) == {
        "F1": "manual",
        "Ctrl+F": ["Search the manual", "lost?", False],
        "Esc": "",
        "Ctrl+F of the window": "Search devices",
        "Ctrl+F on settings": ["settings", "Search settings"],
        "Ctrl+F on journal": ["journal", "Search the journal"],
        "Ctrl+F on words": ["words", "Find a word or a sign"],
        # A page without a search: the list of devices comes to the front.
        "Ctrl+F on statistics": ["", "Search devices"],
        "?": [True, "Type to find a key"],
        "F1 on rules": ["manual", "rules-and-places.md"],
    }
