"""The plots and state lanes, derived from the field table: a row a plot, a row a lane."""

from dataclasses import dataclass

from tftmonitor.model.fields.field import Field, FieldKind, FieldTable, Unit
from tftmonitor.model.fields.status import STATUS_FIELDS


@dataclass(frozen=True, slots=True)
class PlotSpec:
    """One plot; its curves are the fields whose spec names its key."""

    key: str
    title: str
    unit: Unit
    least_span: float
    from_zero: bool = False


PLOTS = (
    PlotSpec("voltage", "Voltage", Unit.VOLT, least_span=0.5),
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

    ``channels`` are the plotted fields in table order (the columns of a ring's values);
    ``lanes`` own one bit each of a ring's state words.
    """

    def __init__(self, table: FieldTable) -> None:
        self.channels = tuple(field for field in table if field.spec.plot)
        self.lane_fields = tuple(field for field in table if field.spec.lane)
        self.lanes = tuple(_lanes(self.lane_fields))

    def channels_of(self, plot: PlotSpec) -> list[int]:
        """The column numbers of one plot's curves."""
        return [number for number, field in enumerate(self.channels) if field.spec.plot == plot.key]


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
