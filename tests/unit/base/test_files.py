import os
from pathlib import Path

import pytest

from tftmonitor.base.files import set_aside, write_whole


def test_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    write_whole(path, b"first, and much longer")
    write_whole(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(path.parent.iterdir()) == [path]


def test_file_that_cannot_be_replaced_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    (tmp_path / "settings.json" / "in the way").touch()
    with pytest.raises(OSError, match=r"settings\.json"):
        write_whole(tmp_path / "settings.json", b"content")


def test_unreadable_file_is_kept_beside_and_the_text_says_where(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_bytes(b"{ half")
    text = set_aside(path, "rules were not readable")
    assert text == "rules were not readable; kept as rules.unreadable.json"
    assert (tmp_path / "rules.unreadable.json").read_bytes() == b"{ half"
    assert path.read_bytes() == b"{ half"


def test_file_that_cannot_be_kept_is_said_so(tmp_path: Path) -> None:
    text = set_aside(tmp_path / "rules.json", "rules were not readable")
    assert text.startswith("rules were not readable, and could not be kept: ")


@pytest.mark.skipif(os.name != "posix", reason="Windows wants a privilege for links")
def test_symbolic_link_is_written_through(tmp_path: Path) -> None:
    shared, profile = tmp_path / "shared", tmp_path / "profile"
    shared.mkdir()
    profile.mkdir()
    (shared / "real.json").write_text("old")
    link = profile / "a.json"
    link.symlink_to(Path("..") / "shared" / "real.json")
    write_whole(link, b"new")
    assert link.is_symlink()
    assert (shared / "real.json").read_bytes() == b"new"
    (shared / "real.json").unlink()
    write_whole(link, b"newer")
    assert link.is_symlink()
    assert (shared / "real.json").read_bytes() == b"newer"
    assert [os.listdir(shared), os.listdir(profile)] == [["real.json"], ["a.json"]]


def test_nothing_is_left_beside_a_file_that_could_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "a.json", b"new")
    assert os.listdir(tmp_path) == ["a.json"]


@pytest.mark.skipif(os.name != "posix", reason="Windows wants a privilege for links")
def test_links_in_a_circle_are_an_error_of_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a.json").symlink_to("b.json")
    (tmp_path / "b.json").symlink_to("a.json")
    with pytest.raises(OSError, match=r"[Ll]evels of symbolic links"):
        write_whole(tmp_path / "a.json", b"new")
    assert sorted(os.listdir(tmp_path)) == ["a.json", "b.json"]
