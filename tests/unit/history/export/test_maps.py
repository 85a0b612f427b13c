"""GPX, KML and GeoJSON: places in order of time, and nothing across a gap."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import xmlschema

from tests.unit.history.export.memory import NOW, MemoryReader, drive, of, written
from tftmonitor.history.export.export import LATE_MS, Export
from tftmonitor.history.export.geojson import write_geojson
from tftmonitor.history.export.gpx import EXTENSION, Waypoint, write_gpx
from tftmonitor.history.export.kml import write_kml
from tftmonitor.history.export.xml_text import number

HERE = Path(__file__).parent
EXTENSION_SCHEMA = HERE.parents[3] / "docs" / "tftmonitor-gpx-1.xsd"
G = "{http://www.topografix.com/GPX/1/1}"
K, GX = "{http://www.opengis.net/kml/2.2}", "{http://www.google.com/kml/ext/2.2}"


@pytest.fixture
def reader() -> MemoryReader:
    """A drive of two devices, of which the first is silent for half an hour."""
    found = MemoryReader()
    drive(found)
    drive(found, start=NOW + 2_000_000)
    drive(found, "<200> & co", 5)
    return found


@pytest.fixture(scope="module")
def schema() -> Any:
    return xmlschema.XMLSchema10(str(HERE / "gpx-1.1" / "gpx.xsd"), allow="local")


def gpx_root(export: Export) -> ET.Element:
    return ET.fromstring(written(write_gpx, export))


def problems(schema: Any, content: bytes) -> list[str]:
    found = schema.iter_errors(content.decode(), use_location_hints=False)
    return [str(error.reason) for error in found]


def test_gpx_is_valid(reader: MemoryReader, schema: Any) -> None:
    reader.add(NOW + 5_000_000, lat=-0.5, lng=-179.9999999)
    content = written(write_gpx, of(reader))
    assert problems(schema, content) == []
    assert problems(schema, written(write_gpx, of(MemoryReader()))) == []


def test_gpx_schema_would_find_what_is_wrong(reader: MemoryReader, schema: Any) -> None:
    content = written(write_gpx, of(reader))
    ele = b"<ele>120.5</ele><time>2026-11-18T11:06:40.000Z</time>"
    assert ele in content
    swapped = content.replace(ele, b"<time>2026-11-18T11:06:40.000Z</time><ele>120.5</ele>")
    assert problems(schema, swapped)
    assert problems(schema, content.replace(b"<extensions>", b"<speed>1</speed><extensions>"))


def test_gpx_speed_is_valid_by_its_own_schema(reader: MemoryReader) -> None:
    own = xmlschema.XMLSchema10(str(EXTENSION_SCHEMA))
    speeds = list(gpx_root(of(reader)).iter(f"{{{EXTENSION}}}speed"))
    assert len(speeds) == 45
    assert all(own.is_valid(ET.tostring(speed).decode()) for speed in speeds)


def test_gpx_has_a_segment_for_each_stretch_without_a_gap(reader: MemoryReader) -> None:
    root = gpx_root(of(reader))
    tracks = root.findall(f"{G}trk")
    assert [track.findtext(f"{G}name") for track in tracks] == ["100", "<200> & co"]
    assert [track.findtext(f"{G}type") for track in tracks] == ["TLP1", "TLP1"]
    counts = [[len(part) for part in track.findall(f"{G}trkseg")] for track in tracks]
    assert counts == [[20, 20], [5]]
    first = next(root.iter(f"{G}trkpt"))
    assert first.attrib == {"lat": "0.5", "lon": "10"}
    assert [child.tag.rpartition("}")[2] for child in first] == ["ele", "time", "extensions"]
    assert first.findtext(f"{G}time") == "2026-11-18T11:06:40.000Z"


def test_gpx_has_waypoints_before_the_tracks(
    reader: MemoryReader, schema: Any, tmp_path: Path
) -> None:
    points = [Waypoint(NOW, 1.5, -2.0, "SOS \0 <1>", "pressed"), Waypoint(NOW, 0.0, 0.0, "End")]
    path = tmp_path / "a.gpx"
    with path.open("wb") as out:
        write_gpx(of(reader), out, points)
    content = path.read_bytes()
    assert problems(schema, content) == []
    found = [(each.tag, each.findtext(f"{G}name")) for each in ET.fromstring(content)]
    assert found[1:3] == [(f"{G}wpt", "SOS � <1>"), (f"{G}wpt", "End")]


def test_what_is_not_known_is_left_out(schema: Any) -> None:
    reader = MemoryReader()
    reader.put(
        "1", NOW, None, b'{"event":"snapshot","data":{"imei":"1","status":{"lat":1,"lng":2}}}'
    )
    content = written(write_gpx, of(reader))
    assert problems(schema, content) == []
    track = ET.fromstring(content)[1]
    assert [child.tag for child in track] == [f"{G}name", f"{G}trkseg"]
    # Without a time of its own it stands at that of its receipt.
    assert [child.text for child in track[1][0]] == ["2026-11-18T11:06:40.000Z"]
    feature = json.loads(written(write_geojson, of(reader)))["features"][0]
    assert feature["geometry"]["coordinates"] == [[[2.0, 1.0]] * 2]
    assert feature["properties"] == {
        "device": "1",
        "model": None,
        "coordTimes": [["2026-11-18T11:06:40.000Z"] * 2],
        "speeds": [[None, None]],
    }


def test_late_reports_stand_where_they_belong(reader: MemoryReader) -> None:
    late = MemoryReader()
    for place, frame in enumerate(reader.stored[:20]):
        content = json.loads(frame.frame)["data"]["status"]
        late.add(content.pop("date"), late_by=(place % 3) * 3_600_000, **content)
    times = [each.text for each in gpx_root(of(late)).iter(f"{G}time")]
    assert len(times) == 20
    assert times == sorted(times, key=str)


def test_the_stretch_is_of_the_devices_own_time() -> None:
    reader = MemoryReader()
    for at_ms, late_by in ((NOW, 0), (NOW + 1, LATE_MS), (NOW + 2, 2 * LATE_MS), (NOW + 9, 0)):
        reader.add(at_ms, late_by=late_by, lat=1, lng=1)
    export = Export(reader, NOW, NOW + 5)
    assert len(list(gpx_root(export).iter(f"{G}trkpt"))) == 1
    export = Export(reader, NOW, NOW + 9)
    assert len(list(gpx_root(export).iter(f"{G}trkpt"))) == 1
    export = Export(reader, NOW, NOW + 1_000)
    assert len(list(gpx_root(export).iter(f"{G}trkpt"))) == 3
    export = Export(reader, NOW + 5, NOW + 1_000)
    assert len(list(gpx_root(export).iter(f"{G}trkpt"))) == 1


def test_a_wrong_clock_is_corrected_from_its_first_report_on() -> None:
    reader = MemoryReader()
    for place in range(20):
        at_ms = NOW + place * 10_000
        far_ms = 19_800_000
        reader.add(at_ms - far_ms, late_by=far_ms, lat=1, lng=1 + place / 1_000)
    times = [each.text for each in gpx_root(of(reader)).iter(f"{G}time")]
    assert len(times) == 20
    assert (times[0], times[-1]) == ("2026-11-18T11:06:40.000Z", "2026-11-18T11:09:50.000Z")


def test_a_clock_that_was_never_set_has_the_times_of_receipt() -> None:
    reader = MemoryReader()
    for place in range(20):
        at_ms = 947_043_781_000 + place * 10_000
        reader.add(at_ms, late_by=NOW - 947_043_781_000 - 500, lat=1, lng=1 + place / 1_000)
    times = [each.text for each in gpx_root(of(reader)).iter(f"{G}time")]
    assert len(times) == 20
    assert (times[0], times[-1]) == ("2026-11-18T11:06:40.000Z", "2026-11-18T11:09:50.000Z")


def test_an_upload_stands_at_its_own_times() -> None:
    reader = MemoryReader()
    reader.add(NOW - 7_200_000, lat=1, lng=1)
    for place in range(20):
        at_ms = NOW - 7_000_000 + place * 60_000
        reader.add(at_ms, late_by=7_000_000 - place * 59_900, lat=1, lng=1 + place / 1_000)
    times = [each.text for each in gpx_root(of(reader)).iter(f"{G}time")]
    assert len(times) == 21
    assert (times[1], times[-1]) == ("2026-11-18T09:10:00.000Z", "2026-11-18T09:29:00.000Z")


def test_what_is_surely_of_later_is_not_decoded() -> None:
    reader = MemoryReader()
    drive(reader, count=3)
    drive(reader, count=4, start=NOW + 3_600_000)
    export = Export(reader, NOW, NOW + 60_000)
    assert len(list(export.rows_by_own_time("100"))) == 3
    assert export.count == 7


def test_what_may_be_of_any_time_is_in_no_track() -> None:
    reader = MemoryReader()
    drive(reader, count=3)
    reader.put("100", NOW + 25_000, None, b'{"event":"snapshot","data":{"imei":"100","status":{}}}')
    export = of(reader)
    assert len(list(gpx_root(export).iter(f"{G}trkpt"))) == 3
    assert export.skipped == {"reports of a time that nobody knows": 1}


def test_what_is_no_place_is_left_out_and_counted() -> None:
    reader = MemoryReader()
    drive(reader, count=3)
    reader.add(NOW + 60_000, speed=1)
    reader.add(NOW + 70_000, lat=0, lng=0)
    reader.add(NOW + 80_000, lat=1, lng=1, latlng_valid=0)
    reader.add(NOW, lat=1, lng=1)
    reader.put("100", NOW, NOW, b'{"event":"messagePass"}', channel="messages")
    export = of(reader)
    assert len(list(gpx_root(export).iter(f"{G}trkpt"))) == 3
    assert export.skipped == {
        "reports without a place": 2,
        "places without a fix, which are the last one again or those of a cell tower": 1,
        "places of a time that has one already": 1,
        "pushes that are no snapshot; jsonl has them": 1,
    }


def test_a_device_without_a_place_has_no_track() -> None:
    reader = MemoryReader()
    reader.add(NOW, speed=1)
    assert gpx_root(of(reader)).findall(f"{G}trk") == []
    assert json.loads(written(write_geojson, of(reader)))["features"] == []


def test_kml_has_tracks_with_times(reader: MemoryReader) -> None:
    root = ET.fromstring(written(write_kml, of(reader)))
    marks = list(root.iter(f"{K}Placemark"))
    assert [mark.findtext(f"{K}name") for mark in marks] == ["100", "<200> & co"]
    tracks = list(marks[0].iter(f"{GX}Track"))
    assert [len(track.findall(f"{K}when")) for track in tracks] == [20, 20]
    assert [len(track.findall(f"{GX}coord")) for track in tracks] == [20, 20]
    assert [len(list(track.iter(f"{GX}value"))) for track in tracks] == [20, 20]
    assert tracks[0].findtext(f"{GX}coord") == "10 0.5 120.5"
    assert tracks[0].findtext(f"{K}when") == "2026-11-18T11:06:40.000Z"
    assert tracks[0].findtext(f"{K}altitudeMode") == "absolute"


def test_kml_lies_on_the_ground_where_an_altitude_is_missing(reader: MemoryReader) -> None:
    reader.add(NOW + 3_000, "<200> & co", lat=0.5, lng=10.0001)
    root = ET.fromstring(written(write_kml, of(reader)))
    track = list(root.iter(f"{GX}Track"))[-1]
    assert track.findtext(f"{K}altitudeMode") == "clampToGround"
    assert {each.text.split()[2] for each in track.iter(f"{GX}coord") if each.text} == {"0"}


def test_geojson_has_times_of_the_shape_of_its_places(reader: MemoryReader) -> None:
    content = json.loads(written(write_geojson, of(reader)))
    assert content["type"] == "FeatureCollection"
    assert content["about"]["units"]["speed"] == "km/h"
    first, second = content["features"]
    assert first["geometry"]["type"] == "MultiLineString"
    parts = first["geometry"]["coordinates"]
    assert [len(part) for part in parts] == [20, 20]
    assert parts[0][1] == [10.0009, 0.5, 120.5]
    assert [len(times) for times in first["properties"]["coordTimes"]] == [20, 20]
    assert first["properties"]["coordTimes"][0][1] == "2026-11-18T11:06:50.000Z"
    assert first["properties"]["speeds"][0][0] == 36.0
    assert second["properties"]["device"] == "<200> & co"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(10.0, "10"), (-0.0000001, "0"), (0.0, "0"), (1e-5, "0.00001"), (float("nan"), "")],
)
def test_numbers_have_no_exponent(value: float, shown: str) -> None:
    assert number(value, 5) == shown
