"""What the plots show, as a table of text."""

import csv
import io
import math
from collections.abc import Sequence

import numpy as np

from tftmonitor.base.clock import SECOND_MS, to_iso
from tftmonitor.model.fields.plot import Lane, SeriesLayout
from tftmonitor.model.fleet.series import Samples


def samples_between(samples: Samples, start_s: float, end_s: float) -> Samples:
    """Those of a stretch of time, both ends included, in arrays of their own."""
    first = int(samples.times.searchsorted(start_s))
    last = int(samples.times.searchsorted(end_s, "right"))
    return samples.pick(np.arange(first, last))


def table_of(
    layout: SeriesLayout, samples: Samples, channels: Sequence[int], lanes: Sequence[Lane]
) -> str:
    """Samples as CSV: ISO times in UTC, display units in the header, blank = unknown."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    fields = [layout.channels[channel] for channel in channels]
    heads = [f"{field.spec.label} ({field.spec.unit.value})" for field in fields]
    writer.writerow(["time (UTC)", *heads, *(lane.title for lane in lanes)])
    for place, time_s in enumerate(samples.times.tolist()):
        states, known = int(samples.states[place]), int(samples.known[place])
        values = [float(samples.values[channel, place]) for channel in channels]
        texts = [
            f"{value * field.spec.scale:.{field.spec.digits}f}" if math.isfinite(value) else ""
            for field, value in zip(fields, values, strict=True)
        ]
        flags = [str(states >> lane.bit & 1) if known >> lane.bit & 1 else "" for lane in lanes]
        writer.writerow([to_iso(round(time_s * SECOND_MS)), *texts, *flags])
    return out.getvalue()
