"""Parquet by pyarrow, an extra: a row a snapshot, typed columns, units in the schema."""

import importlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import msgspec
from msgspec import UNSET

from tftmonitor.history.export.export import Export
from tftmonitor.history.export.rows import Row, Values, unit_of
from tftmonitor.model.fields.field import Field, FieldKind
from tftmonitor.protocol.messages import Snapshot

MISSING: Final = "parquet needs pyarrow: pip install 'tftmonitor[parquet]'"
_ROWS: Final = 20_000
_NOT_HERE: Final = "pushes that are no snapshot; jsonl has them"


class ParquetMissingError(RuntimeError):
    """pyarrow is not installed; the text says what to do."""


def require_parquet() -> Any:
    """The package that writes the format; raises ParquetMissingError."""
    try:
        # Not by a plain import: an executable would carry it, and it is larger than all the rest.
        return importlib.import_module("pyarrow")
    except ImportError:
        raise ParquetMissingError(MISSING) from None


def write_parquet(export: Export, out: BinaryIO) -> None:
    """In order of receipt, in groups of ``_ROWS`` rows; nulls are values not sent or not known."""
    arrow = require_parquet()
    tables = importlib.import_module("pyarrow.parquet")
    fields = export.fields
    schema = _schema(arrow, export, fields)
    with tables.ParquetWriter(out, schema, compression="zstd") as writer:
        for columns in _groups(export, fields):
            writer.write_table(arrow.table(columns, schema=schema))


def _schema(arrow: Any, export: Export, fields: tuple[Field, ...]) -> Any:
    moment = arrow.timestamp("ms", tz="UTC")
    types = {
        FieldKind.NUMBER: arrow.float64(),
        FieldKind.COUNT: arrow.int64(),
        FieldKind.WORD: arrow.int64(),
        FieldKind.FLAG: arrow.bool_(),
        FieldKind.TIME: moment,
        FieldKind.TEXT: arrow.string(),
        FieldKind.PINS: arrow.string(),
    }
    own = [
        arrow.field("device", arrow.string()),
        arrow.field("time", moment),
        arrow.field("received", moment),
        arrow.field("late", arrow.bool_()),
    ]
    read = [
        arrow.field(field.wire, types[field.spec.kind], metadata={"unit": unit_of(field)})
        for field in fields
    ]
    about = {"tftmonitor": msgspec.json.encode(export.about())}
    return arrow.schema(own + read, metadata=about)


def _groups(export: Export, fields: tuple[Field, ...]) -> Iterator[dict[str, list[Any]]]:
    rows: list[tuple[Any, ...]] = []
    names = ["device", "time", "received", "late", *(field.wire for field in fields)]
    values = Values(fields, lambda _field, value: value)
    for row in export.rows():
        if not isinstance(row.push, Snapshot):
            export.skip(_NOT_HERE)
            continue
        rows.append(_cells(row, values))
        if len(rows) >= _ROWS:
            yield _columns(names, rows)
            rows = []
    yield _columns(names, rows)


def _columns(names: list[str], rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _cells(row: Row, values: Values) -> tuple[Any, ...]:
    frame = row.frame
    own = (frame.device, row.time_ms, frame.received_ms, frame.is_late)
    return (*own, *(None if value is UNSET else value for value in values.of(row)))
