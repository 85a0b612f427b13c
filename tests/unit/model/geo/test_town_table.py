"""The shipped table of towns, the script that makes it, and what damaged ones give."""

import struct
import zlib
from pathlib import Path

import pytest

from tests.unit.model.geo.table_of_towns import line, load_script, table_of
from tftmonitor.base.paths import resource
from tftmonitor.model.geo.town_table import Town, TownTable, TownTableError

LINES = (
    line("São Tomé", 0.33654, 6.72732, 53300, "PPLC", "ST", "Africa/Sao_Tome"),
    line("Potsdam", 52.39886, 13.06566, 182112, "PPLA"),
    line("Babelsberg", 52.39, 13.1, 20000, "PPLX"),
    line("Golm", 52.4, 12.97, 999),
    line("Far East", -16.5, 180.0, 1000, country="FJ", zone="Pacific/Fiji"),
)


def test_a_table_tells_what_went_into_it() -> None:
    table = table_of(*LINES)
    towns = [table.town(place) for place in range(len(table))]
    assert [town.name for town in towns] == ["Far East", "São Tomé", "Potsdam"]
    assert towns[1] == Town(
        "São Tomé",
        towns[1].latitude,
        towns[1].longitude,
        53300,
        "ST",
        "Africa/Sao_Tome",
    )
    assert (towns[1].latitude, towns[1].longitude) == pytest.approx((0.33654, 6.72732))
    assert towns[0].longitude == -180.0
    assert [table.zone(2), table.name(2)] == ["Europe/Berlin", "Potsdam"]


def test_the_shipped_table_is_whole_and_small() -> None:
    path = resource("map", "towns.bin")
    assert path.stat().st_size <= 1_800_000
    table = TownTable(path.read_bytes())
    assert len(table) == 113_036
    assert table.populations.min() == 1000
    assert "GeoNames" in resource("map", "LICENSE-geonames").read_text("utf-8")


def test_another_package_than_the_one_that_was_looked_at_is_not_taken(tmp_path: Path) -> None:
    archive = tmp_path / "other.tgz"
    archive.write_bytes(b"other")
    with pytest.raises(ValueError, match="its sha256 is d9298a10"):
        load_script().read(archive)


def test_a_name_that_does_not_fit_is_left_out_and_a_number_stops_the_script() -> None:
    script = load_script()
    assert script.rows_of(line("é" * 128, 1, 1, 5000)) == []
    many = [line(f"T{zone}", 1, 1, 5000, country=f"C{zone:03}") for zone in range(257)]
    with pytest.raises(ValueError, match="does not fit"):
        script.pack(script.rows_of("\n".join(many)))


def block(data: bytes, says: int | None = None) -> bytes:
    packed = zlib.compress(data)
    return struct.pack("<II", len(packed), len(data) if says is None else says) + packed


def numbers(value: int, width: int, times: int = 1) -> bytes:
    return b"".join(bytes([byte]) * times for byte in value.to_bytes(width, "little"))


GOOD = {
    "north": numbers(14_000_000, 4),
    "east": numbers(19_000_000, 4),
    "people": numbers(5000, 4),
    "lengths": b"\x04",
    "countries": b"\x00",
    "zones": b"\x00\x00",
    "names": b"Town",
    "codes": b"DE",
    "zone names": b"Europe/Berlin",
}


def made(**other: bytes) -> bytes:
    parts = GOOD | {name.replace("_", " "): part for name, part in other.items()}
    return b"TFTOWNS\x01" + b"".join(block(part) for part in parts.values())


def test_a_table_made_by_hand_is_read() -> None:
    assert TownTable(made()).name(0) == "Town"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a table of towns of this version"),
        (b"TFTOWNS\x02" + made()[8:], "not a table of towns of this version"),
        (made()[:-30], "cannot be unpacked"),
        (made()[:12], "ends too early"),
        (b"TFTOWNS\x01" + struct.pack("<II", 5, 50_000_000) + b"12345", "too large"),
        (b"TFTOWNS\x01" + block(b"1234", says=5), "another length than it says"),
        (made(north=b"123"), "numbers are damaged"),
        (made(codes=b"\xff"), "numbers are damaged"),
        (made(people=numbers(5, 4, 2)), "not of one length"),
        (made(**dict.fromkeys(list(GOOD)[:6], b"")), "not of one length"),
        (made(lengths=b"\x05"), "names are not whole"),
        (made(countries=b"\x01"), "a country or a time zone that it has not"),
        (made(zones=b"\x01\x00"), "a country or a time zone that it has not"),
        (made(north=numbers(18_000_001, 4)), "off the globe"),
        (made(east=numbers(36_000_000, 4)), "off the globe"),
    ],
)
def test_a_damaged_table_says_what_is_wrong(data: bytes, reason: str) -> None:
    with pytest.raises(TownTableError, match=reason):
        TownTable(data)
