"""The typed pushes of both channels, as the codec hands them out."""

import enum
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.identity import Ident
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.channels import Channel

MESSAGE_KIND = "messagePass"


class SnapshotData(msgspec.Struct, gc=False):
    """``data`` of a devices frame; ``status`` is UNSET for events other than snapshot."""

    device_key: Ident = None
    id: Ident = None
    imei: Ident = None
    model: Ident = None
    status: DeviceStatus | UnsetType = UNSET
    # Where they do not belong, yet an alarm there is one.
    cur_event: Any = UNSET
    alerts: Any = UNSET
    alarm: Any = UNSET
    alarm_code: Any = UNSET
    alarm_msg: Any = UNSET


class Snapshot(msgspec.Struct, gc=False):
    """A ``snapshot`` push. ``problems`` names each value that could not be used, in words.

    ``alarms`` are those that its two alarm words do not hold: told elsewhere, or in another form.
    """

    event: str
    data: SnapshotData
    error: Any = 0
    # No server can fill it: its wire name is no key that one would use.
    problems: tuple[str, ...] = msgspec.field(default=(), name="(own) problems")
    alarms: tuple["AlarmNotice", ...] = msgspec.field(default=(), name="(own) alarms")

    @property
    def status(self) -> DeviceStatus:
        """The status object; the codec hands out no snapshot without one."""
        status = self.data.status
        assert not isinstance(status, UnsetType)
        return status


class Sender(enum.Enum):
    """Who a message is from."""

    SYSTEM = "system"
    ALARM = "alarm"
    USER = "user"


class AlarmNotice(msgspec.Struct):
    """The content of a message's ``alarm_msg``; every part of it may be missing.

    ``bits`` is a word of alarm bits, ``unread`` what came in place of a number in a form that is
    not known, as bounded text.
    """

    imei: str | None = None
    device_key: str | None = None
    id: str | None = None
    name: str | None = None
    code: int | None = None
    device_ms: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    speed: float | None = None
    address: str | None = None
    model: str | None = None
    bits: int = 0
    unread: str = ""
    other: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def device(self) -> str | None:
        """The best id of the device that it speaks of."""
        return self.imei or self.device_key or self.id

    @property
    def says_none(self) -> bool:
        """True when its number is zero and nothing else in it tells of an alarm."""
        return self.code == 0 and not (self.bits or self.unread or self.name)


class UserMessage(msgspec.Struct):
    """A ``messagePass`` push, or one of a kind that nobody knows which tells of an alarm."""

    from_id: str | None
    sender: Sender
    from_name: str | None
    text: str
    sent_ms: int | None
    alarms: list[AlarmNotice]
    other: dict[str, Any]
    kind: str = MESSAGE_KIND


class FileState(enum.Enum):
    """How far a file is."""

    REQUESTED = "requested"
    READY = "ready"


class FileNotice(msgspec.Struct):
    """``getFileShake`` or ``downloadAllow``; ``address`` and ``name`` are text, never fetched."""

    kind: str
    state: FileState
    from_id: str | None
    from_name: str | None
    address: str | None
    name: str | None
    sent_ms: int | None
    other: dict[str, Any]


class OtherPush(msgspec.Struct):
    """A frame of a kind that is not documented, or the answer to a sign-in."""

    channel: Channel
    kind: str
    content: dict[str, Any]


class InvalidPush(msgspec.Struct):
    """What cannot be used, and why."""

    channel: Channel
    problem: str
    size: int


class KeepAlive(msgspec.Struct):
    """An answer to our ``ping``: nothing to show."""


Push = Snapshot | Records | UserMessage | FileNotice | OtherPush | InvalidPush | KeepAlive
