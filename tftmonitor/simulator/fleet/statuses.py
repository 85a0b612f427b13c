"""Writes the ``status`` object of a snapshot: the documented keys, filled for the unit's kind.

Values that the simulator has a formula for come from ``formulas``; any other field of the
table gets a plausible value out of its ``nominal`` range, so that a new field needs no change.
"""

import random
from typing import Any

from tftmonitor.base.clock import MINUTE_MS, SECOND_MS
from tftmonitor.model.fields.field import FOLDING_GROUPS, Field, FieldKind, FieldTable
from tftmonitor.simulator.fleet import formulas
from tftmonitor.simulator.fleet.kinds import Quirk
from tftmonitor.simulator.fleet.units import Unit

# The keys of the documented sample: every model sends them, whether it has the sensor or not.
DOCUMENTED = frozenset(
    {
        *("date", "location_date", "acc_switch_time", "last_reg_date", "polling", "online"),
        *("link_type", "network_signal", "version", "obd_version", "comment", "address", "imei"),
        *("lat", "lng", "latlng_valid", "gps", "gpsWorking", "satellite_count", "altitude"),
        *("azimuth", "speed", "mileage", "engine_time", "idle_status", "acc"),
        *("drag_threshold", "dragThreshold", "battery_voltage", "battery_voltage_percent", "bat"),
        *("external_power_voltage", "pwr", "solar_voltage", "is_solar_charging"),
        *("is_usb_charging", "is_inner_battery_lower", "is_external_battery_lower"),
        *("analog1", "analog2", "analog3", "analog4", "analog5", "input", "output", "iop"),
        *("relay_status", "relay", "antithefted_status", "antithefted", "ac"),
        *("rs232_device_valid", "rpm", "engine_load", "throttle_position", "fuel"),
        *("cooling_fluid_temp", "air_inflow_temp", "air_input", "air_pressure"),
        *("remain_fuel_rate", "accumulating_fuel_consumption", "instant_fuel_consumption"),
        *("cur_event", "event", "alerts", "alerts1", "alert_sum"),
    }
)
# Keys of some models only; a kind names those that it sends.
_OF_SOME_MODELS = frozenset(
    {
        *("axis_x", "axis_y", "axis_z", "device_temp", "external_humidity", "external_temp"),
        *("hdop", "heartbeat_interval", "heartbeat_time", "is_wireless_charging"),
        *("light_sensor", "lock_type"),
    }
)
# What a unit that went quiet leaves out, but for one minute in so many.
QUIET = frozenset({"battery_voltage", "battery_voltage_percent"})
_QUIET_MIN = 15
# How far a value without a formula wanders between two reports, as a share of its range.
_WANDER = 0.03


class StatusWriter:
    """Writes statuses with the keys of one table; ``status`` has them in sorted order."""

    def __init__(self, fields: FieldTable) -> None:
        self._fields = {field.wire: field for field in fields}
        self._unknown = sorted(
            wire for wire in self._fields if wire not in DOCUMENTED | _OF_SOME_MODELS
        )

    def status(self, unit: Unit, date_ms: int, rng: random.Random) -> dict[str, Any]:
        """The whole status of the unit as it is now."""
        values = formulas.values(unit, date_ms)
        wires = DOCUMENTED | unit.profile.kind.extras
        for wire in self._unknown:
            field = self._fields[wire]
            if field.spec.group in unit.profile.kind.groups:
                values[wire] = _nominal_value(field, unit, date_ms, rng)
                wires |= {wire}
        if unit.profile.quirk is Quirk.GONE_QUIET and date_ms // MINUTE_MS % _QUIET_MIN:
            wires -= QUIET
        return {wire: values.get(wire, 0) for wire in sorted(wires)}


def _nominal_value(field: Field, unit: Unit, date_ms: int, rng: random.Random) -> Any:
    """A plausible value for a field that has no formula."""
    kind = field.spec.kind
    if kind in {FieldKind.TEXT, FieldKind.PINS}:
        return ""
    if kind is FieldKind.TIME:
        return date_ms - date_ms % SECOND_MS
    if kind is FieldKind.FLAG:
        return 0
    if field.spec.nominal is None or (field.spec.group in FOLDING_GROUPS and not unit.ignition):
        return 0
    low, high = field.spec.nominal
    before = unit.nominal.get(field.wire, rng.uniform(low, high))
    value = min(high, max(low, before + rng.uniform(-_WANDER, _WANDER) * (high - low)))
    unit.nominal[field.wire] = value
    return round(value, field.spec.digits) if field.spec.digits else round(value)
