"""What is exported: a stretch of time, some devices, some fields, and how far it has got."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tftmonitor import __version__
from tftmonitor.base.clock import DAY_MS, to_iso
from tftmonitor.history.export.rows import Row, RowReader, unit_of
from tftmonitor.history.export.source import Frame, HistorySource
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.fields.field import Field
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.clock_offset import NEAR_MS

OWN_COLUMNS: Final = ("device", "time", "time_ms", "received", "received_ms", "late")
"""What stands in front of the fields in a table."""

PROGRESS_EVERY: Final = 1_000
"""Pushes between two calls of ``progress``."""

LATE_MS: Final = 7 * DAY_MS
"""What is asked for by the devices' own time is looked for in what came in so much later too."""


class UnknownFieldError(ValueError):
    """A field of that name does not exist; the text says so."""


@dataclass(slots=True)
class Export:
    """One export from ``start_ms`` to before ``end_ms``, in ms since 1970.

    ``devices`` are keys, None for all; ``fields`` None for all, and then whatever a push carries
    beyond the table of fields goes along where the format has room for it. ``zone`` says in words
    how times of the command line were understood. ``count`` is how many pushes were read;
    ``progress`` is called with it now and then. ``skipped`` counts what the format has no room for.
    """

    source: HistorySource
    start_ms: int
    end_ms: int
    devices: tuple[str, ...] | None = None
    chosen: tuple[Field, ...] | None = None
    zone: str = "UTC"
    progress: Callable[[int], object] = lambda _count: None
    count: int = 0
    skipped: dict[str, int] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that are written."""
        return STATUS_FIELDS.fields if self.chosen is None else self.chosen

    def device_keys(self) -> list[str]:
        """The devices that are written, by key: those that were named, else all that are kept."""
        if self.devices is not None:
            return list(self.devices)
        return sorted({span.key for span in self.source.devices()})

    def rows(self, devices: Collection[str] | None = None) -> Iterator[Row]:
        """Every push of these devices that came in in the stretch, in order of receipt.

        Of all that are exported by default.
        """
        wanted = self.devices if devices is None else devices
        yield from map(RowReader().read, self._read(self.end_ms, wanted))

    def rows_by_own_time(self, device: str) -> Iterator[Row]:
        """Every push that a device may have made in the stretch, in order of receipt.

        Some are of other times: what is believed of a clock is known only after the last.
        """
        reader = RowReader()
        for frame in self._read(self.end_ms + LATE_MS, (device,)):
            date_ms, received_ms = frame.device_ms, frame.received_ms
            is_of_now = date_ms is not None and abs(received_ms - date_ms) < NEAR_MS
            # Most of what came in later is of later, and is not decoded.
            if not (is_of_now and received_ms >= self.end_ms + NEAR_MS):
                yield reader.read(frame)

    def blind(self) -> list[BlindInterval]:
        """When nobody could have known of these devices; silences of other devices are left out."""
        return [
            each
            for each in self.source.blind(self.start_ms, self.end_ms)
            if self.devices is None
            or each.cause is not Blindness.DEVICE
            or each.scope in self.devices
        ]

    def of_device(self, device: str) -> "Export":
        """The same of one device alone, with counts of its own."""
        return replace(self, devices=(device,), count=self.count, skipped={})

    def take_counts(self, other: "Export") -> None:
        """Add what an export by ``of_device`` has counted."""
        self.count = other.count
        for why, count in other.skipped.items():
            self.skip(why, count)

    def _read(self, before_ms: int, devices: Collection[str] | None) -> Iterator[Frame]:
        for frame in self.source.frames(self.start_ms, before_ms - 1, devices):
            self.count += 1
            if self.count % PROGRESS_EVERY == 0:
                self.progress(self.count)
            yield frame

    def skip(self, why: str, count: int = 1) -> None:
        """Note that something is not in the file, and why in words."""
        if count:
            self.skipped[why] = self.skipped.get(why, 0) + count

    def about(self) -> dict[str, Any]:
        """The head of a file: program, stretch, zone and units."""
        return {
            "program": f"tftmonitor {__version__}",
            "from": to_iso(self.start_ms),
            "to": to_iso(self.end_ms),
            "times": "UTC; those ending in _ms are milliseconds since 1970-01-01T00:00:00Z",
            "zone": self.zone,
            "units": {each.wire: unit for each in self.fields if (unit := unit_of(each))},
        }


def fields_named(names: Sequence[str]) -> tuple[Field, ...]:
    """The fields of these names, by wire name or by our own; raises UnknownFieldError."""
    found: dict[str, Field] = {}
    for name in names:
        known = STATUS_FIELDS.by_wire.get(name) or STATUS_FIELDS.by_name.get(name)
        if known is None:
            raise UnknownFieldError(f"there is no field {name!r}")
        found[known.wire] = known
    return tuple(found.values())
