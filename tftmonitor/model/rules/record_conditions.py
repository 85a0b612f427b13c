"""Conditions on what comes in records beside the status: tyres, fuel probes, trouble codes.

Each tyre, probe and code is a part of its own, with its own alarm.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from typing_extensions import override

from tftmonitor.model.fields.field import Unit, Value
from tftmonitor.model.fields.formatting import format_number
from tftmonitor.model.fields.units import shown_as
from tftmonitor.model.fleet.record_words import DRIVER_KINDS, FUEL_KINDS, TYRE_KINDS, part_text
from tftmonitor.model.rules.condition import Condition, LimitCondition
from tftmonitor.model.rules.hysteresis import Band

_FUEL_LEFT: Final = "remain_fuel_rate"


class _RecordLimit(LimitCondition, frozen=True):
    """A limit on one column of the records of some events."""

    column: ClassVar[str]
    subject: ClassVar[str]
    unit: ClassVar[Unit]

    @override
    def readings(
        self, records: list[dict[str, Any]], known: Iterable[str]
    ) -> list[tuple[str, Value]]:
        del known
        found: list[tuple[str, Value]] = []
        for place, record in enumerate(records, 1):
            value = record.get(self.column)
            if isinstance(value, int | float):
                found.append((_name_of(record, place), float(value)))
        return found

    @override
    def describe(self) -> str:
        return self.limit_text(self.subject, self.unit)

    @override
    def value_text(self, value: Value) -> str:
        shown = shown_as(self.unit)
        number = format_number(shown.of(float(value or 0)), shown.digits(0))
        return f"{self.subject} {number} {shown.text}"


class _TyreLimit(_RecordLimit, frozen=True):
    record_kinds: ClassVar[tuple[str, ...]] = ("bleTire", "rs232Tire")


class TyrePressureBelow(_TyreLimit, frozen=True, tag="tyre_pressure_below"):
    """A tyre with too little air, in kPa."""

    column: ClassVar[str] = "pressure_kpa"
    subject: ClassVar[str] = "Tyre pressure"
    unit: ClassVar[Unit] = Unit.KPA


class TyrePressureAbove(TyrePressureBelow, frozen=True, tag="tyre_pressure_above"):
    """A tyre with too much air, in kPa."""

    above: ClassVar[bool] = True


class TyreTemperatureAbove(_TyreLimit, frozen=True, tag="tyre_temperature_above"):
    """A hot tyre."""

    above: ClassVar[bool] = True
    column: ClassVar[str] = "temperature_c"
    subject: ClassVar[str] = "Tyre temperature"
    unit: ClassVar[Unit] = Unit.CELSIUS


class FuelLevelBelow(_RecordLimit, frozen=True, tag="fuel_level_below"):
    """Little fuel by a probe or by the engine's own count, in percent."""

    record_kinds: ClassVar[tuple[str, ...]] = ("rs232Fuel",)
    column: ClassVar[str] = "level_percent"
    subject: ClassVar[str] = "Fuel level"
    unit: ClassVar[Unit] = Unit.PERCENT

    @property
    @override
    def source(self) -> str | None:
        return _FUEL_LEFT

    @override
    def problem(self) -> str:
        if not 0 < self.limit <= 100 or self.back > 100:
            return "A level is from 0 to 100 %, also that at which it is over."
        return super().problem()


class _RecordWord(Condition, frozen=True):
    """A word that the records of some events say; it is over when the part says another one."""

    column: ClassVar[str]
    subject: ClassVar[str]

    word: str = ""

    @override
    def band(self) -> Band | None:
        return Band(0.5, 0.5, above=True)

    @override
    def readings(
        self, records: list[dict[str, Any]], known: Iterable[str]
    ) -> list[tuple[str, Value]]:
        del known
        wanted = str(self.word).strip().casefold()
        found: list[tuple[str, Value]] = []
        for place, record in enumerate(records, 1):
            said = record.get(self.column)
            if said is not None:
                is_said = str(said).strip().casefold() == wanted
                found.append((_name_of(record, place), float(is_said)))
        return found

    @override
    def problem(self) -> str:
        return "" if str(self.word).strip() else "Choose a word."

    @override
    def describe(self) -> str:
        return f"{self.subject} says “{self.word}”"

    @override
    def value_text(self, value: Value) -> str:
        del value
        return ""


class TyreStatusIs(_RecordWord, frozen=True, tag="tyre_status_is"):
    """What a tyre sensor says of its tyre."""

    record_kinds: ClassVar[tuple[str, ...]] = TYRE_KINDS
    column: ClassVar[str] = "status"
    subject: ClassVar[str] = "Tyre sensor"


class FuelAlarmIs(_RecordWord, frozen=True, tag="fuel_alarm_is"):
    """What a fuel probe says of the tank."""

    record_kinds: ClassVar[tuple[str, ...]] = FUEL_KINDS
    column: ClassVar[str] = "alarm"
    subject: ClassVar[str] = "Fuel probe"


class DriverAlertIs(_RecordWord, frozen=True, tag="driver_alert_is"):
    """What the tag of a driver says."""

    record_kinds: ClassVar[tuple[str, ...]] = DRIVER_KINDS
    column: ClassVar[str] = "alert"
    subject: ClassVar[str] = "Driver tag"


class NewTroubleCode(Condition, frozen=True, tag="new_trouble_code"):
    """A trouble code that was not there; it is over when a report lists it no more."""

    record_kinds: ClassVar[tuple[str, ...]] = ("obdErrorInfo",)

    @override
    def band(self) -> Band | None:
        return Band(0.5, 0.5, above=True)

    @override
    def readings(
        self, records: list[dict[str, Any]], known: Iterable[str]
    ) -> list[tuple[str, Value]]:
        codes = {part_text(code) for record in records for code in record.get("codes") or ()}
        found: list[tuple[str, Value]] = [(code, 1) for code in sorted(codes)]
        if codes or any(_lists_codes(record) for record in records):
            found += [(part, 0) for part in known if part not in codes]
        return found

    @override
    def describe(self) -> str:
        return "New trouble code"

    @override
    def value_text(self, value: Value) -> str:
        del value
        return ""


def _lists_codes(record: dict[str, Any]) -> bool:
    """True when no codes there means none at all: some only carry the vehicle's number."""
    return record.get("cleared") is True or record.get("content") == "trouble codes"


def _name_of(record: dict[str, Any], place: int) -> str:
    names = (record.get(column) for column in ("sensor", "position", "driver_id"))
    return part_text(next((name for name in names if name), place))
