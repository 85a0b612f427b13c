"""Which tyre sensor stands where in the picture of the axles. No Qt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tftmonitor.model.fleet.records import Record

MOST_AXLES: Final = 8
_LEAST_AXLES: Final = 2
_SIDES: Final = ("left", "right")
_LEAK_WORDS: Final = ("leak", "low")
# By their ends these batteries cannot send any more (CR2032 and its like), in volts.
_LOW_BATTERY_V: Final = 2.5


@dataclass(frozen=True, slots=True)
class Tyre:
    """The last reading of one sensor: kilopascal, degrees Celsius, volts; None is unknown."""

    sensor: str
    pressure_kpa: float | None = None
    temperature_c: float | None = None
    battery_v: float | None = None
    status: str = ""
    position: int | None = None

    @property
    def is_bad(self) -> bool:
        """True when the sensor says that the tyre leaks or is low."""
        return any(word in self.status.casefold() for word in _LEAK_WORDS)

    @property
    def is_battery_low(self) -> bool:
        """True when its battery is at its end."""
        return self.battery_v is not None and self.battery_v < _LOW_BATTERY_V


@dataclass(frozen=True, slots=True)
class AxlePlan:
    """``placed`` has the tyres by slot, counted from the front left; ``loose`` those without."""

    axles: int
    placed: Mapping[int, Tyre]
    loose: tuple[Tyre, ...]


def tyre_of(record: Record) -> Tyre:
    """The tyre of one record of ``bleTire`` or ``rs232Tire``."""
    position = _number(record.get("position"))
    return Tyre(
        str(record.get("sensor") or ""),
        _number(record.get("pressure_kpa")),
        _number(record.get("temperature_c")),
        _number(record.get("battery_v")),
        str(record.get("status") or ""),
        None if position is None else int(position),
    )


def slot_name(slot: int) -> str:
    """The name of a slot as it is kept and shown: "Axle 1 left"."""
    return f"Axle {slot // 2 + 1} {_SIDES[slot % 2]}"


def slot_of(name: str) -> int | None:
    """The slot of this name, None for the words of the user's own."""
    return next((s for s in range(2 * MOST_AXLES) if slot_name(s) == name), None)


def plan_of(tyres: Iterable[Tyre], wheels: Mapping[str, str]) -> AxlePlan:
    """Each where the user bound it, else at its position, else loose."""
    known = list({tyre.sensor: tyre for tyre in tyres}.values())
    placed: dict[int, Tyre] = {}
    rest: list[Tyre] = []
    for tyre in known:
        bound = slot_of(wheels.get(tyre.sensor, ""))
        if bound is not None and bound not in placed:
            placed[bound] = tyre
        else:
            rest.append(tyre)
    loose = [tyre for tyre in rest if not _take_position(tyre, placed)]
    last = max(placed, default=-1)
    axles = max(_LEAST_AXLES, last // 2 + 1, -(-len(known) // 2))
    return AxlePlan(min(axles, MOST_AXLES), placed, tuple(loose))


def fallen(before: Mapping[str, float], tyres: Sequence[Tyre], by_kpa: float) -> str:
    """The one sensor whose pressure fell by so much since; "" for none and for several."""
    found = {
        tyre.sensor
        for tyre in tyres
        if tyre.pressure_kpa is not None
        and tyre.sensor in before
        and before[tyre.sensor] - tyre.pressure_kpa >= by_kpa
    }
    return found.pop() if len(found) == 1 else ""


def _take_position(tyre: Tyre, placed: dict[int, Tyre]) -> bool:
    slot = None if tyre.position is None else tyre.position - 1
    if slot is None or not 0 <= slot < 2 * MOST_AXLES or slot in placed:
        return False
    placed[slot] = tyre
    return True


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
