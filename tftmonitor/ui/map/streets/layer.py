"""The layer of streets in the map: paints what there is of the user's source, and wants the rest.

Painting is the only sign that somebody looks: a map that is hidden brings and asks for nothing.
"""

from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QColor, QPainter

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.base.listeners import Listeners
from tftmonitor.base.tasks import TaskScope
from tftmonitor.link.network import network_of
from tftmonitor.model.geo.tiles import Tile, cells_in, grid_level
from tftmonitor.model.geo.view import View
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.store import SettingsStore
from tftmonitor.tiles.address import AddressError, TileAddress
from tftmonitor.tiles.cache import cache_file
from tftmonitor.tiles.plain_text import plain_line
from tftmonitor.ui.map.colours import MapColours
from tftmonitor.ui.map.layer import MapFrame
from tftmonitor.ui.map.streets.feed import TileFeed
from tftmonitor.ui.map.streets.pieces import Pieces
from tftmonitor.ui.map.streets.retries import Retries
from tftmonitor.ui.map.streets.server import server_tiles
from tftmonitor.ui.map.streets.source import FileTiles
from tftmonitor.ui.widgets.single_shot import single_shot

_SOURCE: Final = (
    "streets",
    "streets_file",
    "streets_address",
    "streets_credit",
    "streets_largest_zoom",
    "streets_cache_mb",
    "streets_contact",
    "proxy",
    "ca_file",
)
_CHANGES_EVERY_S: Final = 0.05
# Signs are made for the built-in ground: a veil of its lightness keeps them readable.
_VEIL: Final = 0.18
_DIM: Final = 0.74


class StreetsLayer:
    """One of the layers of the canvas. It does nothing at all without a source.

    ``changed`` is called, some twenty times a second at most, when it looks different. ``credit``
    has to be seen with it, ``trouble`` is a sentence while its source does not answer.
    """

    def __init__(
        self,
        settings: SettingsStore,
        scope: TaskScope,
        clock: Clock,
        retries: Callable[[], Retries] | None = None,
    ) -> None:
        self.changed: Listeners[[]] = Listeners()
        self._settings, self._scope, self._clock = settings, scope, clock
        self._retries = retries or (lambda: Retries(clock))
        self._problem = ""
        self._feed: TileFeed | None = None
        self._pieces: Pieces | None = None
        self._told_s = -_CHANGES_EVERY_S
        # Not of the loop: a pane is painted before one runs, too.
        self._owner = QObject()
        self._tell_later = single_shot(self._owner, self._tell_now)
        self._stop_listening = [
            settings.on_change(self._replace, *_SOURCE),
            settings.on_change(self._tell, "streets_dim"),
        ]
        self._set_up()

    @property
    def is_on(self) -> bool:
        """True when the user has chosen a source."""
        return self._settings.values.streets != "none"

    @property
    def is_whole(self) -> bool:
        """True when the whole view had streets when it was last painted."""
        return self._pieces is not None and self._pieces.is_whole

    @property
    def credit(self) -> str:
        """Who made the tiles: to be read on the map as long as they are shown; else ""."""
        return "" if self._feed is None else self._feed.near.credit

    @property
    def trouble(self) -> str:
        """One sentence while the source does not give what it should, else ""."""
        return self._problem or ("" if self._feed is None else self._feed.trouble)

    def paint(self, painter: QPainter, frame: MapFrame) -> None:
        """Paint what is there, and want what is not; nothing is asked while it moves."""
        feed, pieces = self._feed, self._pieces
        if feed is None or pieces is None:
            return
        view, ratio = frame.view, frame.ratio
        self.want(view, asks=not frame.moving)
        scale = view.scale * ratio
        west, north, _, _ = view.edges
        painter.save()
        try:
            # In device pixels, or Qt resamples what would fit as it is.
            painter.scale(1 / ratio, 1 / ratio)
            pieces.paint(
                painter,
                cells_in(view, grid_level(view.zoom)),
                scale,
                QPoint(round(west * scale), round(north * scale)),
                veil=self._veil(frame.colours),
                largest=feed.near.largest_zoom,
                moving=frame.moving,
            )
        finally:
            painter.restore()
        if pieces.is_coarse and not frame.moving:
            self._tell()

    def want(self, view: View, *, asks: bool = True) -> None:
        """Bring the tiles of this view; ``asks`` the server for those that are not here."""
        if self._feed is not None:
            self._feed.want(self._tiles_of(view, self._feed), asks=asks)

    def rest(self) -> None:
        """The map is hidden: bring nothing more, and give up what is asked."""
        if self._feed is not None:
            self._feed.rest()

    async def close(self) -> None:
        """Let go of source, file and connections, for good."""
        for stop in self._stop_listening:
            stop()
        self._tell_later.stop()
        feed, self._feed = self._feed, None
        if feed is not None:
            await feed.close()

    @staticmethod
    def _tiles_of(view: View, feed: TileFeed) -> list[Tile]:
        if not feed.is_open:
            return []
        level = grid_level(view.zoom)
        deepest = min(level, feed.near.largest_zoom)
        if deepest < feed.near.least_zoom:
            return []
        tiles = (cell.tile.ancestor(deepest) for cell in cells_in(view, level))
        return list(dict.fromkeys(tiles))

    def _veil(self, colours: MapColours) -> QColor:
        veil = QColor(colours.sign_edge)
        is_dark = veil.lightnessF() < 0.5
        veil.setAlphaF(_DIM if is_dark and self._settings.values.streets_dim else _VEIL)
        return veil

    # the source

    def _replace(self) -> None:
        former, self._feed = self._feed, None
        if former is not None:
            former.rest()
            self._scope.start("former streets", former.close())
        self._set_up()
        self._tell()

    def _set_up(self) -> None:
        values = self._settings.values
        self._problem, self._pieces = "", None
        if values.streets == "file":
            self._set_up_file(values)
        elif values.streets == "address":
            self._set_up_server(values)
        if self._feed is not None:
            self._pieces = Pieces(self._feed.pictures)

    def _set_up_file(self, values: Settings) -> None:
        if not values.streets_file:
            self._problem = "No streets: no file is chosen in the settings."
            return
        path = Path(values.streets_file).expanduser()
        near = FileTiles(path, plain_line(values.streets_credit))
        self._feed = TileFeed(near, None, self._scope, self._clock, self._tell)

    def _set_up_server(self, values: Settings) -> None:
        try:
            address = TileAddress(values.streets_address)
        except AddressError as error:
            self._problem = f"No streets: {error}"
            return
        source = server_tiles(
            address,
            network_of(values.proxy, values.ca_file),
            self._clock,
            cache_file(self._settings.path.parent),
            most_mb=values.streets_cache_mb,
            contact=values.streets_contact,
            credit=values.streets_credit,
            largest_zoom=values.streets_largest_zoom,
        )
        self._feed = TileFeed(source, source, self._scope, self._clock, self._tell, self._retries())

    # changes

    def _tell(self) -> None:
        """Tell at once after a rest, else a little later, once for all that comes until then."""
        if self._tell_later.isActive():
            return
        wait_s = self._told_s + _CHANGES_EVERY_S - self._clock.monotonic_s()
        if wait_s <= 0:
            self._tell_now()
        else:
            self._tell_later.start(ceil(wait_s * SECOND_MS))

    def _tell_now(self) -> None:
        self._told_s = self._clock.monotonic_s()
        self.changed()
