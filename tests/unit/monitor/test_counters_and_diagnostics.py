import asyncio
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.monitor import diagnostics as diagnostics_module
from tftmonitor.monitor.counters import Counters
from tftmonitor.monitor.diagnostics import Diagnostics, Lateness, resident_bytes
from tftmonitor.monitor.monitor import Monitor


def test_kinds_are_counted_and_made_up_ones_cannot_fill_the_memory() -> None:
    counters = Counters()
    counters.note_other("bleTemp")
    counters.note_other("bleTemp")
    for number in range(5_000):
        counters.note_other(f"kind {number}")
    assert counters.other_kinds["bleTemp"] == 2
    assert len(counters.other_kinds) == 1_000


def test_lateness_has_median_tail_and_worst_since_the_last_drain() -> None:
    lateness = Lateness()
    for delay in [*range(1, 100), 500]:
        lateness.note(delay)
    assert lateness.drain() == {"p50": 50.0, "p99": 99.0, "max": 500.0}
    assert lateness.drain() == {"p50": 0.0, "p99": 0.0, "max": 0.0}
    lateness.note(-3)
    assert lateness.drain()["max"] == 0.0


@pytest.fixture
def diagnosed(tmp_path: Path) -> tuple[Diagnostics, Counters, ManualClock]:
    counters, clock = Counters(), ManualClock()
    desk = SimpleNamespace(alarms=SimpleNamespace(open=list))
    receiver = SimpleNamespace(large_frames=SimpleNamespace(given_up=3))
    monitor: Any = SimpleNamespace(
        counters=counters, fleet=[1, 2], alarm_service=desk, receiver=receiver
    )
    diagnostics = Diagnostics(cast("Monitor", monitor), clock, lambda: 7, tmp_path / "d.jsonl")
    return diagnostics, counters, clock


def test_line_has_the_rate_since_the_one_before(
    diagnosed: tuple[Diagnostics, Counters, ManualClock],
) -> None:
    diagnostics, counters, clock = diagnosed
    counters.messages = 50
    clock.advance(2)
    line = diagnostics.line()
    assert (line["messages"], line["messages_per_s"]) == (50, 25.0)
    assert (line["devices"], line["frames"], line["open_alarms"]) == (2, 7, 0)
    assert line["frames_given_up"] == 3
    clock.advance(1)
    assert diagnostics.line()["messages_per_s"] == 0.0


def test_lines_are_appended_and_a_full_disk_is_reported(
    diagnosed: tuple[Diagnostics, Counters, ManualClock], tmp_path: Path
) -> None:
    diagnostics, _, _ = diagnosed
    for _ in range(2):
        diagnostics.append(diagnostics.line())
    lines = (tmp_path / "d.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["messages"] for line in lines] == [0, 0]
    (tmp_path / "d.jsonl").unlink()
    (tmp_path / "d.jsonl").mkdir()
    diagnostics.append(diagnostics.line())
    assert "not written" in diagnostics.problem


def test_file_that_has_become_large_is_put_aside(
    diagnosed: tuple[Diagnostics, Counters, ManualClock],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(diagnostics_module, "_FILE_SIZE", 2_000)
    diagnostics, _, _ = diagnosed
    for _ in range(100):
        diagnostics.append(diagnostics.line())
    sizes = {file.name: file.stat().st_size for file in tmp_path.iterdir()}
    assert sizes.keys() <= {"d.jsonl", "d.jsonl.1"}
    assert 2_000 < sizes["d.jsonl.1"] < 4_000
    assert sizes.get("d.jsonl", 0) < 2_500
    assert not diagnostics.problem


def test_memory_is_that_of_this_process() -> None:
    assert 5_000_000 < resident_bytes() < 5_000_000_000


def test_line_has_its_own_cost_and_what_runs(
    diagnosed: tuple[Diagnostics, Counters, ManualClock],
) -> None:
    diagnostics, _, clock = diagnosed
    with diagnostics.counted():
        sum(range(200_000))
    clock.advance(1)
    line = diagnostics.line()
    assert line["own_percent"] > 0
    assert line["threads"] >= 1
    assert line["tasks"] == 0
    clock.advance(1)
    assert diagnostics.line()["own_percent"] == 0


def test_line_without_a_file_goes_nowhere(
    diagnosed: tuple[Diagnostics, Counters, ManualClock], tmp_path: Path
) -> None:
    in_file, _, clock = diagnosed
    alone = Diagnostics(in_file._monitor, clock, lambda: 0)
    assert in_file.to_file
    assert not alone.to_file
    alone.append(alone.line())
    assert (alone.problem, list(tmp_path.iterdir())) == ("", [])


def test_every_figure_of_the_pane_is_in_the_line(
    diagnosed: tuple[Diagnostics, Counters, ManualClock],
) -> None:
    assert set(diagnosed[0].line()) == {
        "time",
        "messages",
        "messages_per_s",
        "frames",
        "lateness_ms",
        "devices",
        "invalid",
        "late",
        "frames_given_up",
        "open_alarms",
        "cpu_percent",
        "own_percent",
        "threads",
        "tasks",
        "rss_mb",
    }


def test_tasks_of_the_running_loop_are_counted(
    diagnosed: tuple[Diagnostics, Counters, ManualClock],
) -> None:
    async def main() -> int:
        other = asyncio.create_task(asyncio.sleep(10))
        counted: int = diagnosed[0].line()["tasks"]
        other.cancel()
        return counted

    assert asyncio.run(main()) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no figure of resource usage")
@pytest.mark.parametrize(("platform", "unit"), [("linux", 1024), ("darwin", 1)])
def test_memory_is_the_largest_so_far_where_the_system_tells_no_more(
    monkeypatch: pytest.MonkeyPatch, platform: str, unit: int
) -> None:
    import resource

    refuse_proc(monkeypatch)
    monkeypatch.setattr(sys, "platform", platform)
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    assert largest <= resident_bytes() <= 1.2 * largest


def test_memory_is_zero_where_the_system_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_proc(monkeypatch)
    monkeypatch.setattr(sys, "platform", "win32")
    assert resident_bytes() == 0


def refuse_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system without ``/proc``."""

    def missing(_path: Path, **_how: str) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
