"""The one table of status fields: a line a field, and every consumer loops over it.

Names are permanent, because settings, rules and history refer to them. Meanings, units and
sentinels are from the vendor's push page, its device codec and the values of real packets.
"""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET

from tftmonitor.model.fields.all_ones import (
    IN_BYTES,
    IN_COUNTERS,
    IN_ENGINE_SPEED,
    IN_TEMPERATURES,
    IN_VOLTS,
)
from tftmonitor.model.fields.field import (
    INVALID,
    NO_FIELD,
    Confidence,
    FieldKind,
    FieldSpec,
    FieldTable,
    Flag,
    Group,
    Number,
    Text,
    Unit,
    Whole,
)

_COUNT, _FLAG, _TIME = FieldKind.COUNT, FieldKind.FLAG, FieldKind.TIME
_TEXT, _PINS, _WORD = FieldKind.TEXT, FieldKind.PINS, FieldKind.WORD
_DOC, _OBS, _GUESS = Confidence.DOCUMENTED, Confidence.OBSERVED, Confidence.GUESS
# -1 means "not supported" for flags, and stands for "no speed" in driver records.
_OR_MINUS_1 = (INVALID, -1)
# The same in a word, which may come unsigned; ports are 16 bits wide in most families.
_ALL_BITS = (INVALID, -1, 0xFFFF_FFFF)
_ALL_PORTS = (*_ALL_BITS, 0xFFFF)
# Families without the measurement report 0, which is neither an empty battery nor a lost supply.
# One that has shown another value measures: these are the bits of ``measured`` that say so.
_SUPPLY, _BATTERY, _CHARGE, _FUEL = 1, 2, 4, 8
# A reference that was never written.
_NEVER = (INVALID, 0, -1)
_HDOP_INVALID = (INVALID, 65_535)

_NO_READING = frozenset({UNSET, None, INVALID, 0.0})


def _no_battery_sensor(status: Any) -> bool:
    """Families that cannot measure the battery report 0 V with 0 or 100 %, or 100 % alone."""
    if status.measured & (_BATTERY | _CHARGE):
        return False
    voltage, percent = status.battery_voltage, status.battery_voltage_percent
    if voltage == 0 and voltage is not False:
        return percent in {0, 100}
    return percent == 100 and voltage in _NO_READING


def _never_fixed(status: Any) -> bool:
    """(0, 0) is where units without a fix lie, and no road runs there."""
    return not status.lat and not status.lng


def _row(
    label: str,
    group: Group,
    kind: FieldKind = FieldKind.NUMBER,
    unit: Unit = Unit.NONE,
    **more: Any,
) -> FieldSpec:
    return FieldSpec(label, kind, unit, group=group, **more)


def _wire(name: str) -> Any:
    return msgspec.field(default=UNSET, name=name)


