"""Secure connections on real sockets: what is taken, what is not, and in which words."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tests.integration.certificates import Authority
from tests.integration.recorded_link import (
    ACCOUNT,
    SNAPSHOT,
    RawServer,
    RecordedLink,
    eventually,
    run,
)
from tftmonitor.base import backoff
from tftmonitor.link import client, paced_connection
from tftmonitor.link.network import Network
from tftmonitor.link.tls import CaFileError, tls_context
from tftmonitor.protocol.link_status import LinkState

SIGN_INS: list[str | bytes] = []


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    monkeypatch.setattr(client, "CLOSE_TIMEOUT_S", 0.2)
    SIGN_INS.clear()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@contextlib.asynccontextmanager
async def secure(context: ssl.SSLContext, host: str = "127.0.0.1") -> AsyncIterator[str]:
    async def handler(connection: ServerConnection) -> None:
        SIGN_INS.append(await connection.recv())
        await connection.send(SNAPSHOT % 1)
        await connection.wait_closed()

    async with serve(handler, "127.0.0.1", 0, ssl=context, close_timeout=0.2) as server:
        yield f"wss://{host}:{server.sockets[0].getsockname()[1]}/websocket"


def trusting(authority: Authority) -> Network:
    return Network("none", authority.file)


def test_own_authority_is_trusted_by_its_file(authority: Authority) -> None:
    async def main() -> None:
        async with (
            secure(authority.server()) as url,
            RecordedLink(url, network=trusting(authority)) as recorded,
        ):
            await recorded.until(LinkState.LIVE)
            assert len(SIGN_INS) == 1

    run(main)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"days": (-3.0, -1.0)}, "certificate has expired"),
        ({"days": (1.0, 3.0)}, "certificate is not valid yet"),
        ({"self_signed": True}, "certificate is self-signed"),
        ({"host": "192.0.2.7"}, "certificate belongs to another server"),
        ({"host": "other.example"}, "certificate belongs to another server"),
    ],
)
def test_bad_certificate_is_refused_in_words_and_nothing_is_sent(
    authority: Authority, bad: dict[str, object], reason: str
) -> None:
    async def main() -> None:
        async with (
            secure(authority.server(**bad)) as url,  # type: ignore[arg-type]
            RecordedLink(url, network=trusting(authority)) as recorded,
        ):
            lost = await recorded.until(LinkState.WAITING)
            assert lost.reason == reason
            assert lost.advice
            await eventually(lambda: recorded.states.count(LinkState.WAITING) == 2)
            assert SIGN_INS == []

    run(main)


def test_name_in_the_address_is_what_the_certificate_has_to_carry(authority: Authority) -> None:
    async def main() -> None:
        async with (
            secure(authority.server("localhost"), "localhost") as url,
            RecordedLink(url, network=trusting(authority)) as recorded,
        ):
            await recorded.until(LinkState.LIVE)
        async with (
            secure(authority.server("other.example"), "localhost") as url,
            RecordedLink(url, network=trusting(authority)) as recorded,
        ):
            lost = await recorded.until(LinkState.WAITING)
            assert lost.reason == "certificate belongs to another server"

    run(main)


def test_authority_that_nobody_trusts_is_refused(authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path, "Other authority")

    async def main() -> None:
        for network in (Network("none"), trusting(other)):
            async with (
                secure(authority.server()) as url,
                RecordedLink(url, network=network) as recorded,
            ):
                lost = await recorded.until(LinkState.WAITING)
                assert lost.reason == "certificate comes from an unknown authority"
                assert "CA file" in lost.advice
        assert SIGN_INS == []

    run(main)


@contextlib.contextmanager
def old_server(context: ssl.SSLContext) -> Iterator[int]:
    """One that says goodbye by the rules: asyncio's does not send its alert."""

    def serve_once() -> None:
        with contextlib.suppress(OSError):
            while True:
                taken, _ = listening.accept()
                with taken, contextlib.suppress(OSError):
                    context.wrap_socket(taken, server_side=True).close()

    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve_once)
    thread.start()
    yield listening.getsockname()[1]
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_tls_is_refused_in_words(authority: Authority) -> None:
    context = authority.server()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1

    async def main() -> None:
        with old_server(context) as port:
            url = f"wss://127.0.0.1:{port}"
            async with RecordedLink(url, network=trusting(authority)) as recorded:
                lost = await recorded.until(LinkState.WAITING)
                assert lost.reason == "server offers only an old, unsafe TLS"
                assert "TLS 1.2" in lost.advice

    run(main)


