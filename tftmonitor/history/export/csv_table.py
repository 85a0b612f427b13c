"""CSV: a row a snapshot, a column a field; safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from msgspec import UNSET

from tftmonitor.base.clock import to_iso
from tftmonitor.history.export.export import OWN_COLUMNS, Export
from tftmonitor.history.export.rows import Row, Values, shown_value
from tftmonitor.model.fields.field import Field, Value
from tftmonitor.protocol.messages import Snapshot

# Spreadsheets take a cell that begins so for a formula; the last four are of East Asian ones.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOT_HERE: Final = "pushes that are no snapshot; jsonl has them"
_BATCH: Final = 500


def write_csv(export: Export, out: BinaryIO) -> None:
    """Head, names of the columns, and the rows in order of receipt. UTF-8, lines end in LF.

    Lines of the head begin with ``#``. An empty cell is a value that was not sent or is not known.
    """
    fields = export.fields
    out.writelines(f"# {line}\n".encode() for line in head_lines(export))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*OWN_COLUMNS, *(field.wire for field in fields)])
    waiting = 0
    for cells in _cells(export, fields):
        writer.writerow(cells)
        waiting += 1
        if waiting >= _BATCH:
            _flush(buffer, out)
            waiting = 0
    _flush(buffer, out)


def head_lines(export: Export) -> Iterator[str]:
    """The head in words, a fact a line."""
    about = export.about()
    units = about.pop("units")
    for name, value in about.items():
        yield f"{name}: {plain(value)}"
    yield "units: " + ", ".join(f"{wire} {unit}" for wire, unit in units.items())


def plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def cell(value: Value) -> str:
    """One value as a cell: "" for unknown, true and false for flags."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value.replace("\0", "")) if isinstance(value, str) else repr(value)


def _cells(export: Export, fields: tuple[Field, ...]) -> Iterator[list[str]]:
    values = Values(fields, lambda field, value: cell(shown_value(field, value)))
    for row in export.rows():
        if isinstance(row.push, Snapshot):
            yield [*_own(row), *("" if each is UNSET else each for each in values.of(row))]
        else:
            export.skip(_NOT_HERE)


def _own(row: Row) -> list[str]:
    time_ms, received_ms = row.time_ms, row.frame.received_ms
    return [
        cell(row.frame.device),
        "" if time_ms is None else to_iso(time_ms),
        cell(time_ms),
        to_iso(received_ms),
        cell(received_ms),
        cell(row.frame.is_late),
    ]


def _flush(buffer: io.StringIO, out: BinaryIO) -> None:
    out.write(buffer.getvalue().encode())
    buffer.seek(0)
    buffer.truncate()
