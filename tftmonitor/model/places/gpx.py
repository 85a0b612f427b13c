"""Places as GPX 1.1: a circle is a waypoint with its proximity, a polygon a route that is closed.

The proximity (m) of a waypoint is Garmin's; tracks that end where they began are read as well.
"""

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from tftmonitor.model.places.exchange import Found, guarded, number, radius_in
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.shapes import Circle, Point
from tftmonitor.model.places.xml_tree import Element

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="tftmonitor" xmlns="http://www.topografix.com/GPX/1/1" '
    'xmlns:wptx1="http://www.garmin.com/xmlschemas/WaypointExtension/v1" '
    'xmlns:tft="urn:tftmonitor:places">\n'
)
_FOOT: Final = "</gpx>\n"


def to_gpx(places: Iterable[Place]) -> bytes:
    """A file that ``from_gpx`` reads back as it was."""
    # The order of a GPX file: waypoints first, then routes.
    circles: list[str] = []
    routes: list[str] = []
    for place in places:
        (circles if isinstance(place.shape, Circle) else routes).append(_element(place))
    return "".join((_HEAD, *circles, *routes, _FOOT)).encode()


def from_gpx(root: Element) -> Found:
    """The places of a file, by its root."""
    found = Found()
    for element in root.children:
        if element.tag not in {"wpt", "rte", "trk"}:
            continue
        name = element.child_text("name")

        def read(of: Element = element, name: str = name) -> None:
            _read(found, of, name)

        guarded(found, name, read)
    return found


def _element(place: Place) -> str:
    shape = place.shape
    name = f"<name>{escape(place.name)}</name>"
    own = f"<tft:color>{place.colour}</tft:color>"
    if isinstance(shape, Circle):
        proximity = f"<wptx1:Proximity>{shape.radius_m!r}</wptx1:Proximity>"
        far = f"<wptx1:WaypointExtension>{proximity}</wptx1:WaypointExtension>"
        return f"<wpt {_at(shape.centre)}>{name}<extensions>{far}{own}</extensions></wpt>\n"
    points = "".join(f"<rtept {_at(point)}/>" for point in (*shape.points, shape.points[0]))
    return f"<rte>{name}<extensions>{own}</extensions>{points}</rte>\n"


def _at(point: Point) -> str:
    latitude, longitude = point
    return f"lat={quoteattr(repr(latitude))} lon={quoteattr(repr(longitude))}"


def _read(found: Found, element: Element, name: str) -> None:
    extensions = element.child("extensions")
    further = extensions.all("color") if extensions is not None else []
    colour = further[0].text if further else ""
    if element.tag == "wpt":
        values = [(child.tag, child.text) for child in _within(element)]
        found.add_point(name, colour, _point(element), radius_in(values))
        return
    what = "a route" if element.tag == "rte" else "a track"
    parts = [element] if element.tag == "rte" else element.all("trkseg")
    for part in parts:
        points = [_point(point) for point in part.children if point.tag in {"rtept", "trkpt"}]
        found.add_line(name, colour, points, what)
    if not parts:
        found.leave_out(name, f"{what} without points is no place")


def _within(element: Element) -> list[Element]:
    extensions = element.child("extensions")
    found: list[Element] = []
    waiting = list(extensions.children) if extensions is not None else []
    while waiting:
        child = waiting.pop()
        found.append(child)
        waiting.extend(child.children)
    return found


def _point(element: Element) -> Point:
    return number(element.attributes.get("lat", "")), number(element.attributes.get("lon", ""))
