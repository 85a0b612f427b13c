"""Which wheels a vehicle has: its axles from front to back, and the names of their wheels."""

from typing import Final, NamedTuple

# As many sensors as the largest vehicle below has wheels are usual; more stay below the picture.
LAYOUTS: Final = ("2-2", "2-4", "2-2-2", "2-4-2", "2-4-4", "2-2-2-2", "2-2-4-4", "2-4-2-2-2")
"""What can be chosen: how many wheels each axle has, the front one first."""

_SIDES = {2: ("left", "right"), 4: ("left outer", "left inner", "right inner", "right outer")}


class Wheel(NamedTuple):
    """One wheel; ``axle`` counts from 0 at the front, ``place`` from 0 at the left."""

    axle: int
    place: int
    of: int

    @property
    def name(self) -> str:
        """What is kept in the settings and read out: permanent."""
        return f"Axle {self.axle + 1} {_SIDES[self.of][self.place]}"


def wheels_of(layout: str) -> tuple[Wheel, ...]:
    """The wheels of a layout as ``2-4``, from the front left on; of any other text none."""
    counts = [int(part) if part in {"2", "4"} else 0 for part in layout.split("-")]
    if layout not in LAYOUTS:
        return ()
    return tuple(
        Wheel(axle, place, count) for axle, count in enumerate(counts) for place in range(count)
    )


def likely_layout(sensors: int) -> str:
    """The smallest usual vehicle with a wheel for each sensor, until somebody chooses another."""
    fitting = (layout for layout in LAYOUTS if len(wheels_of(layout)) >= sensors)
    return next(fitting, LAYOUTS[-2])
