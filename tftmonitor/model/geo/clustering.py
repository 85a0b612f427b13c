"""Points that would lie on each other on a map, as clusters: one look for many devices.

A grid of cells, fixed to the ground so that a pan regroups nothing; what is crowded in a cell is a
cluster, and clusters that touch are one. Everything is in logical pixels.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tftmonitor.model.geo.projection import Numbers

CELL: Final = 64.0
LEAST: Final = 3
"""So many points in a cell are a cluster: two signs beside each other can still be told apart."""
ALONE: Final = -1

_SMALLEST, _LARGEST = 12.0, 21.0
# Each neighbour of a cell once: right, and the three below.
_NEIGHBOURS = ((1, 0), (-1, 1), (0, 1), (1, 1))

Whole = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Clusters:
    """``k`` clusters of ``n`` points.

    ``left`` and ``top`` (k,) are their middles, ``counts`` (k,) their points, ``shares``
    (k, kinds) how many of each kind, ``of`` (n,) the cluster of each point or ``ALONE``.
    """

    left: Numbers
    top: Numbers
    counts: Whole
    shares: Whole
    of: Whole

    @property
    def radii(self) -> Numbers:
        """How large each is drawn, in pixels."""
        return radii_of(self.counts)

    def at(self, left: float, top: float) -> int:
        """The cluster under this pixel, or ``ALONE``."""
        far = np.hypot(self.left - left, self.top - top) - self.radii
        if not len(far):
            return ALONE
        nearest = int(np.argmin(far))
        return nearest if far[nearest] <= 0 else ALONE


def radii_of(counts: NDArray[np.generic]) -> Numbers:
    """Pixels of the radius of clusters of so many points."""
    grown = _SMALLEST + 2.4 * np.log2(np.maximum(np.asarray(counts, np.float64), LEAST) / LEAST)
    return np.minimum(grown, _LARGEST)


def find_clusters(
    left: Numbers,
    top: Numbers,
    kinds: Whole,
    kind_count: int,
    origin: tuple[float, float] = (0.0, 0.0),
) -> Clusters:
    """Group points, shape (n,) each, of ``kinds`` from 0 to below ``kind_count``.

    ``origin`` is where the corner of a cell lies, in the same pixels: that of the ground.
    """
    count = len(left)
    if count == 0:
        none = np.zeros(0)
        return Clusters(none, none, _whole(0), np.zeros((0, kind_count), np.intp), _whole(0))
    column = np.floor((left - origin[0]) / CELL).astype(np.intp)
    row = np.floor((top - origin[1]) / CELL).astype(np.intp)
    column -= column.min() - 1
    row -= row.min() - 1
    # A free cell on each side, so that neighbours need no bounds.
    width = int(column.max()) + 2
    cell = row * width + column
    size = (int(row.max()) + 2) * width
    crowd = np.bincount(cell, minlength=size)
    group = np.full(size, ALONE, np.intp)
    crowded = np.flatnonzero(crowd >= LEAST)
    group[crowded] = np.arange(len(crowded))
    of = group[cell]
    inside = np.flatnonzero(of != ALONE)
    merged = _merged(group, crowded, width, of[inside], left[inside], top[inside])
    if merged is not None:
        of[inside] = merged[of[inside]]
    total = int(of.max(initial=ALONE)) + 1
    members = of[inside]
    counts = np.bincount(members, minlength=total)
    shares = np.bincount(members * kind_count + kinds[inside], minlength=total * kind_count)
    return Clusters(
        np.bincount(members, left[inside], total) / counts,
        np.bincount(members, top[inside], total) / counts,
        counts,
        shares.reshape(total, kind_count),
        of,
    )


def _merged(
    group: Whole, crowded: Whole, width: int, members: Whole, left: Numbers, top: Numbers
) -> Whole | None:
    """The new number of each cluster, where some of them touch; None where none do."""
    total = len(crowded)
    counts = np.bincount(members, minlength=total)
    x = np.bincount(members, left, total) / np.maximum(counts, 1)
    y = np.bincount(members, top, total) / np.maximum(counts, 1)
    radii = radii_of(counts)
    pairs: list[tuple[int, int]] = []
    for right, down in _NEIGHBOURS:
        other = group[crowded + down * width + right]
        mine = np.flatnonzero(other != ALONE)
        theirs = other[mine]
        near = np.hypot(x[mine] - x[theirs], y[mine] - y[theirs]) < radii[mine] + radii[theirs]
        pairs += zip(mine[near].tolist(), theirs[near].tolist(), strict=True)
    if not pairs:
        return None
    parent = list(range(total))
    for first, second in pairs:
        parent[_root(parent, first)] = _root(parent, second)
    roots = np.array([_root(parent, number) for number in range(total)], np.intp)
    return np.unique(roots, return_inverse=True)[1].astype(np.intp)


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = number = parent[parent[number]]
    return number


def _whole(count: int) -> Whole:
    return np.zeros(count, np.intp)
