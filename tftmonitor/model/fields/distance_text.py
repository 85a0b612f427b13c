"""Distances as texts in the unit in force, and a length for the scale bar of a map."""

from typing import Final, NamedTuple

from tftmonitor.model.fields.field import Unit
from tftmonitor.model.fields.formatting import format_number
from tftmonitor.model.fields.units import shown_as

_STEPS: Final = (1.0, 2.0, 5.0, 10.0)
_M_PER_KM: Final = 1_000.0


class ScaleBar(NamedTuple):
    """How long the bar is in logical pixels, and what that is on the ground."""

    pixels: float
    text: str


def scale_bar(metres_per_pixel: float, most_pixels: float) -> ScaleBar:
    """The longest round length that fits, in the unit of distances that is in force."""
    most_m = metres_per_pixel * most_pixels
    large, small = shown_as(Unit.KM), shown_as(Unit.METRE)
    in_large = large.of(most_m / _M_PER_KM)
    if in_large >= 1.0:
        number = _round_down(in_large)
        metres = large.back(number) * _M_PER_KM
        text = f"{format_number(number, 0)} {large.text}"
    else:
        number = _round_down(small.of(most_m))
        metres = small.back(number)
        text = f"{format_number(number, 0)} {small.text}"
    return ScaleBar(metres / metres_per_pixel, text)


def distance_text(metres: float) -> str:
    """A distance in the unit in force: "420 m", "3.4 km", "128 km"."""
    large, small = shown_as(Unit.KM), shown_as(Unit.METRE)
    number = large.of(metres / _M_PER_KM)
    if number < 1.0:
        return f"{format_number(small.of(metres), 0)} {small.text}"
    return f"{format_number(number, 1 if number < 100 else 0)} {large.text}"


def _round_down(number: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not more."""
    power = 1.0
    while power * 10 <= number:
        power *= 10
    while power > number:
        power /= 10
    return max(step * power for step in _STEPS if step * power <= number)
