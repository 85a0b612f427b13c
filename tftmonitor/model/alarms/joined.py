"""Alarms of two devices that turned out to be one."""

from msgspec.structs import replace

from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.events import Joined


def moved(alarm: Alarm, event: Joined) -> Alarm:
    """The alarm, of the device that its own turned out to be."""
    return replace(
        alarm,
        device=event.device,
        device_name=event.device_name or alarm.device_name,
        imei=event.imei or alarm.imei,
    )


def merged(kept: Alarm, other: Alarm) -> Alarm:
    """Two open alarms under one name as one, which waits for somebody if either of them does."""
    earlier, later = sorted((kept, other), key=lambda alarm: (alarm.last_ms, alarm.id))
    known = [alarm.device_ms for alarm in (kept, other) if alarm.device_ms is not None]
    place = earlier if later.lat is None or later.lng is None else later
    active = kept.active or other.active
    return replace(
        kept,
        severity=max(kept.severity, other.severity),
        first_ms=min(kept.first_ms, other.first_ms),
        last_ms=later.last_ms,
        sources=tuple(dict.fromkeys((*kept.sources, *other.sources))),
        latest=later.latest,
        count=kept.count + other.count,
        bit=kept.bit | other.bit,
        device_ms=max(known, default=None),
        late=kept.late and other.late,
        active=active,
        acknowledged_ms=_both(kept.acknowledged_ms, other.acknowledged_ms),
        silenced_ms=_both(kept.silenced_ms, other.silenced_ms),
        shelved_until_ms=_both(kept.shelved_until_ms, other.shelved_until_ms),
        note=kept.note or other.note,
        text=later.text or earlier.text,
        lat=place.lat,
        lng=place.lng,
        end_unknown=active and later.end_unknown,
        rings=kept.rings + other.rings,
        doubtful=kept.doubtful and other.doubtful,
        raw_ms=later.raw_ms,
        place_ms=place.place_ms,
        place_is_last_known=place.place_is_last_known,
    )


def _both(one_ms: int | None, other_ms: int | None) -> int | None:
    """The later time, None unless there are two."""
    return None if one_ms is None or other_ms is None else max(one_ms, other_ms)
