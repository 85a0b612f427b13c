import os
import stat
from pathlib import Path

import pytest

from tftmonitor.settings.file import SettingsFile
from tftmonitor.settings.schema import Settings


def test_first_start_has_defaults_and_no_problem(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "none yet")
    assert file.values == Settings()
    assert file.problem == ""


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "deep" / "profile")
    file.values.user = "4711"
    file.values.names["100"] = "Lkw ä"
    assert file.save()
    again = SettingsFile(tmp_path / "deep" / "profile")
    assert again.values == file.values
    assert again.values.names == {"100": "Lkw ä"}
    assert os.listdir(again.path.parent) == ["settings.json"]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_settings_are_for_the_user_alone(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    file.save()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_keys_of_a_newer_version_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"user": "4711", "hologram": true}', "utf-8")
    file = SettingsFile(tmp_path)
    assert (file.values.user, file.problem) == ("4711", "")


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"volume": 101}', b'{"theme": "pink"}', b""])
def test_unreadable_settings_are_kept_beside_and_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(content)
    file = SettingsFile(tmp_path)
    assert file.values == Settings()
    assert "settings.unreadable.json" in file.problem
    assert (tmp_path / "settings.unreadable.json").read_bytes() == content
    assert file.save()


def test_disk_that_refuses_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    file = SettingsFile(tmp_path / "file")
    assert "could not be read" in file.problem
    assert not file.save()
    assert "could not be saved" in file.problem


def test_two_files_do_not_share_their_lists(tmp_path: Path) -> None:
    SettingsFile(tmp_path).values.starred.append("100")
    assert SettingsFile(tmp_path).values.starred == []
