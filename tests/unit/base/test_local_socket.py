"""Both ends of the local socket find it from the profile alone."""

import os
from pathlib import Path

import pytest

from tftmonitor.base.local_socket import socket_names


def test_socket_is_in_the_profile_before_the_folder_for_all(tmp_path: Path) -> None:
    profile = Path("/home/someone/.local/share/tftmonitor/profile")
    first, second = socket_names(profile, "linux")
    assert first == f"{profile}/window.socket"
    assert Path(second).name.startswith("tftmonitor-")
    assert Path(second).parent != profile
    assert socket_names(tmp_path / "." / "a", "linux") == socket_names(tmp_path / "a", "linux")
    assert socket_names(tmp_path / "a", "linux") != socket_names(tmp_path / "b", "linux")


def test_path_that_no_socket_can_have_is_left_out() -> None:
    (only,) = socket_names(Path("/home") / ("long" * 40), "linux")
    assert len(os.fsencode(only)) < 100


def test_both_ends_agree_whatever_their_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = socket_names(tmp_path, "linux")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    assert socket_names(tmp_path, "linux") == before


def test_windows_has_the_name_of_a_pipe(tmp_path: Path) -> None:
    (only,) = socket_names(tmp_path, "win32")
    assert "/" not in only
    assert "\\" not in only
