"""What was recorded, as the samples of a layout of plots."""

from typing import TYPE_CHECKING

import numpy as np

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.fields.plot import SeriesLayout
from tftmonitor.model.fleet.samples.joining import PastPart
from tftmonitor.model.fleet.series import Samples

if TYPE_CHECKING:
    from tftmonitor.history.past.sampling import PastSamples


def wires_of(layout: SeriesLayout) -> list[str]:
    """What to ask the past for, a wire name a channel."""
    return [field.wire for field in layout.channels]


def plotted(found: "PastSamples", layout: SeriesLayout) -> PastPart:
    """The answer to ``wires_of`` this layout; as precise as memory, which it stands beside."""
    with np.errstate(over="ignore"):
        values = found.values.astype(np.float32)
    samples = Samples(
        found.times_ms / SECOND_MS,
        values,
        found.states,
        found.known,
        found.since_ms / SECOND_MS,
        layout.extra,
        found.usual_ms / SECOND_MS,
    )
    return PastPart(samples, found.by_receipt)
