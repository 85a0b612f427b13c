"""What the tooltips of the device list say: when, why and how sure."""

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.field import Confidence, Examined, Field, FieldKind, Quality
from tftmonitor.model.fields.formatting import (
    clip,
    format_age,
    format_examined,
    format_old,
    format_time,
)
from tftmonitor.model.fleet.activity import Activity, due_text
from tftmonitor.model.fleet.clocks import asked_text, clock_note
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import value_age
from tftmonitor.model.geo.coordinates import coordinates_text
from tftmonitor.monitor.where.device_place import PLACE, place_of
from tftmonitor.monitor.where.places import COMPUTED, places
from tftmonitor.monitor.where.zones import ShownZone
from tftmonitor.ui.devices.table.columns import (
    AlarmColumn,
    Column,
    FieldColumn,
    NameColumn,
    PlaceColumn,
)
from tftmonitor.ui.devices.table.facts import DeviceFacts
from tftmonitor.ui.widgets.tooltip import plain_tip


def tip_of(device: Device, column: Column, facts: DeviceFacts, shown: ShownZone) -> str:
    """The tooltip of one cell, with the server's text as plain text."""
    if isinstance(column, FieldColumn):
        lines = _field_lines(device, column, facts, shown)
    elif isinstance(column, PlaceColumn):
        lines = _place_lines(device, facts, shown)
    elif isinstance(column, AlarmColumn):
        lines = [alarm_text(device, facts)]
    elif isinstance(column, NameColumn):
        lines = _name_lines(device, facts)
    else:
        lines = _time_lines(device, facts, shown)
    if shown.note and not isinstance(column, AlarmColumn | NameColumn):
        lines.append(shown.note)
    return plain_tip("\n".join(lines))


def alarm_text(device: Device, facts: DeviceFacts) -> str:
    """How many alarms are open and how bad the worst is."""
    count, severity = int(facts.alarms[device.row]), int(facts.severities[device.row])
    if not severity:
        return "no open alarm"
    many = "alarm" if count == 1 else "alarms"
    ended = ", ended and not acknowledged" if facts.alarms_over[device.row] else ""
    return f"{count} open {many}, worst: {Severity(severity).word}{ended}"


def _name_lines(device: Device, facts: DeviceFacts) -> list[str]:
    ids = (
        ("IMEI", device.imei),
        ("Device key", device.device_key),
        ("ID", device.id),
        ("Model", device.model),
    )
    lines = [clip(device.label), *(f"{name}: {clip(ident)}" for name, ident in ids if ident)]
    if facts.fleet.is_named_by_account(device):
        lines.append("Name: of the account, asked over HTTP")
    return [*lines, clip(device.trouble)] if device.trouble else lines


def _time_lines(device: Device, facts: DeviceFacts, shown: ShownZone) -> list[str]:
    lines = []
    row = device.row
    if facts.activities[row] != Activity.NO_DATA:
        age_ms = facts.now_ms - int(facts.data_ms[row])
        interval_ms = int(facts.fleet.intervals_ms[row])
        due = due_text(int(facts.staleness[row]), age_ms, interval_ms)
        lines.append(f"{due}; usually every {format_age(interval_ms)}")
    if note := clock_note(device):
        lines.append(note)
    if device.status is not None:
        for field in facts.table:
            if field.spec.kind is FieldKind.TIME and field.spec.stored:
                examined = field.examine(device.status, facts.now_ms)
                lines.append(f"{field.spec.label}: {format_examined(field, examined, shown.zone)}")
    if asked := asked_text(device, facts.now_ms):
        lines.append(f"Last report {asked}")
    if device.received_ms:
        lines.append(f"Received: {format_time(device.received_ms, shown.zone)}")
    return lines or ["no data received yet"]


def _own_age_lines(device: Device, field: Field, examined: Examined, now_ms: int) -> list[str]:
    """How old the value is, where that is not the age of the report."""
    age = value_age(device, field.name, now_ms)
    if examined.quality is not Quality.KNOWN or not age.is_own:
        return []
    if age.since_ms is None:
        return ["this value is the last known; its age is not known"]
    return [f"this value is {format_old(now_ms - age.since_ms)}"]


def _place_lines(device: Device, facts: DeviceFacts, shown: ShownZone) -> list[str]:
    latitude, longitude = place_of(device)
    if latitude is None or longitude is None:
        return ["no place reported", *_time_lines(device, facts, shown)[:1]]
    words = places().words(latitude, longitude)
    lines = [f"{words} ({COMPUTED})"] if words else []
    lines.append(coordinates_text(latitude, longitude))
    age = value_age(device, PLACE[0], facts.now_ms)
    if age.is_own and age.since_ms is not None:
        lines.append(f"where it was {format_age(facts.now_ms - age.since_ms)} ago")
    return [*lines, *_time_lines(device, facts, shown)[:1]]


def _field_lines(
    device: Device, column: FieldColumn, facts: DeviceFacts, shown: ShownZone
) -> list[str]:
    field = column.field
    lines = [f"{field.spec.label}: not reported"]
    if device.status is not None:
        examined = field.examine(device.status, facts.now_ms)
        text = format_examined(field, examined, shown.zone)
        lines = [f"{field.spec.label}: {text if text != '—' else examined.quality.value}"]
        if examined.problem:
            lines.append(clip(examined.problem))
        lines += _own_age_lines(device, field, examined, facts.now_ms)
    if field.spec.help:
        lines.append(field.spec.help)
    if field.spec.confidence is Confidence.GUESS:
        lines.append(f"meaning {field.spec.confidence.value}")
    return [*lines, *_time_lines(device, facts, shown)[:1]]
