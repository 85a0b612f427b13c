"""Alarms wherever they stand in a push: beside the status, in events of any name, in broken frames.

The keys that mean an alarm in every push are few; in a push whose name speaks of an alarm, what
else may be a number of it counts as well.
"""

import itertools
import re
from collections import deque
from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from tftmonitor.protocol import lenient
from tftmonitor.protocol.alarm_forms import read_alarm, read_alarm_code, read_bits, shown
from tftmonitor.protocol.message_codec import alarm_notices, notices_of
from tftmonitor.protocol.messages import AlarmNotice
from tftmonitor.protocol.state_words import telling_states

_NUMBER_KEYS: Final = ("curevent", "alarmcode")
_BITS_KEY: Final = "alerts"
_READERS: Final = {"alarmcode": read_alarm_code}
_MESSAGE_KEY: Final = "alarmmsg"
# In a push of another matter a number under these keys is an alarm, yet in no known numbering.
_LOOSE_KEYS: Final = frozenset(
    {
        "alarm",
        "alarms",
        "alarmname",
        "alarmstate",
        "alarmstatus",
        "alarmtype",
        "alert",
        "fault",
        "faults",
        "leak",
        "panic",
        "sos",
        "tamper",
        "warning",
        "warnings",
    }
)
_FURTHER_KEYS: Final = ("alarm", "alert", "alarmtype", "event", "code", "type")
_WORDS: Final = frozenset(
    {*_NUMBER_KEYS, _BITS_KEY, _MESSAGE_KEY, *_LOOSE_KEYS, *_FURTHER_KEYS, "alarmname"}
)
_ALARMING: Final = re.compile(r"alarm|alert|sos|panic|emergency", re.IGNORECASE)
_TEXT_KEYS: Final = ("message", "text", "msg")
_WHO: Final = ("imei", "device_key", "id", "model")
_CONTEXT: Final = (*_WHO, "device_ms", "latitude", "longitude", "speed", "address")
# What nobody reads to its end need not be searched to its end either.
_MOST_OBJECTS: Final = 300
_MOST_VALUES: Final = 3_000
_MOST_KEYS: Final = 500
_MOST_ALARMS: Final = 50
_MOST_MATCHES: Final = 200
# Of a larger frame that cannot be used only begin and end are looked at.
_LARGE: Final = 262_144
# So far before an alarm in a broken frame an id may stand.
_REACH: Final = 4_096
_HINTS: Final = (b"cur_event", b"curevent", b"alert", b"alarm")
_IN_BYTES: Final = re.compile(
    rb'\\?"(cur_?event|alerts|alarm_?code|alarm_?msg)\\?"\s*:\s*'
    rb'("[^"]{0,200}"?|[\[{][^\]}]{0,200}[\]}]?|[^,\s}\]]{1,40})',
    re.IGNORECASE,
)
_IDS_IN_BYTES: Final = tuple(
    re.compile(rb'\\?"' + name + rb'\\?"\s*:\s*\\?"?([0-9A-Za-z_.-]{1,40})')
    for name in (b"imei", b"device_key", b"id")
)


def alarms_in(
    content: Any, kind: str = "", *, loose: bool = False, states: bool = False
) -> list[AlarmNotice]:
    """The alarms in ``content``, each with the nearest ids, time and place around it.

    ``kind`` is what the push calls itself. ``loose`` also takes the keys that mean an alarm only
    in a push that nobody knows, ``states`` also states of devices in words that nobody knows.
    """
    alarming = kind if loose and _ALARMING.search(kind) else ""
    found: list[AlarmNotice] = []
    is_explicit = False
    for item, context in _objects(content):
        folded = {lenient.folded(key): value for key, value in _first_items(item)}
        is_explicit = is_explicit or not _WORDS.isdisjoint(folded.keys() - {"event", "type"})
        for notice in _told_by(folded, context, loose=loose, kind=alarming):
            if not any(_is_same(notice, other) for other in found):
                found.append(notice)
        if states and context.device is not None:
            told = telling_states(folded, kind)
            found += [replace(context, unread=shown(f"{key}: {told[key]}")) for key in told]
        if len(found) >= _MOST_ALARMS:
            return [*found[:_MOST_ALARMS], AlarmNotice(unread=shown(content))]
    if alarming and not found and not is_explicit:
        # Its name is all that says so.
        whole = next((context for _, context in _objects(content)), AlarmNotice())
        found.append(replace(_deepest(content, whole), unread=shown({kind: content})))
    return found


def text_of(content: Any) -> str:
    """What the push says in words, empty when it does not."""
    if not isinstance(content, dict):
        return ""
    return next((text for key in _TEXT_KEYS if (text := lenient.text(content.get(key)))), "")


