"""Frames of the messages channel to typed pushes, and the tolerant reading of ``alarm_msg``."""

from typing import Any

from tftmonitor.protocol import lenient
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.messages import (
    AlarmNotice,
    FileNotice,
    FileState,
    OtherPush,
    Push,
    Sender,
    UserMessage,
)

_FILE_STATES = {"getFileShake": FileState.REQUESTED, "downloadAllow": FileState.READY}
_ADDRESS_KEYS = ("url", "file_url", "fileUrl", "path")
_NAME_KEYS = ("file", "name", "file_name", "fileName", "file_id", "fileId", "id")
_SENDERS = {"0": Sender.SYSTEM, "1": Sender.ALARM}
_MESSAGE_KEYS = frozenset({"type", "from_id", "from_name", "message", "alarm_msg", "date"})
_FILE_KEYS = frozenset({"type", "from_id", "from_name", "date"})

# A snapshot has an "event" beside "cur_event" that is always 0.
_CODE_KEYS = ("curevent", "alarmcode", "event", "alarm", "type", "code")
_ALARM_KEYS = {
    "imei": ("imei",),
    "device_key": ("devicekey",),
    "id": ("id", "deviceid"),
    "address": ("address",),
    "model": ("model",),
}
_ALARM_NUMBERS = {
    "latitude": ("lat", "latitude"),
    "longitude": ("lng", "lon", "longitude"),
    "speed": ("speed",),
}
_ALARM_TIMES = ("date", "time")
_NAME_OF_ALARM = ("alarmname", "eventname")


def decode_message(content: dict[str, Any]) -> Push:
    """A push of the messages channel; kinds that are not documented come back as OtherPush."""
    kind = lenient.text(content.get("type")) or lenient.text(content.get("event")) or "unknown"
    if kind == "messagePass":
        return _user_message(content)
    if kind in _FILE_STATES:
        return _file_notice(kind, content)
    return OtherPush(Channel.MESSAGES, kind, content)


def _user_message(content: dict[str, Any]) -> UserMessage:
    from_id = lenient.text(content.get("from_id"))
    sender = _SENDERS.get(from_id or "", Sender.USER)
    message = content.get("message")
    other = {key: value for key, value in content.items() if key not in _MESSAGE_KEYS}
    text = lenient.text(message)
    if text is None and message not in (None, ""):
        other["message"] = message
    alarms = _alarm_notices(content.get("alarm_msg"))
    if sender is Sender.ALARM and not alarms:
        alarms = [AlarmNotice()]
    return UserMessage(
        from_id=from_id,
        sender=sender,
        from_name=lenient.text(content.get("from_name")),
        text=text or "",
        sent_ms=lenient.time_ms(content.get("date")),
        alarms=alarms,
        other=other,
    )


def _file_notice(kind: str, content: dict[str, Any]) -> FileNotice:
    inner = lenient.inner_json(content.get("data"))
    found = {**(inner if isinstance(inner, dict) else {}), **content}
    return FileNotice(
        kind=kind,
        state=_FILE_STATES[kind],
        from_id=lenient.text(content.get("from_id")),
        from_name=lenient.text(content.get("from_name")),
        address=_first_text(found, _ADDRESS_KEYS),
        name=_first_text(found, _NAME_KEYS),
        sent_ms=lenient.time_ms(found.get("date")),
        other={key: value for key, value in content.items() if key not in _FILE_KEYS},
    )


def _first_text(found: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((text for key in keys if (text := lenient.text(found.get(key)))), None)


def _alarm_notices(value: Any) -> list[AlarmNotice]:
    value = lenient.inner_json(value)
    if isinstance(value, dict):
        return [_alarm_notice(value)] if value else []
    if isinstance(value, list):
        return [notice for item in value for notice in _alarm_notices(item)]
    code = lenient.whole(value)
    if code is not None:
        return [AlarmNotice(code=code)] if code else []
    text = None if isinstance(value, bool) else lenient.text(value)
    return [AlarmNotice(name=text)] if text else []


def _alarm_notice(content: dict[str, Any]) -> AlarmNotice:
    left = {lenient.folded(key): value for key, value in content.items()}
    spelled = {lenient.folded(key): key for key in content}

    def pop_first(keys: tuple[str, ...]) -> Any:
        found = next((key for key in keys if left.get(key) is not None), None)
        return left.pop(found) if found else None

    notice = AlarmNotice()
    for name, keys in _ALARM_KEYS.items():
        setattr(notice, name, lenient.text(pop_first(keys)))
    for name, keys in _ALARM_NUMBERS.items():
        setattr(notice, name, lenient.number(pop_first(keys)))
    if not notice.latitude and not notice.longitude:
        notice.latitude = notice.longitude = None  # where units without a fix lie
    if notice.speed is not None and notice.speed < 0:
        notice.speed = None
    notice.device_ms = lenient.time_ms(pop_first(_ALARM_TIMES))
    notice.name = lenient.text(pop_first(_NAME_OF_ALARM))
    for key in _CODE_KEYS:
        code = lenient.whole(left.get(key))
        if notice.code is None and code is not None:
            notice.code = code
            del left[key]
        elif notice.name is None and lenient.text(left.get(key)) is not None and code is None:
            notice.name = lenient.text(left.pop(key))
    notice.other = {spelled[key]: value for key, value in left.items()}
    return notice
