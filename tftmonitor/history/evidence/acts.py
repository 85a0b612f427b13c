"""Alarms and the acts of operators of a stretch, out of the journal."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tftmonitor.base.clock import to_iso
from tftmonitor.history.journal import JournalError
from tftmonitor.history.journal_query import JournalFilter
from tftmonitor.history.journal_reader import search_entries
from tftmonitor.history.rows import JournalEntry

_PAGE: Final = 1_000
_MOST: Final = 100_000
_encode = msgspec.json.Encoder().encode


def acts_of(
    profile: Path, device: str, start_ms: int, end_ms: int
) -> tuple[list[JournalEntry], str]:
    """What the journal has of a device and of no device, oldest first; and why it has not all."""
    found: list[JournalEntry] = []
    wanted = JournalFilter(from_ms=start_ms, to_ms=end_ms + 1)
    before, why = None, ""
    try:
        while page := search_entries(profile, wanted, _PAGE, before):
            before = page[-1]
            found += [entry for entry in page if entry.device in {None, device}]
            if len(found) >= _MOST:
                why = f"entries of the journal before the newest {len(found)}"
                break
    except JournalError as error:
        why = f"the journal ({error})"
    return found[::-1], why


def act_lines(entries: Sequence[JournalEntry]) -> Iterator[bytes]:
    """A line of JSON an entry."""
    for entry in entries:
        yield _encode(entry) + b"\n"


def act_rows(entries: Sequence[JournalEntry]) -> list[list[str]]:
    """Texts of each: time, event, alarm, and what else was noted."""
    return [
        [
            to_iso(entry.event_ms),
            entry.kind,
            entry.alarm.name if entry.alarm else "",
            ", ".join(
                f"{name}: {value}"
                for name in ("severity", "source", "who", "note", "reason", "text", "because")
                if (value := _said(entry, name))
            ),
        ]
        for entry in entries
    ]


def _said(entry: JournalEntry, name: str) -> str:
    value = getattr(entry.event, name, None)
    return str(getattr(value, "word", None) or getattr(value, "value", None) or value or "")
