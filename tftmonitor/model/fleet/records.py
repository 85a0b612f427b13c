"""What a device sends beside its status: tyres, drivers, trouble codes, fuel probes."""

from typing import NamedTuple

import msgspec

from tftmonitor.base.clock import HOUR_MS
from tftmonitor.model.fields.field import Value
from tftmonitor.model.fleet.clock_offset import DeviceClock, oldest_ms
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
    """The newest event of a kind, and when it came in."""

    event: Records
    received_ms: int

    def dated_ms(self, clock: DeviceClock | None) -> int | None:
        """Its own date, at most when it came in; None where it is known not to be right."""
        return oldest_ms(clock, self.event.device_ms, self.received_ms)

    def is_before(self, kept: "ReceivedRecords", clock: DeviceClock | None) -> bool:
        """True when this is an older event than the one that is kept, and that one is fresh.

        A clock that was set back must not hold what is new back for good.
        """
        if self.received_ms - kept.received_ms > HOUR_MS:
            return False
        mine, theirs = self.dated_ms(clock), kept.dated_ms(clock)
        return mine is not None and theirs is not None and mine < theirs
