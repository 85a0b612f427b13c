"""GPX 1.1: a track a device, a segment a stretch without a gap, times in UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final

from tftmonitor.base.clock import to_iso
from tftmonitor.history.export.export import Export
from tftmonitor.history.export.ways import Way, ways
from tftmonitor.history.export.xml_text import number, text

EXTENSION: Final = "urn:tftmonitor:gpx:1"
"""The namespace of what GPX has no element for: the speed, in km/h."""

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="{creator}"\n'
    '  xmlns="http://www.topografix.com/GPX/1/1"\n'
    f'  xmlns:tft="{EXTENSION}"\n'
    '  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\n'
    '  xsi:schemaLocation="http://www.topografix.com/GPX/1/1'
    " http://www.topografix.com/GPX/1/1/gpx.xsd"
    f' {EXTENSION} tftmonitor-gpx-1.xsd">\n'
)
_FOOT: Final = "</gpx>\n"


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A moment worth finding: ``time_ms`` since 1970, place in degrees, name and words."""

    time_ms: int
    latitude: float
    longitude: float
    name: str
    words: str = ""


def write_gpx(export: Export, out: BinaryIO, waypoints: Iterable[Waypoint] = ()) -> None:
    """Waypoints, then a track for each device that has a place; one device is held at a time."""
    about = export.about()
    said = f"Times in UTC. Asked for in {about['zone']}: {about['from']} to {about['to']}."
    out.write(_HEAD.format(creator=text(about["program"])).encode())
    out.write(f"  <metadata>\n    <desc>{text(said)}</desc>\n  </metadata>\n".encode())
    out.writelines(_waypoint(waypoint).encode() for waypoint in waypoints)
    for way in ways(export):
        name, model = text(way.device), text(way.model)
        out.write(f"  <trk>\n    <name>{name}</name>\n".encode())
        if model:
            out.write(f"    <type>{model}</type>\n".encode())
        for piece in way.pieces:
            out.write(b"    <trkseg>\n")
            out.write("".join(_points(way, piece)).encode())
            out.write(b"    </trkseg>\n")
        out.write(b"  </trk>\n")
    out.write(_FOOT.encode())


def _waypoint(point: Waypoint) -> str:
    words = f"    <desc>{text(point.words)}</desc>\n" if point.words else ""
    return (
        f'  <wpt lat="{number(point.latitude, 7)}" lon="{number(point.longitude, 7)}">\n'
        f"    <time>{to_iso(point.time_ms)}</time>\n    <name>{text(point.name)}</name>\n"
        f"{words}  </wpt>\n"
    )


def _points(way: Way, piece: slice) -> Iterable[str]:
    points = way.points
    columns = (
        points.times_ms,
        points.latitude,
        points.longitude,
        points.speed,
        way.altitude,
    )
    for time_ms, north, east, kmh, metres in zip(
        *(column[piece].tolist() for column in columns), strict=True
    ):
        # The order is that of the schema.
        height, speed = number(metres, 1), number(kmh, 1)
        ele = f"<ele>{height}</ele>" if height else ""
        more = f"<extensions><tft:speed>{speed}</tft:speed></extensions>" if speed else ""
        yield (
            f'      <trkpt lat="{number(north, 7)}" lon="{number(east, 7)}">'
            f"{ele}<time>{to_iso(time_ms)}</time>{more}</trkpt>\n"
        )
