from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from tests.integration.recorded_link import eventually
from tests.ui.map.streets.rig import (
    BLUE,
    GREEN,
    GROUND,
    HEIGHT,
    RED,
    WIDTH,
    Streets,
    is_like,
    picture,
    run,
    veiled,
    view_of,
    whole_world,
)
from tests.unit.tiles.made_files import mbtiles, pmtiles
from tftmonitor.ui.map.colours import DARK, LIGHT, MapColours
from tftmonitor.ui.map.streets import pieces
from tftmonitor.ui.theme.theme import contrast


def colors_of(image: QImage, step: int = 7) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), step)
        for y in range(0, image.height(), step)
    }


def test_without_a_source_nothing_is_painted_and_nothing_started(tmp_path: Path) -> None:
    async def main() -> None:
        streets = Streets(tmp_path)
        assert not streets.layer.is_on
        image = await streets.settled(view_of())
        assert colors_of(image) == {GROUND.name()}
        assert streets.scope.names == []
        assert (streets.layer.credit, streets.layer.trouble, streets.told) == ("", "", 0)
        await streets.end()

    run(main)


@pytest.mark.parametrize("kind", ["mbtiles", "pmtiles"])
def test_file_is_painted_without_gaps_at_every_zoom(tmp_path: Path, kind: str) -> None:
    make = mbtiles if kind == "mbtiles" else pmtiles
    path = make(tmp_path / "map", whole_world(range(5)))

    async def main() -> None:
        streets = Streets(tmp_path)
        streets.choose(streets="file", streets_file=str(path))
        for zoom in (1.0, 2.3, 3.0, 4.49, 4.5, 9.7):
            for ratio in (1.0, 1.5):
                image = await streets.settled(view_of(zoom=zoom), ratio=ratio)
                # At zoom 1 the view is higher than the world.
                top = 2 if zoom > 1 else round(ratio * HEIGHT / 2)
                row = {image.pixelColor(x, top).name() for x in range(image.width())}
                assert all(is_like(QColor(name), veiled(RED)) for name in row), (zoom, ratio)
        await streets.end()

    run(main)


