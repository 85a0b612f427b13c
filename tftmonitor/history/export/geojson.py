"""GeoJSON (RFC 7946): a feature a device, with the times of its places in ``coordTimes``."""

import math
from typing import Any, BinaryIO

import msgspec

from tftmonitor.base.clock import to_iso
from tftmonitor.history.export.export import Export
from tftmonitor.history.export.ways import Way, ways


def write_geojson(export: Export, out: BinaryIO) -> None:
    """A collection with one feature a line.

    A line of a device has a part for each stretch without a gap; ``coordTimes`` and ``speeds``
    (km/h, null for unknown) have the same shape. A place alone is a line of twice the same place,
    because a line has two at least.
    """
    about = msgspec.json.encode(export.about())
    out.write(b'{"type":"FeatureCollection","about":' + about + b',"features":[')
    for number, way in enumerate(ways(export)):
        out.write(b",\n" if number else b"\n")
        out.write(msgspec.json.encode(_feature(way)))
    out.write(b"\n]}\n")


def _feature(way: Way) -> dict[str, Any]:
    parts = [_part(way, piece) for piece in way.pieces]
    return {
        "type": "Feature",
        "geometry": {"type": "MultiLineString", "coordinates": [part[0] for part in parts]},
        "properties": {
            "device": way.device,
            "model": way.model or None,
            "coordTimes": [part[1] for part in parts],
            "speeds": [part[2] for part in parts],
        },
    }


def _part(way: Way, piece: slice) -> tuple[list[list[float]], list[str], list[float | None]]:
    points = way.points
    places = [
        [round(east, 7), round(north, 7), *([round(metres, 1)] if math.isfinite(metres) else [])]
        for east, north, metres in zip(
            points.longitude[piece].tolist(),
            points.latitude[piece].tolist(),
            way.altitude[piece].tolist(),
            strict=True,
        )
    ]
    times = [to_iso(time_ms) for time_ms in points.times_ms[piece].tolist()]
    speeds = [kmh if math.isfinite(kmh) else None for kmh in points.speed[piece].tolist()]
    if len(places) == 1:
        return places * 2, times * 2, speeds * 2
    return places, times, speeds
