"""Tables of towns for tests, made by the script that makes the shipped one."""

import importlib.util
from pathlib import Path
from types import ModuleType

from tftmonitor.model.geo.town_table import TownTable

_SCRIPT = Path(__file__).resolve().parents[4] / "packaging" / "make_towns.py"


def load_script() -> ModuleType:
    """``packaging/make_towns.py``, which is no module of the program."""
    spec = importlib.util.spec_from_file_location("make_towns", _SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def line(
    name: str,
    latitude: float,
    longitude: float,
    people: int,
    kind: str = "PPL",
    country: str = "DE",
    zone: str = "Europe/Berlin",
) -> str:
    """A line of GeoNames' table of places."""
    cells = ["1", name, name, "", str(latitude), str(longitude), "P", kind, country]
    return "\t".join([*cells, *[""] * 5, str(people), "", "9", zone, "2020-01-01"])


def table_of(*lines: str) -> TownTable:
    """The table that these lines make."""
    script = load_script()
    return TownTable(script.pack(script.rows_of("\n".join(lines))))
