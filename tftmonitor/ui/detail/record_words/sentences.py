"""What records of drivers and of fuel probes say, a sentence a line.

Everything in a record is text of the feed or a number of it; each sentence is one bounded line.
"""

from collections.abc import Callable, Iterable, Mapping

from tftmonitor.model.fields.field import Unit
from tftmonitor.model.fields.formatting import format_number, one_line
from tftmonitor.model.fields.units import shown_as
from tftmonitor.model.fleet.record_words import DRIVER_ALERT, FUEL_ALARM, part_text
from tftmonitor.model.fleet.records import Record

# Further ones stand in the table below.
_MOST = 12
_ALARMS = {FUEL_ALARM[0]: "", FUEL_ALARM[1]: "it is being filled", FUEL_ALARM[2]: "it loses fuel"}


def driver_sentences(records: Iterable[Record], other: Mapping[str, object]) -> str:
    """Who was reported, with which ignition, and how the tag's battery is."""
    ignition = other.get("isIgnition")
    during = ""
    if isinstance(ignition, bool):
        during = f", with the ignition {'on' if ignition else 'off'}"
    return _lines(records, lambda record: _driver(record, during))


def fuel_sentences(records: Iterable[Record]) -> str:
    """How full each tank is, what is in it, and whether it loses fuel or is being filled."""
    return _lines(records, _fuel)


def _driver(record: Record, during: str) -> str:
    name, ident = record.get("name"), record.get("driver_id")
    if not name and not ident:
        return ""
    who = part_text(name) if name else f"Driver {part_text(ident)}"
    by = f" ({part_text(ident)})" if name and ident else ""
    alert, volts = record.get("alert"), _number(record, "battery_v")
    is_low = alert == DRIVER_ALERT[1]
    battery = ""
    if volts is not None:
        low = " and is low" if is_low else ""
        battery = f" The battery of the tag has {format_number(volts, 2)} V{low}."
    elif is_low:
        battery = " The battery of the tag is low."
    elif alert and alert != DRIVER_ALERT[0]:
        battery = f" Alert: {part_text(alert)}."
    return f"{who}{by} was reported{during}.{battery}"


def _fuel(record: Record) -> str:
    sensor = record.get("sensor")
    parts = [_level(record)]
    celsius, volts = _number(record, "temperature_c"), _number(record, "battery_v")
    if liquid := record.get("liquid"):
        parts.append(part_text(liquid))
    if celsius is not None:
        shown = shown_as(Unit.CELSIUS)
        parts.append(f"{format_number(shown.of(celsius), 0)} {shown.text}")
    if volts is not None:
        parts.append(f"probe battery {format_number(volts, 2)} V")
    if record.get("connected") is False:
        parts.append("the probe is not connected")
    alarm = record.get("alarm")
    if words := _ALARMS.get(str(alarm), part_text(alarm)) if alarm else "":
        parts.append(words)
    said = ", ".join(part for part in parts if part)
    # A report of an alarm that is none says nothing of a tank.
    return f"{probe_text(sensor)}: {said}." if said else ""


def _level(record: Record) -> str:
    percent, raw = _number(record, "level_percent"), _number(record, "raw_value")
    if percent is not None:
        return f"{format_number(percent, 0)} % full"
    if raw is not None:
        return f"raw value {format_number(raw, 1)}, whose unit nobody documents"
    return "level not reported"


def probe_text(sensor: object) -> str:
    """What a probe is called: by its id where it has one."""
    return f"Probe {part_text(sensor)}" if sensor else "Tank"


def _lines(records: Iterable[Record], words: Callable[[Record], str]) -> str:
    found = [one_line(line) for record in records if (line := words(record))]
    more = [f"and {len(found) - _MOST} more in the table below"] if len(found) > _MOST else []
    return "\n".join(found[:_MOST] + more)


def _number(record: Record, name: str) -> float | None:
    value = record.get(name)
    return float(value) if isinstance(value, int | float) and value is not True else None
