"""The texts of an alarm: the one place from which table, banner, journal and sheets have them."""

from collections.abc import Sequence
from datetime import tzinfo

from tftmonitor.base.clock import is_plausible
from tftmonitor.model.alarms.alarm import FEED, Alarm, AlarmState, Source
from tftmonitor.model.fields.formatting import format_age, format_old, one_line
from tftmonitor.monitor.where.places import COMPUTED, places
from tftmonitor.monitor.where.zones import ShownZone
from tftmonitor.ui.widgets.short_time import short_time

OWN_LINK = "This program"
DOUBTFUL = "(time doubtful)"
NO_DEVICE = "no device named"

_END_UNKNOWN = "unknown whether over"
_STATE_TEXTS = {
    AlarmState.ACTIVE: "active",
    AlarmState.RETURNED: "ended, not acknowledged",
    AlarmState.ACKNOWLEDGED: "acknowledged",
    AlarmState.CLOSED: "closed",
}
_SOURCE_TEXTS = {
    Source.SNAPSHOT: "snapshot",
    Source.MESSAGE: "message",
    Source.RECORD: "sensor record",
    Source.RULE: "rule",
    Source.LINK: "own link",
    Source.PROGRAM: "this program",
    Source.DRILL: "drill",
}


def device_text(alarm: Alarm) -> str:
    """The name of the device that it is about; our own link has none, and a push may name none."""
    is_own = alarm.drill or FEED.isdisjoint(alarm.sources)
    nobody = OWN_LINK if is_own else NO_DEVICE
    return one_line(alarm.device_name or alarm.device or nobody)


def name_text(alarm: Alarm) -> str:
    """The alarm's name; a drill can be told from the real thing."""
    name = one_line(alarm.name)
    return f"DRILL: {name}" if alarm.drill else name


def what_text(alarms: Sequence[Alarm]) -> str:
    """Which alarms a command will act on: the one by its name, several by their number."""
    if len(alarms) == 1:
        return f"{device_text(alarms[0])} · {name_text(alarms[0])}"
    return f"{len(alarms):,} alarms" if alarms else ""


def state_text(alarm: Alarm, now_ms: int, zone: tzinfo) -> str:
    """Where it stands, and until when and why where somebody suppressed it."""
    until_ms = alarm.out_of_service_until_ms
    if until_ms is not None and alarm.is_open:
        return f"out of service until {short_time(until_ms, now_ms, zone)}"
    if alarm.shelved_until_ms is not None and alarm.is_open:
        text = f"shelved until {short_time(alarm.shelved_until_ms, now_ms, zone)}"
        return f"{text}: {one_line(alarm.shelve_reason)}" if alarm.shelve_reason else text
    text = _STATE_TEXTS[alarm.state]
    return f"{text}, {_END_UNKNOWN}" if alarm.end_unknown and alarm.is_open else text


def time_ms_of(alarm: Alarm) -> int:
    """When it happened by the device's own clock, where that is known of its beginning."""
    if alarm.device_ms is not None and alarm.count == 1:
        return alarm.device_ms
    return alarm.event_ms


def time_text(alarm: Alarm, now_ms: int, shown: ShownZone) -> str:
    """When it happened, marked when that was long before it came in."""
    time_ms = time_ms_of(alarm)
    if not is_plausible(time_ms, now_ms):
        return "clock not set"
    text = shown.said(short_time(time_ms, now_ms, shown.zone), time_ms)
    if alarm.doubtful:
        return f"{text} {DOUBTFUL}"
    return f"LATE {text}" if alarm.late else text


def raw_time_text(raw_ms: int | None, now_ms: int, zone: tzinfo) -> str:
    """The date as the device sent it, where another time stands for it; else empty."""
    if raw_ms is None:
        return ""
    if not is_plausible(raw_ms, now_ms):
        return "device clock not set"
    return f"by the device's clock {short_time(raw_ms, now_ms, zone)}"


def age_text(alarm: Alarm, now_ms: int) -> str:
    """For how long it has been known or, for a late one, how long ago it happened."""
    return format_age(now_ms - alarm.event_ms)


def source_text(source: Source) -> str:
    """What reported an alarm."""
    return _SOURCE_TEXTS[source]


def sources_text(alarm: Alarm) -> str:
    """All that reported it: "snapshot + message"."""
    return " + ".join(source_text(source) for source in alarm.sources)


def position_text(alarm: Alarm) -> str:
    """Where it happened, in degrees to about ten metres; empty when not reported."""
    if alarm.lat is None or alarm.lng is None:
        return ""
    text, mark = f"{alarm.lat:.4f}, {alarm.lng:.4f}", _place_mark(alarm)
    return f"{text} ({mark})" if mark else text


def position_cell(alarm: Alarm) -> str:
    """Words for a cell, or degrees; its end is cut where it is narrow: first that it is old."""
    mark = _place_mark(alarm)
    numbers = position_text(alarm).removesuffix(f" ({mark})")
    text = places().words(alarm.lat, alarm.lng) or numbers
    return f"{mark}: {text}" if mark and text else text


def place_text(alarm: Alarm) -> str:
    """Where it happened in words, and how old that is; empty when nobody knows."""
    words, mark = places().words(alarm.lat, alarm.lng), _place_mark(alarm)
    return f"{words} ({mark})" if words and mark else words


def _place_mark(alarm: Alarm) -> str:
    if not alarm.place_is_last_known:
        return ""
    if alarm.place_ms is None:
        return "last known"
    # Its age when the alarm came: what is over does not grow older.
    at_ms = alarm.last_ms if alarm.device_ms is None else min(alarm.device_ms, alarm.last_ms)
    return f"last known, {format_old(at_ms - alarm.place_ms)}"


def facts_line(alarm: Alarm, now_ms: int, zone: tzinfo) -> str:
    """All that does not fit into a row, as one line of plain text."""
    parts = [f"{device_text(alarm)} · {name_text(alarm)}"]
    if alarm.count > 1:
        latest = short_time(alarm.last_ms, now_ms, zone)
        parts.append(f"{alarm.count} times, latest received {latest}")
    else:
        parts.append(f"received {short_time(alarm.first_ms, now_ms, zone)}")
    if raw := raw_time_text(alarm.raw_ms, now_ms, zone):
        parts.append(raw)
    parts.append(sources_text(alarm))
    if place := position_text(alarm):
        words = places().words(alarm.lat, alarm.lng)
        parts.append(f"at {place}, {words} ({COMPUTED})" if words else f"at {place}")
    if alarm.code is not None and str(alarm.code) not in alarm.name:
        parts.append(f"number {alarm.code}")
    if alarm.suppressed:
        parts.append(state_text(alarm, now_ms, zone))
    if alarm.end_unknown and alarm.is_open:
        parts.append(_END_UNKNOWN)
    if alarm.text and one_line(alarm.text) != one_line(alarm.name):
        parts.append(f"“{one_line(alarm.text)}”")
    if alarm.note:
        parts.append(f"note: {one_line(alarm.note)}")
    return " · ".join(parts)
