"""The value of each wire key of a status, from the state of a unit: one function a group."""

from typing import Any

from tftmonitor.base.clock import MINUTE_MS, SECOND_MS
from tftmonitor.model.fields.field import INVALID
from tftmonitor.simulator.fleet.itinerary import Phase
from tftmonitor.simulator.fleet.kinds import Family, Quirk
from tftmonitor.simulator.fleet.units import Unit

# 2000-01-01 00:00:16 UTC, as seen on units whose clock was never set.
CLOCK_UNSET_MS = 946_684_816_000
# Set to the time on the wall, in a zone 5 h 30 behind.
CLOCK_BEHIND_MS = 330 * MINUTE_MS
# From the documented sample; its meaning is not documented.
_ALERT_SUM = "404228143--972-2129968"
_ALL_LOW = "1:0|2:0|3:0|4:0|5:0|6:0|7:0|8:0"
_IOP_CUT, _IOP_IGNITION, _IOP_AC = 0x8000, 0x4000, 0x2000
_NO_READING = int(INVALID)
# How long after the report the server says to have had the packet.
SERVER_DELAY_MS = 240
_LOW_CELL_V = 3.5
_LOW_SUPPLY_12V = 11.5
_HEARTBEAT_MIN = 5


def values(unit: Unit, date_ms: int) -> dict[str, Any]:
    """Every key with a formula; keys that the unit's model does not send are left out later."""
    return (
        _link(unit, date_ms)
        | _times(unit, date_ms)
        | _position(unit)
        | _motion(unit)
        | _power(unit)
        | _pins(unit)
        | _security(unit)
        | _engine(unit)
        | _sensors(unit)
        | _alarm_text(unit)
    )


def device_date(unit: Unit, date_ms: int) -> int:
    """The time by the device's own clock."""
    if unit.profile.quirk is Quirk.CLOCK_UNSET:
        up_ms = max(0, date_ms - unit.registered_ms)
        return CLOCK_UNSET_MS + up_ms - up_ms % SECOND_MS
    if unit.profile.quirk is Quirk.CLOCK_BEHIND:
        return date_ms - CLOCK_BEHIND_MS
    return date_ms


def _link(unit: Unit, date_ms: int) -> dict[str, Any]:
    engine = unit.profile.kind.has_engine
    return {
        "imei": unit.identity.imei,
        "link_type": "tcp",
        "online": 1,
        "version": "V3.1.8",
        "obd_version": "V2.0.4" if engine else "",
        "comment": "",
        "address": "",
        "network_signal": unit.signal + date_ms // MINUTE_MS % 5,
        "heartbeat_interval": _HEARTBEAT_MIN,
        "heartbeat_time": date_ms - date_ms % (_HEARTBEAT_MIN * MINUTE_MS),
    }


def _times(unit: Unit, date_ms: int) -> dict[str, Any]:
    fixed = date_ms if not unit.asleep else unit.last_fix_ms - unit.last_fix_ms % SECOND_MS
    return {
        "date": device_date(unit, date_ms),
        "location_date": device_date(unit, fixed) if unit.has_fix else CLOCK_UNSET_MS,
        "acc_switch_time": unit.switched_ms - unit.switched_ms % SECOND_MS,
        "last_reg_date": unit.registered_ms,
        "polling": date_ms + SERVER_DELAY_MS,
        "engine_time": int(unit.engine_s),
    }


def _position(unit: Unit) -> dict[str, Any]:
    if not unit.has_fix:
        none = {"lat": 0, "lng": 0, "latlng_valid": 0, "satellite_count": 0, "altitude": 0}
        return none | {"gps": True, "gpsWorking": True, "hdop": 65_535}
    track, awake = unit.track, not unit.asleep
    return {
        "lat": round(track.lat, 6),
        "lng": round(track.lng, 6),
        "latlng_valid": 1 if awake else 0,
        "gps": awake,
        "gpsWorking": awake,
        "satellite_count": track.satellites if awake else 0,
        "altitude": round(track.altitude_m, 1),
        "hdop": round(0.6 + 6 / track.satellites, 1),
    }


def _motion(unit: Unit) -> dict[str, Any]:
    speed = round(unit.track.speed_kmh, 1) if unit.has_fix else 0
    return {
        "speed": speed,
        "azimuth": int(unit.track.heading) if unit.has_fix else 0,
        "mileage": int(unit.track.mileage_m),
        "acc": int(unit.ignition),
        "idle_status": int(unit.ignition and speed == 0),
    }


