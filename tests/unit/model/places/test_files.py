"""Places in and out of files: our own, those of other programs, and what is broken."""

import json
import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tftmonitor.model.places import xml_tree
from tftmonitor.model.places.exchange import SIZE_LIMIT, Found, PlacesFileError, number
from tftmonitor.model.places.files import FORMS, FileForm, form_of, read_places
from tftmonitor.model.places.geojson import from_geojson
from tftmonitor.model.places.place import DEFAULT_COLOUR, Place, one_line
from tftmonitor.model.places.polygon import Polygon
from tftmonitor.model.places.shapes import Circle, Point
from tftmonitor.model.places.xml_tree import read_xml

RING = ((52.0, 13.0), (52.0, 13.5), (52.25, 13.5), (52.25, 13.0))
OURS = (
    Place(
        key="a", name="Dépôt <1> & “Süd”", colour="#cf4a45", shape=Circle(52.1234567, 13.0, 250.5)
    ),
    Place(key="b", name="Yard", colour="#12ab9f", shape=Polygon(RING)),
    Place(key="c", name="Fiji", shape=Polygon(((-18.0, 179.5), (-18.0, -179.5), (-17.0, 179.9)))),
)

degrees = st.floats(-80, 80, allow_nan=False).map(lambda n: round(n, 7))
names = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=1, max_size=20)


def document(placemarks: str, styles: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"'
        ' xmlns:gx="http://www.google.com/kml/ext/2.2" xmlns:kml="http://www.opengis.net/kml/2.2"'
        f' xmlns:atom="http://www.w3.org/2005/Atom"><Document>{styles}<Folder>{placemarks}'
        "</Folder></Document></kml>"
    ).encode()


def linear(coordinates: str) -> str:
    return f"<LinearRing><coordinates>{coordinates}</coordinates></LinearRing>"


def shapes(found: Found) -> list[tuple[str, str, object]]:
    return [(place.name, place.colour, place.shape) for place in found.places]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_there_and_back(form: FileForm) -> None:
    found = read_places(form.write(OURS))
    assert sorted(shapes(found)) == sorted((p.name, p.colour, p.shape) for p in OURS)
    assert (found.text, found.left_out) == ("", [])


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@settings(max_examples=40, deadline=None)
@given(name=names, at=st.tuples(degrees, degrees), radius=st.floats(10, 500_000))
def test_any_circle_there_and_back(
    form: FileForm, name: str, at: tuple[float, float], radius: float
) -> None:
    place = Place(key="a", name=one_line(name) or "x", shape=Circle(*at, radius))
    found = read_places(form.write([place]))
    assert [found_place.shape for found_place in found.places] == [place.shape]
    assert found.places[0].name == place.name


def test_no_places_are_a_file_too() -> None:
    for form in FORMS:
        assert shapes(read_places(form.write([]))) == []


def test_a_circle_in_kml_looks_like_one_to_others() -> None:
    text = FORMS[1].write(OURS[:1]).decode()
    stripped = text[: text.index("<ExtendedData>")] + text[text.index("</ExtendedData>") + 15 :]
    (place,) = read_places(stripped.encode()).places
    assert isinstance(place.shape, Polygon)
    assert place.shape.area_m2 == pytest.approx(math.pi * 250.5**2, rel=0.01)


def test_the_form_follows_the_name() -> None:
    named = [form_of(name).name for name in ("a.KML", "b.gpx", "c.geojson", "d.json", "e")]
    assert named == ["KML", "GPX", "GeoJSON", "GeoJSON", "GeoJSON"]


