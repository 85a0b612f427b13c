"""The layer against a real server on this computer."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.certificates import Authority
from tests.integration.recorded_link import eventually
from tests.integration.tile_server import Answer, tile_server
from tests.ui.map.streets.rig import (
    BLUE,
    GREEN,
    GROUND,
    RED,
    Streets,
    is_like,
    picture,
    run,
    veiled,
    view_of,
)
from tftmonitor import __version__
from tftmonitor.base.clock import ManualClock
from tftmonitor.link.http import limits
from tftmonitor.model.geo.tiles import cells_in
from tftmonitor.tiles.cache import cache_file, kept_bytes
from tftmonitor.ui.map.streets.server import agent_of

VIEW = view_of(50.0, 10.0, 4.0)
MIDDLE = (300, 200)
HOUR = {"Cache-Control": "max-age=3600", "ETag": '"a"'}
PATHS = [f"/{tile.zoom}/{tile.x}/{tile.y}.png" for tile, _ in cells_in(VIEW, 4)]


def test_nothing_is_asked_by_default_nor_while_the_map_moves_or_is_hidden(tmp_path: Path) -> None:
    async def main() -> None:
        async with tile_server(picture(RED)) as server:
            streets = Streets(tmp_path)
            streets.choose(streets_address=server.template, proxy="none")
            await streets.settled(VIEW)
            assert server.asked == []
            streets.choose(streets="address")
            await asyncio.sleep(0.2)
            assert server.asked == []
            image = await streets.settled(VIEW, moving=True)
            assert server.asked == []
            assert image.pixelColor(*MIDDLE) == GROUND
            await streets.settled(VIEW)
            assert server.asked
            await streets.end()

    run(main)


def test_what_is_in_view_is_asked_for_once_the_middle_first_and_painted(tmp_path: Path) -> None:
    async def main() -> None:
        async with tile_server(picture(RED, "jpeg")) as server:
            streets = Streets(tmp_path)
            streets.use(server)
            image = await streets.settled(VIEW)
            assert is_like(image.pixelColor(*MIDDLE), veiled(RED), 6)
            assert sorted(server.asked) == sorted(PATHS)
            assert set(server.asked[:6]) == set(PATHS[:6])
            agents = {headers["User-Agent"] for headers in server.headers}
            assert agents == {f"tftmonitor/{__version__} (desktop monitor for GPS trackers)"}
            assert streets.layer.credit == f"Tiles: {server.url.partition('//')[2]}"
            await streets.settled(replace(VIEW, x=VIEW.x + 0.01))
            assert streets.layer.trouble == ""
            await streets.end()

    run(main)


def test_contact_is_told_in_plain_letters() -> None:
    assert agent_of(" me@example.org ") == f"tftmonitor/{__version__} (me@example.org)"
    assert agent_of("a(b)\r\nX: ü\\") == f"tftmonitor/{__version__} (ab X:)"


def test_six_at_a_time_and_what_is_out_of_sight_is_not_asked_for(tmp_path: Path) -> None:
    async def main() -> None:
        async with tile_server(picture(RED)) as server:
            server.usual.held = asyncio.Event()
            streets = Streets(tmp_path)
            streets.use(server)
            await streets.settled(VIEW)
            assert server.at_once == 6
            # Far away from there: what has not been asked is dropped.
            other = view_of(-30.0, -60.0, 4.0)
            streets.paint(other)
            server.usual.held.set()
            await streets.settled(other)
            assert server.most_at_once == 6
            assert sum(path in PATHS for path in server.asked) == 6
            await streets.end()

    run(main)


def test_hidden_map_gives_up_what_is_asked_and_goes_on_when_it_is_shown(tmp_path: Path) -> None:
    async def main() -> None:
        async with tile_server(picture(RED)) as server:
            server.usual.held = asyncio.Event()
            streets = Streets(tmp_path)
            streets.use(server)
            await streets.settled(VIEW)
            streets.layer.rest()
            await eventually(lambda: "tiles of a server" not in streets.scope.names)
            server.usual.held.set()
            await asyncio.sleep(0.2)
            assert len(server.asked) == 6
            # At once: the former questions are still about to end.
            server.usual.held.clear()
            streets.paint(VIEW)
            streets.layer.rest()
            server.usual.held.set()
            image = await streets.settled(VIEW)
            assert is_like(image.pixelColor(*MIDDLE), veiled(RED))
            await streets.end()
            assert not streets.scope.names

    run(main)


def test_kept_tiles_outlive_a_restart_and_are_asked_about_when_old(tmp_path: Path) -> None:
    clock = ManualClock()

    async def main() -> None:
        async with tile_server(picture(RED)) as server:
            server.usual.headers = HOUR
            first = Streets(tmp_path, clock)
            first.use(server)
            await first.settled(VIEW)
            await first.end()
            asked = len(server.asked)
            assert kept_bytes(cache_file(tmp_path / "profile")) > 0
            clock.advance(3_599)
            second = Streets(tmp_path, clock)
            assert is_like((await second.settled(VIEW)).pixelColor(*MIDDLE), veiled(RED))
            assert len(server.asked) == asked
            # An hour later each is asked about, once, and shown all the while.
            clock.advance(2)
            server.usual = Answer(304, headers={**HOUR, "ETag": '"b"'}, held=asyncio.Event())
            image = await second.settled(VIEW)
            assert is_like(image.pixelColor(*MIDDLE), veiled(RED))
            assert server.usual.held is not None
            server.usual.held.set()
            image = await second.settled(VIEW)
            assert is_like(image.pixelColor(*MIDDLE), veiled(RED))
            assert sorted(server.asked[asked:]) == sorted(PATHS)
            assert all(head["If-None-Match"] == '"a"' for head in server.headers[asked:])
            await second.end()
            clock.advance(3_601)
            third = Streets(tmp_path, clock)
            await third.settled(VIEW)
            assert server.headers[-1]["If-None-Match"] == '"b"'
            await third.end()

    run(main)


def test_what_the_server_wants_on_no_disk_is_on_none(tmp_path: Path) -> None:
    async def main() -> None:
        async with tile_server(picture(RED)) as server:
            server.usual.headers = {"Cache-Control": "no-store"}
            streets = Streets(tmp_path)
            streets.use(server)
            image = await streets.settled(VIEW)
            assert is_like(image.pixelColor(*MIDDLE), veiled(RED))
            assert kept_bytes(cache_file(tmp_path / "profile")) == 0
            # While it is looked at it is not asked for with each frame.
            assert len(server.asked) == len(PATHS)
            await streets.end()

    run(main)


def test_no_tile_here_is_remembered_and_no_trouble(tmp_path: Path) -> None:
    async def main() -> None:
        async with tile_server(picture(RED)) as server:
            server.usual = Answer(404)
            first = Streets(tmp_path)
            first.use(server)
            image = await first.settled(VIEW)
            assert image.pixelColor(*MIDDLE) == GROUND
            assert first.layer.trouble == ""
            await first.end()
            second = Streets(tmp_path)
            await second.settled(VIEW)
            assert sorted(server.asked) == sorted(PATHS)
            await second.end()

    run(main)


@pytest.mark.parametrize("status", [429, 503])
def test_busy_server_is_left_alone_as_long_as_it_says(tmp_path: Path, status: int) -> None:
    async def main() -> None:
        async with tile_server(picture(RED)) as server:
            usual = server.usual
            server.usual = Answer(status, headers={"Retry-After": "1"})
            streets = Streets(tmp_path)
            streets.use(server)
            loop = asyncio.get_running_loop()
            start_s = loop.time()
            await streets.settled(VIEW)
            assert len(server.asked) <= 6
            assert f"No streets: server answers with HTTP {status}" in streets.layer.trouble
            server.usual = usual
            asked = len(server.asked)
            await eventually(lambda: len(server.asked) > asked)
            assert loop.time() - start_s >= 1.0
            image = await streets.settled(VIEW)
            assert is_like(image.pixelColor(*MIDDLE), veiled(RED))
            assert streets.layer.trouble == ""
            await streets.end()

    run(main)


@pytest.mark.parametrize("how", ["broken", "oversized", "error"])
def test_tile_that_fails_is_tried_again_and_the_others_come(tmp_path: Path, how: str) -> None:
    answers = {
        "broken": Answer(body=picture(RED)[:80]),
        "oversized": Answer(body=bytes(limits.TILE_BYTES + 1)),
        "error": Answer(500),
    }

    async def main() -> None:
        async with tile_server(picture(RED)) as server:
            server.answers[PATHS[0]] = answers[how]
            streets = Streets(tmp_path, first_s=0.3)
            streets.use(server)
            image = await streets.settled(VIEW)
            assert streets.layer.trouble == ""
            left, top = VIEW.to_screen(*(edge / 16 + 0.02 for edge in (8, 5)))
            assert is_like(image.pixelColor(10, 10), veiled(RED))
            asked = server.asked.count(PATHS[0])
            assert 0 < asked < 4
            server.answers.clear()
            await eventually(lambda: server.asked.count(PATHS[0]) > asked)
            image = await streets.settled(VIEW)
            assert is_like(image.pixelColor(round(float(left)), round(float(top))), veiled(RED))
            asked = len(server.asked)
            await streets.settled(VIEW)
            assert len(server.asked) == asked
            await streets.end()

    run(main)


def test_slow_server_is_said_to_be_and_hides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TILE_TIME_S", 0.2)

    async def main() -> None:
        async with tile_server(picture(RED)) as server:
            server.usual.held = asyncio.Event()
            streets = Streets(tmp_path)
            streets.use(server)
            await streets.settled(VIEW)
            await eventually(lambda: bool(streets.layer.trouble))
            assert streets.layer.trouble == "No streets: the server did not answer in time."
            assert streets.paint(VIEW).pixelColor(*MIDDLE) == GROUND
            server.usual.held.set()
            image = await streets.settled(VIEW)
            await eventually(lambda: not streets.layer.trouble)
            assert is_like(image.pixelColor(*MIDDLE), veiled(RED))
            await streets.end()

    run(main)


def test_server_that_is_away_is_one_sentence_and_is_found_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with tile_server(b"") as gone:
            port = int(gone.url.rpartition(":")[2])
        streets = Streets(tmp_path)
        streets.use(gone)
        await streets.settled(VIEW)
        assert streets.layer.trouble == "No streets: connection refused."
        told = streets.told
        await asyncio.sleep(0.6)
        assert streets.told <= told + 1
        async with tile_server(picture(RED), port=port):
            # Nobody touches the map: it looks for the server by itself.
            await eventually(lambda: not streets.layer.trouble)
            image = await streets.settled(VIEW)
            assert is_like(image.pixelColor(*MIDDLE), veiled(RED))
            await streets.end()

    run(main)


def test_redirect_is_a_trouble_and_not_followed(tmp_path: Path) -> None:
    async def main() -> None:
        async with tile_server(picture(RED)) as other, tile_server(b"") as server:
            server.usual = Answer(302, headers={"Location": other.url + PATHS[0]})
            streets = Streets(tmp_path)
            streets.use(server)
            await streets.settled(VIEW)
            assert "points elsewhere (127.0.0.1:" in streets.layer.trouble
            assert "hush" not in streets.layer.trouble
            assert other.asked == []
            await streets.end()

    run(main)


def test_settings_act_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with tile_server(picture(RED)) as red, tile_server(picture(GREEN)) as green:
            streets = Streets(tmp_path)
            streets.use(red, streets_contact="me@example.org")
            await streets.settled(VIEW)
            assert "me@example.org" in red.headers[0]["User-Agent"]
            streets.use(green)
            assert is_like((await streets.settled(VIEW)).pixelColor(*MIDDLE), veiled(GREEN))
            # Beyond the largest zoom the same picture is stretched.
            asked = len(green.asked)
            streets.choose(streets_largest_zoom=2)
            image = await streets.settled(VIEW)
            assert is_like(image.pixelColor(*MIDDLE), veiled(GREEN))
            assert {path.split("/")[1] for path in green.asked[asked:]} == {"2"}
            streets.choose(streets="none")
            assert streets.paint(VIEW).pixelColor(*MIDDLE) == GROUND
            streets.choose(streets="address", streets_address="http://tiles.example/{z}/{x}/{y}")
            assert "use https://" in streets.layer.trouble
            # What was kept is of its own server, and still there.
            asked = len(red.asked)
            streets.use(red, streets_largest_zoom=19)
            assert is_like((await streets.settled(VIEW)).pixelColor(*MIDDLE), veiled(RED))
            assert len(red.asked) == asked
            await streets.end()

    run(main)


def test_certificates_of_the_settings_are_trusted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)

    async def main() -> None:
        async with tile_server(picture(BLUE), authority.server()) as server:
            streets = Streets(tmp_path)
            streets.use(server)
            await streets.settled(VIEW)
            assert "unknown authority" in streets.layer.trouble
            streets.choose(ca_file=str(authority.file))
            image = await streets.settled(VIEW)
            assert is_like(image.pixelColor(*MIDDLE), veiled(BLUE))
            await streets.end()

    run(main)


def test_broken_kept_tile_is_asked_for_anew(tmp_path: Path) -> None:
    async def main() -> None:
        async with tile_server(picture(RED)) as server:
            server.usual.headers = HOUR
            first = Streets(tmp_path)
            first.use(server)
            await first.settled(VIEW)
            await first.end()
            with closing(sqlite3.connect(cache_file(tmp_path / "profile"))) as database, database:
                database.execute("UPDATE tiles SET content = x'00'")
            second = Streets(tmp_path)
            image = await second.settled(VIEW)
            assert is_like(image.pixelColor(*MIDDLE), veiled(RED))
            assert len(server.asked) == 2 * len(PATHS)
            assert "If-None-Match" not in server.headers[-1]
            assert second.layer.trouble == ""
            await second.end()

    run(main)