def _power(unit: Unit) -> dict[str, Any]:
    power, kind = unit.electrics, unit.profile.kind
    low_v = _LOW_SUPPLY_12V * kind.volts / 12
    cranking = unit.itinerary.leg.phase is Phase.CRANKING
    return {
        "external_power_voltage": round(power.supply_v, 2),
        "battery_voltage": round(power.cell_v, 2) if kind.has_battery else 0,
        "battery_voltage_percent": power.percent,
        "bat": 0,
        "pwr": -1,
        "is_external_battery_lower": int(bool(kind.volts) and power.supply_v < low_v > 0)
        if not cranking
        else 0,
        "is_inner_battery_lower": int(kind.has_battery and power.cell_v < _LOW_CELL_V),
        "solar_voltage": round(power.solar_v, 2),
        "is_solar_charging": int(power.is_solar_charging),
        "is_usb_charging": int(unit.usb_charging),
        "is_wireless_charging": 0,
    }


def _pins(unit: Unit) -> dict[str, Any]:
    if unit.profile.kind.family is Family.ASSET:
        iop = _IOP_IGNITION if unit.ignition else 0
        analog: dict[str, Any] = {f"analog{number}": _NO_READING for number in range(1, 6)}
        return analog | {"input": "", "output": "", "iop": iop, "ac": -1, "rs232_device_valid": 0}
    iop = 0x0001
    iop |= _IOP_IGNITION if unit.ignition else 0
    iop |= _IOP_AC if unit.ac_on else 0
    iop |= _IOP_CUT if unit.electrics.is_cut else 0
    inputs = f"1:{int(unit.ignition)}|2:{int(unit.ac_on)}|3:0|4:0|5:0|6:0|7:0|8:0"
    return {
        "input": inputs,
        "output": _ALL_LOW,
        "iop": iop,
        "ac": int(unit.ac_on),
        "analog1": 0.0703125,
        "analog2": 0.94,
        "analog3": _NO_READING,
        "analog4": 0,
        "analog5": 0,
        "rs232_device_valid": int("rs232Fuel" in unit.profile.kind.accessories),
    }


def _security(unit: Unit) -> dict[str, Any]:
    wired = unit.profile.kind.family is Family.VEHICLE
    return {
        "drag_threshold": 100 if wired else 0,
        "dragThreshold": 100 if wired else 0,
        "relay_status": 1 if wired else 0,
        "relay": 0,
        "antithefted": 0,
        "antithefted_status": int(wired and not unit.ignition and unit.identity.index % 4 == 0),
        "lock_type": 0,
    }


def _engine(unit: Unit) -> dict[str, Any]:
    engine = unit.engine
    if engine is None:
        return {"rpm": _NO_READING if unit.electrics.volts else 0}
    fuel = {
        "accumulating_fuel_consumption": int(engine.used_ml),
        "remain_fuel_rate": engine.fuel_percent,
    }
    if not engine.runs:
        return fuel | {"rpm": _NO_READING if unit.identity.index % 2 else 0}
    return fuel | {
        "rpm": round(engine.rpm),
        "engine_load": round(engine.load),
        "throttle_position": round(engine.throttle),
        "cooling_fluid_temp": round(engine.coolant_c),
        "air_inflow_temp": round(engine.outside_c + 6),
        "air_input": round(engine.air_g_s),
        "air_pressure": round(min(105.0, 30 + engine.load)),
        "instant_fuel_consumption": round(engine.flow_ml_h),
    }


def _sensors(unit: Unit) -> dict[str, Any]:
    warm = 7 if unit.ignition else 0
    return {
        "device_temp": 21 + warm + unit.identity.index % 6,
        "light_sensor": 1.7 if unit.is_open else 0.0,
        "axis_x": -0.0,
        "axis_y": 0.1 if unit.ignition else -0.0,
        "axis_z": 0.9 if unit.ignition else 1.0,
    }


def _alarm_text(unit: Unit) -> dict[str, Any]:
    return {
        "cur_event": unit.alarm.current,
        "event": 0,
        "alerts": unit.alarm.momentary | unit.alarm.lasting,
        "alerts1": 0,
        "alert_sum": _ALERT_SUM,
    }
