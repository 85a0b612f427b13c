"""One tracked unit: who it is and the newest that is known of it."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

from typing_extensions import override

from tftmonitor.base.redaction import redacted_frame, redacted_value
from tftmonitor.model.fields.field import FieldKind
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.cadence import PARKED_MS, Cadence
from tftmonitor.model.fleet.clock_offset import DeviceClock
from tftmonitor.model.fleet.identity import Ident
from tftmonitor.model.fleet.motion import NOTHING, MotionState
from tftmonitor.model.fleet.records import ReceivedRecords
from tftmonitor.model.fleet.series import SampleRing
from tftmonitor.model.fleet.who.unit import Unit

SNAPSHOT = "snapshot"
HELD_SNAPSHOT = "snapshot (clock not set)"
# Shared by all devices without any; never written to.
NOTHING_INHERITED: Mapping[str, int] = {}
_NO_FRAMES: dict[str, bytes] = {}
_NO_RECORDS: dict[str, ReceivedRecords] = {}
_TEXTS = tuple(f.name for f in STATUS_FIELDS if f.spec.kind in {FieldKind.TEXT, FieldKind.PINS})


class AbsentFields(NamedTuple):
    """Which fields a frame leaves out: their names, and how to find a frame that does the same.

    ``pick(values) == unset`` for the values of every frame that leaves out at least these, and
    ``number`` of them leave out no others.
    """

    names: tuple[str, ...]
    number: int
    pick: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    unset: tuple[Any, ...]


class Device(Unit):
    """Identity and latest data of one device; only ``Fleet`` changes it.

    Times are ms since 1970 UTC, None while unknown. ``device_ms`` is the newest plausible time
    by the device's own clock, at most when that frame came in; ``received_ms`` when the newest
    frame came in, ``data_ms`` the time that the live values are from. ``absent`` is what the
    newest live frame left out and ``inherited`` what of that the status has from earlier ones, by
    name the time of the last frame that carried it; ``fix_lost_ms`` is the time of the last frame
    before the receiver lost its fix or was switched off, None while it has one or nobody knows;
    ``interval_ms`` is the usual reporting interval in the present state. ``frame`` is the last
    raw snapshot; ``record_frames`` and ``records`` hold the last event of each other kind, raw
    and decoded. ``said_key``, ``said_id`` and ``said_model`` are what the last frame had, as it
    came. ``is_hidden`` once it was joined into another row, which has all that was known of
    it.
    ``clock`` is what is known of its clock, None before any date; ``is_doubtful`` when nothing
    tells whether the date of the live values is right; ``stored_received_ms`` is when the last
    frame came in that was known to be stored, 0 before any.
    ``undated_run`` is how many frames without a set clock came since the last dated live one, the
    first of them at ``undated_since_ms``; the server had the last one at ``undated_server_ms``;
    ``unset_clock_count`` is how many were held, which are kept as raw frames alone. ``measured``
    are the bits of the same name of a status, ``unproven`` the raw values that last added nothing
    to them. ``vague_until_ms`` is the time of the last values that came by one id alone, None where
    none did. ``asked_ms`` is when the server was asked for its last report, None where it was not;
    that is what is shown while ``live_received_ms`` is None. ``restored_ms`` is when the status was
    received in a former run, None once it is of this one.
    """

    __slots__ = (
        "absent",
        "asked_ms",
        "cadence",
        "clock",
        "data_ms",
        "device_ms",
        "fix_lost_ms",
        "frame",
        "inherited",
        "interval_ms",
        "is_doubtful",
        "is_hidden",
        "late_count",
        "live_received_ms",
        "measured",
        "motion",
        "name",
        "problems",
        "received_ms",
        "record_frames",
        "records",
        "restored_ms",
        "row",
        "said_id",
        "said_key",
        "said_model",
        "series",
        "snapshots",
        "status",
        "stored_received_ms",
        "undated_run",
        "undated_server_ms",
        "undated_since_ms",
        "unproven",
        "unset_clock_count",
        "vague_until_ms",
    )

    has_row: ClassVar[bool] = True

    def __init__(self, row: int, key: str, series: SampleRing) -> None:
        super().__init__(key)
        self.row = row
        self.is_hidden = False
        self.said_key: Ident = None
        self.said_id: Ident = None
        self.said_model: object = None
        self.name: str | None = None
        self.status: DeviceStatus | None = None
        self.absent: AbsentFields | None = None
        self.inherited = NOTHING_INHERITED
        self.fix_lost_ms: int | None = None
        self.device_ms: int | None = None
        self.received_ms = 0
        self.asked_ms: int | None = None
        self.restored_ms: int | None = None
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
        self.unproven: tuple[Any, ...] = ()
        self.stored_received_ms = 0
        self.undated_run = 0
        self.undated_since_ms = 0
        self.undated_server_ms = 0
        self.unset_clock_count = 0
        self.vague_until_ms: int | None = None

    @property
    def is_asked(self) -> bool:
        """True while what is shown came because we asked, and no push has come since."""
        return self.asked_ms is not None and self.live_received_ms is None

    @property
    def frames(self) -> dict[str, bytes]:
        """The last raw frame of each kind, without what signs in."""
        own = {} if self.frame is None else {SNAPSHOT: self.frame}
        found = own | self.record_frames
        return {kind: redacted_frame(frame) for kind, frame in found.items()}

    def clean(self) -> None:
        """Take what signs in out of all that is kept as it came.

        For the end of a session, after which nobody knows any more what to look for.
        """
        self.record_frames = {k: redacted_frame(f) for k, f in self.record_frames.items()}
        if self.frame is not None:
            self.frame = redacted_frame(self.frame)
        for name in _TEXTS if self.status is not None else ():
            raw = getattr(self.status, name)
            if isinstance(raw, str):
                setattr(self.status, name, redacted_value(raw))

    @property
    @override
    def label(self) -> str:
        """The local name, or the id that the device is told apart by."""
        return self.name or self.key

    @property
    @override
    def heard_ms(self) -> int:
        return max(self.named_ms, self.received_ms)

    @property
    @override
    def usual_ms(self) -> int:
        return self.interval_ms
