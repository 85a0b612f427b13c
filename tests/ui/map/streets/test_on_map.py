"""Streets within the map of the window."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QPoint

from tests.integration.tile_server import Answer, tile_server
from tests.ui.harness import Harness
from tests.ui.map.rig import BERLIN, MapBench
from tests.ui.map.streets.rig import RED, is_like, picture, run, veiled, whole_world
from tests.unit.tiles.made_files import mbtiles
from tftmonitor.app.map import run_streets
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.shapes import Circle
from tftmonitor.model.places.store import Places
from tftmonitor.ui.map.furniture import CREDIT


class _Core:
    """What of the program's core the streets use."""

    def __init__(self, harness: Harness) -> None:
        self.settings, self.clock = harness.settings, harness.clock


class _Program:
    def __init__(self, harness: Harness) -> None:
        self.failures: list[BaseException] = []
        self.bench = MapBench(harness)
        self.canvas = self.bench.canvas
        self.settings = harness.settings
        self.scope = TaskScope(lambda _name, error: self.failures.append(error))
        core = _Core(harness)
        self.scope.start("streets", run_streets(core, lambda: self.canvas, self.scope))  # type: ignore[arg-type]

    async def settle(self) -> None:
        """Until nothing is painted any more."""
        painted, quiet = -1, 0
        while quiet < 3:
            quiet = quiet + 1 if painted == self.canvas.paints else 0
            painted = self.canvas.paints
            await asyncio.sleep(0.1)

    async def end(self) -> None:
        await self.scope.close()
        assert not self.failures
        assert self.scope.names == []
        assert len(asyncio.all_tasks()) <= 2


def test_streets_are_chosen_painted_credited_and_taken_away(
    harness: Harness, tmp_path: Path
) -> None:
    path = mbtiles(tmp_path / "map", whole_world(range(5)), attribution="Somebody")

    async def main() -> None:
        program = _Program(harness)
        bench, canvas = program.bench, program.canvas
        bench.look_at(BERLIN, 5.0)
        await program.settle()
        assert canvas.furniture.credit == CREDIT
        assert canvas.names.ground_names(canvas.view)
        program.settings.update(streets="file", streets_file=str(path))
        await program.settle()
        image = canvas.grab().toImage()
        assert is_like(image.pixelColor(QPoint(200, 250)), veiled(RED))
        assert canvas.furniture.credit == f"Somebody · {CREDIT}"
        assert not canvas.names.ground_names(canvas.view)
        program.settings.set("streets", "none")
        await program.settle()
        assert canvas.furniture.credit == CREDIT
        assert canvas.names.ground_names(canvas.view)
        assert not is_like(canvas.grab().toImage().pixelColor(200, 250), veiled(RED))
        await program.end()

    run(main)


def test_credit_is_not_cut_in_a_narrow_map(harness: Harness, tmp_path: Path) -> None:
    credit = "© Somebody with a name that is long"
    path = mbtiles(tmp_path / "map", whole_world(range(5)), attribution=credit)

    async def main() -> None:
        program = _Program(harness)
        program.bench.pane.resize(260, 400)
        program.settings.update(streets="file", streets_file=str(path))
        await program.settle()
        image = program.canvas.grab().toImage()
        # Three lines of it, on a ground of their own.
        assert not is_like(image.pixelColor(258, 400 - 40), veiled(RED))
        assert is_like(image.pixelColor(258, 400 - 80), veiled(RED))
        await program.end()

    run(main)


def test_trouble_stands_on_the_map_and_the_ground_is_still_there(harness: Harness) -> None:
    async def main() -> None:
        async with tile_server(b"") as server:
            server.usual = Answer(403)
            program = _Program(harness)
            bench, canvas = program.bench, program.canvas
            bench.look_at(BERLIN, 5.0)
            await program.settle()
            before = canvas.grab().toImage()
            program.settings.update(
                streets="address", streets_address=server.template, proxy="none"
            )
            await program.settle()
            trouble = "No streets: server answers with HTTP 403 (forbidden)."
            assert canvas.furniture.trouble == trouble
            image = canvas.grab().toImage()
            assert image.pixelColor(200, 250) == before.pixelColor(200, 250)
            # Its box at the top.
            assert image.copy(0, 0, 600, 40) != before.copy(0, 0, 600, 40)
            await program.end()

    run(main)


def test_hidden_map_asks_for_nothing(harness: Harness) -> None:
    async def main() -> None:
        async with tile_server(picture(RED)) as server:
            program = _Program(harness)
            bench, canvas = program.bench, program.canvas
            bench.look_at(BERLIN, 5.0)
            bench.pane.hide()
            program.settings.update(
                streets="address", streets_address=server.template, proxy="none"
            )
            await program.settle()
            assert server.asked == []
            server.usual.held = asyncio.Event()
            bench.pane.show()
            await program.settle()
            assert len(server.asked) == 6
            bench.pane.hide()
            server.usual.held.set()
            await program.settle()
            bench.look_at(BERLIN, 9.0)
            await program.settle()
            assert len(server.asked) == 6
            bench.pane.show()
            await program.settle()
            assert len(server.asked) > 6
            assert is_like(canvas.grab().toImage().pixelColor(200, 250), veiled(RED))
            await program.end()

    run(main)


def test_places_of_the_user_stay_above_the_streets(harness: Harness, tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "map", whole_world(range(5)), attribution="Somebody")
    depot = Place(key="depot", name="Depot", shape=Circle(*BERLIN, 30_000.0))

    async def main() -> None:
        program = _Program(harness)
        bench, canvas = program.bench, program.canvas
        bench.pane.add_places(Places([depot]), print, print)
        bench.look_at(BERLIN, 8.0)
        program.settings.set("streets_file", str(path))
        program.settings.set("streets", "file")
        await program.settle()
        own = bench.pane.own_places
        assert own is not None
        assert canvas.below.index(own.layer) == 2
        names = [name.text for name in canvas.names.ground_names(canvas.view)]
        assert names == ["Depot"]
        await program.end()

    run(main)
