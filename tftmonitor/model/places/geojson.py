"""Places as GeoJSON (RFC 7946), with the colours of simplestyle and the radius of a circle.

A circle is a Point with the property ``radius`` in metres, as other programs have it.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from tftmonitor.model.places.exchange import Found, PlacesFileError, guarded, number, radius_in
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.shapes import Circle, Point

_NAMES: Final = ("name", "title", "label")
_COLOURS: Final = ("fill", "stroke", "marker-color", "color", "colour")
_WGS_84: Final = ("crs84", "4326")
_DEEPEST: Final = 16


def to_geojson(places: Iterable[Place]) -> bytes:
    """A FeatureCollection that ``from_geojson`` reads back as it was."""
    features = [_feature(place) for place in places]
    content = msgspec.json.encode({"type": "FeatureCollection", "features": features})
    return msgspec.json.format(content) + b"\n"


def from_geojson(content: bytes) -> Found:
    """The places of a file; raises PlacesFileError where it is no GeoJSON."""
    try:
        raw = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PlacesFileError(f"This is not JSON: {error}.") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
        raise PlacesFileError("This JSON is no GeoJSON: it does not say its type.")
    if not _is_in_degrees(raw.get("crs")):
        raise PlacesFileError("Its coordinates are not in degrees (WGS 84): convert it first.")
    found = Found()
    for feature in _features(raw):
        _read_feature(found, feature)
    return found


def _feature(place: Place) -> dict[str, Any]:
    shape = place.shape
    properties: dict[str, Any] = {"name": place.name, "stroke": place.colour, "fill": place.colour}
    if isinstance(shape, Circle):
        properties["radius"] = shape.radius_m
        geometry = {"type": "Point", "coordinates": [shape.longitude, shape.latitude]}
    else:
        ring = [[longitude, latitude] for latitude, longitude in shape.points]
        geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _is_in_degrees(crs: Any) -> bool:
    if crs is None:
        return True
    text = str(crs).casefold()
    return any(word in text for word in _WGS_84)


def _features(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The features, or a geometry without one as if it had one."""
    if raw["type"] == "FeatureCollection":
        features = raw.get("features")
        for feature in features if isinstance(features, list) else ():
            yield feature if isinstance(feature, dict) else {}
    elif raw["type"] == "Feature":
        yield raw
    else:
        yield {"type": "Feature", "geometry": raw}


def _read_feature(found: Found, feature: dict[str, Any]) -> None:
    raw = feature.get("properties")
    properties: dict[str, Any] = raw if isinstance(raw, dict) else {}
    name = _text_of(properties, _NAMES)
    colour = _text_of(properties, _COLOURS)
    guarded(found, name, lambda: _read(found, feature.get("geometry"), name, colour, properties))


def _read(
    found: Found,
    geometry: Any,
    name: str,
    colour: str,
    properties: dict[str, Any],
    depth: int = 0,
) -> None:
    if not isinstance(geometry, dict):
        found.leave_out(name, "it has no geometry")
        return
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "GeometryCollection" and depth < _DEEPEST:
        for part in _list(geometry.get("geometries")):
            _read(found, part, name, colour, properties, depth + 1)
    elif kind == "Point":
        found.add_point(name, colour, _point(coordinates), radius_in(properties.items()))
    elif kind == "Polygon":
        found.add_rings(name, colour, [_points(ring) for ring in _list(coordinates)])
    elif kind == "MultiPolygon":
        parts = _list(coordinates)
        for place, part in enumerate(parts, 1):
            rings = [_points(ring) for ring in _list(part)]
            found.add_rings(name, colour, rings, of_more=str(place) if len(parts) > 1 else "")
    elif kind == "LineString":
        found.add_line(name, colour, _points(coordinates), "a line")
    else:
        found.leave_out(name, f"{kind!r} is no kind of place")


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("its coordinates are not a list")  # noqa: TRY004
    return value


def _points(value: Any) -> list[Point]:
    return [_point(point) for point in _list(value)]


def _point(value: Any) -> Point:
    """GeoJSON has the longitude first, and may have an altitude behind."""
    pair = _list(value)
    if len(pair) < 2:
        raise ValueError("a point has no two coordinates")
    return number(pair[1]), number(pair[0])


def _text_of(properties: dict[str, Any], names: Iterable[str]) -> str:
    named = {key.casefold(): value for key, value in properties.items()}
    return next((str(named[name]) for name in names if named.get(name) not in {None, ""}), "")
