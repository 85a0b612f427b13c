"""The pictures of the manual: what is seen in each, and how to get there.

They have few colours, because they are shipped with the program.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from tftmonitor.app.program import Program
    from tftmonitor.ui.map.canvas import MapCanvas
    from tftmonitor.ui.plots.pane import PlotStack

SIZE = (1366, 768)
THEMES = ("light", "dark")
_SETTLED_S = 0.8
_LINK_LOST_S = 8.0
_YARD = (51.45, 12.7)
_COLOURS = 128
# A spread of colours below which nothing is told apart: it makes the table of them short.
_STEP = 4


@dataclass(frozen=True)
class Scene:
    """``show`` brings it about, ``part`` is what is grabbed of the window."""

    name: str
    show: Callable[[], Awaitable[object]]
    part: Callable[[], QWidget]


class Tour:
    """Goes through the window; the last scene, for which the link is lost, is not among them."""

    def __init__(self, program: "Program") -> None:
        self.program, self.window, self.parts = program, program.window, program.parts

    def scenes(self) -> list[Scene]:
        """All scenes, in the order in which they can be shown."""
        docks = self.window.docks
        return [
            Scene("window", self.watch, self.whole),
            Scene("list", self.watch, lambda: self.parts.devices),
            Scene("alarms", self.watch, lambda: docks["alarms"]),
            Scene("map", self.map, self.canvas),
            Scene("rules", self.rules, self.whole),
            Scene("places", self.places, self.canvas),
            Scene("past", self.past, self.plots),
            Scene("install", partial(self.watch, "install"), self.whole),
            Scene("keys", self.keys, lambda: self.program.palette),
            Scene("privacy", self.streets, self.whole),
        ]

    def whole(self) -> QWidget:
        return self.window

    def canvas(self) -> "MapCanvas":
        return self.parts.map.get().canvas

    def plots(self) -> "PlotStack":
        from tftmonitor.ui.plots.pane import PlotStack

        found = self.parts.detail.findChild(PlotStack)
        assert isinstance(found, PlotStack)
        return found

    async def watch(self, workspace: str = "watch") -> None:
        self.program.palette.hide()
        self.window.show_workspace(workspace)
        self.parts.detail.show_tab("Overview")
        self.plots().set_window(900)
        self.parts.map.get().camera.show_all()

    async def map(self) -> None:
        await self.watch("map")

    async def past(self) -> None:
        await self.watch()
        self.plots().set_window(3_600)

    async def keys(self) -> None:
        await self.watch()
        self.program.palette.open(keys_only=True)

    async def rules(self) -> None:
        from tftmonitor.ui.rules.pane import RulesPane

        self.program.shell.show_pane("rules")
        page = self.program.shell.page("rules")
        assert isinstance(page, RulesPane)
        page.show_rule("default-supply")

    async def streets(self) -> None:
        from tftmonitor.ui.settings.pane import SettingsPane

        self.program.shell.show_pane("settings")
        page = self.program.shell.page("settings")
        assert isinstance(page, SettingsPane)
        page.navigation.search.setText("tiles")

    async def places(self) -> None:
        from tftmonitor.model.places.place import Place
        from tftmonitor.model.places.shapes import Circle

        places = self.program.core.places_file.places
        if all(place.key != "yard" for place in places.items):
            yard = Circle(*_YARD, 4_000.0)
            places.add(Place(key="yard", name="Yard", colour="#2170b8", shape=yard))
        await self.watch("map")
        self.parts.map.get().camera.take_over()
        self.canvas().set_view(self.canvas().view.centred(*_YARD, 9.6))


async def take_guide_pictures(program: "Program", folder: Path) -> None:
    """Write all pictures, light and dark, into the folder."""
    tour = Tour(program)
    program.window.resize(*SIZE)
    for theme in THEMES:
        program.core.settings.set("theme", theme)
        for scene in tour.scenes():
            await scene.show()
            await asyncio.sleep(_SETTLED_S)
            _save(scene.part(), folder / f"{scene.name}-{theme}.png")
    await tour.watch()
    await program._session.end()  # noqa: SLF001 - no user ends the server
    await asyncio.sleep(_LINK_LOST_S)
    for theme in THEMES:
        program.core.settings.set("theme", theme)
        await asyncio.sleep(_SETTLED_S)
        _save(program.window, folder / f"link-lost-{theme}.png")


def _save(widget: QWidget, file: Path) -> None:
    """With a table of the colours that are most frequent, which takes a third of the room."""
    import numpy as np
    from PySide6.QtGui import QImage

    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    height, width = picture.height(), picture.width()
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(height, width, 4)[..., :3]
    colours, places, counts = np.unique(
        pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
    )
    # The most frequent ones, one of each neighbourhood.
    order = np.argsort(-counts)
    _, firsts = np.unique(colours[order] // _STEP, axis=0, return_index=True)
    kept = colours[order[np.sort(firsts)[:_COLOURS]]].astype(np.int32)
    nearest = np.concatenate(
        [
            ((part[:, None].astype(np.int32) - kept[None]) ** 2).sum(axis=2).argmin(axis=1)
            for part in np.array_split(colours, len(colours) // 2_000 + 1)
        ]
    )
    rows = nearest[places.reshape(-1)].astype(np.uint8).reshape(height, width)
    image = QImage(rows.tobytes(), width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable([0xFF000000 | int(r) << 16 | int(g) << 8 | int(b) for b, g, r in kept])
    if not image.save(str(file), quality=0):
        raise OSError(f"{file} could not be written")
