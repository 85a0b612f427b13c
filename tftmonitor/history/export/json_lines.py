"""JSON Lines: every push, one object a line, with all that it carries."""

from typing import Any, BinaryIO

import msgspec

from tftmonitor.base.clock import to_iso
from tftmonitor.base.redaction import redacted_frame
from tftmonitor.history.export.export import Export
from tftmonitor.history.export.rows import Row, content_of, other_of, shown_value, values_of
from tftmonitor.protocol.messages import Snapshot


def write_jsonl(export: Export, out: BinaryIO) -> None:
    """A first line of kind ``export`` with the head, then a line a push in order of receipt.

    A snapshot has ``values`` by wire name; null is unknown, and what is not there was not sent.
    ``other`` is what the table of fields does not know, ``problems`` what could not be read. Any
    other push stands in ``content`` as it came.
    """
    out.write(msgspec.json.encode({"kind": "export", **export.about()}) + b"\n")
    for row in export.rows():
        line = _head(row) | _body(row, export)
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


def _body(row: Row, export: Export) -> dict[str, Any]:
    if not isinstance(row.push, Snapshot):
        return {"content": content_of(row)}
    fields = export.fields
    found = values_of(row, fields)
    values = {
        field.wire: shown_value(field, found[field.wire]) for field in fields if field.wire in found
    }
    if export.chosen is not None:
        return {"values": values}
    return {"values": values, "other": other_of(row), "problems": list(row.push.problems)}
