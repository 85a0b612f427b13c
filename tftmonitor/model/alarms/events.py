"""What can happen to alarms. Events go to the journal as JSON, so their tags are permanent."""

from collections.abc import Iterable
from typing import ClassVar

import msgspec
from msgspec.structs import replace

from tftmonitor.model.alarms.alarm import LATE_MS, Alarm, Source
from tftmonitor.model.alarms.codes import Severity


class AlarmEvent(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind"):
    """What all events have: ``at_ms`` is when the program came to know, ms since 1970 UTC."""

    journalled_alone: ClassVar[bool] = False
    """True when it belongs in the journal even if it changed no alarm."""

    at_ms: int

    @property
    def kind(self) -> str:
        """The name that the journal files it under."""
        return str(self.__struct_config__.tag)


class Raised(AlarmEvent, frozen=True, tag="raised"):
    """One occurrence of an alarm; the fields mean what they mean in ``Alarm``.

    ``past`` says that it comes out of an upload older than the live data: nobody knows whether
    its condition still holds. ``overtaken`` says that a report without it came in first, but is
    younger by seconds only: that is no history. ``sent_ms`` is the date of the message.
    """

    source: Source
    key: str
    name: str
    severity: Severity
    device: str | None = None
    device_name: str = ""
    code: int | None = None
    numbering: str | None = None
    candidates: tuple[str, ...] = ()
    bit: int = 0
    device_ms: int | None = None
    past: bool = False
    text: str = ""
    lat: float | None = None
    lng: float | None = None
    overtaken: bool = False
    imei: str = ""
    doubtful: bool = False
    raw_ms: int | None = None
    place_ms: int | None = None
    place_is_last_known: bool = False
    sent_ms: int | None = None

    @property
    def late(self) -> bool:
        """True when it happened a quarter of an hour or more before it was received."""
        return self.device_ms is not None and self.at_ms - self.device_ms >= LATE_MS


class Returned(AlarmEvent, frozen=True, tag="returned"):
    """The condition of one alarm is over; ``because`` says how that is known.

    ``source`` is the channel that reported it, None when the program itself knows it. When it is
    ``in_doubt``, that may have been before the alarm, or nobody knows whether it is over.
    """

    device: str | None
    key: str
    device_ms: int | None = None
    because: str = ""
    source: Source | None = None
    in_doubt: bool = False


class Cleared(AlarmEvent, frozen=True, tag="cleared"):
    """A live snapshot that reports fewer alarms than the one before it.

    ``event`` is its ``cur_event``, ``alerts`` its word of active alarms, None when unknown.
    """

    device: str
    event: int
    alerts: int | None = None
    device_ms: int | None = None


class AlarmCommand(AlarmEvent, frozen=True):
    """What the operator does to the alarms of these numbers."""

    ids: tuple[int, ...]


class Acknowledged(AlarmCommand, frozen=True, tag="acknowledged"):
    """Somebody has seen these alarms."""

    who: str = ""
    note: str = ""


class Silenced(AlarmCommand, frozen=True, tag="silenced"):
    """The sound of these alarms was stopped; nobody has acknowledged them by that."""

    who: str = ""


class Shelved(AlarmCommand, frozen=True, tag="shelved"):
    """These alarms are suppressed until a time."""

    until_ms: int
    reason: str = ""
    who: str = ""


class Unshelved(AlarmCommand, frozen=True, tag="unshelved"):
    """These alarms are shown again before their time."""

    who: str = ""


class OutOfService(AlarmEvent, frozen=True, tag="out_of_service"):
    """A device is being worked on until a time; None puts it back into service."""

    journalled_alone: ClassVar[bool] = True

    device: str
    until_ms: int | None
    who: str = ""


class Joined(AlarmEvent, frozen=True, tag="joined"):
    """What was filed under ``former`` is of this device: the two turned out to be one."""

    journalled_alone: ClassVar[bool] = True

    device: str
    former: str
    device_name: str = ""
    imei: str = ""


class Expired(AlarmEvent, frozen=True, tag="expired"):
    """Time went on: shelves and out-of-service times that are over end."""


class Noted(AlarmCommand, frozen=True, tag="noted"):
    """Somebody wrote a note to these alarms."""

    note: str
    who: str = ""


class Closed(AlarmCommand, frozen=True, tag="closed"):
    """Somebody says that these acknowledged alarms are over, though nothing reported their end."""

    who: str = ""


class DrillConfirmed(AlarmEvent, frozen=True, tag="drill_confirmed"):
    """Somebody saw and heard the drill: the path of alarms is proven."""

    journalled_alone: ClassVar[bool] = True

    who: str = ""


class Restored(AlarmEvent, frozen=True, tag="restored"):
    """The program began and took over this many open alarms."""

    journalled_alone: ClassVar[bool] = True

    count: int


class TimeKnown(AlarmEvent, frozen=True, tag="time_known"):
    """What nothing told is known by now: how far a device's clock was ahead (behind: negative).

    ``because`` says how that is known, for people.
    """

    device: str
    offset_ms: int
    because: str = ""


class StepFailed(AlarmEvent, frozen=True, tag="step_failed"):
    """A step of the path from alarm to operator did not work; ``reason`` says why, for people."""

    journalled_alone: ClassVar[bool] = True

    step: str
    # On disk it goes by its first name, which is permanent.
    reason: str = msgspec.field(name="words")


class Blind(AlarmEvent, frozen=True, tag="blind"):
    """A stretch, now over, in which we could not have known; ``device`` None for our own link."""

    journalled_alone: ClassVar[bool] = True

    device: str | None
    cause: str
    start_ms: int
    end_ms: int
    scope: str = ""
    reason: str = ""


Event = (
    Raised
    | Returned
    | Cleared
    | Acknowledged
    | Silenced
    | Shelved
    | Unshelved
    | OutOfService
    | Joined
    | Expired
    | Noted
    | Closed
    | DrillConfirmed
    | Restored
    | StepFailed
    | Blind
    | TimeKnown
)


class AlarmChange(msgspec.Struct, frozen=True):
    """What an event made of one alarm.

    ``rings`` asks for the sound, softly when ``alarm.late``. ``counted`` says that a repeat was
    counted and nothing else came of it.
    """

    alarm: Alarm
    event: Event
    is_new: bool = False
    rings: bool = False
    severity_rose: bool = False
    counted: bool = False


def coalesce(changes: Iterable[AlarmChange]) -> list[AlarmChange]:
    """One change for each alarm, as it is now, in the order in which they first changed."""
    found: dict[int, AlarmChange] = {}
    for change in changes:
        before = found.get(change.alarm.id)
        if before is not None:
            change = replace(  # noqa: PLW2901 - it is the sum of both
                change,
                is_new=before.is_new or change.is_new,
                rings=(before.rings or change.rings) and change.alarm.needs_ack,
                severity_rose=before.severity_rose or change.severity_rose,
                counted=before.counted and change.counted,
            )
        found[change.alarm.id] = change
    return list(found.values())
