"""What the sensors of all tyres of a device last reported, as the picture shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from tftmonitor.model.fields.field import Unit
from tftmonitor.model.fields.formatting import format_age, format_number, one_line
from tftmonitor.model.fields.units import shown_as
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.record_words import TYRE_STATUS
from tftmonitor.ui.detail.record_model import MOST_ROWS
from tftmonitor.ui.detail.tyres.wheel_positions import is_sensor_id

_LEAK = TYRE_STATUS[1]
_NORMAL = TYRE_STATUS[0]


@dataclass(frozen=True, slots=True)
class TyreReading:
    """One sensor: pressure in kPa, temperature in °C, battery in V, None where not reported.

    ``received_ms`` is when the report came in, ``dated_ms`` when the device made it.
    """

    sensor: str
    pressure_kpa: float | None
    temperature_c: float | None
    battery_v: float | None
    status: str
    received_ms: int
    dated_ms: int

    @property
    def leaks(self) -> bool:
        """True when the sensor itself says that its tyre loses air."""
        return self.status == _LEAK

    @property
    def pressure_text(self) -> str:
        """The pressure with its unit, a dash for none."""
        return "—" if self.pressure_kpa is None else pressure_text(self.pressure_kpa)

    def beside_text(self) -> str:
        """Temperature and battery, as far as they are known."""
        parts = []
        if self.temperature_c is not None:
            parts.append(temperature_text(self.temperature_c))
        if self.battery_v is not None:
            parts.append(f"{format_number(self.battery_v, 2)} V")
        return "  ".join(parts)

    def sentence(self, now_ms: int) -> str:
        """Everything in words, for a screen reader and the tooltip."""
        parts = [f"sensor {one_line(self.sensor)}"]
        has_pressure = self.pressure_kpa is not None
        parts.append(self.pressure_text if has_pressure else "pressure not reported")
        if self.temperature_c is not None:
            parts.append(temperature_text(self.temperature_c))
        if self.battery_v is not None:
            parts.append(f"sensor battery {format_number(self.battery_v, 2)} V")
        if self.status and self.status != _NORMAL:
            parts.append(one_line(self.status))
        return f"{', '.join(parts)}, {format_age(now_ms - self.received_ms)} ago"


def pressure_text(kpa: float) -> str:
    """A pressure in the unit that is shown, with it."""
    shown = shown_as(Unit.KPA)
    return f"{format_number(shown.of(kpa), shown.digits(0))} {shown.text}"


def temperature_text(celsius: float) -> str:
    """A temperature in the unit that is shown, with it."""
    shown = shown_as(Unit.CELSIUS)
    return f"{format_number(shown.of(celsius), shown.digits(0))} {shown.text}"


def tyre_readings(device: Device, kinds: Iterable[str]) -> list[TyreReading]:
    """The newest of each sensor of the events of these kinds, in the order of the sensors' ids."""
    found: dict[str, TyreReading] = {}
    for kind in kinds:
        received = device.records.get(kind)
        if received is None:
            continue
        dated_ms = received.dated_ms(device.clock) or received.received_ms
        for record in received.event.records[:MOST_ROWS]:
            sensor = record.get("sensor")
            if not isinstance(sensor, str) or not is_sensor_id(sensor):
                continue
            known = found.get(sensor)
            if known is None or known.dated_ms <= dated_ms:
                found[sensor] = TyreReading(
                    sensor,
                    _number(record.get("pressure_kpa")),
                    _number(record.get("temperature_c")),
                    _number(record.get("battery_v")),
                    str(record.get("status") or ""),
                    received.received_ms,
                    dated_ms,
                )
    return [found[sensor] for sensor in sorted(found)]


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]
