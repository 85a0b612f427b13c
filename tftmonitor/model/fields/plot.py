"""The plots and state lanes, derived from the field table: a row a plot, a row a lane."""

from collections.abc import Iterable
from dataclasses import dataclass

from tftmonitor.model.fields.field import Field, FieldKind, FieldTable, Unit
from tftmonitor.model.fields.status import STATUS_FIELDS


@dataclass(frozen=True, slots=True)
class PlotSpec:
    """One plot; its curves are the fields whose spec names its key.

    One that was ``added`` has a single curve, the field of that name. ``least_span`` is the least
    range that it shows, in display units. The fields of ``right`` have a scale of their own, at the
    right: on one scale with the others neither would show the differences that matter.
    """

    key: str
    title: str
    unit: Unit
    least_span: float
    from_zero: bool = False
    added: bool = False
    right: tuple[str, ...] = ()


# Kept over time for the trail on the map, and for rules about places.
_TRACK = ("lat", "lng")
# Each one costs every sample of every device four bytes.
MOST_ADDED = 4
# The least range of an added plot, in steps of the last digit that is shown.
_LEAST_STEPS = 10

PLOTS = (
    PlotSpec("voltage", "Voltage", Unit.VOLT, least_span=0.5, right=("battery_voltage",)),
    PlotSpec("speed", "Speed", Unit.KMH, least_span=10.0, from_zero=True),
)


@dataclass(frozen=True, slots=True)
class Lane:
    """One state lane: a flag field, or one pin of a pins field (1 to 8).

    ``only_when_on`` marks those of which most units use none: shown once they were on at all.
    """

    key: str
    title: str
    field: Field
    pin: int | None
    bit: int

    @property
    def only_when_on(self) -> bool:
        """True for pins and chargers."""
        return self.pin is not None or self.field.spec.lane == "charging"


# Pins are numbered 1 to 8 on the wire.
_PIN_COUNT = 8


class SeriesLayout:
    """Which fields of a table are kept in memory over time, and in what place of a sample.

    ``channels`` are the plotted fields in table order (the columns of a ring's values), behind
    them those of ``extra``, which the user has added; ``added`` are the plots of what was added,
    also of fields that had a channel before. ``lanes`` own one bit each of a ring's state words.
    ``alone`` are the fields that are the only curve of a built-in plot. ``track`` are the channels
    of latitude and longitude, None in a table without them. Of the names ``add`` what cannot be
    added, and what is more than ``MOST_ADDED``, is left out.
    """

    def __init__(self, table: FieldTable, add: Iterable[str] = ()) -> None:
        self.table = table
        base = [field for field in table if field.spec.plot]
        base += [table.by_name[name] for name in _TRACK if name in table.by_name]
        names = [field.name for field in base]
        plots = [field.spec.plot for field in base if field.spec.plot]
        is_tracked = set(_TRACK) <= set(names)
        self.track = (names.index("lat"), names.index("lng")) if is_tracked else None
        self.alone = {field.name for field in base if plots.count(field.spec.plot or "") == 1}
        found = (table.by_name[name] for name in dict.fromkeys(add) if name in table.by_name)
        fields = [field for field in found if self.can_add(field)][:MOST_ADDED]
        self.added = tuple(_plot_of(field) for field in fields)
        self.extra = tuple(field.name for field in fields if field.name not in names)
        self.channels = (*base, *(table.by_name[name] for name in self.extra))
        self.lane_fields = tuple(field for field in table if field.spec.lane)
        self.lanes = tuple(_lanes(self.lane_fields))

    def channels_of(self, plot: PlotSpec) -> list[int]:
        """The column numbers of one plot's curves."""
        numbered = list(enumerate(self.channels))
        if plot.added:
            return [number for number, field in numbered if field.name == plot.key]
        return [number for number, field in numbered if field.spec.plot == plot.key]

    def can_add(self, field: Field) -> bool:
        """True for a number that has no plot of its own without being added."""
        is_number = field.spec.kind in {FieldKind.NUMBER, FieldKind.COUNT}
        return is_number and field.name not in self.alone

    def adding(self, names: Iterable[str]) -> "SeriesLayout":
        """Another one, with plots of these fields in place of those that were added here."""
        return SeriesLayout(self.table, names)


def _plot_of(field: Field) -> PlotSpec:
    spec = field.spec
    least_span = _LEAST_STEPS * 10.0**-spec.digits
    return PlotSpec(field.name, spec.label, spec.unit, least_span, added=True)


def _lanes(fields: tuple[Field, ...]) -> list[Lane]:
    lanes: list[Lane] = []
    for field in fields:
        label = field.spec.label
        if field.spec.kind is FieldKind.PINS:
            for pin in range(1, _PIN_COUNT + 1):
                title = f"{label.rstrip('s')} {pin}"
                lanes.append(Lane(f"{field.name}_{pin}", title, field, pin, len(lanes)))
        else:
            lanes.append(Lane(field.name, label, field, None, len(lanes)))
    if len(lanes) > 16:
        raise ValueError("a state word has 16 bits")
    return lanes


SERIES = SeriesLayout(STATUS_FIELDS)
