"""One alarm and where it stands in its life. Alarms are values: a change is a new one."""

import enum
from collections.abc import Iterable
from typing import Final

import msgspec
from msgspec.structs import replace

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.alarms.codes import MOMENTARY, Severity

LATE_MS: Final = 15 * MINUTE_MS
"""So old by the device's time, an alarm is about the past: it is marked and rings softly."""

SAME_EVENT_MS: Final = MINUTE_MS
"""Two reports this near are of one event: the channels differ by seconds, messages by up to 30."""

TEXT_KEY: Final = "text:"
"""Begins the key of an alarm that is known by the server's text alone."""

TEXT_LIMIT: Final = 300
NAME_LIMIT: Final = 120


class Source(enum.Enum):
    """Who reported an alarm. The values go to disk."""

    SNAPSHOT = "snapshot"
    MESSAGE = "message"
    RECORD = "record"
    RULE = "rule"
    LINK = "link"
    DRILL = "drill"
    PROGRAM = "program"


FEED: Final = frozenset({Source.SNAPSHOT, Source.MESSAGE})
"""The two channels that report the same events, by names of their own."""


class AlarmState(enum.Enum):
    """Where an alarm stands. RETURNED: its condition is over, yet nobody has acknowledged it."""

    ACTIVE = "active"
    RETURNED = "returned"
    ACKNOWLEDGED = "acknowledged"
    SHELVED = "shelved"
    OUT_OF_SERVICE = "out of service"
    CLOSED = "closed"


class Alarm(msgspec.Struct, frozen=True, omit_defaults=True):
    """One alarm. Times are ms since 1970 UTC; field names are permanent, they are on disk.

    ``device`` and ``key`` decide which repeats belong to it: ``key`` is the key of its kind,
    "code:22" while unresolved, "bit:0x4000", "text:..." or "rule:" and what the rule calls itself.
    ``candidates`` are the kinds that it may be while it is unresolved. ``bit`` is the bit of
    ``alerts`` that holds it, 0 when none does. ``sources`` are all that reported it, ``latest``
    those that reported its latest occurrence. ``first_ms`` and ``last_ms`` are received times,
    ``device_ms`` the latest device time that is believed. ``doubtful`` when nothing tells whether
    the date that it came with is right, ``raw_ms`` is that date where it is not the believed one.
    ``text`` is the server's, bounded. ``end_unknown`` says of an active alarm that it may be over:
    the times do not tell whether its end came first. ``imei`` is the device's as far as it was
    known then, ``rings`` how often sound was asked for. ``place_ms`` is the time of the fix that
    ``lat`` and ``lng`` are from, None while nobody knows; ``place_is_last_known`` when that is not
    the place of the alarm itself.
    """

    id: int
    key: str
    name: str
    severity: Severity
    first_ms: int
    last_ms: int
    # On disk it goes by its first name, which is permanent.
    sources: tuple[Source, ...] = msgspec.field(name="witnesses")
    latest: tuple[Source, ...]
    device: str | None = None
    device_name: str = ""
    count: int = 1
    code: int | None = None
    numbering: str | None = None
    candidates: tuple[str, ...] = ()
    bit: int = 0
    device_ms: int | None = None
    late: bool = False
    active: bool = True
    acknowledged_ms: int | None = None
    silenced_ms: int | None = None
    closed_ms: int | None = None
    shelved_until_ms: int | None = None
    shelve_reason: str = ""
    out_of_service_until_ms: int | None = None
    note: str = ""
    drill: bool = False
    text: str = ""
    lat: float | None = None
    lng: float | None = None
    end_unknown: bool = False
    imei: str = ""
    rings: int = 0
    doubtful: bool = False
    raw_ms: int | None = None
    place_ms: int | None = None
    place_is_last_known: bool = False

    @property
    def state(self) -> AlarmState:
        """Where it stands; out of service goes before shelved, and both before the rest."""
        if self.closed_ms is not None:
            return AlarmState.CLOSED
        if self.out_of_service_until_ms is not None:
            return AlarmState.OUT_OF_SERVICE
        if self.shelved_until_ms is not None:
            return AlarmState.SHELVED
        if self.acknowledged_ms is not None:
            return AlarmState.ACKNOWLEDGED
        return AlarmState.ACTIVE if self.active else AlarmState.RETURNED

    @property
    def is_open(self) -> bool:
        """True until it is over and acknowledged."""
        return self.closed_ms is None

    @property
    def needs_ack(self) -> bool:
        """True while it waits for somebody: neither acknowledged nor suppressed."""
        return (
            self.closed_ms is None
            and self.acknowledged_ms is None
            and self.shelved_until_ms is None
            and self.out_of_service_until_ms is None
        )

    @property
    def has_ended(self) -> bool:
        """True when its condition is over.

        Never of what happens in an instant: an SOS is over with the next report, and is no less
        urgent for that.
        """
        return not self.active and MOMENTARY.isdisjoint((self.key, *self.candidates))

    @property
    def suppressed(self) -> bool:
        """True while it is shelved or its device is out of service."""
        return self.closed_ms is None and (
            self.shelved_until_ms is not None or self.out_of_service_until_ms is not None
        )

    @property
    def event_ms(self) -> int:
        """The time it is about: the device's own for a late one, else when it came in first."""
        return self.device_ms if self.late and self.device_ms is not None else self.first_ms


def closed_if_done(alarm: Alarm, at_ms: int) -> Alarm:
    """The alarm, closed if it is over and acknowledged."""
    if alarm.active or alarm.acknowledged_ms is None:
        return alarm
    return replace(alarm, closed_ms=at_ms)


def check_shelving(alarms: Iterable[Alarm], until_ms: int, now_ms: int, reason: str) -> None:
    """Raise ValueError, with a text for the operator, when alarms must not be shelved like this."""
    if until_ms <= now_ms:
        raise ValueError("The time until which to shelve is over already.")
    severe = [alarm for alarm in alarms if alarm.severity >= Severity.HIGH]
    if severe and not reason.strip():
        worst = max(severe, key=lambda alarm: alarm.severity)
        raise ValueError(f"Shelving {worst.name} ({worst.severity.word}) needs a reason.")
