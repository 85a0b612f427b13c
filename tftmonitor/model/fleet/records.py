"""What a device sends beside its status: tyres, drivers, trouble codes, fuel probes."""

from typing import NamedTuple

import msgspec

from tftmonitor.model.fields.field import Value
from tftmonitor.model.fleet.identity import Identity

RecordValue = Value | list[str]
# By the column names of the kind's table in ``protocol.records``.
Record = dict[str, RecordValue]


class Records(msgspec.Struct, frozen=True):
    """One event with records. ``device_ms`` is its time by the device's clock, unchecked.

    ``other`` holds what no column of the table is for, and ``error`` what the server says of the
    event, both as they came.
    """

    kind: str
    identity: Identity
    device_ms: int | None = None
    records: list[Record] = msgspec.field(default_factory=list)
    other: dict[str, object] = msgspec.field(default_factory=dict)
    error: object = 0


class ReceivedRecords(NamedTuple):
    """The last event of a kind, and when it came in."""

    event: Records
    received_ms: int
