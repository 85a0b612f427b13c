"""From a device to its recorded day and from there to plots and map, in the whole window."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.monitor.days.journey import LATITUDE, LONGITUDE, record, working_day

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "tests.e2e.day_sheet_program"
# The first device of the demo.
DEVICE = "1000000800000001"


def test_day_of_a_device_leads_to_plots_and_map(tmp_path: Path) -> None:
    record(tmp_path, [working_day(DEVICE)])
    done = subprocess.run(
        [sys.executable, "-m", PROGRAM, "--demo", "--profile", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "TZ": "UTC"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    steps = {line["step"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert "failed" not in steps, (steps, done.stderr[-2_000:])
    assert steps["requested"] == {"step": "requested", "shown": "day_sheet", "device": True}
    assert steps["today"]["is_today"]
    assert steps["follows"]["device"]
    assert steps["sheet"]["day"] == "2026-11-18"
    assert steps["sheet"]["rows"][1][:3] == ["Trip", "07:05", "07:35"]
    # From 7:05:10 to 7:35:20, with an eighth of it on both sides.
    assert steps["plots"]["shown"] == ""
    assert steps["plots"]["begin"] == pytest.approx(25_510 - 1_810 / 8, abs=2)
    assert steps["plots"]["end"] == pytest.approx(27_320 + 1_810 / 8, abs=2)
    # Between both ends of the trip, 36 km apart.
    assert steps["map"]["shown"] == ""
    assert steps["map"]["is_moved"]
    north, east = steps["map"]["middle"]
    assert north == pytest.approx(LATITUDE, abs=0.01)
    assert LONGITUDE + 0.2 < east < LONGITUDE + 0.35
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
