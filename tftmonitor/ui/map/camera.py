"""Where the map looks by itself: at all devices, at the chosen one, until the user moves it."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.geo.projection import to_world
from tftmonitor.model.geo.view import MOST_ZOOM
from tftmonitor.ui.map.gestures import MapSurface

_CENTRE_ZOOM: Final = 11.0
_SPOT_ZOOM: Final = 16.0
_ONE_SPOT: Final = 1e-7
"""In world units: four metres."""
_MARGIN: Final = 60.0
"""Room for the buttons, in pixels."""


class Camera(QObject):
    """Moves the view of a canvas; ``following_changed`` when it begins or ends to follow."""

    following_changed = Signal(bool)

    def __init__(self, canvas: MapSurface, fleet: Fleet, saved: Sequence[float]) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._positions = canvas.devices.positions
        self._fleet = fleet
        self.is_following = False
        # Until the user has moved it, the map shows whatever there is.
        self.shows_all = True
        if len(saved) == 3:
            self.shows_all = False
            canvas.set_view(canvas.view.centred(*saved))
        canvas.dragged.connect(self.take_over)
        canvas.resized.connect(self._follow_size)

    def saved(self) -> tuple[float, ...]:
        """Latitude, longitude and zoom for the next run; nothing while it shows all devices."""
        if self.shows_all:
            return ()
        latitude, longitude = self._canvas.view.middle
        return round(latitude, 5), round(longitude, 5), round(self._canvas.view.zoom, 2)

    def take_over(self) -> None:
        """The user moves the map: nothing else does from now on."""
        self.shows_all = False
        self.set_following(on=False)

    def zoom(self, by: float) -> None:
        """Go nearer, or farther for less than nothing."""
        view = self._canvas.view
        self.shows_all = False
        self._canvas.set_view(view.zoomed(view.zoom + by, view.width / 2, view.height / 2))

    def centre(self) -> None:
        """The chosen device in the middle, near enough to see what is around."""
        row, positions = self._canvas.devices.selected, self._positions
        if row is None or row >= positions.count or np.isnan(positions.x[row]):
            return
        self.shows_all = False
        place = float(positions.latitude[row]), float(positions.longitude[row])
        zoom = max(self._canvas.view.zoom, _CENTRE_ZOOM)
        self._canvas.set_view(self._canvas.view.centred(*place, zoom))

    def look_at(self, places: Sequence[tuple[float, float]]) -> None:
        """All of these places in sight, latitude and longitude in degrees each."""
        self.take_over()
        latitude, longitude = zip(*places, strict=True)
        view = self._canvas.view.fitted(*to_world(latitude, longitude), margin=_MARGIN)
        self._canvas.set_view(view)

    def show_all(self) -> None:
        """All devices in sight, and those that come, until the user moves the map."""
        self.shows_all = True
        self.set_following(on=False)
        self._fit()

    def set_following(self, *, on: bool) -> None:
        """Keep the chosen device in the middle, until the map is dragged."""
        if on != self.is_following:
            self.is_following = on
            self.following_changed.emit(on)
        if on:
            self.centre()

    def note_devices(self, *, has_new: bool) -> None:
        """Devices have moved, or came."""
        if has_new and self.shows_all:
            self._fit()
        elif self.is_following:
            self.centre()

    def open_rows(self, rows: NDArray[np.intp]) -> bool:
        """Go nearer until these fall apart; False where they cannot, being on one spot."""
        x, y = self._positions.x[rows], self._positions.y[rows]
        is_one_spot = max(float(np.ptp(x)), float(np.ptp(y))) < _ONE_SPOT
        view = self._canvas.view
        if is_one_spot or view.zoom >= _SPOT_ZOOM:
            return False
        self.shows_all = False
        near = view.fitted(x, y, margin=70.0, most_zoom=MOST_ZOOM)
        self._canvas.set_view(near.centred(*near.middle, max(near.zoom, view.zoom + 0.5)))
        return True

    def _fit(self) -> None:
        positions = self._positions
        rows = ~np.isnan(positions.x) & ~self._fleet.hidden[: positions.count]
        x, y = positions.x[rows], positions.y[rows]
        view = self._canvas.view.fitted(x, y, margin=_MARGIN, most_zoom=_CENTRE_ZOOM)
        self._canvas.set_view(view)

    def _follow_size(self) -> None:
        if self.shows_all:
            self._fit()
        elif self.is_following:
            self.centre()