def test_tiles_stand_where_they_belong_also_across_180_degrees(tmp_path: Path) -> None:
    tiles = {
        (1, 0, 0): picture(RED),
        (1, 1, 0): picture(GREEN),
        (1, 0, 1): picture(BLUE),
        (1, 1, 1): picture(BLUE),
    }
    path = mbtiles(tmp_path / "map", tiles)

    async def main() -> None:
        streets = Streets(tmp_path)
        streets.choose(streets="file", streets_file=str(path))
        # East of 180 degrees is the western half of the world.
        image = await streets.settled(view_of(30.0, 180.0, 4.0))
        assert is_like(image.pixelColor(WIDTH // 2 - 3, 200), veiled(GREEN))
        assert is_like(image.pixelColor(WIDTH // 2 + 3, 200), veiled(RED))
        image = await streets.settled(view_of(0.0, 10.0, 5.0))
        assert is_like(image.pixelColor(300, HEIGHT // 2 - 3), veiled(GREEN))
        assert is_like(image.pixelColor(300, HEIGHT // 2 + 3), veiled(BLUE))
        await streets.end()

    run(main)


def test_ground_is_seen_where_the_file_has_nothing_and_through_holes(tmp_path: Path) -> None:
    clear = QImage(256, 256, QImage.Format.Format_ARGB32)
    clear.fill(QColor(0, 0, 0, 0))
    clear.save(str(tmp_path / "clear.png"))
    tiles = {(3, 4, 2): picture(RED), (3, 4, 3): (tmp_path / "clear.png").read_bytes()}
    path = mbtiles(tmp_path / "map", tiles)

    async def main() -> None:
        streets = Streets(tmp_path)
        streets.choose(streets="file", streets_file=str(path))
        image = await streets.settled(view_of(40.97, 0.0, 3.0))
        # North, south and what is west of them.
        assert is_like(image.pixelColor(310, 190), veiled(RED))
        assert image.pixelColor(310, 210) == GROUND
        assert image.pixelColor(290, 190) == GROUND
        assert streets.layer.trouble == ""
        # Far out there is nothing of it at all.
        assert colors_of(await streets.settled(view_of(40.97, 0.0, 1.0))) == {GROUND.name()}
        await streets.end()

    run(main)


def test_parent_is_painted_as_long_as_its_child_is_missing(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "map", {(2, 2, 1): picture(RED), (3, 4, 2): picture(GREEN)})

    async def main() -> None:
        streets = Streets(tmp_path)
        streets.choose(streets="file", streets_file=str(path))
        view = view_of(50.0, 40.0, 2.0)
        await streets.settled(view)
        image = await streets.settled(view_of(50.0, 45.0, 3.0))
        assert is_like(image.pixelColor(WIDTH // 2 - 5, 190), veiled(GREEN))
        assert is_like(image.pixelColor(WIDTH // 2 + 5, 190), veiled(RED))
        await streets.end()

    run(main)


def test_children_are_painted_after_zooming_out_where_there_is_no_parent(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "map", whole_world(range(3, 4)), minzoom="0", maxzoom="3")

    async def main() -> None:
        streets = Streets(tmp_path)
        streets.choose(streets="file", streets_file=str(path))
        await streets.settled(view_of(50.0, 178.0, 3.0))
        whole = [streets.layer.is_whole]
        image = streets.paint(view_of(50.0, 178.0, 2.0))
        assert is_like(image.pixelColor(280, 200), veiled(RED))
        assert is_like(image.pixelColor(320, 200), veiled(RED))
        assert image.pixelColor(5, 200) == GROUND
        whole.append(streets.layer.is_whole)
        assert whole == [True, False]
        await streets.end()

    run(main)


def test_scaling_is_spread_over_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = mbtiles(tmp_path / "map", whole_world(range(4)))

    async def main() -> None:
        streets = Streets(tmp_path)
        streets.choose(streets="file", streets_file=str(path))
        await streets.settled(view_of(zoom=3.0))
        # As on a computer on which scaling one takes longer than all may.
        monkeypatch.setattr(pieces, "BUDGET_S", 0.0)
        told = streets.told
        image = streets.paint(view_of(zoom=3.2))
        assert is_like(image.pixelColor(300, 200), veiled(RED))
        await eventually(lambda: streets.told > told)
        monkeypatch.setattr(pieces, "BUDGET_S", 1.0)
        await streets.settled(view_of(zoom=3.2))
        told = streets.told
        await streets.settled(view_of(zoom=3.2))
        assert streets.told == told
        await streets.end()

    run(main)


def test_veil_is_light_or_dark_as_the_colours_are_and_dims_when_told(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "map", whole_world(range(4), QColor("#f2efe9")))

    async def main() -> None:
        streets = Streets(tmp_path)
        streets.choose(streets="file", streets_file=str(path))
        image = await streets.settled(view_of(), colours=DARK)
        wanted = veiled(QColor("#f2efe9"), 0.74, DARK.sign_edge)
        assert is_like(image.pixelColor(300, 200), wanted)
        streets.choose(streets_dim=False)
        image = await streets.settled(view_of(), colours=DARK)
        wanted = veiled(QColor("#f2efe9"), 0.18, DARK.sign_edge)
        assert is_like(image.pixelColor(300, 200), wanted)
        await streets.end()

    run(main)


@pytest.mark.parametrize(("colours", "share"), [(LIGHT, 0.18), (DARK, 0.74)])
def test_states_are_seen_on_the_lightest_tiles(colours: MapColours, share: float) -> None:
    paper = veiled(QColor("#ffffff"), share, colours.sign_edge)
    for state in (colours.moving, colours.idling, colours.parked, colours.unknown, colours.stale):
        assert contrast(state, paper.name()) >= 3.0, state


def test_credit_is_the_users_else_the_files_else_its_name(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "map.mbtiles", whole_world(range(2)), attribution="<b>Somebody</b>")
    bare = mbtiles(tmp_path / "bare.mbtiles", whole_world(range(2)))

    async def main() -> None:
        streets = Streets(tmp_path)
        streets.choose(streets="file", streets_file=str(path))
        await streets.settled(view_of())
        assert streets.layer.credit == "Somebody"
        streets.choose(streets_credit=" © Us\n")
        await streets.settled(view_of())
        assert streets.layer.credit == "© Us"
        streets.choose(streets_credit="", streets_file=str(bare))
        await streets.settled(view_of())
        assert streets.layer.credit == "bare.mbtiles"
        streets.choose(streets="none")
        assert streets.layer.credit == ""
        await streets.end()

    run(main)


def test_what_is_wrong_with_a_file_is_one_sentence_and_ends_with_another_file(
    tmp_path: Path,
) -> None:
    good = mbtiles(tmp_path / "good", whole_world(range(4)))
    vector = pmtiles(tmp_path / "vector", whole_world(range(2)), kind=1)
    broken = mbtiles(tmp_path / "broken", {(3, 4, 2): b"\x89PNG\r\n\x1a\nno more"})

    async def main() -> None:
        streets = Streets(tmp_path)
        layer = streets.layer
        streets.choose(streets="file")
        assert layer.trouble == "No streets: no file is chosen in the settings."
        streets.choose(streets_file=str(tmp_path / "none"))
        await streets.settled(view_of())
        assert layer.trouble == "No streets: none cannot be read: No such file or directory."
        told = streets.told
        await streets.settled(view_of())
        assert streets.told == told
        streets.choose(streets_file=str(vector))
        await streets.settled(view_of())
        assert "vector tiles" in layer.trouble
        streets.choose(streets_file=str(broken))
        image = await streets.settled(view_of())
        assert layer.trouble == "No streets: a tile in the file is no picture that can be read."
        assert colors_of(image) == {GROUND.name()}
        streets.choose(streets_file=str(good))
        image = await streets.settled(view_of())
        assert layer.trouble == ""
        assert is_like(image.pixelColor(300, 200), veiled(RED))
        await streets.end()

    run(main)
