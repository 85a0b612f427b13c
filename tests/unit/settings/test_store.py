import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tftmonitor.settings.schema import Settings
from tftmonitor.settings.store import SettingsStore


def test_first_start_has_defaults_and_no_problem(tmp_path: Path) -> None:
    file = SettingsStore(tmp_path / "none yet")
    assert file.values == Settings()
    assert file.problem == ""


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    file = SettingsStore(tmp_path / "deep" / "profile")
    file.set("user", "4711")
    file.values.names["100"] = "Lkw ä"
    assert file.set("volume", 7)
    again = SettingsStore(tmp_path / "deep" / "profile")
    assert again.values == file.values
    assert again.values.names == {"100": "Lkw ä"}
    assert os.listdir(again.path.parent) == ["settings.json"]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_settings_are_for_the_user_alone(tmp_path: Path) -> None:
    file = SettingsStore(tmp_path)
    file.set("volume", 7)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_keys_of_a_newer_version_are_left_alone_and_kept(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"user": "4711", "hologram": [true]}', "utf-8")
    file = SettingsStore(tmp_path)
    assert (file.values.user, file.problem) == ("4711", "")
    file.set("volume", 7)
    content = json.loads(file.path.read_text("utf-8"))
    assert (content["hologram"], content["volume"]) == ([True], 7)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"volume": 101}, "volume"),
        ({"theme": "pink"}, "theme"),
        ({"names": {"100": 7}}, "names.100"),
        ({"columns": ["speed", 7, "date"]}, "columns[1]"),
        ({"column_widths": {"devices": {"speed": "wide", "date": 90}, "alarms": 3}}, "speed"),
        ({"column_order": {"devices": ["speed", None]}}, "column_order.devices[1]"),
        ({"wheels": {"100": {"a": [], "b": "front left"}}}, "wheels.100.a"),
        ({"starred": "100"}, "starred"),
        ({"drill_hours": -1}, "drill_hours"),
        ({"drill_hours": "24"}, "drill_hours"),
    ],
)
def test_value_that_cannot_be_costs_itself_alone(
    tmp_path: Path, content: dict[str, Any], named: str
) -> None:
    good = {"user": "4711", "sound": False}
    text = json.dumps(good | content)
    (tmp_path / "settings.json").write_text(text, "utf-8")
    file = SettingsStore(tmp_path)
    assert (file.values.user, file.values.sound) == ("4711", False)
    assert named in file.problem
    assert "kept as settings.unreadable.json" in file.problem
    assert (tmp_path / "settings.unreadable.json").read_text("utf-8") == text


def test_entries_beside_one_that_cannot_be_are_kept(tmp_path: Path) -> None:
    content = {
        "names": {str(n): f"Van {n}" if n % 10 else n for n in range(1, 101)},
        "columns": ["speed", 7, "date"],
        "column_widths": {"devices": {"speed": "wide", "date": 90}, "alarms": 3},
        "wheels": {"100": {"a": [], "b": "front left"}},
    }
    (tmp_path / "settings.json").write_text(json.dumps(content), "utf-8")
    file = SettingsStore(tmp_path)
    values = file.values
    assert values.names == {str(n): f"Van {n}" for n in range(1, 101) if n % 10}
    assert values.columns == ("speed", "date")
    assert values.column_widths == {"devices": {"date": 90}}
    assert values.wheels == {"100": {"b": "front left"}}
    assert "; and 9 more" in file.problem
    assert len(file.problem) < 500


def test_what_the_disk_refuses_is_written_when_it_takes_it(tmp_path: Path) -> None:
    file = SettingsStore(tmp_path)
    (tmp_path / "settings.json").mkdir()
    assert not file.set("volume", 7)
    assert not file.set("volume", 7), "said to be saved while it is not"
    file.file.try_again()
    assert file.file.is_unsaved
    assert "could not be saved" in file.problem
    (tmp_path / "settings.json").rmdir()
    file.file.try_again()
    assert (file.problem, file.file.is_unsaved) == ("", False)
    assert SettingsStore(tmp_path).values.volume == 7
    (tmp_path / "settings.json").unlink()
    file.file.try_again()
    assert not (tmp_path / "settings.json").exists(), "written though nothing waits"