def test_google_earth() -> None:
    """Style maps, altitudes, line breaks and tabs between points, a hole, several geometries."""
    styles = (
        '<Style id="s0"><LineStyle><color>ff1478f0</color></LineStyle></Style>'
        '<Style id="s1"><IconStyle/></Style>'
        '<StyleMap id="m"><Pair><key>highlight</key><styleUrl>#s1</styleUrl></Pair>'
        "<Pair><key>normal</key><styleUrl>#s0</styleUrl></Pair></StyleMap>"
    )
    ring = "\n\t\t13.0,52.0,0 13.5,52.0,34.5 13.5,52.25,0\n 13.0,52.25,0 13.0,52.0,0 \n"
    hole = "13.1,52.1,0 13.2,52.1,0 13.2,52.2,0 13.1,52.1,0"
    outer = f"<outerBoundaryIs>{linear(ring)}</outerBoundaryIs>"
    inner = f"<innerBoundaryIs>{linear(hole)}</innerBoundaryIs>"
    marks = (
        "<Placemark><name>Yard</name><styleUrl>#m</styleUrl>"
        f"<Polygon>{outer}{inner}</Polygon></Placemark>"
        "<Placemark><name>Pin</name><Point><coordinates>13,52,0</coordinates></Point></Placemark>"
        "<Placemark><name>Way</name><LineString><coordinates>13,52 14,52 14,53</coordinates>"
        "</LineString></Placemark>"
        "<Placemark><name>Loop</name><Style><PolyStyle><color>7f0000ff</color></PolyStyle></Style>"
        f"<LineString><coordinates>{ring}</coordinates></LineString></Placemark>"
        f"<Placemark><name>Two</name><MultiGeometry><Polygon>{outer}</Polygon>"
        f"<MultiGeometry><Polygon>{outer}</Polygon></MultiGeometry></MultiGeometry></Placemark>"
        "<Placemark><name>Ring</name><LinearRing><coordinates>0,0 1,0 1,1</coordinates>"
        "</LinearRing></Placemark>"
        "<Placemark><name>View</name><LookAt><longitude>13</longitude></LookAt></Placemark>"
        "<Placemark><name>Empty</name><Polygon/></Placemark>"
        "<Placemark><Point/></Placemark>"
    )
    found = read_places(document(marks, styles))
    yard = Polygon(RING)
    assert shapes(found) == [
        ("Yard", "#f07814", yard),
        ("Loop", "#ff0000", yard),
        ("Two 1", DEFAULT_COLOUR, yard),
        ("Two 2", DEFAULT_COLOUR, yard),
        ("Ring", DEFAULT_COLOUR, Polygon(((0.0, 0.0), (0.0, 1.0), (1.0, 1.0)))),
    ]
    assert found.text == (
        "5 of 10 were left out: Pin: a point without a radius is no place; Way: a line that does "
        "not end where it began is no place; View: it has no geometry that is a place; Empty: it "
        "has no ring of points; one without a name: a point has no coordinates. "
        "Yard: 1 hole in it is filled."
    )


def test_a_point_of_kml_with_a_radius_of_its_own() -> None:
    mark = (
        '<Placemark><ExtendedData><SchemaData><SimpleData name="Radius">300</SimpleData>'
        "</SchemaData></ExtendedData><Point><coordinates>13 , 52</coordinates></Point></Placemark>"
    )
    (place,) = read_places(document(mark)).places
    assert (place.name, place.shape) == ("Place 1", Circle(52.0, 13.0, 300.0))


def test_several_holes_and_a_broken_polygon() -> None:
    ring = "<LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing>"
    small = "<LinearRing><coordinates>0,0 1,0</coordinates></LinearRing>"
    holes = f"<innerBoundaryIs>{ring}{ring}</innerBoundaryIs>"
    marks = (
        f"<Placemark><name>A</name><Polygon><outerBoundaryIs>{ring}</outerBoundaryIs>{holes}"
        f"</Polygon></Placemark><Placemark><name>B</name><Polygon><outerBoundaryIs>{small}"
        f"</outerBoundaryIs>{holes}</Polygon></Placemark>"
    )
    found = read_places(document(marks))
    assert found.notes == ["A: 2 holes in it are filled"]
    assert found.left_out == ["B: a polygon has from 3 to 2,000 points"]


@pytest.mark.parametrize(
    ("coordinates", "words"),
    [
        ("13,5 52,5", "one without a name: the latitude 5"),
        ("13,5,52,5 13,6,52,5 14,6,53,5", "is not longitude, latitude and altitude"),
        ("a,b c,d e,f", "'b' is not a number"),
        ("1_3,52 14,52 14,53", "'1_3' is not a number"),
        ("13,nan 14,52 14,53", "a coordinate is not a number"),
        ("13,1e999 14,52 14,53", "a coordinate is not a number"),
        ("52,130 52,131 53,131", "were latitude and longitude swapped?"),
    ],
)
def test_garbage_for_coordinates(coordinates: str, words: str) -> None:
    ring = f"<LinearRing><coordinates>{coordinates}</coordinates></LinearRing>"
    mark = f"<Placemark><Polygon><outerBoundaryIs>{ring}</outerBoundaryIs></Polygon></Placemark>"
    found = read_places(document(mark))
    assert found.places == []
    if "latitude 5" not in words:
        assert words.casefold() in found.text.casefold()
    else:
        assert "3 to 2,000 points" in found.text


def test_a_link_to_another_file() -> None:
    with pytest.raises(PlacesFileError, match="points to another file"):
        read_places(document("<NetworkLink><Link><href>x</href></Link></NetworkLink>"))


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


