"""Parts of the built-in ground as outlines to draw: in world units, with what begins anew.

An outline is what a pen follows: points, and at which of them the pen is put down. Rings are
filled by their outline as it is; their coast leaves out what a cell's edge has cut.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tftmonitor.model.geo.ground_format import EXTENT, Parts


@dataclass(frozen=True, slots=True)
class Outline:
    """``points`` of shape (n, 2) in world units; ``starts`` of shape (n,), True where it begins."""

    points: NDArray[np.float64]
    starts: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Corner:
    """The north-west corner of a cell in world units, and the cell's side in them."""

    x: float
    y: float
    size: float


def line_outline(parts: Parts, corner: Corner) -> Outline:
    """Lines, or rings to be filled: each part from its first point to its last."""
    return Outline(_in_world(parts, corner), _starts(parts.counts))


def coast_outline(parts: Parts, corner: Corner) -> Outline:
    """Rings as a pen follows them, closed, without the pieces along the cell's edge."""
    # Each part's points, then its first one again.
    parts_before = np.arange(len(parts.counts))
    ends = np.cumsum(parts.counts)
    source = np.arange(len(parts.points) + len(ends)) - np.repeat(parts_before, parts.counts + 1)
    source[ends + parts_before] = ends - parts.counts
    closed = parts.points[source]
    starts = _starts(parts.counts + 1)
    for values in closed.T:
        here, before = values[1:], values[:-1]
        starts[1:] |= (here == before) & ((here == 0) | (here == EXTENT))
    return Outline(_in_world(Parts(closed, parts.counts), corner), starts)


def _starts(counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    starts = np.zeros(int(counts.sum()), dtype=np.bool_)
    starts[np.cumsum(counts) - counts] = True
    return starts


def _in_world(parts: Parts, corner: Corner) -> NDArray[np.float64]:
    # Cells are powers of two: both sides of an edge get the very same numbers.
    return np.asarray(parts.points * (corner.size / EXTENT) + (corner.x, corner.y), np.float64)
