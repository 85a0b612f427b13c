"""One alarm for other programs and as one line in words: what ``tftmonitor alarms`` prints."""

from datetime import tzinfo
from typing import Final

import msgspec

from tftmonitor.base.clock import SECOND_MS, to_iso
from tftmonitor.model.alarms.alarm import FEED, Alarm, AlarmState
from tftmonitor.model.fields.formatting import format_time, one_line
from tftmonitor.monitor.where.places import COMPUTED, places

_STATE_WORDS: Final = {
    AlarmState.ACTIVE: "active",
    AlarmState.RETURNED: "ended, not acknowledged",
    AlarmState.ACKNOWLEDGED: "acknowledged",
    AlarmState.SHELVED: "shelved",
    AlarmState.OUT_OF_SERVICE: "out of service",
    AlarmState.CLOSED: "closed",
}
_NO_DEVICE: Final = "no device named"
_OWN: Final = "This program"


class Place(msgspec.Struct, frozen=True):
    """Where the device was. ``quality`` is "fix" or "last known", None while that is not known."""

    lat: float
    lng: float
    quality: str | None
    age_s: float | None


class AlarmFacts(msgspec.Struct, frozen=True):
    """An alarm as other programs get it; times are ISO 8601 in UTC.

    ``device`` is what the program tells it apart by, ``imei`` None where that was not known.
    ``active`` is None when nobody knows whether its condition is over.
    """

    id: int
    device: str | None
    imei: str | None
    name: str
    severity: str
    state: str
    active: bool | None
    acknowledged: bool
    count: int
    first: str
    last: str
    device_time: str | None
    late: bool
    sources: tuple[str, ...]
    code: int | None
    place: Place | None
    rings: int


def facts_of(alarm: Alarm) -> AlarmFacts:
    """What the journal has of an alarm."""
    return AlarmFacts(
        id=alarm.id,
        device=alarm.device,
        imei=alarm.imei or None,
        name=alarm.name,
        severity=alarm.severity.word,
        state=alarm.state.value.replace(" ", "_"),
        active=active_of(alarm),
        acknowledged=alarm.acknowledged_ms is not None,
        count=alarm.count,
        first=to_iso(alarm.first_ms),
        last=to_iso(alarm.last_ms),
        device_time=None if alarm.device_ms is None else to_iso(alarm.device_ms),
        late=alarm.late,
        sources=tuple(source.value for source in alarm.sources),
        code=alarm.code,
        place=place_of(alarm),
        rings=alarm.rings,
    )


def active_of(alarm: Alarm) -> bool | None:
    """Whether its condition holds; None when the times do not tell whether it is over."""
    return None if alarm.active and alarm.end_unknown else alarm.active


def place_of(alarm: Alarm) -> Place | None:
    """Where the device was, as far as the alarm says; its age is that at the time of the alarm."""
    if alarm.lat is None or alarm.lng is None:
        return None
    if alarm.place_ms is None:
        return Place(alarm.lat, alarm.lng, quality=None, age_s=None)
    quality = "last known" if alarm.place_is_last_known else "fix"
    age_s = max(0, alarm.event_ms - alarm.place_ms) / SECOND_MS
    return Place(alarm.lat, alarm.lng, quality, age_s)


def words_of(alarm: Alarm, zone: tzinfo) -> str:
    """One line for people."""
    name = f"DRILL: {alarm.name}" if alarm.drill else alarm.name
    # What the feed reports is about a device, also where it forgets to say which.
    nobody = _OWN if FEED.isdisjoint(alarm.sources) else _NO_DEVICE
    parts = [
        f"{alarm.id}  {alarm.severity.word}  {_STATE_WORDS[alarm.state]}",
        f"{alarm.device_name or alarm.device or nobody}: {name}",
        f"first {format_time(alarm.first_ms, zone)}",
    ]
    if alarm.count > 1:
        parts.append(f"{alarm.count} times, last {format_time(alarm.last_ms, zone)}")
    if alarm.late:
        parts.append(f"LATE, happened {format_time(alarm.event_ms, zone)}")
    if words := places().words(alarm.lat, alarm.lng):
        mark = "last known " if alarm.place_is_last_known else ""
        parts.append(f"{mark}{words} ({COMPUTED})")
    return one_line(" · ".join(parts))