def test_oldest_tls_is_1_2_and_servers_are_verified(authority: Authority) -> None:
    for context in (tls_context(), tls_context(authority.file)):
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname


@pytest.mark.parametrize("content", [b"HTTP/1.1 400 X\r\n\r\n", b"SSH-2.0-x\r\n", b"xy" * 90])
def test_secure_address_on_a_plain_port_is_named(content: bytes) -> None:
    async def main() -> None:
        async with (
            RawServer(content) as server,
            RecordedLink(f"wss://127.0.0.1:{server.port}") as recorded,
        ):
            lost = await recorded.until(LinkState.WAITING)
            assert lost.reason == "port does not speak TLS"
            assert not any(ACCOUNT.password_md5.encode() in got for got in server.got)

    run(main)


def test_secure_port_that_hangs_up_is_named() -> None:
    async def main() -> None:
        async with (
            RawServer(b"") as server,
            RecordedLink(f"wss://127.0.0.1:{server.port}") as recorded,
        ):
            lost = await recorded.until(LinkState.WAITING)
            assert "cut off" in lost.reason
            assert lost.advice

    run(main)


def test_plain_address_on_a_secure_port_is_named(authority: Authority) -> None:
    async def main() -> None:
        plain = Network("none")
        async with (
            secure(authority.server()) as url,
            RecordedLink(url.replace("wss", "ws"), network=plain) as recorded,
        ):
            lost = await recorded.until(LinkState.WAITING)
            # Servers hang up at it, or send an alert.
            assert lost.reason in {
                "port wants a secure connection",
                "server hangs up without an answer",
            }
            assert "wss://" in lost.advice
        assert SIGN_INS == []

    run(main)


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_ca_file_that_cannot_be_used_is_named(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "own.pem"
    if content is not None:
        file.write_bytes(content)

    async def main() -> None:
        network = Network("none", file)
        async with RecordedLink("wss://127.0.0.1:1", network=network) as recorded:
            lost = await recorded.until(LinkState.WAITING)
            assert "own.pem" in lost.reason
            assert "CA file" in lost.advice

    run(main)
    with pytest.raises(CaFileError):
        tls_context(file)


def test_ca_file_that_is_chosen_later_is_used_at_the_next_try(authority: Authority) -> None:
    async def main() -> None:
        async with (
            secure(authority.server()) as url,
            RecordedLink(url, network=Network("none")) as recorded,
        ):
            await recorded.until(LinkState.WAITING)
            recorded.network = trusting(authority)
            recorded.link.renew()
            await recorded.until(LinkState.LIVE)

    run(main)


def test_secure_server_that_pings_and_never_reads_is_left(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paced_connection, "MOST_UNSENT", 100_000)
    is_over = asyncio.Event()

    async def handler(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send(SNAPSHOT % 1)
        connection.transport.pause_reading()
        while not is_over.is_set() and not connection.transport.is_closing():
            if connection.transport.get_write_buffer_size() < 100_000:
                connection.transport.write((b"\x89\x7d" + bytes(125)) * 500)
            await asyncio.sleep(0)

    async def main() -> None:
        async with serve(
            handler, "127.0.0.1", 0, ssl=authority.server(), ping_interval=None, close_timeout=0.2
        ) as server:
            url = f"wss://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            async with RecordedLink(url, network=trusting(authority)) as recorded:
                await recorded.until(LinkState.LIVE)
                lost = await recorded.until(LinkState.WAITING)
                assert lost.reason == "server does not read what is sent to it"
                is_over.set()

    run(main)
