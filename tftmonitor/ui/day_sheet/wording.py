"""What the day sheet says: lengths, sums, rules and remarks, alike on the screen and on paper."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.fields.distance_text import distance_text
from tftmonitor.model.fields.field import Unit
from tftmonitor.model.fields.formatting import UNKNOWN_TEXT, format_number
from tftmonitor.model.fields.units import shown_as
from tftmonitor.model.trips.rules import TripRules
from tftmonitor.model.trips.spans import Doing
from tftmonitor.model.trips.trips import Totals
from tftmonitor.model.voltage.events import VoltageEvent, VoltageFindings, VoltageKind
from tftmonitor.monitor.days.sums import DaySums, Extreme

WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
DOING_WORDS: Final = {
    Doing.MOVING: "Moving",
    Doing.IDLING: "Idling",
    Doing.STOPPED: "Stopped",
    Doing.NO_DATA: "No data",
    Doing.TO_COME: "Still to come",
}
NO_HISTORY: Final = (
    "Nothing is recorded in this profile yet. Day sheets are made of what is recorded."
)
REFUSED_NOTE: Final = (
    "* The odometer went back, or farther than could be: those steps are measured by the track."
)
MIDNIGHT_NOTE: Final = (
    "What goes over midnight has the times of the whole, with lengths and distances of this day."
)
_USUAL_DAY_MS: Final = 24 * HOUR_MS

Lines = Iterator[tuple[str, str]]


def day_text(day: date) -> str:
    """A day with its weekday: "Wednesday 2026-11-18"."""
    return f"{WEEKDAYS[day.weekday()]} {day.isoformat()}"


def length_text(length_ms: float) -> str:
    """A length to the minute, to the second below one: "5 h 10 min", "33 min", "40 s"."""
    if length_ms < MINUTE_MS:
        return f"{int(length_ms // SECOND_MS)} s"
    hours, rest = divmod(int(length_ms), HOUR_MS)
    minutes = f"{rest // MINUTE_MS} min"
    return f"{hours} h {minutes}" if hours else minutes


def clock_text(time_ms: int, zone: tzinfo, day: date) -> str:
    """Time of day to the minute; with its date where that is another day."""
    moment = datetime.fromtimestamp(time_ms / SECOND_MS, zone)
    if moment.date() == day:
        return f"{moment:%H:%M}"
    if moment.time().replace(microsecond=0) == datetime.min.time() and (
        moment.date() - day == timedelta(days=1)
    ):
        return "24:00"
    return f"{moment:%m-%d %H:%M}"


def speed_text(kmh: float | None) -> str:
    """A speed in the unit in force, a dash for none."""
    if kmh is None:
        return UNKNOWN_TEXT
    shown = shown_as(Unit.KMH)
    return f"{format_number(shown.of(kmh), 0)} {shown.text}"


def odometer_text(totals: Totals) -> str:
    """What the odometer counted, with a star where ``REFUSED_NOTE`` has to be read."""
    if totals.odometer_m is None:
        return UNKNOWN_TEXT
    return f"{distance_text(totals.odometer_m)}{' *' if totals.refused else ''}"


def headline_text(sums: DaySums) -> str:
    """A day in a line."""
    trips = "1 trip" if sums.trips == 1 else f"{sums.trips} trips"
    parts = [trips, f"{distance_text(sums.totals.track_m)} by the track"]
    if sums.totals.odometer_m is not None:
        parts.append(f"{distance_text(sums.totals.odometer_m)} by the odometer")
    if sums.totals.top_kmh is not None:
        parts.append(f"highest speed {speed_text(sums.totals.top_kmh)}")
    return ", ".join((*parts, f"ignition on for {length_text(sums.ignition_ms)}")) + "."


def voltage_text(volts: float) -> str:
    """A voltage to a hundredth."""
    return f"{volts:.2f} V"


def sums_lines(sums: DaySums, zone: tzinfo) -> Lines:
    """Names and values of a day, one after the other."""
    totals = sums.totals
    yield "Distance, odometer", odometer_text(totals)
    yield "Distance, track", distance_text(totals.track_m)
    if totals.unseen_m:
        yield "Counted in silence", distance_text(totals.unseen_m)
    yield "Highest speed", speed_text(totals.top_kmh)
    yield "Trips", str(sums.trips)
    yield "Moving", length_text(sums.moving_ms)
    yield "Idling", length_text(sums.idle_ms)
    yield "Stopped", length_text(sums.stopped_ms)
    yield "Unknown", length_text(sums.unknown_ms)
    if sums.to_come_ms:
        yield "Still to come", length_text(sums.to_come_ms)
    yield "Ignition on", length_text(sums.ignition_ms)
    yield "Lowest voltage", _extreme_text(sums.lowest, zone, sums.first_day)
    yield "Highest voltage", _extreme_text(sums.highest, zone, sums.first_day)
    if sums.odometer_m is not None:
        yield "Odometer", " to ".join(distance_text(metres) for metres in sums.odometer_m)
    yield "Reports", f"{sums.reports:,}"


def stretch_lines(lengths: dict[Doing, int], totals: Totals) -> Lines:
    """The same of a stretch that somebody chose."""
    yield "Length", length_text(sum(lengths.values()))
    yield "Distance, odometer", odometer_text(totals)
    yield "Distance, track", distance_text(totals.track_m)
    yield "Highest speed", speed_text(totals.top_kmh)
    for doing, length in lengths.items():
        if length:
            yield DOING_WORDS[doing], length_text(length)


def unknown_text(sums: DaySums) -> str:
    """What is not known of a day and why, empty where all is."""
    if not sums.unknown_ms:
        return ""
    silent_ms = sums.unknown_ms - sums.not_recorded_ms
    silence = "no report with a place came" if sums.reports else "nothing came from the device"
    reasons = {"nothing was recorded here": sums.not_recorded_ms, silence: silent_ms}
    told = [
        why if lasts == sums.unknown_ms else f"for {length_text(lasts)} {why}"
        for why, lasts in reasons.items()
        if lasts
    ]
    return f"{length_text(sums.unknown_ms)} unknown: {', '.join(told)}."


def event_text(event: VoltageEvent) -> str:
    """What happened to the supply, without the time."""
    ends = f"{voltage_text(event.from_v)} to {voltage_text(event.to_v)}"
    if event.kind is VoltageKind.DRAIN:
        return f"Battery drains: {ends}, {event.per_h:.2f} V an hour"
    if event.kind is VoltageKind.DISCONNECT:
        lasts = "" if event.end_ms is None else f" for {_lasted(event)}"
        return f"Supply disconnected{lasts or ', lasts'}: {ends}"
    if event.kind is VoltageKind.CRANK:
        return f"Crank dip: {ends}"
    return f"Alternator starts: {ends}"


def voltage_note(found: VoltageFindings) -> str:
    """By which system the events are told, and what cannot be seen at this pace."""
    if found.rules is None:
        return "The voltage is of no 12 V or 24 V system that could be told: no events."
    note = f"By the thresholds of {found.rules.system_v} V."
    if found.unseen and found.spacing_s is not None:
        kinds = " and ".join(f"{kind.value}s" for kind in found.unseen)
        note += f" Reports {found.spacing_s:.0f} s apart do not show {kinds}."
    return note


def zone_text(zone: tzinfo, sums: DaySums) -> str:
    """In which zone the times are, and that a day is longer or shorter than others."""
    middle = datetime.fromtimestamp((sums.start_ms + sums.end_ms) / 2 / SECOND_MS, zone)
    name = getattr(zone, "key", "") or middle.tzname() or ""
    offset = f"{middle:%z}"
    text = f"Times of {name} (UTC{offset[:3]}:{offset[3:5]})."
    hours = (sums.end_ms - sums.start_ms) / HOUR_MS
    if sums.first_day == sums.last_day and sums.end_ms - sums.start_ms != _USUAL_DAY_MS:
        text += f" The clock is set on this day: it has {hours:g} h."
    return text


def rules_text(rules: TripRules) -> str:
    """The parameters that the sheet was made with."""
    return (
        f"Made with: a trip begins {rules.start_m:.0f} m away, after {rules.moving_s:.0f} s above "
        f"{rules.moving_kmh:.0f} km/h, or {rules.creep_m:.0f} m away with the ignition on; it ends "
        f"with the ignition off for {rules.off_s:.0f} s, or {rules.stop_s:.0f} s within "
        f"{rules.stop_m:.0f} m; shorter halts than {rules.reopen_s:.0f} s are part of it; stops "
        f"nearer than {rules.merge_m:.0f} m are one; no data after {rules.gap_s / 60:.0f} min and "
        f"{rules.gap_cadences:.0f} usual intervals; idling from {rules.idle_s:.0f} s with the "
        f"ignition on below {rules.idle_kmh:.0f} km/h."
    )


def _extreme_text(extreme: Extreme | None, zone: tzinfo, day: date) -> str:
    if extreme is None:
        return UNKNOWN_TEXT
    return f"{voltage_text(extreme.value)} at {clock_text(extreme.at_ms, zone, day)}"


def _lasted(event: VoltageEvent) -> str:
    return length_text((event.end_ms or event.start_ms) - event.start_ms)
