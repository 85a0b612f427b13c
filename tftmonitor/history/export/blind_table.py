"""The blind intervals of a stretch, in a file beside what is exported."""

import csv
import io
from collections.abc import Sequence
from typing import BinaryIO, Final

from tftmonitor.base.clock import to_iso
from tftmonitor.history.export.csv_table import plain
from tftmonitor.model.coverage import BlindInterval

_HEADS: Final = ("scope", "cause", "from", "from_ms", "to", "to_ms", "reason")


def write_blind(intervals: Sequence[BlindInterval], out: BinaryIO) -> None:
    """CSV, a row an interval, by their start; times in UTC, no end where it lasts."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_HEADS)
    for each in sorted(intervals, key=lambda interval: interval.start_ms):
        end_ms = each.end_ms
        end = ("", "") if end_ms is None else (to_iso(end_ms), end_ms)
        start = (to_iso(each.start_ms), each.start_ms)
        writer.writerow([plain(each.scope), each.cause.value, *start, *end, plain(each.reason)])
    out.write(buffer.getvalue().encode())
