"""The vendor's HTTP interface as far as it is used: the login and the list of devices.

Only the login is documented. That the list lies under ``/v2/devices``, with ``code`` and
``devices`` and the name in ``config.name``, is known from what others see of it: so other shapes
are looked into, and what is none of them is said in words.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import UNSET, Raw, UnsetType

from tftmonitor.model.fields.formatting import clip, one_line
from tftmonitor.model.fleet.identity import Identity, identity_of
from tftmonitor.protocol import lenient
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.codec import FRAME_LIMIT, decode
from tftmonitor.protocol.messages import Snapshot
from tftmonitor.protocol.refusals import refusal_in

LOGIN_PATH: Final = "/v2/auth/action"
LIST_PATH: Final = "/v2/devices"
TOKEN_PARAMETER: Final = "access-token"  # noqa: S105 - the name of a key, not a secret
MOST_LISTED: Final = 20_000
"""An account has hundreds to a thousand devices; each row costs memory."""

# As long as a name of the user's own may be.
_NAME_LIMIT = 80
_TOKEN_KEY = "accesstoken"  # noqa: S105 - the name of a key, not a secret
_LONGEST_TOKEN = 512
_TOKEN_DEPTH = 3
_WORDS_LIMIT = 120
_DECODE_ERRORS = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)


class AnswerError(Exception):
    """An answer of the server that is of no use; its text is a part of a sentence."""


class ListedDevice(NamedTuple):
    """One device of the list. ``name`` is "" where it has none, plain text on one line.

    ``snapshot`` is its last report, with ``frame`` as a push would have brought it; None and
    empty where there is none that can be read.
    """

    identity: Identity
    name: str
    snapshot: Snapshot | None
    frame: bytes


class DeviceList(NamedTuple):
    """The devices as they came; ``left_out`` is how many are beyond ``MOST_LISTED``."""

    devices: list[Raw]
    left_out: int = 0


class _Answer(msgspec.Struct, gc=False):
    devices: list[Raw] | UnsetType = UNSET


class _InData(msgspec.Struct, gc=False):
    data: _Answer


class _ListInData(msgspec.Struct, gc=False):
    data: list[Raw]


class _Entry(msgspec.Struct, gc=False):
    imei: Any = None
    device_key: Any = None
    id: Any = None
    model: Any = None
    name: Any = None
    config: Any = None
    status: Raw = Raw(b"null")


_SHAPES: tuple[msgspec.json.Decoder[Any], ...] = (
    msgspec.json.Decoder(_Answer),
    msgspec.json.Decoder(_InData),
    msgspec.json.Decoder(_ListInData),
    msgspec.json.Decoder(list[Raw]),
)
_ENTRY = msgspec.json.Decoder(_Entry)


def login_body(credential: Credential) -> bytes:
    """The documented login; it holds the credential."""
    account = {"account": credential.user, "password-md5": credential.password_md5}
    return msgspec.json.encode({"getAccessToken": account | {"client-type": "web"}})


def read_token(body: bytes) -> str:
    """The token of a login's answer; AnswerError with the server's own words when refused."""
    content = _parse(body)
    if token := _find_token(content, _TOKEN_DEPTH):
        return token
    raise AnswerError(refusal_text(content) or "the login's answer holds no token")


def refusal_text(content: Any) -> str:
    """What a server says of an error, plain and bounded; "" where it says nothing of one."""
    refusal = refusal_in(content) if isinstance(content, dict) else None
    if refusal is None:
        return ""
    return f"the server refused ({clip(_plain(refusal.text), _WORDS_LIMIT)})"


def refusal_of_body(body: bytes) -> str:
    """As ``refusal_text``, of an answer that may be anything."""
    try:
        return refusal_text(_parse(body))
    except AnswerError:
        return ""


def read_list(body: bytes) -> DeviceList:
    """The devices of the list's answer, in whichever of the known shapes; else AnswerError.

    Takes some 0.5 ms for a megabyte, as nothing within the devices is read.
    """
    found: list[Raw] | UnsetType = UNSET
    for shape in _SHAPES:
        try:
            found = _devices_of(shape.decode(body))
        except msgspec.ValidationError:
            continue
        except _DECODE_ERRORS:
            raise AnswerError("the list is not JSON") from None
        if found is not UNSET:
            break
    if isinstance(found, UnsetType):
        raise AnswerError(_shape_problem(body))
    return DeviceList(found[:MOST_LISTED], max(0, len(found) - MOST_LISTED))


def read_devices(listed: DeviceList) -> Iterator[ListedDevice | None]:
    """Each device in turn, so that others have theirs in between; None for one of no use."""
    for raw in listed.devices:
        yield _device(bytes(raw)) if memoryview(raw).nbytes <= FRAME_LIMIT else None


def _device(raw: bytes) -> ListedDevice | None:
    try:
        entry = _ENTRY.decode(raw)
    except _DECODE_ERRORS:
        return None
    # A 0 names nothing.
    ids = {
        key: lenient.text(getattr(entry, key) or None)
        for key in ("imei", "device_key", "id", "model")
    }
    identity = identity_of(Identity("", **ids))
    if identity is None:
        return None
    config = lenient.inner_json(entry.config)
    name = config.get("name") if isinstance(config, dict) else None
    snapshot, frame = _report(ids, entry.status)
    return ListedDevice(identity, _name(name) or _name(entry.name), snapshot, frame)


def _report(ids: dict[str, str | None], status: Raw) -> tuple[Snapshot | None, bytes]:
    """The status as a push would have brought it.

    Without the device's ``config``, whose words about alarms are settings and no alarms.
    """
    frame = msgspec.json.encode({"event": "snapshot", "data": ids | {"status": status}, "error": 0})
    push = decode(Channel.DEVICES, frame)
    return (push, frame) if isinstance(push, Snapshot) else (None, b"")


def _name(value: Any) -> str:
    return clip(one_line(_plain(lenient.text(value) or "")), _NAME_LIMIT).strip()


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _devices_of(answer: Any) -> list[Raw] | UnsetType:
    if isinstance(answer, _InData):
        answer = answer.data
    if isinstance(answer, _Answer):
        return answer.devices
    found: list[Raw] = answer.data if isinstance(answer, _ListInData) else answer
    return found


def _shape_problem(body: bytes) -> str:
    words = refusal_of_body(body) if len(body) <= FRAME_LIMIT else ""
    return words or "the answer holds no list of devices"


def _parse(body: bytes) -> Any:
    try:
        return lenient.parse_json(body.decode("utf-8-sig", "replace"))
    except ValueError:
        raise AnswerError("what answers is not JSON") from None


def _find_token(content: Any, depth: int) -> str:
    if not isinstance(content, dict):
        return ""
    for key, value in content.items():
        if lenient.folded(key) == _TOKEN_KEY and isinstance(value, str) and _is_token(value):
            return value
    if depth == 1:
        return ""
    return next(filter(None, (_find_token(value, depth - 1) for value in content.values())), "")


def _is_token(value: str) -> bool:
    return 0 < len(value) <= _LONGEST_TOKEN and value.isascii() and value.isprintable()
