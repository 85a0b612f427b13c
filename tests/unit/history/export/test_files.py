"""Files of an export are whole, or not there."""

import stat
import sys
from pathlib import Path

import pytest

from tftmonitor.history.export.files import WholeFiles, file_stems
from tftmonitor.history.export.formats import FORMATS


def test_files_are_put_in_place_all_at_once(tmp_path: Path) -> None:
    targets = [tmp_path / "a.csv", tmp_path / "b.csv"]
    targets[0].write_text("older")
    with WholeFiles() as files:
        for target in targets:
            with files.open(target) as out:
                out.write(target.name.encode())
        assert targets[0].read_text() == "older"
        assert not targets[1].exists()
        assert files.commit() == targets
    assert [target.read_text() for target in targets] == ["a.csv", "b.csv"]
    assert sorted(tmp_path.iterdir()) == targets
    if sys.platform != "win32":
        assert stat.S_IMODE(targets[0].stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
def test_the_file_behind_a_link_is_written(tmp_path: Path) -> None:
    link, behind = tmp_path / "link.csv", tmp_path / "behind.csv"
    link.symlink_to(behind)
    with WholeFiles() as files:
        with files.open(link) as out:
            out.write(b"new")
        files.commit()
    assert link.is_symlink()
    assert behind.read_bytes() == b"new"


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_what_is_broken_off_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "a.csv"
    target.write_text("older")

    def write() -> None:
        with WholeFiles() as files:
            with files.open(tmp_path / "first.csv") as out:
                out.write(b"whole")
            with files.open(target) as out:
                out.write(b"half")
                raise error

    with pytest.raises(error):
        write()
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert target.read_text() == "older"


def test_names_of_files_are_plain_and_differ() -> None:
    keys = ["861", "../../etc/x", "A b", "a_b", "", "CON", "x" * 300, "x" * 301, "...", "Blind"]
    stems = file_stems(keys)
    assert stems["861"] == "861"
    assert stems["../../etc/x"] == "etc_x"
    assert stems["CON"] == "_CON"
    assert stems["Blind"] == "Blind-2"
    assert stems[""] == "no-device"
    assert len({stem.casefold() for stem in stems.values()}) == len(keys)
    assert max(map(len, stems.values())) <= 85
    assert all("/" not in stem and not stem.startswith(".") for stem in stems.values())


def test_endings_are_the_names_of_formats() -> None:
    assert {name: form.ending for name, form in FORMATS.items()} == {
        name: f".{name}" for name in FORMATS
    }
