"""One window a profile, as processes: never silence, whoever holds the name."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.watch_pair import LIMIT_S, Command, wait_for
from tftmonitor.base.local_socket import is_own_socket

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs signals and sockets of POSIX")

HOLDER = """
import socket, sys
listening = socket.socket(socket.AF_UNIX)
listening.bind(sys.argv[1])
listening.listen(1)
print(flush=True)
other, _ = listening.accept()
other.sendall(sys.argv[2].encode())
while other.recv(99):
    pass
"""


@pytest.fixture
def profile() -> Iterator[Path]:
    """One whose path is short enough for a socket in it."""
    with tempfile.TemporaryDirectory(prefix="tft-") as folder:
        yield Path(folder) / "profile"


class Window(Command):
    """A window without a display, which nobody is signed in to."""

    def __init__(self, folder: Path, profile: Path, *options: str) -> None:
        folder.mkdir(exist_ok=True)
        options = ("--profile", str(profile), *options)
        super().__init__(folder, "--theme", "dark", *options, QT_QPA_PLATFORM="offscreen")

    def code(self) -> int:
        return self.process.wait(LIMIT_S)


@contextmanager
def first_window(folder: Path, profile: Path) -> Iterator[Window]:
    with Window(folder / "first", profile) as first:
        # Its own words on a request say that it answers.
        wait_for(lambda: is_own_socket(str(profile / "window.socket"), profile), "the socket")
        yield first


def test_second_start_ends_when_the_first_has_come_forward(tmp_path: Path, profile: Path) -> None:
    with first_window(tmp_path, profile) as first, Window(tmp_path / "second", profile) as second:
        assert second.code() == 0
        assert second.words == ""
        assert first.process.poll() is None
        assert first.end() == 0


def test_frozen_first_window_gives_words_and_an_exit_code(tmp_path: Path, profile: Path) -> None:
    with first_window(tmp_path, profile) as first:
        first.process.send_signal(signal.SIGSTOP)
        with Window(tmp_path / "second", profile) as second:
            assert second.code() == 1
            assert "does not answer" in second.words
            assert str(profile) in second.words
        first.process.send_signal(signal.SIGCONT)
        with Window(tmp_path / "third", profile) as third:
            assert third.code() == 0
        assert first.end() == 0


def test_window_that_lost_its_socket_is_still_the_only_one(tmp_path: Path, profile: Path) -> None:
    with first_window(tmp_path, profile):
        wait_for((profile / "running.lock").exists, "the lock")
        (profile / "window.socket").unlink()
        with Window(tmp_path / "second", profile) as second:
            assert second.code() == 6
            assert "is in use by process" in second.words


@pytest.mark.parametrize("answer", [b"", b"something else\n"])
def test_foreign_process_that_holds_the_name_gives_words(
    tmp_path: Path, profile: Path, answer: bytes
) -> None:
    profile.mkdir()
    name = str(profile / "window.socket")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, name, answer.decode()], stdout=subprocess.PIPE
    ) as foreign:
        assert foreign.stdout is not None
        foreign.stdout.readline()
        with Window(tmp_path / "second", profile) as second:
            assert second.code() == 1
            assert "does not answer" in second.words
        foreign.kill()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can be two users")
def test_socket_of_another_user_is_not_asked_and_not_in_the_way(
    tmp_path: Path, profile: Path
) -> None:
    profile.mkdir()
    name = profile / "window.socket"
    with socket.socket(socket.AF_UNIX) as foreign:
        foreign.bind(str(name))
        foreign.listen()
        foreign.setblocking(False)
        os.chown(name, 65_534, 65_534)
        with Window(tmp_path / "second", profile, "--exit-after", "1") as second:
            wait_for(lambda: is_own_socket(str(name), profile), "a socket of its own")
            assert second.code() == 0
        with pytest.raises(BlockingIOError):
            foreign.accept()
