"""The journal as a table for other programs: CSV, with the words that the window shows."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC
from typing import Final

from tftmonitor.base.clock import to_iso
from tftmonitor.history.rows import JournalEntry
from tftmonitor.monitor.where.places import COMPUTED, places
from tftmonitor.monitor.where.zones import ShownZone
from tftmonitor.ui.alarms.journal.text import entry_texts, place_of

_HEADS: Final = (
    "time (UTC)",
    "received (UTC)",
    "event",
    "severity",
    "device",
    "alarm",
    "details",
    "latitude",
    "longitude",
    f"place ({COMPUTED})",
)
# Spreadsheets take a cell that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def journal_csv(entries: Sequence[JournalEntry]) -> bytes:
    """One row an entry, in the order given, UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADS)
    where = [place_of(entry) for entry in entries]
    for entry, place, said in zip(entries, where, places().words_of(where), strict=True):
        _time, *words = entry_texts(entry, entry.at_ms, ShownZone(UTC), with_place=False)
        times = (to_iso(entry.event_ms), to_iso(entry.at_ms))
        numbers = ("" if degrees is None else degrees for degrees in place)
        writer.writerow([*times, *map(_plain, words), *numbers, _plain(said)])
    return out.getvalue().encode()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
