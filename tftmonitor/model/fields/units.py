"""The units in which people want to read: a choice for each kind of quantity, in force at once.

Values are kept, compared and stored in the units of the table of fields (``Unit``), and limits of
rules too. Only where a number becomes a text, or a text a number, it goes through ``shown_as``.
What is in force holds for the whole process, as a language does: no text of it has two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tftmonitor.model.fields.field import FieldSpec, Unit


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """How a quantity is shown: ``value * factor + offset``, with so many more decimals."""

    text: str
    factor: float = 1.0
    offset: float = 0.0
    more_digits: int = 0

    def of(self, value: float) -> float:
        """A value of the table's unit as it is shown."""
        return value * self.factor + self.offset

    def back(self, shown: float) -> float:
        """What was typed in the shown unit, in the table's."""
        return (shown - self.offset) / self.factor

    def digits(self, digits: int) -> int:
        """Decimals of a value that has so many in the table's unit."""
        return max(digits + self.more_digits, 0)


Choice = Mapping[Unit, ShownUnit]

_MILES, _SEA_MILES = 0.621_371_192, 0.539_956_803
_US_GALLONS, _GALLONS = 0.264_172_052, 0.219_969_248

CHOICES: Final[Mapping[str, Mapping[str, Choice]]] = {
    "speed_unit": {
        "km/h": {},
        "mph": {Unit.KMH: ShownUnit("mph", _MILES)},
        "kn": {Unit.KMH: ShownUnit("kn", _SEA_MILES)},
    },
    "distance_unit": {
        "km": {},
        "mi": {Unit.KM: ShownUnit("mi", _MILES), Unit.METRE: ShownUnit("ft", 3.280_839_895)},
        "nmi": {Unit.KM: ShownUnit("nmi", _SEA_MILES)},
    },
    "temperature_unit": {"°C": {}, "°F": {Unit.CELSIUS: ShownUnit("°F", 1.8, 32.0)}},
    "pressure_unit": {
        "kPa": {},
        "bar": {Unit.KPA: ShownUnit("bar", 0.01, more_digits=2)},
        "psi": {Unit.KPA: ShownUnit("psi", 0.145_037_738, more_digits=1)},
    },
    "volume_unit": {
        "L": {},
        "gal (US)": {
            Unit.LITRE: ShownUnit("gal", _US_GALLONS, more_digits=1),
            Unit.LITRE_PER_H: ShownUnit("gal/h", _US_GALLONS, more_digits=1),
        },
        "gal (imp.)": {
            Unit.LITRE: ShownUnit("gal", _GALLONS, more_digits=1),
            Unit.LITRE_PER_H: ShownUnit("gal/h", _GALLONS, more_digits=1),
        },
    },
}
"""By the name of the setting: what may be chosen, and what it changes; the first: nothing."""

_AS_IN_THE_TABLE: Final = {unit: ShownUnit(unit.value) for unit in Unit}
_in_force = dict(_AS_IN_THE_TABLE)


def use_units(chosen: Mapping[str, str]) -> None:
    """Put choices in force, by the names of their settings; what is left out is as in the table.

    KeyError for what is no choice.
    """
    found = dict(_AS_IN_THE_TABLE)
    for name, choice in chosen.items():
        found |= CHOICES[name][choice]
    _in_force.update(found)


def shown_as(unit: Unit) -> ShownUnit:
    """How a quantity is shown now."""
    return _in_force[unit]


def shown_number(spec: FieldSpec, value: float) -> float:
    """A canonical value of a field in the unit in which it is shown now."""
    return _in_force[spec.unit].of(value * spec.scale)


def shown_digits(spec: FieldSpec) -> int:
    """Decimals of a field as it is shown now."""
    return _in_force[spec.unit].digits(spec.digits)


def unit_text(spec: FieldSpec) -> str:
    """The unit in which a field is shown now, empty for none."""
    return _in_force[spec.unit].text
