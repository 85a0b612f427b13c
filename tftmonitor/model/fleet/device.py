"""One tracked unit: who it is and the newest that is known of it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.cadence import PARKED_MS, Cadence
from tftmonitor.model.fleet.clock_offset import DeviceClock
from tftmonitor.model.fleet.motion import NOTHING, MotionState
from tftmonitor.model.fleet.records import ReceivedRecords
from tftmonitor.model.fleet.series import SampleRing

SNAPSHOT = "snapshot"
HELD_SNAPSHOT = "snapshot (clock not set)"
# Shared by all devices without any; never written to.
NOTHING_INHERITED: Mapping[str, int] = {}
_NO_FRAMES: dict[str, bytes] = {}
_NO_RECORDS: dict[str, ReceivedRecords] = {}


class AbsentFields(NamedTuple):
    """Which fields a frame leaves out: their names, and how to find a frame that does the same.

    ``pick(values) == unset`` for the values of every frame that leaves out at least these, and
    ``number`` of them leave out no others.
    """

    names: tuple[str, ...]
    number: int
    pick: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    unset: tuple[Any, ...]


class Device:
    """Identity and latest data of one device; only ``Fleet`` changes it.

    Times are ms since 1970 UTC, None while unknown. ``device_ms`` is the newest plausible time
    by the device's own clock, at most when that frame came in; ``received_ms`` when the newest
    frame came in, ``data_ms`` the time that the live values are from. ``absent`` is what the
    newest live frame left out and ``inherited`` what of that the status has from earlier ones, by
    name the time of the last frame that carried it; ``fix_lost_ms`` is the time of the last frame
    before the receiver lost its fix or was switched off, None while it has one or nobody knows;
    ``interval_ms`` is the usual reporting interval in the present state. ``frame`` is the last
    raw snapshot; ``record_frames`` and ``records`` hold the last event of each other kind, raw
    and decoded. ``is_identified`` once imei, key and id are known.
    ``clock`` is what is known of its clock, None before any date; ``is_doubtful`` when nothing
    tells whether the date of the live values is right; ``stored_received_ms`` is when the last
    frame came in that was known to be stored, 0 before any.
    ``undated_run`` is how many frames without a set clock came since the last dated live one, the
    first of them at ``undated_since_ms``; the server had the last one at ``undated_server_ms``;
    ``unset_clock_count`` is how many were held, which are kept as raw frames alone.
    ``measured`` are the bits of the same name of a status.
    """

    __slots__ = (
        "absent",
        "cadence",
        "clock",
        "data_ms",
        "device_key",
        "device_ms",
        "fix_lost_ms",
        "frame",
        "id",
        "imei",
        "inherited",
        "interval_ms",
        "is_doubtful",
        "is_identified",
        "key",
        "late_count",
        "live_received_ms",
        "measured",
        "model",
        "motion",
        "name",
        "problems",
        "received_ms",
        "record_frames",
        "records",
        "row",
        "series",
        "snapshots",
        "status",
        "stored_received_ms",
        "undated_run",
        "undated_server_ms",
        "undated_since_ms",
        "unset_clock_count",
    )

    def __init__(self, row: int, key: str, series: SampleRing) -> None:
        self.row = row
        self.key = key
        self.imei: str | None = None
        self.device_key: str | None = None
        self.id: str | None = None
        self.is_identified = False
        self.model: str | None = None
        self.name: str | None = None
        self.status: DeviceStatus | None = None
        self.absent: AbsentFields | None = None
        self.inherited = NOTHING_INHERITED
        self.fix_lost_ms: int | None = None
        self.device_ms: int | None = None
        self.received_ms = 0
        self.data_ms: int | None = None
        self.series = series
        self.cadence = Cadence()
        self.interval_ms = PARKED_MS
        self.motion: MotionState = NOTHING
        self.frame: bytes | None = None
        self.record_frames = _NO_FRAMES
        self.records = _NO_RECORDS
        self.problems: tuple[str, ...] = ()
        self.snapshots = 0
        self.late_count = 0
        self.live_received_ms: int | None = None
        self.is_doubtful = False
        self.clock: DeviceClock | None = None
        self.measured = 0
        self.stored_received_ms = 0
        self.undated_run = 0
        self.undated_since_ms = 0
        self.undated_server_ms = 0
        self.unset_clock_count = 0

    @property
    def frames(self) -> dict[str, bytes]:
        """The last raw frame of each kind."""
        own = {} if self.frame is None else {SNAPSHOT: self.frame}
        return own | self.record_frames

    @property
    def label(self) -> str:
        """The local name, or the id that the device is told apart by."""
        return self.name or self.key
