"""The words for how recording stands."""

from datetime import UTC

import pytest

from tests.unit.history.samples.pushes import T0
from tftmonitor.base.clock import DAY_MS
from tftmonitor.history.samples.file import SQLITE
from tftmonitor.history.samples.retention import Limits
from tftmonitor.monitor.recording import standing as standing_module
from tftmonitor.monitor.recording.sent import Told
from tftmonitor.monitor.recording.standing import Standing, figures, size_text, standing

LIMITS = Limits()


def words(told: Told, lost: int = 0) -> Standing:
    return standing(told, lost, LIMITS, UTC)


def test_nothing_is_said_before_anything_is_known() -> None:
    assert words(Told()) == Standing("", "", False)


def test_recording_says_how_much_room_is_in_use() -> None:
    found = words(Told(is_recording=True, bytes=12_300_000))
    assert found.word == "Recording"
    assert found.tip == "Every push is kept in the history. 12.3 MB of 5 GB are in use."
    assert not found.is_trouble
    assert words(Told(is_recording=True), 3).tip.endswith("3 are lost.")


def test_trouble_has_its_time_and_what_waits_and_is_lost() -> None:
    found = words(Told(failure="the disk is full", failed_ms=T0))
    assert found.word == "Not recording since 11:06: the disk is full"
    assert found.is_trouble
    assert "goes on by itself" in found.tip
    assert "wait" not in found.tip
    found = words(Told(failure="x", failed_ms=T0, waiting=1_200), 7)
    assert "1,200 pushes wait in memory. 7 are lost." in found.tip


def test_other_recorder_is_named() -> None:
    found = words(Told(holder="process 7 on computer a"))
    assert found.word == "Recorder at work"
    assert found.tip.startswith("Process 7 on computer a records in this profile.")
    assert not found.is_trouble


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (None, "3.0 GB of 5 GB are in use."),
        (36.4, "At today's pace that holds 36 days; the oldest goes first."),
        (0.5, "At today's pace that holds 12 hours; the oldest goes first."),
        (400.0, "There is room for 90 days at today's pace."),
    ],
)
def test_size_says_what_it_means(days: float | None, expected: str) -> None:
    assert size_text(Told(bytes=3_000_000_000, days=days), LIMITS).endswith(expected)
    assert "of 2.5 GB" in size_text(Told(days=days), Limits(5 * DAY_MS, 2_500_000_000))


def test_figures_say_when_sealing_is_behind_and_which_sqlite_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(standing_module, "has_reset_bug", lambda: False)
    found = figures(Told(spool=5, bytes=2_000_000, log_bytes=100_000), 3, 4, "Recording")
    assert found.pop("sqlite") == SQLITE
    assert found == {
        "recording": "Recording",
        "recording_waiting": 3,
        "recording_lost": 4,
        "history_unsealed": 5,
        "history_mb": 2.0,
        "history_log_mb": 0.1,
    }
    monkeypatch.setattr(standing_module, "has_reset_bug", lambda: True)
    found = figures(Told(spool=200_000), 0, 0, "Recording")
    assert found["recording"] == "Recording; sealing is behind"
    assert "can damage" in found["sqlite"]
