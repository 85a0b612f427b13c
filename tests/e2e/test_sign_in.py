"""Where a password goes, and that it is gone after signing out: the real window, real servers."""

import asyncio
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from websockets.asyncio.server import Server, ServerConnection, serve

from tests.e2e.watch_pair import LIMIT_S, ROOT, environment
from tests.integration.certificates import Authority

pytestmark = pytest.mark.skipif(os.name != "posix", reason="not tried")
DIGEST = hashlib.md5(b"Open-Sesame7").hexdigest()
FORBIDDEN = hashlib.sha256(DIGEST.encode()).hexdigest()
SNAPSHOT = '{"event":"snapshot","data":{"imei":"1","status":{"speed":1}},"error":0}'


class Recorder:
    """A server for both channels, which writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.connections = 0
        self.port = 0
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._server: Server | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(LIMIT_S)

    def urls(self, host: str = "127.0.0.1") -> list[str]:
        url = f"ws://{host}:{self.port}"
        return ["--device-url", url, "--message-url", url]

    @property
    def digests(self) -> set[str]:
        return {frame["md5-password"] for frame in self.told}

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LIMIT_S)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.run_forever()
        if self._server is not None:
            self._server.close()
            self._loop.run_until_complete(self._server.wait_closed())

    async def _serve(self) -> None:
        self._server = await serve(self._speak, "0.0.0.0", 0, compression=None)
        self.port = next(iter(self._server.sockets)).getsockname()[1]
        self._ready.set()

    async def _speak(self, connection: ServerConnection) -> None:
        self.connections += 1
        self.told.append(json.loads(await connection.recv()))
        await connection.send(SNAPSHOT)
        await connection.wait_closed()


@pytest.fixture
def server() -> Iterator[Recorder]:
    server = Recorder()
    yield server
    server.close()


def other_address() -> str:
    """An address of this computer that is not the loopback's, so as another computer's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.77", 9))
        except OSError:
            pytest.skip("this computer has no network")
        return str(probe.getsockname()[0])


def play(profile: Path, what: str, *options: str, **settings: Any) -> dict[str, Any]:
    """All that the window told."""
    profile.mkdir(exist_ok=True)
    (profile / "settings.json").write_bytes(msgspec.json.encode(settings))
    variables = environment(QT_QPA_PLATFORM="offscreen")
    del variables["TFTMONITOR_PASSWORD"], variables["PYTHON_KEYRING_BACKEND"]
    program = ["-m", "tests.e2e.sign_in_program", what, FORBIDDEN, "--profile", str(profile)]
    done = subprocess.run(
        [sys.executable, *program, *options],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=2 * LIMIT_S,
        check=False,
    )
    told: dict[str, Any] = {}
    for line in done.stdout.splitlines():
        told |= json.loads(line)
    assert "failed" not in told, (told, done.stderr)
    assert done.returncode == 0, done.stderr
    return told


def test_empty_fields_do_not_win_over_the_command_line(tmp_path: Path, server: Recorder) -> None:
    told = play(tmp_path / "p", "session", *server.urls())
    words = f"The password stays on this computer (port {server.port}). The command line says so."
    assert told["destination"] == words
    assert told["enabled"] is False
    assert told["shown"] == f"ws://127.0.0.1:{server.port}"
    assert server.digests == {DIGEST}
    assert len(server.told) == 2
    assert told["kept"] == [f"demo at ws://127.0.0.1:{server.port}"]
    assert told["profile"] == ""  # it holds for this run alone
    assert told["mark"] is False


def test_sign_out_leaves_the_password_nowhere(tmp_path: Path, server: Recorder) -> None:
    told = play(tmp_path / "p", "session", *server.urls())
    assert told["before"]  # or the search finds nothing
    assert told["after"] == []
    assert told["field"] == ""
    assert told["undone"] == ""


def test_password_of_one_server_never_goes_to_another(tmp_path: Path, server: Recorder) -> None:
    of_another = "keep:demo at ws://127.0.0.1:1"
    url = f"ws://127.0.0.1:{server.port}"
    account = {"user": "demo", "keep_signed_in": True, "device_url": url, "message_url": url}
    told = play(tmp_path / "p", "stored", of_another, **account)
    assert told["user"] is None
    assert f"No password is stored for demo at 127.0.0.1:{server.port}" in told["stage"]
    assert server.connections == 0
    told = play(tmp_path / "q", "stored", of_another, f"keep:demo at {url}", **account)
    assert told["user"] == "demo"