GEO_RING = [[13.0, 52.0], [13.5, 52.0, 34.5], [13.5, 52.25], [13.0, 52.25], [13.0, 52.0]]


def test_geojson_io() -> None:
    polygon = {"type": "Polygon", "coordinates": [GEO_RING, GEO_RING[:3]]}
    parts = [[GEO_RING], [GEO_RING]]
    found = read_places(
        b"\xef\xbb\xbf"
        + geojson(
            feature(polygon, title="Yard", stroke="#FF0000", radius=5),
            feature({"type": "MultiPolygon", "coordinates": parts}, name="Two"),
            feature({"type": "MultiPolygon", "coordinates": parts[:1]}, Name="One"),
            feature({"type": "Point", "coordinates": [13, 52]}, name=7, Radius="300"),
            feature({"type": "Point", "coordinates": [13, 52]}, name="Pin"),
            feature({"type": "LineString", "coordinates": GEO_RING}, name="Loop", fill="red"),
            feature({"type": "LineString", "coordinates": GEO_RING[:3]}, name="Way"),
            feature(
                {"type": "GeometryCollection", "geometries": [polygon]}, name="Some", fill=None
            ),
            feature(None, name="Nowhere"),
            feature({"type": "MultiPoint", "coordinates": []}, name="Pins"),
            {"type": "Feature", "geometry": polygon, "properties": None},
            "no feature",
        )
    )
    yard = Polygon(RING)
    assert shapes(found) == [
        ("Yard", "#ff0000", yard),
        ("Two 1", DEFAULT_COLOUR, yard),
        ("Two 2", DEFAULT_COLOUR, yard),
        ("One", DEFAULT_COLOUR, yard),
        ("7", DEFAULT_COLOUR, Circle(52.0, 13.0, 300.0)),
        ("Loop", DEFAULT_COLOUR, yard),
        ("Some", DEFAULT_COLOUR, yard),
        ("Place 8", DEFAULT_COLOUR, yard),
    ]
    assert found.text.startswith("5 of 13 were left out: Pin: a point without a radius")
    assert "Nowhere: it has no geometry" in found.text
    assert "Pins: 'MultiPoint' is no kind of place" in found.text


def test_geometries_alone() -> None:
    polygon = {"type": "Polygon", "coordinates": [GEO_RING]}
    for raw in (polygon, feature(polygon)):
        assert len(from_geojson(json.dumps(raw).encode()).places) == 1
    assert from_geojson(b'{"type": "FeatureCollection"}').places == []


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ({"type": "Point", "coordinates": ["13,0", "52,0"]}, "'52,0' is not a number"),
        ({"type": "Point", "coordinates": [True, 52]}, "true is not a number"),
        ({"type": "Point", "coordinates": [13]}, "no two coordinates"),
        ({"type": "Point", "coordinates": {"lat": 1}}, "not a list"),
        ({"type": "Point", "coordinates": [10**400, 52]}, "is not a number"),
        ({"type": "Polygon", "coordinates": []}, "no ring of points"),
        ({"type": "Polygon"}, "not a list"),
        ({"type": "Polygon", "coordinates": [GEO_RING[:2]]}, "3 to 2,000 points"),
    ],
)
def test_garbage_in_geojson(geometry: object, words: str) -> None:
    found = read_places(geojson(feature(geometry, name="Bad", radius=100)))
    assert found.places == []
    assert "1 of 1 was left out: Bad: " in found.text
    assert words in found.text


def test_geojson_that_goes_on_in_itself() -> None:
    nested: object = {"type": "Point", "coordinates": [13, 52]}
    for _ in range(40):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    found = read_places(geojson(feature(nested, radius=100)))
    assert "'GeometryCollection' is no kind of place" in found.text


def test_other_systems_of_coordinates() -> None:
    def crs(name: str) -> bytes:
        polygon = {"type": "Polygon", "coordinates": [GEO_RING]}
        named = {"type": "name", "properties": {"name": name}}
        return geojson(feature(polygon), crs=named)

    assert len(read_places(crs("urn:ogc:def:crs:OGC:1.3:CRS84")).places) == 1
    assert len(read_places(crs("EPSG:4326")).places) == 1
    with pytest.raises(PlacesFileError, match="not in degrees"):
        read_places(crs("EPSG:25832"))


GPX = (
    '<gpx xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxx="http://www.garmin.com/xmlschemas/'
    'GpxExtensions/v3">{}</gpx>'
)


def gpx_points(tag: str, points: list[Point]) -> str:
    return "".join(f'<{tag} lat="{lat}" lon="{lon}"><ele>3</ele></{tag}>' for lat, lon in points)


