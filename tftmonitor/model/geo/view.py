"""What a map shows: its middle, its zoom and its size, and where things stand in it."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from tftmonitor.model.geo.projection import TILE_PIXELS, Numbers, to_degrees, to_world

LEAST_ZOOM: Final = 1.0
MOST_ZOOM: Final = 19.0


@dataclass(frozen=True, slots=True)
class View:
    """``x`` and ``y`` of the middle in world units (``projection.py``), size in logical pixels."""

    x: float
    y: float
    zoom: float
    width: float
    height: float

    @property
    def scale(self) -> float:
        """Logical pixels of the world's side."""
        return float(TILE_PIXELS * 2.0**self.zoom)

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """West, north, east, south in world units; ``x`` below 0 or above 1 is a wrapped copy."""
        across, down = self.width / self.scale / 2, self.height / self.scale / 2
        return self.x - across, self.y - down, self.x + across, self.y + down

    @property
    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of the middle in degrees."""
        latitude, longitude = to_degrees(self.x, self.y)
        return float(latitude), float(longitude)

    def to_screen(self, x: ArrayLike, y: ArrayLike) -> tuple[Numbers, Numbers]:
        """World units to pixels from the top left, each at its copy nearest to the middle."""
        east = np.asarray(x, dtype=np.float64) - self.x
        east = east - np.round(east)
        south = np.asarray(y, dtype=np.float64) - self.y
        return east * self.scale + self.width / 2, south * self.scale + self.height / 2

    def point(self, x: float, y: float) -> tuple[float, float]:
        """As ``to_screen`` for one place, in a twentieth of the time."""
        east = x - self.x
        scale = self.scale
        left = (east - round(east)) * scale + self.width / 2
        return left, (y - self.y) * scale + self.height / 2

    def to_map(self, left: ArrayLike, top: ArrayLike) -> tuple[Numbers, Numbers]:
        """Pixels to world units; ``x`` is not wrapped."""
        x = self.x + (np.asarray(left, dtype=np.float64) - self.width / 2) / self.scale
        y = self.y + (np.asarray(top, dtype=np.float64) - self.height / 2) / self.scale
        return x, y

    def panned(self, right: float, down: float) -> "View":
        """With the picture moved by so many pixels, as a drag moves it."""
        return replace(self, x=self.x - right / self.scale, y=self.y - down / self.scale).bounded()

    def zoomed(self, zoom: float, left: float, top: float) -> "View":
        """At another zoom, with what is under this pixel staying there."""
        x, y = self.to_map(left, top)
        new = replace(self, zoom=float(np.clip(zoom, LEAST_ZOOM, MOST_ZOOM)))
        return replace(
            new,
            x=float(x) - (left - self.width / 2) / new.scale,
            y=float(y) - (top - self.height / 2) / new.scale,
        ).bounded()

    def centred(self, latitude: float, longitude: float, zoom: float | None = None) -> "View":
        """With this place in the middle, at this zoom or the same."""
        x, y = to_world(latitude, longitude)
        zoom = self.zoom if zoom is None else float(np.clip(zoom, LEAST_ZOOM, MOST_ZOOM))
        return replace(self, x=float(x), y=float(y), zoom=zoom).bounded()

    def sized(self, width: float, height: float) -> "View":
        """The same middle in a window of another size."""
        return replace(self, width=max(width, 1.0), height=max(height, 1.0)).bounded()

    def bounded(self) -> "View":
        """With the middle on the globe: ``x`` wrapped, nothing beyond the poles if possible."""
        half = min(self.height / self.scale / 2, 0.5)
        return replace(self, x=self.x % 1.0, y=min(max(self.y, half), 1.0 - half))

    def fitted(
        self, x: ArrayLike, y: ArrayLike, margin: float = 60.0, most_zoom: float = 14.0
    ) -> "View":
        """With all these points (world units) in sight, across 180 degrees where that is shorter.

        ``margin`` is in logical pixels. Without points it is the same view.
        """
        xs = np.sort(np.asarray(x, dtype=np.float64).ravel() % 1.0)
        ys = np.asarray(y, dtype=np.float64).ravel()
        if not xs.size:
            return self
        gaps = np.diff(np.append(xs, xs[0] + 1.0))
        widest = int(np.argmax(gaps))
        across = 1.0 - float(gaps[widest])
        west = float(xs[(widest + 1) % xs.size])
        north, south = float(ys.min()), float(ys.max())
        wide = max(self.width - 2 * margin, 32.0) / max(across, 1e-12)
        high = max(self.height - 2 * margin, 32.0) / max(south - north, 1e-12)
        zoom = float(np.log2(min(wide, high) / TILE_PIXELS))
        return replace(
            self,
            x=west + across / 2,
            y=(north + south) / 2,
            zoom=float(np.clip(zoom, LEAST_ZOOM, most_zoom)),
        ).bounded()