# One line a field, however long: a wrapped table is no table.
# fmt: off
class DeviceStatus(msgspec.Struct, gc=False):
    """The ``status`` object of a snapshot as it came; read it through ``STATUS_FIELDS``.

    An attribute is UNSET when the frame did not carry it (unchanged) and None when it was null.
    ``measured`` is not of the feed: bits for what the device is known to measure, see ``proof``.
    ``alarm``, ``alarm_code`` and ``alarm_msg`` are documented for other places; what stands there
    is looked for by ``protocol.alarm_search``.
    """

    date: Annotated[Whole, _row("Device time", Group.TIME, _TIME, column=False, stored=True, help="time of the report by the device's own clock")] = UNSET
    speed: Annotated[Number, _row("Speed", Group.MOTION, unit=Unit.KMH, digits=1, column=True, plot="speed", stored=True, unknown=_OR_MINUS_1, low=0, high=500, nominal=(0, 130))] = UNSET
    acc: Annotated[Flag, _row("Ignition", Group.MOTION, _FLAG, column=True, lane="ignition", stored=True, unknown=_OR_MINUS_1, confidence=_GUESS)] = UNSET
    external_power_voltage: Annotated[Number, _row("External voltage", Group.POWER, unit=Unit.VOLT, digits=2, column=True, plot="voltage", stored=True, low=0, high=200, nominal=(9, 30), proof=_SUPPLY, help="vehicle supply; 0 says nothing of a unit that has never shown more")] = UNSET
    battery_voltage: Annotated[Number, _row("Battery voltage", Group.POWER, unit=Unit.VOLT, digits=2, plot="voltage", stored=True, low=0, high=60, all_ones=IN_VOLTS, nominal=(3.1, 4.2), proof=_BATTERY, help="of the battery inside the tracker, not of the vehicle")] = UNSET
    battery_voltage_percent: Annotated[Number, _row("Battery", Group.POWER, unit=Unit.PERCENT, column=True, stored=True, low=0, high=100, nominal=(20, 100), proof=_CHARGE, void=_no_battery_sensor, void_at=(0, 100), help="charge of the battery inside the tracker; that of the vehicle is the external voltage")] = UNSET
    lat: Annotated[Number, _row("Latitude", Group.POSITION, unit=Unit.DEGREE, digits=6, stored=True, low=-90, high=90, void=_never_fixed, void_at=(0,))] = UNSET
    lng: Annotated[Number, _row("Longitude", Group.POSITION, unit=Unit.DEGREE, digits=6, stored=True, low=-180, high=180, void=_never_fixed, void_at=(0,))] = UNSET
    latlng_valid: Annotated[Flag, _row("GNSS position", Group.POSITION, _FLAG, stored=True, unknown=_OR_MINUS_1, help="no: from cell towers, last known, or none")] = UNSET
    gps: Annotated[Flag, _row("GNSS on", Group.POSITION, _FLAG, unknown=_OR_MINUS_1, confidence=_GUESS)] = UNSET
    gps_working: Annotated[Flag, _row("GNSS awake", Group.POSITION, _FLAG, unknown=_OR_MINUS_1)] = _wire("gpsWorking")
    satellite_count: Annotated[Whole, _row("Satellites", Group.POSITION, _COUNT, stored=True, low=0, high=255, all_ones=IN_BYTES, nominal=(4, 20))] = UNSET
    hdop: Annotated[Number, _row("HDOP", Group.POSITION, digits=1, unknown=_HDOP_INVALID, low=0, high=100, all_ones=IN_VOLTS)] = UNSET
    altitude: Annotated[Number, _row("Altitude", Group.POSITION, unit=Unit.METRE, stored=True, low=-1_000, high=20_000, nominal=(0, 800), help="0 can mean not measured")] = UNSET
    azimuth: Annotated[Number, _row("Course", Group.MOTION, unit=Unit.DEGREE, stored=True, low=0, high=360, nominal=(0, 359))] = UNSET
    mileage: Annotated[Number, _row("Odometer", Group.MOTION, unit=Unit.KM, digits=1, scale=0.001, stored=True, low=0, high=1e10, all_ones=IN_COUNTERS, help="the tracker's own count")] = UNSET
    engine_time: Annotated[Number, _row("Engine hours", Group.MOTION, unit=Unit.HOUR, digits=1, scale=1 / 3600, low=0, high=1e9, all_ones=IN_COUNTERS)] = UNSET
    idle_status: Annotated[Flag, _row("Idling", Group.MOTION, _FLAG, lane="idling", stored=True, unknown=_OR_MINUS_1, confidence=_GUESS)] = UNSET
    acc_switch_time: Annotated[Whole, _row("Ignition changed", Group.TIME, _TIME, unknown=_NEVER, confidence=_GUESS)] = UNSET
    drag_threshold: Annotated[Number, _row("Tow alarm distance", Group.SECURITY, unit=Unit.METRE, low=0, high=100_000)] = UNSET
    drag_threshold_repeated: Annotated[Number, _row("Tow alarm distance (repeated)", Group.SECURITY, unit=Unit.METRE, low=0, high=100_000)] = _wire("dragThreshold")
    bat: Annotated[Number, _row("Battery, older field", Group.POWER, digits=2, low=-1e6, high=1e6, confidence=_GUESS, help="unit unknown, shown as it came")] = UNSET
    pwr: Annotated[Flag, _row("External power present", Group.POWER, _FLAG, unknown=_OR_MINUS_1, confidence=_GUESS)] = UNSET
    is_inner_battery_lower: Annotated[Flag, _row("Internal battery low", Group.POWER, _FLAG, unknown=_OR_MINUS_1, confidence=_GUESS)] = UNSET
    is_external_battery_lower: Annotated[Flag, _row("Vehicle battery low", Group.POWER, _FLAG, unknown=_OR_MINUS_1, confidence=_GUESS)] = UNSET
    is_usb_charging: Annotated[Flag, _row("USB charging", Group.POWER, _FLAG, lane="charging", unknown=_OR_MINUS_1)] = UNSET
    is_wireless_charging: Annotated[Flag, _row("Wireless charging", Group.POWER, _FLAG, lane="charging", unknown=_OR_MINUS_1, confidence=_GUESS)] = UNSET
    solar_voltage: Annotated[Number, _row("Solar voltage", Group.SOLAR, unit=Unit.VOLT, digits=2, low=0, high=100, all_ones=IN_VOLTS, nominal=(0, 6))] = UNSET
    is_solar_charging: Annotated[Flag, _row("Solar charging", Group.SOLAR, _FLAG, lane="charging", unknown=_OR_MINUS_1)] = UNSET
    analog1: Annotated[Number, _row("Analogue 1", Group.INPUTS, unit=Unit.VOLT, digits=2, low=-100, high=1_000, nominal=(0, 5))] = UNSET
    analog2: Annotated[Number, _row("Analogue 2", Group.INPUTS, unit=Unit.VOLT, digits=2, low=-100, high=1_000, nominal=(0, 5))] = UNSET
    analog3: Annotated[Number, _row("Analogue 3", Group.INPUTS, unit=Unit.VOLT, digits=2, low=-100, high=1_000, nominal=(0, 5))] = UNSET
    analog4: Annotated[Number, _row("Analogue 4", Group.INPUTS, unit=Unit.VOLT, digits=2, low=-100, high=1e6, nominal=(0, 5), help="newer units may put metres since the last report here")] = UNSET
    analog5: Annotated[Number, _row("Analogue 5", Group.INPUTS, unit=Unit.VOLT, digits=2, low=-100, high=1e6, nominal=(0, 5), help="newer units may put metres since the last report here")] = UNSET
    input: Annotated[Text, _row("Inputs", Group.INPUTS, _PINS, lane="inputs", stored=True, confidence=_DOC)] = UNSET
    output: Annotated[Text, _row("Outputs", Group.INPUTS, _PINS, confidence=_DOC)] = UNSET
    iop: Annotated[Whole, _row("I/O word", Group.INPUTS, _WORD, unknown=_ALL_PORTS, help="bits differ by family; only 0x4000 (ignition) is the same everywhere")] = UNSET
    ac: Annotated[Flag, _row("Air conditioning", Group.INPUTS, _FLAG, unknown=_OR_MINUS_1)] = UNSET
    rs232_device_valid: Annotated[Flag, _row("RS-232 device attached", Group.INPUTS, _FLAG, unknown=_OR_MINUS_1)] = UNSET
    relay_status: Annotated[Whole, _row("Relay mode word", Group.SECURITY, _WORD, unknown=_ALL_BITS, confidence=_OBS, help="mode bits; says nothing about a cut engine")] = UNSET
    relay: Annotated[Whole, _row("Relay setting", Group.SECURITY, _WORD, unknown=_ALL_BITS, confidence=_GUESS)] = UNSET
    antithefted_status: Annotated[Flag, _row("Anti-theft armed", Group.SECURITY, _FLAG, unknown=_OR_MINUS_1)] = UNSET
    antithefted: Annotated[Flag, _row("Anti-theft setting", Group.SECURITY, _FLAG, unknown=_OR_MINUS_1, confidence=_GUESS)] = UNSET
    lock_type: Annotated[Whole, _row("Lock type", Group.SECURITY, _WORD, unknown=_ALL_BITS, confidence=_GUESS, help="says nothing on units that are no locks")] = UNSET
    rpm: Annotated[Number, _row("Engine speed", Group.ENGINE, unit=Unit.RPM, low=0, high=16_000, all_ones=IN_ENGINE_SPEED, nominal=(700, 3_000))] = UNSET
    engine_load: Annotated[Number, _row("Engine load", Group.ENGINE, unit=Unit.PERCENT, low=0, high=125, nominal=(10, 80))] = UNSET
    throttle_position: Annotated[Number, _row("Throttle", Group.ENGINE, unit=Unit.PERCENT, low=0, high=100, nominal=(5, 80))] = UNSET
    cooling_fluid_temp: Annotated[Number, _row("Coolant", Group.ENGINE, unit=Unit.CELSIUS, low=-60, high=200, nominal=(75, 95), help="exactly 0 with the engine off can mean no data")] = UNSET
    air_inflow_temp: Annotated[Number, _row("Intake air", Group.ENGINE, unit=Unit.CELSIUS, low=-60, high=200, nominal=(5, 40), help="exactly 0 with the engine off can mean no data")] = UNSET
    air_input: Annotated[Number, _row("Air flow", Group.ENGINE, unit=Unit.GRAM_PER_S, digits=1, low=0, high=5_000, nominal=(3, 60))] = UNSET
    air_pressure: Annotated[Number, _row("Manifold pressure", Group.ENGINE, unit=Unit.KPA, low=0, high=500, nominal=(30, 110))] = UNSET
    obd_version: Annotated[Text, _row("OBD firmware", Group.ENGINE, _TEXT, confidence=_GUESS)] = UNSET
    remain_fuel_rate: Annotated[Number, _row("Fuel left", Group.FUEL, unit=Unit.PERCENT, stored=True, low=0, high=5_000, all_ones=IN_BYTES, nominal=(10, 100), proof=_FUEL, help="some vehicles report litres; the feed does not say which")] = UNSET
    accumulating_fuel_consumption: Annotated[Number, _row("Fuel used", Group.FUEL, unit=Unit.LITRE, digits=1, scale=0.001, low=0, high=1e10, all_ones=IN_COUNTERS, help="can restart from zero")] = UNSET
    instant_fuel_consumption: Annotated[Number, _row("Fuel flow", Group.FUEL, unit=Unit.LITRE_PER_H, digits=1, scale=0.001, low=0, high=1e6, nominal=(800, 20_000), confidence=_OBS)] = UNSET
    fuel: Annotated[Number, _row("Fuel, raw", Group.FUEL, digits=1, low=-1e6, high=1e6, confidence=_GUESS, help="unit unknown, shown as it came")] = UNSET
    device_temp: Annotated[Number, _row("Device temperature", Group.SENSORS, unit=Unit.CELSIUS, low=-100, high=125, nominal=(10, 45))] = UNSET
    external_temp: Annotated[Number, _row("External temperature", Group.SENSORS, unit=Unit.CELSIUS, digits=1, low=-200, high=500, all_ones=IN_TEMPERATURES, nominal=(-5, 30), confidence=_GUESS)] = UNSET
    external_humidity: Annotated[Number, _row("External humidity", Group.SENSORS, unit=Unit.RELATIVE_HUMIDITY, digits=1, low=0, high=100, nominal=(30, 80), confidence=_GUESS)] = UNSET
    light_sensor: Annotated[Number, _row("Light sensor", Group.SENSORS, unit=Unit.VOLT, digits=2, low=0, high=100, all_ones=IN_VOLTS, nominal=(0, 3))] = UNSET
    axis_x: Annotated[Number, _row("Acceleration X", Group.SENSORS, digits=1, low=-100_000, high=100_000, confidence=_OBS, help="g or milli-g, by family")] = UNSET
    axis_y: Annotated[Number, _row("Acceleration Y", Group.SENSORS, digits=1, low=-100_000, high=100_000, confidence=_OBS, help="g or milli-g, by family")] = UNSET
    axis_z: Annotated[Number, _row("Acceleration Z", Group.SENSORS, digits=1, low=-100_000, high=100_000, confidence=_OBS, help="g or milli-g, by family")] = UNSET
    cur_event: Annotated[Whole, _row("Current event", Group.ALARM, _WORD, stored=True, confidence=_DOC, help="alarm number, 0 is none; the numbering is not documented")] = UNSET
    event: Annotated[Whole, _row("Event word", Group.ALARM, _WORD, confidence=_GUESS)] = UNSET
    alerts: Annotated[Whole, _row("Alert bits", Group.ALARM, _WORD, stored=True, confidence=_GUESS)] = UNSET
    alerts1: Annotated[Whole, _row("Alert bits, second word", Group.ALARM, _WORD, confidence=_GUESS)] = UNSET
    alert_sum: Annotated[Text, _row("Alert sum", Group.ALARM, _TEXT, confidence=_GUESS, help="three words; looks like the alarms subscribed to, not the active ones")] = UNSET
    location_date: Annotated[Whole, _row("Fix time", Group.TIME, _TIME, stored=True, unknown=_NEVER, confidence=_GUESS)] = UNSET
    last_reg_date: Annotated[Whole, _row("Signed in to server", Group.TIME, _TIME, unknown=_NEVER, confidence=_GUESS)] = UNSET
    polling: Annotated[Whole, _row("Last packet at server", Group.TIME, _TIME, unknown=_NEVER, confidence=_GUESS)] = UNSET
    heartbeat_time: Annotated[Whole, _row("Last heartbeat", Group.TIME, _TIME, unknown=_NEVER, confidence=_OBS)] = UNSET
    heartbeat_interval: Annotated[Number, _row("Heartbeat interval", Group.LINK, unit=Unit.MINUTE, low=0, high=100_000, nominal=(1, 30))] = UNSET
    online: Annotated[Flag, _row("Connected, says the server", Group.LINK, _FLAG, unknown=_OR_MINUS_1, confidence=_GUESS)] = UNSET
    link_type: Annotated[Text, _row("Transport", Group.LINK, _TEXT, confidence=_DOC)] = UNSET
    network_signal: Annotated[Number, _row("Signal", Group.LINK, unit=Unit.PERCENT, stored=True, low=0, high=100, nominal=(30, 100), confidence=_OBS)] = UNSET
    version: Annotated[Text, _row("Firmware", Group.LINK, _TEXT, confidence=_GUESS)] = UNSET
    comment: Annotated[Text, _row("Note", Group.LINK, _TEXT, confidence=_GUESS)] = UNSET
    address: Annotated[Text, _row("Address", Group.POSITION, _TEXT, confidence=_GUESS, help="looked up by the server")] = UNSET
    imei: Annotated[Text, _row("IMEI in status", Group.LINK, _TEXT, confidence=_DOC)] = UNSET
    alarm: Annotated[Any, NO_FIELD] = UNSET
    alarm_code: Annotated[Any, NO_FIELD] = UNSET
    alarm_msg: Annotated[Any, NO_FIELD] = UNSET
    measured: Annotated[int, NO_FIELD] = msgspec.field(default=0, name="(own) measured")
# fmt: on


STATUS_FIELDS = FieldTable(DeviceStatus)
