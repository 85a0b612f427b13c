"""Places in and out of files of three forms, told apart by what is in them."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from tftmonitor.model.places.exchange import SIZE_LIMIT, Found, PlacesFileError
from tftmonitor.model.places.geojson import from_geojson, to_geojson
from tftmonitor.model.places.gpx import from_gpx, to_gpx
from tftmonitor.model.places.kml import from_kml, to_kml
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.xml_tree import read_xml

_ZIPPED: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class FileForm:
    """One form of file: its name, how its names end, and how it is written."""

    name: str
    suffix: str
    write: Callable[[Iterable[Place]], bytes]


FORMS: Final = (
    FileForm("GeoJSON", "geojson", to_geojson),
    FileForm("KML", "kml", to_kml),
    FileForm("GPX", "gpx", to_gpx),
)
SUFFIXES: Final = ("geojson", "json", "kml", "gpx")


def form_of(file_name: str) -> FileForm:
    """The form that a name asks for; the first one where it asks for none."""
    suffix = file_name.rpartition(".")[2].casefold()
    return next((form for form in FORMS if form.suffix == suffix), FORMS[0])


def read_places(content: bytes) -> Found:
    """The places of a file; raises PlacesFileError, with words, where it is none of the forms."""
    if len(content) > SIZE_LIMIT:
        raise PlacesFileError(f"A file of places has no {SIZE_LIMIT:,} bytes.")
    if content.startswith(_ZIPPED):
        raise PlacesFileError("This is packed, like KMZ. Unpack it and import the KML in it.")
    content = content.removeprefix(BOM_UTF8)
    start = content.lstrip()[:1]
    if start in {b"{", b"["}:
        return from_geojson(content)
    if start != b"<" and not content.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        raise PlacesFileError("This is neither GeoJSON, KML nor GPX.")
    root = read_xml(content)
    if root.tag == "gpx":
        return from_gpx(root)
    if root.tag != "kml":
        raise PlacesFileError(f"This is XML, but neither KML nor GPX: it begins with {root.tag}.")
    return from_kml(root)
