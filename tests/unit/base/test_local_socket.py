"""Both ends of the local socket find it from the profile alone."""

import os
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tftmonitor.base import local_socket
from tftmonitor.base.local_socket import is_own_place, is_own_socket, socket_names


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


@pytest.fixture
def no_runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A system without folders at run time, and what stands for its temporary one.

    Its path is as short as a socket needs it.
    """
    with tempfile.TemporaryDirectory(prefix="t") as name:
        temporary = Path(name)
        monkeypatch.setattr(local_socket, "_RUNTIME", temporary / "nowhere")
        monkeypatch.setattr(local_socket, "_TEMPORARY", temporary)
        temporary.chmod(0o1777)
        yield temporary


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have no folder")
class TestPlaces:
    def test_folder_of_the_system_for_this_user_is_used(
        self, no_runtime: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        runtime = no_runtime / str(os.geteuid())
        runtime.mkdir(mode=0o700)
        monkeypatch.setattr(local_socket, "_RUNTIME", no_runtime)
        monkeypatch.setattr(local_socket, "_TEMPORARY", no_runtime / "nowhere")
        name = socket_names(Path("/home") / ("long" * 40), "linux")[-1]
        assert Path(name).parent == runtime
        assert is_own_place(name)

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs two users")
    def test_folder_of_another_user_is_not_used(
        self, no_runtime: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        runtime = no_runtime / "run" / "0"
        runtime.mkdir(parents=True)
        os.chown(runtime, 65_534, 65_534)
        monkeypatch.setattr(local_socket, "_RUNTIME", no_runtime / "run")
        name = socket_names(no_runtime / "p", "linux")[-1]
        assert runtime not in Path(name).parents
        ours = Path(name).parent
        ours.mkdir()
        os.chown(ours, 65_534, 65_534)
        assert not is_own_place(name)

    def test_else_one_of_ours_in_the_folder_for_all(self, no_runtime: Path) -> None:
        name = socket_names(Path("/home") / ("long" * 40), "linux")[-1]
        folder = Path(name).parent
        assert folder.parent == no_runtime
        assert is_own_place(name)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert is_own_place(name)
        folder.chmod(0o777)  # where others can replace what is in it
        assert not is_own_place(name)

    def test_link_or_file_in_its_place_is_not_used(self, no_runtime: Path) -> None:
        name = socket_names(Path("/home") / ("long" * 40), "linux")[-1]
        Path(name).parent.symlink_to(no_runtime)
        assert not is_own_place(name)
        assert not is_own_place(str(no_runtime / "not" / "there" / "socket"))

    def test_what_is_no_socket_of_the_owner_is_not_asked(self, tmp_path: Path) -> None:
        name = tmp_path / "window.socket"
        assert not is_own_socket(str(name), tmp_path)
        name.touch()
        assert not is_own_socket(str(name), tmp_path)
        name.unlink()
        with socket.socket(socket.AF_UNIX) as window:
            window.bind(str(name))
            assert is_own_socket(str(name), tmp_path)
            link = tmp_path / "link"
            link.symlink_to(name)
            assert not is_own_socket(str(link), tmp_path)


def test_pipe_of_windows_is_the_systems_business(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert is_own_socket("tftmonitor-1", tmp_path)
    assert is_own_place("tftmonitor-1")
