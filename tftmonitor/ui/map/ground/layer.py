"""The ground as the map uses it: a painted picture that is moved, scaled, and painted anew."""

import logging
from dataclasses import replace
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QPainter

from tftmonitor.model.geo.country_names import CountryName, names_in, read_names
from tftmonitor.model.geo.detail_levels import COARSE_ZOOM
from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.ground.colours import GroundColours
from tftmonitor.ui.map.ground.painting import Frame, paint_area
from tftmonitor.ui.map.ground.paths import GroundPaths
from tftmonitor.ui.map.ground.picture import Look, Picture, painted, shifted

MARGIN: Final = 96
"""Logical pixels painted beyond each side of the view, so that most steps of a pan paint none."""
_MOST_STRETCH = 2.0
_MOST_NAMES = 1000
_log = logging.getLogger(__name__)


class GroundLayer:
    """Reads ``ground.bin`` and ``ground-countries.tsv`` of a folder; without them it is all sea."""

    def __init__(self, folder: Path) -> None:
        self._paths = GroundPaths(folder / "ground.bin")
        self._names = _names_of(folder / "ground-countries.tsv")
        self._picture: Picture | None = None

    def paint(
        self,
        painter: QPainter,
        view: View,
        colours: GroundColours,
        pixel_ratio: float,
        moving: bool,
    ) -> None:
        """Fill the view, in the painter's logical pixels; the painter keeps its state.

        While it is ``moving``, another zoom is shown by stretching what is there, or with less
        detail if that does not cover the view: paint once more when it rests.
        """
        look = Look(view.scale * pixel_ratio, colours)
        west, north, _, _ = view.edges
        corner = QPoint(round(west * look.scale), round(north * look.scale))
        wanted = QRect(
            corner.x(),
            corner.y(),
            ceil(view.width * pixel_ratio),
            ceil(view.height * pixel_ratio),
        )
        painter.save()
        try:
            # In device pixels, or Qt resamples what would fit as it is.
            painter.scale(1 / pixel_ratio, 1 / pixel_ratio)
            if moving and self._picture and self._picture.look.scale != look.scale:
                if self._stretch(painter, self._picture, wanted, look):
                    return
                look = replace(look, coarse=True)
            # The next step of a zoom needs another picture, so that a margin would be in vain.
            margin = 0 if look.coarse else round(MARGIN * pixel_ratio)
            picture = self._picture = self._covering(wanted, look, margin)
            source = wanted.translated(-picture.rect.topLeft())
            painter.drawImage(QPoint(0, 0), picture.image, source)
        finally:
            painter.restore()

    def country_labels(self, view: View) -> list[CountryName]:
        """Names for this view, the important first; ``x`` is of the copy in sight."""
        return names_in(self._names, view)

    def is_coarse(self, view: View) -> bool:
        """True when lines may be visibly off: what is built in has no more detail."""
        return view.zoom > COARSE_ZOOM

    def forget(self) -> None:
        """Let the picture go, as while the map is hidden; the next paint makes it anew."""
        self._picture = None

    def close(self) -> None:
        """Let go of picture and file."""
        self.forget()
        self._paths.close()

    @staticmethod
    def _stretch(painter: QPainter, picture: Picture, wanted: QRect, look: Look) -> bool:
        """Draw the picture of another zoom, if it covers what is wanted; or False."""
        shrunk = picture.look.scale / look.scale
        if picture.look.colours != look.colours or shrunk < 1 / _MOST_STRETCH:
            return False
        source = QRectF(
            wanted.left() * shrunk,
            wanted.top() * shrunk,
            wanted.width() * shrunk,
            wanted.height() * shrunk,
        )
        worlds = round((picture.rect.center().x() - source.center().x()) / picture.look.scale)
        source.translate(worlds * picture.look.scale, 0)
        if not QRectF(picture.rect).contains(source):
            return False
        source.translate(-picture.rect.left(), -picture.rect.top())
        painter.drawImage(QRectF(QPoint(0, 0), wanted.size()), picture.image, source)
        return True

    def _covering(self, wanted: QRect, look: Look, margin: int) -> Picture:
        """The picture of this look with all that is wanted in it, made of the former if it can."""

        def paint(painter: QPainter, area: QRect, frame: Frame) -> None:
            paint_area(painter, area, frame, look.colours, self._paths)

        picture = self._picture
        around = wanted.adjusted(-margin, -margin, margin, margin)
        if picture is None or picture.look != look:
            return painted(look, around, paint)
        worlds = round((wanted.center().x() - picture.rect.center().x()) / look.scale)
        picture.rect.translate(round(worlds * look.scale), 0)
        if picture.rect.contains(wanted):
            return picture
        return shifted(picture, around, paint)


def _names_of(file: Path) -> tuple[CountryName, ...]:
    try:
        with file.open(encoding="utf-8") as lines:
            return read_names(islice(lines, _MOST_NAMES))
    except (OSError, ValueError) as error:
        _log.warning("The map has no names of countries, because of their file: %s", error)
        return ()
