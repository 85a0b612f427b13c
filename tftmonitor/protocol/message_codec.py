"""Frames of the messages channel to typed pushes, and the tolerant reading of ``alarm_msg``."""

from typing import Any

import msgspec

from tftmonitor.model.alarms.codes import WORD_MASK
from tftmonitor.protocol import lenient
from tftmonitor.protocol.alarm_forms import (
    MOST_ITEMS,
    AlarmForm,
    read_alarm,
    read_alarm_code,
    read_bits,
    says_none,
    shown,
)
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.messages import (
    MESSAGE_KIND,
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
# Under these keys stands an alarm and nothing else, so that what cannot be read is one as well.
_SURE_KEYS = frozenset({"curevent", "alarmcode", "alarm"})
_BITS_KEY = "alerts"
_BITS_CODE = "alarmcode"
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
    if kind in _FILE_STATES:
        return _file_notice(kind, content)
    # What the sender of alarms sends, or what has an alarm in it, is a message by any other name.
    is_alarm = lenient.text(content.get("from_id")) == "1" or content.get("alarm_msg")
    if kind == MESSAGE_KIND or is_alarm:
        return _user_message(content, kind)
    return OtherPush(Channel.MESSAGES, kind, content)


def _user_message(content: dict[str, Any], kind: str) -> UserMessage:
    from_id = lenient.text(content.get("from_id"))
    sender = _SENDERS.get(from_id or "", Sender.USER)
    message = content.get("message")
    other = {key: value for key, value in content.items() if key not in _MESSAGE_KEYS}
    text = lenient.text(message)
    if text is None and message not in (None, ""):
        other["message"] = message
    alarms = alarm_notices(content.get("alarm_msg"))
    if sender is not Sender.ALARM:
        alarms = [notice for notice in alarms if not notice.says_none]
    elif not alarms:
        alarms = [AlarmNotice()]
    return UserMessage(
        from_id=from_id,
        sender=sender,
        from_name=lenient.text(content.get("from_name")),
        text=text or "",
        sent_ms=lenient.time_ms(content.get("date")),
        alarms=alarms,
        other=other,
        kind=kind,
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


def alarm_notices(value: Any) -> list[AlarmNotice]:
    """The alarms that ``alarm_msg`` holds, in whatever form; none for nothing and for zero."""
    value = lenient.inner_json(value)
    if isinstance(value, dict):
        return notices_of(value) if value else []
    if isinstance(value, list):
        found = [notice for item in value[:MOST_ITEMS] for notice in alarm_notices(item)]
        if len(value) > MOST_ITEMS:
            found.append(AlarmNotice(unread=shown(value)))
        return found
    form = read_alarm(value)
    if form is None:
        return []
    if form.codes:
        return [AlarmNotice(code=code) for code in form.codes]
    name = form.unread if isinstance(value, str) else None
    return [AlarmNotice(name=name, unread=form.unread)]


def notices_of(content: dict[str, Any]) -> list[AlarmNotice]:
    """The alarm that an object tells of; several where its number is a list."""
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
    further = _read_codes(notice, left)
    _read_bits(notice, left)
    notice.other = {spelled[key]: value for key, value in left.items()}
    return [notice, *(msgspec.structs.replace(notice, code=code) for code in further)]


def _read_codes(notice: AlarmNotice, left: dict[str, Any]) -> tuple[int, ...]:
    """Take the number, the name or what is neither; returns the further numbers of a list."""
    further: tuple[int, ...] = ()
    for key in _CODE_KEYS:
        raw, is_sure = left.get(key), key in _SURE_KEYS
        form = (read_alarm_code(raw) if key == _BITS_CODE else read_alarm(raw)) or AlarmForm()
        if form.bits:
            notice.bits |= form.bits
            del left[key]
            continue
        code = form.codes[0] if form.codes else lenient.whole(raw)
        if is_sure and says_none(raw):
            code = 0
        # A zero under one key does not hide the number under another.
        is_first = notice.code is None or (is_sure and notice.code == 0 and code)
        if code is not None and not form.unread and is_first:
            notice.code, further = code, form.codes[1:]
            del left[key]
        elif form.unread and isinstance(raw, str) and notice.name is None:
            notice.name = lenient.text(left.pop(key))
        if form.unread and is_sure:
            notice.unread = notice.unread or form.unread
    if notice.code:
        notice.unread = ""
    return further


def _read_bits(notice: AlarmNotice, left: dict[str, Any]) -> None:
    form = read_bits(left.get(_BITS_KEY))
    if form is None:
        return
    notice.bits |= form.codes[0] & WORD_MASK if form.codes else 0
    notice.unread = notice.unread or form.unread
    if not form.unread:
        del left[_BITS_KEY]
