"""KML 2.2 with ``gx:Track``, because a line would lose the times."""

from typing import BinaryIO, Final

from tftmonitor.base.clock import to_iso
from tftmonitor.history.export.export import Export
from tftmonitor.history.export.ways import Way, ways
from tftmonitor.history.export.xml_text import number, text

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">\n'
    "<Document>\n"
    "  <name>tftmonitor</name>\n"
    "  <description>{said}</description>\n"
    '  <Schema id="report">\n'
    '    <gx:SimpleArrayField name="speed" type="float">'
    "<displayName>Speed, km/h</displayName></gx:SimpleArrayField>\n"
    "  </Schema>\n"
)
_FOOT: Final = "</Document>\n</kml>\n"


def write_kml(export: Export, out: BinaryIO) -> None:
    """A placemark for each device that has a place, with a track for each stretch without a gap."""
    about = export.about()
    said = (
        f"{about['program']}. Times in UTC. Asked for in {about['zone']}: "
        f"{about['from']} to {about['to']}."
    )
    out.write(_HEAD.format(said=text(said)).encode())
    for way in ways(export):
        out.write(f"  <Placemark>\n    <name>{text(way.device)}</name>\n".encode())
        # Between two tracks nothing is known, and nothing is drawn.
        out.write(b"    <gx:MultiTrack>\n      <gx:interpolate>0</gx:interpolate>\n")
        out.writelines(_track(way, piece).encode() for piece in way.pieces)
        out.write(b"    </gx:MultiTrack>\n  </Placemark>\n")
    out.write(_FOOT.encode())


def _track(way: Way, piece: slice) -> str:
    points, altitudes = way.points, way.altitude[piece].tolist()
    # The ground, where one place of the piece has no altitude: a mix would be of two meanings.
    heights = [number(metres, 1) for metres in altitudes]
    is_high = all(heights)
    mode = "absolute" if is_high else "clampToGround"
    lines = [f"      <gx:Track>\n        <altitudeMode>{mode}</altitudeMode>\n"]
    lines += [
        f"        <when>{to_iso(time_ms)}</when>\n" for time_ms in points.times_ms[piece].tolist()
    ]
    lines += [
        f"        <gx:coord>{number(east, 7)} {number(north, 7)} {height if is_high else '0'}"
        "</gx:coord>\n"
        for east, north, height in zip(
            points.longitude[piece].tolist(), points.latitude[piece].tolist(), heights, strict=True
        )
    ]
    lines.append('        <ExtendedData><SchemaData schemaUrl="#report">\n')
    lines.append('          <gx:SimpleArrayData name="speed">\n')
    lines += [
        f"            <gx:value>{number(kmh, 1)}</gx:value>\n"
        for kmh in points.speed[piece].tolist()
    ]
    lines.append("          </gx:SimpleArrayData>\n        </SchemaData></ExtendedData>\n")
    lines.append("      </gx:Track>\n")
    return "".join(lines)
