"""What the store takes in and gives back, as values."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tftmonitor.model.coverage import BlindInterval

FILE_NAME: Final = "history.db"

NOT_RECORDED: Final = "program"
"""The scope of what no channel's link is to blame for, as in the journal."""

Recorded = tuple[str, str, int, int | None, bool, bytes]
"""A push to be kept: device ("" for none), channel, received and device time in ms since 1970 UTC
(None for no device time), whether it was late, and the frame."""


class HistoryError(Exception):
    """The store cannot be opened, read or written; the text says why, for the user."""


class DamagedBlockError(Exception):
    """A block of the file does not hold what was written; what is around it may be whole."""


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """One push as it is kept. Times are ms since 1970 UTC.

    ``device`` is its key, "" where the push names none; ``frame`` is JSON that decodes to the same
    push, with no key lost. ``is_late``: it was older than what was known when it came.
    """

    device: str
    channel: str
    received_ms: int
    device_ms: int | None
    is_late: bool
    frame: bytes


class LastFrame(NamedTuple):
    """The newest snapshot of a device, received at a time in ms since 1970 UTC.

    ``under`` is the time and frame of one before it that has much that it leaves out, where there
    is one.
    """

    device: str
    received_ms: int
    frame: bytes
    under: tuple[int, bytes] | None


@dataclass(frozen=True, slots=True)
class DeviceSpan:
    """What is kept of one device: times of receipt in ms since 1970 UTC, pushes, bytes on disk.

    ``label`` is what it was called when it was last recorded, None while nobody said.
    """

    key: str
    label: str | None
    first_ms: int
    last_ms: int
    count: int
    bytes: int


@dataclass(frozen=True, slots=True)
class LinkChange:
    """What became of a channel's link, at a time in ms since 1970 UTC."""

    at_ms: int
    channel: str
    state: str
    reason: str


@dataclass(slots=True)
class Pending:
    """What goes to disk in one transaction; ``labels`` by the keys of devices."""

    rows: list[Recorded] = field(default_factory=list)
    blind: list[BlindInterval] = field(default_factory=list)
    links: list[LinkChange] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to be written."""
        return not (self.rows or self.blind or self.links or self.labels)