def salvage(frame: bytes) -> list[AlarmNotice]:
    """The alarms in a frame that could not be used as it came, whole or broken off."""
    if len(frame) > _LARGE:
        frame = frame[: _LARGE // 2] + b" " + frame[-_LARGE // 2 :]
    lowered = frame.lower()
    if not any(hint in lowered for hint in _HINTS):
        return []
    try:
        content = lenient.parse_json(frame.decode("utf-8-sig", "replace"))
    except ValueError:
        return _in_bytes(frame)
    return alarms_in(lenient.inner_json(content))


def _in_bytes(frame: bytes) -> list[AlarmNotice]:
    found: list[AlarmNotice] = []
    for match in itertools.islice(_IN_BYTES.finditer(frame), _MOST_MATCHES):
        name, value = (part.decode("utf-8", "replace") for part in match.groups())
        before = frame[max(0, match.start() - _REACH) : match.start()]
        imei, device_key, number = (_last_id(pattern, before) for pattern in _IDS_IN_BYTES)
        text = value.strip('"\\')
        form = _READERS.get(lenient.folded(name), read_alarm)(text)
        if form is None:
            continue
        notice = AlarmNotice(imei, device_key, number, bits=form.bits)
        if form.codes and lenient.folded(name) in _NUMBER_KEYS:
            notice.code = form.codes[0]
        elif not form.bits:
            notice.unread = shown(f"{name}: {text}")
        if not any(_is_same(notice, other) for other in found):
            found.append(notice)
        if len(found) >= _MOST_ALARMS:
            break
    return found


def _last_id(pattern: re.Pattern[bytes], before: bytes) -> str | None:
    found = pattern.findall(before)
    return found[-1].decode("ascii") if found else None


def _told_by(
    folded: dict[str, Any], context: AlarmNotice, *, loose: bool, kind: str
) -> Iterator[AlarmNotice]:
    """The alarms of one object, without those in it; ``kind`` only where it speaks of alarms."""
    numbers = (*_NUMBER_KEYS, *_FURTHER_KEYS) if kind else _NUMBER_KEYS
    for key in numbers:
        raw = folded.get(key)
        form = _READERS.get(key, read_alarm)(raw)
        # Beside the name of the push itself; objects are looked at by themselves.
        is_further = raw != kind and not isinstance(raw, dict | list)
        if form is not None and (key in _NUMBER_KEYS or is_further):
            yield from (replace(context, code=code) for code in form.codes)
            if form.unread or form.bits:
                yield replace(context, unread=form.unread, bits=form.bits)
    bits = read_bits(folded.get(_BITS_KEY))
    if bits is not None:
        word = bits.codes[0] if bits.codes else 0
        yield replace(context, bits=word, unread=bits.unread)
    for notice in alarm_notices(folded.get(_MESSAGE_KEY)):
        yield _completed(notice, context)
    if loose:
        for key in sorted(_LOOSE_KEYS.intersection(folded).difference(numbers)):
            if read_alarm(folded[key]) is not None:
                yield replace(context, unread=shown(f"{key}: {shown(folded[key])}"))


def _objects(content: Any) -> Iterator[tuple[dict[str, Any], AlarmNotice]]:
    """Each object with who, when and where as it and those around it say."""
    waiting = deque([(content, AlarmNotice())])
    seen = 0
    while waiting and seen < _MOST_OBJECTS:
        value, around = waiting.popleft()
        value = lenient.inner_json(value)
        room = _MOST_VALUES - len(waiting)
        if isinstance(value, list):
            waiting += [(item, around) for item in value[:room]]
        elif isinstance(value, dict):
            seen += 1
            context = _completed(_context_of(value), around)
            yield value, context
            inside = (
                (inner, context)
                for key, inner in itertools.islice(value.items(), _MOST_VALUES)
                if isinstance(inner, dict | list | str) and lenient.folded(key) != _MESSAGE_KEY
            )
            waiting.extend(itertools.islice(inside, max(0, room)))


def _first_items(item: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return itertools.islice(item.items(), _MOST_KEYS)


def _context_of(item: dict[str, Any]) -> AlarmNotice:
    own = notices_of(dict(_first_items(item)))[0]
    return AlarmNotice(**{name: getattr(own, name) for name in _CONTEXT})


def _completed(notice: AlarmNotice, around: AlarmNotice) -> AlarmNotice:
    """The notice, with what only the objects around it say."""
    missing = [name for name in _CONTEXT if name not in _WHO and getattr(notice, name) is None]
    # An ``id`` alone may be that of anything within the device that is named around it.
    if notice.imei is None and notice.device_key is None and around.device is not None:
        missing += _WHO
    return replace(notice, **{name: getattr(around, name) for name in missing})


def _deepest(content: Any, whole: AlarmNotice) -> AlarmNotice:
    """The first context that names a device."""
    contexts = (context for _, context in _objects(content) if context.device is not None)
    return next(contexts, whole)


def _is_same(one: AlarmNotice, other: AlarmNotice) -> bool:
    return (one.device, one.code, one.bits, one.unread, one.name) == (
        other.device,
        other.code,
        other.bits,
        other.unread,
        other.name,
    )
