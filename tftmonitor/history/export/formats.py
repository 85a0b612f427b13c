"""The formats by name, and the ending of their files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from tftmonitor.history.export.csv_table import write_csv
from tftmonitor.history.export.export import Export
from tftmonitor.history.export.geojson import write_geojson
from tftmonitor.history.export.gpx import write_gpx
from tftmonitor.history.export.json_lines import write_jsonl
from tftmonitor.history.export.kml import write_kml
from tftmonitor.history.export.parquet import write_parquet


@dataclass(frozen=True, slots=True)
class Format:
    """``write`` puts a whole export on a stream; ``is_of_fields`` where fields can be chosen."""

    ending: str
    write: Callable[[Export, BinaryIO], None]
    is_of_fields: bool = False


FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format(".csv", write_csv, is_of_fields=True),
    "jsonl": Format(".jsonl", write_jsonl, is_of_fields=True),
    "gpx": Format(".gpx", write_gpx),
    "geojson": Format(".geojson", write_geojson),
    "kml": Format(".kml", write_kml),
    "parquet": Format(".parquet", write_parquet, is_of_fields=True),
}
