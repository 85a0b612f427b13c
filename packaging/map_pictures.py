"""The scenes of the map that have a picture: what is seen in each, and how to get there."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tftmonitor.app.program import Program

# Latitude, longitude, zoom.
VIEWS = {
    "world": (25.0, 10.0, 2.0),
    "continent": (50.5, 11.0, 4.6),
    "region": (51.3, 11.6, 7.4),
    "town": (51.45, 12.7, 10.2),
    "antimeridian": (-17.5, 179.9, 6.2),
}
_RESTED_S = 0.5


def map_scenes(program: "Program") -> dict[str, Callable[[], Awaitable[None]]]:
    """Each scene by the name of its picture."""
    parts, core = program.parts, program.core

    def look(name: str) -> Callable[[], Awaitable[None]]:
        async def show() -> None:
            program.palette.hide()
            program.window.show_workspace("map")
            canvas = parts.map.get().canvas
            parts.map.get().camera.take_over()
            canvas.set_view(canvas.view.centred(*VIEWS[name]))
            await asyncio.sleep(_RESTED_S)

        return show

    async def show_places() -> None:
        from tftmonitor.model.places.place import Place
        from tftmonitor.model.places.polygon import Polygon
        from tftmonitor.model.places.shapes import Circle

        places = core.places_file.places
        if not places.items:
            corners = ((51.58, 12.5), (51.56, 12.95), (51.38, 12.8), (51.42, 12.55))
            places.add(
                Place(key="depot", name="Depot", colour="#cf4a45", shape=Circle(51.34, 12.37, 9e3)),
                Place(key="area", name="Delivery area", colour="#2e9e5b", shape=Polygon(corners)),
            )
        await look("region")()

    async def show_trail() -> None:
        program.window.show_workspace("map")
        core.settings.set("trail_minutes", 60)
        parts.map.get().camera.centre()
        await asyncio.sleep(_RESTED_S)

    async def lose_link() -> None:
        await look("region")()
        # As the window hears it when both channels are gone.
        parts.map.get().set_link_down(True)
        await asyncio.sleep(_RESTED_S)

    async def find_link() -> None:
        parts.map.get().set_link_down(False)
        parts.map.get().camera.show_all()
        await asyncio.sleep(_RESTED_S)

    scenes = {f"map-{name}": look(name) for name in VIEWS}
    return {
        **scenes,
        "map-places": show_places,
        "map-trail": show_trail,
        "map-link-lost": lose_link,
        "map-all": find_link,
    }