def test_nothing_is_sent_without_encryption_unless_it_is_allowed(
    tmp_path: Path, server: Recorder
) -> None:
    host = other_address()
    told = play(tmp_path / "p", "refused", *server.urls(host))
    assert "NOT ENCRYPTED" in told["destination"]
    assert "without encryption" in told["stage"]
    assert told["user"] is None
    assert server.connections == 0
    told = play(tmp_path / "q", "session", *server.urls(host), allow_readable=True)
    assert server.digests == {DIGEST}
    assert told["mark"] is True
    assert host in told["tip"]


def test_stored_password_is_not_sent_without_encryption_either(
    tmp_path: Path, server: Recorder
) -> None:
    url = f"ws://{other_address()}:{server.port}"
    account = {"user": "demo", "keep_signed_in": True, "device_url": url, "message_url": url}
    told = play(tmp_path / "p", "stored", f"keep:demo at {url}", **account)
    assert "without encryption" in told["stage"]
    assert server.connections == 0


def watch(profile: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = ["watch", "--user", "u", "--profile", str(profile), "--count", "1", "--for", "15"]
    return subprocess.run(
        [sys.executable, "-m", "tftmonitor", *command, *options],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def test_watch_refuses_as_well_and_marks_each_line(tmp_path: Path, server: Recorder) -> None:
    urls = server.urls(other_address())
    done = watch(tmp_path, *urls)
    assert done.returncode == 2
    assert "without encryption" in done.stderr
    assert server.connections == 0
    (tmp_path / "settings.json").write_text('{"allow_readable": true}')
    done = watch(tmp_path, *urls)
    assert "NOT ENCRYPTED" in done.stderr.splitlines()[0]
    assert json.loads(done.stdout)["encrypted"] is False
    assert server.connections > 0
    assert "encrypted" not in json.loads(watch(tmp_path, *server.urls()).stdout)


def test_watch_goes_where_the_profile_says(tmp_path: Path, server: Recorder) -> None:
    url = f"ws://127.0.0.1:{server.port}"
    settings = json.dumps({"device_url": url, "message_url": "ws://127.0.0.1:1"})
    (tmp_path / "settings.json").write_text(settings)
    done = watch(tmp_path, "--only", "devices")
    assert json.loads(done.stdout)["imei"] == "1"
    assert f"(port {server.port})" in done.stderr.splitlines()[0]


class TestAuthority:
    """``watch`` and a server whose certificate an authority of our own has signed."""

    @pytest.fixture
    def secure(self, tmp_path: Path) -> Iterator[tuple[str, Path]]:
        authority = Authority(tmp_path)
        loop, started, ports = asyncio.new_event_loop(), threading.Event(), list[int]()

        async def speak(connection: ServerConnection) -> None:
            await connection.recv()
            await connection.send(SNAPSHOT)
            await connection.wait_closed()

        async def start() -> Server:
            return await serve(speak, "127.0.0.1", 0, ssl=authority.server(), compression=None)

        def work() -> None:
            server = loop.run_until_complete(start())
            ports.append(next(iter(server.sockets)).getsockname()[1])
            started.set()
            loop.run_forever()
            server.close()
            loop.run_until_complete(server.wait_closed())
            loop.close()

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        assert started.wait(LIMIT_S)
        yield f"wss://127.0.0.1:{ports[0]}", authority.file
        loop.call_soon_threadsafe(loop.stop)
        thread.join(LIMIT_S)

    def test_file_of_the_settings_is_trusted_and_nothing_else(
        self, tmp_path: Path, secure: tuple[str, Path]
    ) -> None:
        url, file = secure
        options = ("--device-url", url, "--only", "devices", "--for", "2")
        done = watch(tmp_path, *options)
        assert done.stdout == ""
        assert "certificate" in done.stderr
        (tmp_path / "settings.json").write_text(json.dumps({"ca_file": str(file)}))
        done = watch(tmp_path, *options, "--for", "15")
        assert json.loads(done.stdout)["imei"] == "1"

    @pytest.mark.parametrize(
        ("name", "words"), [("settings.json", "no certificate"), ("missing.pem", "cannot be read")]
    )
    def test_file_that_cannot_be_used_is_told_before_anything_is_sent(
        self, tmp_path: Path, server: Recorder, name: str, words: str
    ) -> None:
        (tmp_path / "settings.json").write_text(json.dumps({"ca_file": str(tmp_path / name)}))
        done = watch(tmp_path, *server.urls())
        assert done.returncode == 2
        assert words in done.stderr
        assert server.connections == 0
