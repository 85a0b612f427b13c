"""JSON Lines: every push, one object a line, with all that it carries."""

from typing import Any, BinaryIO

import msgspec
from msgspec import UNSET

from tftmonitor.base.clock import to_iso
from tftmonitor.base.redaction import redacted_frame
from tftmonitor.history.export.export import Export
from tftmonitor.history.export.rows import Row, Values, content_of, other_of, shown_value
from tftmonitor.protocol.messages import Snapshot


def write_jsonl(export: Export, out: BinaryIO) -> None:
    """A first line of kind ``export`` with the head, then a line a push in order of receipt.

    A snapshot has ``values`` by wire name; null is unknown, and what is not there was not sent.
    ``other`` is what the table of fields does not know, ``problems`` what could not be read. Any
    other push stands in ``content`` as it came.
    """
    out.write(msgspec.json.encode({"kind": "export", **export.about()}) + b"\n")
    values = Values(export.fields, shown_value)
    for row in export.rows():
        line = _head(row) | _body(row, export, values)
        out.write(redacted_frame(msgspec.json.encode(line)) + b"\n")


def _head(row: Row) -> dict[str, Any]:
    time_ms, received_ms = row.time_ms, row.frame.received_ms
    return {
        "kind": "snapshot" if isinstance(row.push, Snapshot) else "push",
        "device": row.frame.device,
        "channel": row.frame.channel,
        "time": None if time_ms is None else to_iso(time_ms),
        "time_ms": time_ms,
        "received": to_iso(received_ms),
        "received_ms": received_ms,
        "late": row.frame.is_late,
    }


def _body(row: Row, export: Export, values: Values) -> dict[str, Any]:
    if not isinstance(row.push, Snapshot):
        return {"content": content_of(row)}
    found = {
        field.wire: value
        for field, value in zip(export.fields, values.of(row), strict=True)
        if value is not UNSET
    }
    if export.chosen is not None:
        return {"values": found}
    return {"values": found, "other": other_of(row), "problems": list(row.push.problems)}
