"""The file of the places: kept with each change, and what is damaged in it costs itself."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from tftmonitor.model.places.place import MOST_PLACES, Place
from tftmonitor.model.places.polygon import Polygon
from tftmonitor.model.places.shapes import Circle
from tftmonitor.settings import profile_file
from tftmonitor.settings.places_file import PlacesFile

DEPOT = Place(key="d", name="Depot", shape=Circle(52.0, 13.0, 500.0))
YARD = Place(key="y", name="Yard", shape=Polygon(((52.0, 14.0), (52.0, 14.1), (52.1, 14.1))))
RAW = {
    "key": "d",
    "name": "Depot",
    "colour": "#2f7fd6",
    "shape": {"kind": "circle", "latitude": 52, "longitude": 13, "radius_m": 500},
}


def written(profile: Path, content: object) -> PlacesFile:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    (profile / "places.json").write_bytes(text)
    return PlacesFile(profile)


def test_each_change_is_on_disk(tmp_path: Path) -> None:
    file = PlacesFile(tmp_path)
    assert (file.places.items, file.problem) == ((), "")
    file.places.add(DEPOT, YARD)
    assert PlacesFile(tmp_path).places.items == (DEPOT, YARD)
    file.places.remove("d")
    assert PlacesFile(tmp_path).places.items == (YARD,)
    assert b"\n" in (tmp_path / "places.json").read_bytes()


def test_a_file_that_somebody_edited(tmp_path: Path) -> None:
    file = written(tmp_path, b"\xef\xbb\xbf" + json.dumps([RAW]).encode())
    assert (file.places.items, file.problem) == ((DEPOT,), "")


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({**RAW, "shape": {"kind": "star"}}, "star"),
        ({**RAW, "name": 7}, "name"),
        (7, "int"),
        ({**RAW, "key": "e", "name": ""}, "a place: The name"),
        ({**RAW, "key": "e", "shape": {**RAW["shape"], "radius_m": 1}}, "Depot: The radius"),  # type: ignore[dict-item]
        (RAW, "two places have the key d"),
    ],
)
def test_what_is_damaged_costs_itself(tmp_path: Path, bad: object, words: str) -> None:
    file = written(tmp_path, [RAW, bad])
    assert file.places.items == (DEPOT,)
    assert file.problem.startswith("1 of 2 places were not readable")
    assert words in file.problem
    assert (tmp_path / "places.unreadable.json").exists()


def test_no_more_than_there_can_be(tmp_path: Path) -> None:
    file = written(tmp_path, [{**RAW, "key": f"k{n}"} for n in range(MOST_PLACES + 1)])
    assert len(file.places.items) == MOST_PLACES
    assert "at most 1,000" in file.problem


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe{", b"{}", b"[" * 100_000, b'["\xff"]'])
def test_what_is_no_list_is_set_aside(tmp_path: Path, content: bytes) -> None:
    file = written(tmp_path, content)
    assert file.places.items == ()
    assert file.problem.startswith("places were not readable (")
    assert (tmp_path / "places.unreadable.json").read_bytes() == content


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "places.json").mkdir()
    assert PlacesFile(tmp_path).problem.startswith("places could not be read: ")


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = PlacesFile(tmp_path)

    def refuse(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(profile_file, "write_whole", refuse)
        file.places.add(DEPOT)
    assert file.places.items == (DEPOT,)
    assert file.problem == "places could not be saved: No space left on device"
    file.file.try_again()
    assert (PlacesFile(tmp_path).places.items, file.problem) == ((DEPOT,), "")
    file.places.replace(replace(DEPOT, name="Other"))
    assert PlacesFile(tmp_path).places.items[0].name == "Other"
