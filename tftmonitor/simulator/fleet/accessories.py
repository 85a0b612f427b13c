"""The other events of the devices channel: tyres, drivers, trouble codes, fuel probes."""

import random
from collections.abc import Callable
from typing import Any

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.simulator.fleet import formulas, frames
from tftmonitor.simulator.fleet.roster import Roster
from tftmonitor.simulator.fleet.units import Unit
from tftmonitor.simulator.outgoing import Push

_FIRST_S = 4
_DEMO_EVERY_S = (4.0, 9.0)
# A large fleet: one event in so many seconds for each device.
_DEVICE_EVERY_S = 300.0
_FASTEST_S = 0.1
_WHEELS = 6
# The step of a tyre sensor's pressure, kPa, and a truck's pressure in steps.
_PRESSURE_STEP_KPA = 3.144
_PRESSURE_STEPS = (232, 251)
_LEAK_STEPS = (150, 190)
_RARELY = 0.06
# A demo has some six alarms an hour in all, which is what an operator bears.
_LEAKS = 0.0003
_FUEL_ALARMS = 0.01
_CODES = ("P0300", "P0171", "P0420", "C1201", "U0100", "B1342")
# SPN and FMI, as trucks have them; the feed's own form of them is not documented.
_TRUCK_CODES = ("100-1", "110-0", "1569-31", "3251-15", "639-9", "168-4")


class Accessories:
    """Puts events of accessories on the agenda of a roster, without end."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._equipped = [unit for unit in roster.units if unit.profile.kind.accessories]
        if self._equipped:
            roster.agenda.add(roster.start_ms + _FIRST_S * SECOND_MS, self._next)

    def _next(self, time_ms: int) -> list[Push]:
        rng = self._roster.rng
        if self._roster.demo:
            pause_s = rng.uniform(*_DEMO_EVERY_S)
        else:
            pause_s = max(_FASTEST_S, rng.expovariate(len(self._equipped) / _DEVICE_EVERY_S))
        self._roster.agenda.add(time_ms + round(pause_s * SECOND_MS), self._next)
        unit = rng.choice(self._equipped)
        event = rng.choice(unit.profile.kind.accessories)
        date_ms = formulas.device_date(unit, time_ms - time_ms % SECOND_MS)
        return [frames.device_event(event, unit, {"date": date_ms} | _MAKERS[event](unit, rng))]


def _mac(unit: Unit, number: int) -> str:
    return f"02{unit.identity.index:06x}{number:04x}"


def _ble_tires(unit: Unit, rng: random.Random) -> dict[str, Any]:
    sensors = [{"mac": _mac(unit, wheel)} | _tire(rng) for wheel in range(1, _WHEELS + 1)]
    return {"isIgnition": unit.ignition, "bleDataList": sensors}


def _rs232_tires(unit: Unit, rng: random.Random) -> dict[str, Any]:
    base = (unit.identity.index + 1) * 16
    sensors = [
        {"sensorId": f"{base + wheel:06x}", "position": wheel} | _tire(rng)
        for wheel in range(1, _WHEELS + 1)
    ]
    return {"isIgnition": unit.ignition, "rs232DataList": sensors}


def _tire(rng: random.Random) -> dict[str, Any]:
    chance = rng.random()
    if chance < _RARELY / 2:
        return {"voltage": -999, "airPressure": -999, "airTemp": -999, "status": 0}
    leaks = 0 <= chance - _RARELY / 2 < _LEAKS
    steps = rng.randint(*(_LEAK_STEPS if leaks else _PRESSURE_STEPS))
    return {
        "voltage": round(rng.uniform(2.8, 3.2), 2),
        "airPressure": steps * _PRESSURE_STEP_KPA,
        "airTemp": rng.randint(16, 48),
        "status": int(leaks),
    }


def _driver(unit: Unit, rng: random.Random) -> dict[str, Any]:
    track, fixed = unit.track, unit.has_fix
    tag = {
        "alert": int(rng.random() < _RARELY),
        "altitude": round(track.altitude_m, 1) if fixed else 0,
        "azimuth": int(track.heading) if fixed else 0,
        "voltage": round(rng.uniform(2.5, 3.1), 1),
        "isHistoryData": False,
        "latitude": round(track.lat, 6) if fixed else 0,
        "latlngValid": fixed,
        "satelliteCount": track.satellites if fixed else 0,
        "longitude": round(track.lng, 6) if fixed else 0,
        "mac": f"0294a5{rng.randint(1, 9):06x}",
        "speed": -1,
    }
    return {"isIgnition": unit.ignition, "bleDataList": [tag]}


def _trouble_codes(unit: Unit, rng: random.Random) -> dict[str, Any]:
    chance = rng.random()
    if chance < 0.2:
        return {"messageType": 1, "vin": f"TESTV1N{unit.identity.index:010d}"}
    if chance < 0.3:
        return {"messageType": 2, "clearErrorCodeSuccess": True}
    is_truck = unit.electrics.volts != 12
    known = _TRUCK_CODES if is_truck else _CODES
    codes = ";".join(rng.sample(known, rng.choice((0, 1, 1, 2, 3))))
    standard = "J1939" if is_truck else "J1979"
    return {"messageType": 0, "errorCode": standard, "errorData": codes}


def _fuel(unit: Unit, rng: random.Random) -> dict[str, Any]:
    alarm = rng.choice((1, 2)) if rng.random() < _FUEL_ALARMS else 0
    if unit.identity.index % 2:
        return {"fuelPercent": round(rng.uniform(20, 95), 1), "alarm": alarm}
    return {
        "curLiquidHeight": round(rng.uniform(12, 58), 1),
        "fullLiquidHeight": 60,
        "temp": rng.randint(8, 30),
        "liquidType": 1,
        "alarm": alarm,
    }


_MAKERS: dict[str, Callable[[Unit, random.Random], dict[str, Any]]] = {
    "bleTire": _ble_tires,
    "rs232Tire": _rs232_tires,
    "driver": _driver,
    "obdErrorInfo": _trouble_codes,
    "rs232Fuel": _fuel,
}
