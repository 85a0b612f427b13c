"""Places as KML (OGC 2.2 and Google Earth's own).

KML has no circles: one is written as the polygon that it looks like, with its centre and radius in
``ExtendedData``, from which it is read back exactly.
"""

import re
from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from tftmonitor.model.places.exchange import Found, PlacesFileError, guarded, number, radius_in
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.shapes import Circle, Point
from tftmonitor.model.places.xml_tree import Element

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n<name>Places</name>\n'
)
_FOOT: Final = "</Document>\n</kml>\n"
_GEOMETRIES: Final = frozenset({"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"})
_CENTRE: Final = ("centre_latitude", "centre_longitude")
_HEX: Final = re.compile("[0-9a-fA-F]{8}")
# Of a fill, as the map behind it is to be seen.
_SEEN_THROUGH: Final = "66"


def to_kml(places: Iterable[Place]) -> bytes:
    """A document that ``from_kml`` reads back as it was."""
    return "".join((_HEAD, *map(_placemark, places), _FOOT)).encode()


def from_kml(root: Element) -> Found:
    """The places of a document, by its root."""
    styles = _styles(root)
    found = Found()
    for placemark in root.all("Placemark"):
        name = placemark.child_text("name")
        colour = _own_colour(placemark) or styles.get(placemark.child_text("styleUrl"), "")

        def read(of: Element = placemark, name: str = name, colour: str = colour) -> None:
            _read_placemark(found, of, name, colour)

        guarded(found, name, read)
    if root.all("NetworkLink") and not found.places and not found.left_out:
        raise PlacesFileError("It only points to another file. Import that one.")
    return found


def _placemark(place: Place) -> str:
    shape = place.shape
    ring = " ".join(f"{lng!r},{lat!r},0" for lat, lng in (*shape.outline(), shape.outline()[0]))
    swapped = place.colour[5:7] + place.colour[3:5] + place.colour[1:3]
    data = ""
    if isinstance(shape, Circle):
        values = (shape.latitude, shape.longitude, shape.radius_m)
        named = zip((*_CENTRE, "radius_m"), values, strict=True)
        rows = (f'<Data name="{name}"><value>{value!r}</value></Data>' for name, value in named)
        data = f"<ExtendedData>{''.join(rows)}</ExtendedData>"
    return (
        f"<Placemark><name>{escape(place.name)}</name>"
        f"<Style><LineStyle><color>ff{swapped}</color><width>2</width></LineStyle>"
        f"<PolyStyle><color>{_SEEN_THROUGH}{swapped}</color></PolyStyle></Style>{data}"
        f"<Polygon><tessellate>1</tessellate><outerBoundaryIs><LinearRing><coordinates>{ring}"
        "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>\n"
    )


def _read_placemark(found: Found, placemark: Element, name: str, colour: str) -> None:
    data = _data_of(placemark)
    radius = radius_in(data.items())
    if radius is not None and all(data.get(key) for key in _CENTRE):
        centre = number(data[_CENTRE[0]]), number(data[_CENTRE[1]])
        found.add_point(name, colour, centre, radius)
        return
    shapes = _geometries(placemark)
    if not shapes:
        found.leave_out(name, "it has no geometry that is a place")
    polygons = sum(shape.tag == "Polygon" for shape in shapes)
    place = 0
    for shape in shapes:
        if shape.tag == "Polygon":
            place += 1
            rings = [_points(ring) for ring in _rings(shape)]
            found.add_rings(name, colour, rings, of_more=str(place) if polygons > 1 else "")
        elif shape.tag == "Point":
            points = _points(shape)
            if not points:
                raise ValueError("a point has no coordinates")
            found.add_point(name, colour, points[0], radius)
        elif shape.tag == "LinearRing":
            found.add_rings(name, colour, [_points(shape)])
        else:
            found.add_line(name, colour, _points(shape), "a line")


def _geometries(placemark: Element) -> list[Element]:
    """Its geometries, out of any that hold several."""
    found: list[Element] = []
    waiting = list(reversed(placemark.children))
    while waiting:
        element = waiting.pop()
        if element.tag == "MultiGeometry":
            waiting.extend(reversed(element.children))
        elif element.tag in _GEOMETRIES:
            found.append(element)
    return found


def _rings(polygon: Element) -> list[Element]:
    """The outer ring, and behind it the holes."""
    outer = [ring for edge in polygon.all("outerBoundaryIs") for ring in edge.all("LinearRing")]
    inner = [ring for edge in polygon.all("innerBoundaryIs") for ring in edge.all("LinearRing")]
    return [*outer[:1], *inner] if outer else []


def _points(element: Element) -> list[Point]:
    """Coordinates as "longitude,latitude[,altitude]", with blanks between the points."""
    points: list[Point] = []
    # Some write a blank behind the commas, too.
    text = re.sub(r"\s*,\s*", ",", element.child_text("coordinates"))
    for word in text.split():
        parts = word.split(",")
        if len(parts) not in {2, 3}:
            raise ValueError(f"“{word[:40]}” is not longitude, latitude and altitude")
        points.append((number(parts[1]), number(parts[0])))
    return points


def _data_of(placemark: Element) -> dict[str, str]:
    extended = placemark.child("ExtendedData")
    found: dict[str, str] = {}
    for data in extended.all("Data", "SimpleData") if extended is not None else ():
        value = data.child_text("value") if data.tag == "Data" else data.text
        found[data.attributes.get("name", "").casefold()] = value
    return found


def _styles(root: Element) -> dict[str, str]:
    """Colours by what names them, those of maps of styles by their normal state."""
    styles = {
        f"#{style.attributes.get('id', '')}": _style_colour(style) for style in root.all("Style")
    }
    for style_map in root.all("StyleMap"):
        for pair in style_map.all("Pair"):
            if pair.child_text("key") == "normal":
                colour = styles.get(pair.child_text("styleUrl"), "")
                styles[f"#{style_map.attributes.get('id', '')}"] = colour
    return styles


def _own_colour(placemark: Element) -> str:
    style = placemark.child("Style")
    return _style_colour(style) if style is not None else ""


def _style_colour(style: Element) -> str:
    """Its line, or else its fill, which may be white and seen through."""
    for tag in ("LineStyle", "PolyStyle"):
        part = style.child(tag)
        text = part.child_text("color") if part is not None else ""
        if _HEX.fullmatch(text):
            return f"#{text[6:8]}{text[4:6]}{text[2:4]}".lower()
    return ""