def test_same_value_is_written_after_a_failure(tmp_path: Path) -> None:
    file = SettingsStore(tmp_path)
    (tmp_path / "settings.json").mkdir()
    assert not file.set("volume", 7)
    (tmp_path / "settings.json").rmdir()
    assert file.set("volume", 7)
    assert SettingsStore(tmp_path).values.volume == 7


DEEP = b'{"further": ' + b"[" * 300_000 + b"]" * 300_000 + b"}"


@pytest.mark.parametrize("content", [b"{", b"[]", b"7", b"", DEEP])
def test_unreadable_settings_are_kept_beside_and_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(content)
    file = SettingsStore(tmp_path)
    assert file.values == Settings()
    assert "settings.unreadable.json" in file.problem
    assert (tmp_path / "settings.unreadable.json").read_bytes() == content
    assert file.set("volume", 7)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_settings_that_an_editor_has_marked_are_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "settings.json").write_bytes('{"names": {"1": "Газель"}}'.encode(encoding))
    file = SettingsStore(tmp_path)
    assert (file.values.names, file.problem) == ({"1": "Газель"}, "")


@pytest.mark.parametrize("encoding", ["cp1251", "gb18030", "utf-32"])
def test_settings_in_another_code_page_are_kept_and_the_line_is_named(
    tmp_path: Path, encoding: str
) -> None:
    content = '{"names":\n{"1": "Газель"}}'.encode(encoding)
    (tmp_path / "settings.json").write_bytes(content)
    file = SettingsStore(tmp_path)
    line = 1 if encoding == "utf-32" else 2
    assert file.problem == (
        f"settings were not readable (line {line} is not UTF-8); kept as settings.unreadable.json"
    )
    assert file.path.read_bytes() == content
    file.set("volume", 7)
    assert (tmp_path / "settings.unreadable.json").read_bytes() == content


def test_disk_that_refuses_is_told_in_text(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    file = SettingsStore(tmp_path / "file")
    assert "could not be read" in file.problem
    assert not file.set("volume", 7)
    assert "could not be saved" in file.problem


def test_change_is_told_by_name_once_it_holds_and_is_on_disk(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path)
    heard: list[tuple[str, object, bool]] = []
    store.changed.add(
        lambda name: heard.append((name, getattr(store.values, name), store.path.exists()))
    )
    store.set("zone", "utc")
    store.update(theme="dark", volume=80)
    assert heard == [("zone", "utc", True), ("theme", "dark", True)]


def test_listener_of_some_settings_hears_of_no_other_and_can_be_ended(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path)
    heard: list[str] = []
    end = store.on_change(lambda: heard.append("units"), "pressure_unit", "zone")
    store.update(pressure_unit="psi", theme="dark")
    store.set("zone", "utc")
    end()
    store.set("zone", "local")
    assert heard == ["units", "units"]
    with pytest.raises(ValueError, match="no such setting: colour"):
        store.on_change(lambda: None, "colour")


@pytest.mark.parametrize(
    ("name", "value"), [("volume", 101), ("theme", "pink"), ("names", ["a"]), ("colour", "red")]
)
def test_value_that_a_setting_cannot_have_is_refused_and_changes_nothing(
    tmp_path: Path, name: str, value: object
) -> None:
    store = SettingsStore(tmp_path)
    heard: list[str] = []
    store.changed.add(heard.append)
    with pytest.raises(ValueError, match=name):
        store.update(user="4711", **{name: value})
    assert (store.values, heard, store.path.exists()) == (Settings(), [], False)


def test_change_that_the_disk_refuses_holds_until_the_program_ends(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    store = SettingsStore(tmp_path / "file")
    heard: list[str] = []
    store.changed.add(heard.append)
    assert not store.set("zone", "utc")
    assert (store.values.zone, heard) == ("utc", ["zone"])
    assert "could not be saved" in store.problem
