"""Whether an occurrence belongs to an alarm that is already known, though it is called otherwise.

The feed tells the same event on two channels, by number or by text or by both; only the
reducer calls this.
"""

import re
from collections.abc import Iterable

from tftmonitor.model.alarms.alarm import SAME_EVENT_MS, Alarm, Source
from tftmonitor.model.alarms.codes import BY_KEY, Severity
from tftmonitor.model.alarms.events import Raised

# Messages may carry whole seconds where snapshots carry milliseconds.
_TIME_STEP_MS = 1_000


def is_same_report(alarm: Alarm, event: Raised) -> bool:
    """True when the event is no new occurrence of its alarm.

    It is another witness of the latest one, or the same words a second time.
    """
    if event.source in alarm.latest:
        return event.device_ms is not None and event.device_ms == alarm.device_ms
    return _is_near(alarm, event)


def find_match(alarms: Iterable[Alarm], event: Raised) -> Alarm | None:
    """Which of a device's alarms this event is about, the latest if several."""
    found = [alarm for alarm in alarms if _is_same(alarm, event)]
    return max(found, key=lambda alarm: (alarm.last_ms, alarm.id), default=None)


def narrows(alarm: Alarm, event: Raised) -> bool:
    """True when the event says which of its candidates an unresolved alarm is."""
    return event.key in alarm.candidates


def _is_same(alarm: Alarm, event: Raised) -> bool:
    if alarm.key == event.key:
        return True
    if narrows(alarm, event) or alarm.key in event.candidates:
        # A device does not change its numbering, so the same number needs no nearness.
        return (alarm.code is not None and alarm.code == event.code) or (
            _is_other_channel(alarm, event) and _is_near(alarm, event)
        )
    if alarm.severity is Severity.NOTICE or event.severity is Severity.NOTICE:
        return False  # free words must not hide in something that nobody looks at
    return (
        _is_other_channel(alarm, event)
        and _is_near(alarm, event)
        and (_mentions(event, alarm.key) or _mentions(alarm, event.key))
    )


def _is_other_channel(alarm: Alarm, event: Raised) -> bool:
    channels = {Source.SNAPSHOT, Source.MESSAGE}
    return event.source in channels and bool(channels.intersection(alarm.latest) - {event.source})


def _is_near(alarm: Alarm, event: Raised) -> bool:
    """True when both tell of the same time: by the device's clock or by when they came in."""
    if abs(event.at_ms - alarm.last_ms) <= SAME_EVENT_MS:
        return True
    if alarm.device_ms is None or event.device_ms is None:
        return False
    return abs(alarm.device_ms - event.device_ms) < _TIME_STEP_MS


def _mentions(told: Alarm | Raised, key: str) -> bool:
    """True when a text without number contains the name of this kind as whole words."""
    kind = BY_KEY.get(key)
    if kind is None or not told.key.startswith("text:"):
        return False
    return f" {_text(kind.name)} " in f" {_text(told.text)} "


def _text(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
