"""The names on the map: those of devices first, then those of the ground, none over another.

Where they go is found when the view rests, at most once a second; until then each stands beside
what it names.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from tftmonitor.model.geo.label_placement import BESIDE, Box, Room, Side
from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.colours import MapColours
from tftmonitor.ui.map.devices.device_layer import DeviceLayer
from tftmonitor.ui.map.text_pictures import TextPictures, boxed_text, halo_text, text_size

OWN_PLACE: Final = -1
"""The level of a place of the user's own."""
_MOST_NAMES: Final = 120
_MOST_GROUND: Final = 90
_LONGEST: Final = 26
_SIDES: Final = {0: (Side.ON,), OWN_PLACE: (Side.ON, Side.ABOVE, Side.BELOW)}
_SIGN_GAP, _TOWN_GAP = 11.0, 4.0


@dataclass(frozen=True, slots=True)
class GroundName:
    """A name of the ground at a place in world units, the most important first.

    ``level`` is 0 for a country, 1 for a large town and more for smaller ones, ``OWN_PLACE`` for
    those of the user.
    """

    text: str
    x: float
    y: float
    level: int


@dataclass(frozen=True, slots=True)
class _Placed:
    """A picture, and where its corner stands from the point that it names."""

    picture: QPixmap
    right: float
    down: float


class NameLayer:
    """Places and paints names; ``name_of`` is what a row of the fleet is called.

    ``ground_names`` gives those of the ground in a view, the most important first.
    """

    def __init__(
        self,
        devices: DeviceLayer,
        name_of: Callable[[int], str],
        kept: TextPictures,
    ) -> None:
        self._devices = devices
        self._name_of = name_of
        self.ground_names: Callable[[View], Sequence[GroundName]] = lambda _view: ()
        self._kept = kept
        self._of_devices: dict[int, _Placed] = {}
        self._of_ground: list[tuple[GroundName, _Placed]] = []
        self._font = QFont()
        self._colours: MapColours | None = None
        self._ratio = 1.0

    def set_look(self, colours: MapColours, font: QFont, ratio: float) -> None:
        """Draw names for this look from now on."""
        self._colours, self._font, self._ratio = colours, QFont(font), ratio
        self._of_devices.clear()
        self._of_ground.clear()

    def place(self, view: View, taken: Iterable[Box]) -> None:
        """Find room for the names of what ``devices`` has arranged in this view.

        ``taken`` is where nothing may stand: buttons, the scale, the credit.
        """
        if self._colours is None:
            return
        room = Room(view.width, view.height)
        for box in taken:
            room.take(box)
        devices = self._devices
        room.take_discs(devices.left.tolist(), devices.top.tolist(), 8.0)
        clusters = devices.clusters
        radii = clusters.radii.tolist()
        for left, top, radius in zip(
            clusters.left.tolist(), clusters.top.tolist(), radii, strict=True
        ):
            room.take(Box(left - radius, top - radius - 6, left + radius, top + radius))
        self._of_devices = self._place_devices(room)
        self._of_ground = self._place_ground(room, view)

    def paint_ground(self, painter: QPainter, view: View) -> None:
        """The names of the ground, below the devices."""
        colours = self._colours
        if colours is None:
            return
        painter.setPen(QPen(QColor(colours.town_halo), 1.0))
        painter.setBrush(QColor(colours.town))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for name, placed in self._of_ground:
            left, top = view.point(name.x, name.y)
            if name.level > 0:
                painter.drawEllipse(QPointF(left, top), 2.2, 2.2)
            painter.drawPixmap(
                QPointF(round(left + placed.right), round(top + placed.down)),
                placed.picture,
            )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def paint_devices(self, painter: QPainter) -> None:
        """The names of the devices, above everything."""
        devices = self._devices
        points = zip(
            devices.singles.tolist(), devices.left.tolist(), devices.top.tolist(), strict=True
        )
        for row, left, top in points:
            if (placed := self._of_devices.get(row)) is not None:
                corner = QPointF(round(left + placed.right), round(top + placed.down))
                painter.drawPixmap(corner, placed.picture)

    def forget_ground(self) -> None:
        """Another zoom: what stood beside towns would lie on other names."""
        self._of_ground = []

    def _place_devices(self, room: Room) -> dict[int, _Placed]:
        devices, found = self._devices, {}
        rows, lefts, tops = devices.singles, devices.left, devices.top
        # The last are the most urgent, and the chosen one.
        for place in range(len(rows) - 1, max(len(rows) - 1 - _MOST_NAMES, -1), -1):
            row, point = int(rows[place]), (float(lefts[place]), float(tops[place]))
            text = _short(self._name_of(row))
            size = text_size(text, self._font)
            box = room.place(point, size, _SIGN_GAP)
            if box is not None:
                picture = self._kept.get(("device", text), partial(self._boxed, text))
                found[row] = _Placed(picture, box.left - point[0], box.top - point[1])
        return found

    def _place_ground(self, room: Room, view: View) -> list[tuple[GroundName, _Placed]]:
        found: list[tuple[GroundName, _Placed]] = []
        for name in self.ground_names(view):
            left, top = view.point(name.x, name.y)
            point = (left, top)
            font = self._font_of(name.level)
            text = name.text.upper() if name.level == 0 else name.text
            size = text_size(text, font)
            sides = _SIDES.get(name.level, BESIDE)
            box = room.place(point, size, _TOWN_GAP, sides)
            if box is None:
                continue
            make = partial(self._haloed, text, name.level)
            picture = self._kept.get(("ground", name.level, text), make)
            found.append((name, _Placed(picture, box.left - point[0], box.top - point[1])))
            if len(found) == _MOST_GROUND:
                break
        return found

    def _font_of(self, level: int) -> QFont:
        font = QFont(self._font)
        size = max(self._font.pixelSize(), 11)
        if level == 0:
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.6)
            font.setPixelSize(size - 1)
        else:
            font.setPixelSize(size + 1 if level == 1 else size)
            font.setBold(level in {1, OWN_PLACE})
        return font

    def _boxed(self, text: str) -> QPixmap:
        colours = self._colours
        assert colours is not None
        return boxed_text(
            text, self._font, colours.name, colours.name_ground, colours.name_edge, self._ratio
        )

    def _haloed(self, text: str, level: int) -> QPixmap:
        colours = self._colours
        assert colours is not None
        ink = colours.ground.name if level == 0 else colours.town
        return halo_text(text, self._font_of(level), ink, colours.town_halo, self._ratio)


def _short(text: str) -> str:
    """A long name cut in the middle: its end tells devices apart."""
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[: half - 1]}…{text[-half:]}"
