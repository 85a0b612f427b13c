"""How recording stands, in words for the top bar, the settings and the diagnostics."""

from datetime import datetime, tzinfo
from typing import Any, Final, NamedTuple

from tftmonitor.base.clock import DAY_MS, SECOND_MS
from tftmonitor.history.samples.file import SQLITE, has_reset_bug
from tftmonitor.history.samples.retention import Limits
from tftmonitor.history.samples.sealing import ROUND_PUSHES
from tftmonitor.monitor.recording.sent import Told

GIGABYTE: Final = 1_000_000_000
_MEGABYTE: Final = 1_000_000
# So many pushes wait to be sealed when sealing has no time for them.
_BEHIND: Final = 2 * ROUND_PUSHES


class Standing(NamedTuple):
    """A word that stands in the top bar, a sentence about it, and whether it is an error."""

    word: str = ""
    tip: str = ""
    is_trouble: bool = False


NOT_WANTED: Final = Standing("Not recording", "Recording is turned off in the settings.")
MADE_UP: Final = Standing("Not recording", "What the demo makes up is not kept beside real data.")


def standing(told: Told, lost: int, limits: Limits, zone: tzinfo) -> Standing:
    """The words for a window that records; none before its process has said anything."""
    if told.failure:
        since = datetime.fromtimestamp(told.failed_ms / SECOND_MS, zone)
        tip = "It is tried again each second, and goes on by itself."
        if told.waiting:
            tip += f" {told.waiting:,} pushes wait in memory."
        if lost:
            tip += f" {lost:,} are lost."
        return Standing(f"Not recording since {since:%H:%M}: {told.failure}", tip, is_trouble=True)
    if told.holder:
        tip = f"{told.holder} records in this profile. When it ends, this window goes on."
        return Standing("Recorder at work", tip[:1].upper() + tip[1:])
    if not told.is_recording:
        return Standing()
    tip = f"Every push is kept in the history. {size_text(told, limits)}"
    return Standing("Recording", f"{tip} {lost:,} are lost." if lost else tip)


def size_text(told: Told, limits: Limits) -> str:
    """How much room is in use and what that means: a sentence or two."""
    used, most = told.bytes / GIGABYTE, limits.size / GIGABYTE
    shown = f"{used:.1f} GB" if used >= 1 else f"{told.bytes / _MEGABYTE:.1f} MB"
    words = f"{shown} of {most:g} GB are in use."
    if told.days is None:
        return words
    days = limits.age_ms / DAY_MS
    if told.days >= days:
        return f"{words} There is room for {days:g} days at today's pace."
    return f"{words} At today's pace that holds {_days_text(told.days)}; the oldest goes first."


def figures(told: Told, waiting: int, lost: int, word: str) -> dict[str, Any]:
    """For the diagnostics."""
    behind = told.spool > _BEHIND
    note = " (can damage a file that two programs write; here one writes)"
    return {
        "recording": f"{word}; sealing is behind" if behind else word,
        "recording_waiting": waiting,
        "recording_lost": lost,
        "history_unsealed": told.spool,
        "history_mb": round(told.bytes / _MEGABYTE, 1),
        "history_log_mb": round(told.log_bytes / _MEGABYTE, 1),
        "sqlite": f"{SQLITE}{note}" if has_reset_bug() else SQLITE,
    }


def _days_text(days: float) -> str:
    return f"{days:.0f} days" if days >= 2 else f"{days * 24:.0f} hours"