def test_gpx_of_others() -> None:
    ring = [*RING, (52.0001, 13.0001)]
    far = "<extensions><gpxx:WaypointExtension><gpxx:Proximity>150</gpxx:Proximity>"
    body = (
        "<metadata><name>Tour</name></metadata>"
        f'<wpt lat="52" lon="13"><name>Gate</name>{far}</gpxx:WaypointExtension></extensions></wpt>'
        '<wpt lat="52" lon="13"><name>Pin</name></wpt><wpt lon="13"><name>Half</name></wpt>'
        f"<rte><name>Round</name>{gpx_points('rtept', ring)}</rte>"
        f"<trk><name>Walk</name><trkseg>{gpx_points('trkpt', list(RING))}</trkseg>"
        f"<trkseg>{gpx_points('trkpt', ring)}</trkseg></trk><trk><name>None</name></trk>"
    )
    found = read_places(GPX.format(body).encode())
    assert [(p.name, type(p.shape)) for p in found.places] == [
        ("Gate", Circle),
        ("Round", Polygon),
        ("Walk", Polygon),
    ]
    assert found.left_out == [
        "Pin: a point without a radius is no place",
        "Half: '' is not a number",
        "Walk: a track that does not end where it began is no place",
        "None: a track without points is no place",
    ]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    "<kml><Placemark><name>&b;</name></Placemark></kml>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE kml SYSTEM "http://example.org/x.dtd"><kml><name/></kml>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB.encode(), "declares a document type"),
        (OUTSIDE.encode(), "declares a document type"),
        (b"<kml><Placemark>", "This is not XML: no element found in line 1"),
        (b"<kml>&x;</kml>", "This is not XML: undefined entity"),
        (b"<!-- only -->", "This is not XML"),
        (b'<?xml version="1.0" encoding="ebcdic-x"?><kml/>', "encoding"),
        (b"<html/>", "neither KML nor GPX: it begins with html"),
        (b"PK\x03\x04...", "KMZ"),
        (b"imei,name", "neither GeoJSON, KML nor GPX"),
        (b"", "neither GeoJSON, KML nor GPX"),
        (b"{", "not JSON"),
        (b'{"type": "Feature\xff"}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "no GeoJSON"),
        (b'{"type": 3}', "no GeoJSON"),
        (b" " * (SIZE_LIMIT + 1), "no 20,000,000 bytes"),
        (b"<kml>" + b"<a>" * 100 + b"</a>" * 100 + b"</kml>", "nested too deeply"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_what_is_no_file_of_places_says_why(content: bytes, words: str) -> None:
    with pytest.raises(PlacesFileError, match=words):
        read_places(content)


def test_no_more_elements_than_fit_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_tree, "_MOST_ELEMENTS", 100)
    assert len(read_xml(b"<kml>" + b"<a/>" * 99 + b"</kml>").children) == 99
    with pytest.raises(PlacesFileError, match="more than 100 elements"):
        read_xml(b"<kml>" + b"<a/>" * 100 + b"</kml>")


def test_utf_16_is_xml_too() -> None:
    assert (
        len(
            read_places(
                FORMS[1].write(OURS).decode().replace("UTF-8", "UTF-16").encode("utf-16")
            ).places
        )
        == 3
    )


def test_only_some_of_what_was_left_out_is_named() -> None:
    pins = [feature({"type": "Point", "coordinates": [13, 52]}, name=f"P{n}") for n in range(9)]
    assert read_places(geojson(*pins)).text.endswith(
        "P4: a point without a radius is no place; and 4 more."
    )


def test_names_are_one_line_and_bounded() -> None:
    polygon = {"type": "Polygon", "coordinates": [GEO_RING]}
    (place,) = read_places(geojson(feature(polygon, name="a\n\x07 b " * 40))).places
    assert len(place.name) <= 80
    assert place.name.startswith("a b a b")


def test_text_in_pieces() -> None:
    root = read_xml(b"<a>x<![CDATA[<y>]]>z<b>1</b><b>2</b></a>")
    assert (root.text, root.child_text("b"), root.child_text("c")) == ("x<y>z", "1", "")
    assert [element.text for element in root.all("b")] == ["1", "2"]


@pytest.mark.parametrize("value", [None, [], {}, False, "12,5", "", "0x10"])
def test_no_numbers(value: object) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        number(value)


def test_numbers() -> None:
    read: Callable[[object], float] = number
    assert [read(value) for value in (3, 2.5, " 4.5 ", "1e3")] == [3.0, 2.5, 4.5, 1000.0]
