"""A connection driven byte by byte, without a socket: what a network makes hard to time."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, InvalidStatus
from websockets.frames import Close, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from tests.unit.link.no_socket import NoSocket
from tftmonitor.link import paced_connection
from tftmonitor.link.paced_connection import DRAIN_S, PacedConnection

LARGE_READ = 65_536


def frame(opcode: Opcode, data: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin=fin).serialize(mask=False)


def text(data: bytes) -> bytes:
    return frame(Opcode.TEXT, data)


PING = frame(Opcode.PING, b"?")
CLOSE = frame(Opcode.CLOSE, Close(1012, "restart").serialize())


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices that no busy computer exceeds."""
    monkeypatch.setattr(paced_connection, "SLICE_S", 60.0)


async def eventually(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - what is waited for has no event
        await asyncio.sleep(0.001)


class Driven:
    """A connection without a socket, the server's answer to its handshake, and what it got."""

    def __init__(self) -> None:
        protocol = ClientProtocol(parse_uri("ws://host/"))
        self.connection = PacedConnection(protocol, ping_interval=None, close_timeout=0.02)
        self.wire = NoSocket(self.connection)
        self.connection.connection_made(self.wire)
        self.got: list[bytes] = []
        self.fails_at: bytes | None = None
        self.ends_at: bytes | None = None
        self._handshake = asyncio.create_task(self.connection.handshake())
        self._listening: asyncio.Task[None] | None = None

    async def answer(self, status: int = 101) -> bytes:
        """What a server answers to the handshake that was written."""
        await asyncio.sleep(0)
        server = ServerProtocol()
        server.receive_data(self.wire.written)
        self.wire.written = b""
        (request,) = server.events_received()
        assert isinstance(request, Request)
        server.send_response(
            server.accept(request) if status == 101 else server.reject(status, "no\n")
        )
        return b"".join(server.data_to_send())

    async def open(self, more: bytes = b"") -> None:
        self.read(await self.answer() + more)
        await self.opened()

    async def opened(self) -> None:
        await self._handshake

    def read(self, data: bytes) -> None:
        self.connection.data_received(data)

    def receive(self, message: bytes) -> bool:
        if message == self.fails_at:
            raise KeyError(message)
        self.got.append(message)
        return message != self.ends_at

    def listen(self) -> None:
        self._listening = asyncio.create_task(self.connection.listen(self.receive))

    async def until(self, count: int) -> None:
        """Until so many messages were received."""
        await eventually(lambda: len(self.got) >= count)

    async def listening(self) -> None:
        """Until listening has ended: raises what it raised."""
        assert self._listening is not None
        await self._listening

    async def cancel(self) -> None:
        assert self._listening is not None
        self._listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listening


def run(main: Callable[[Driven], Awaitable[None]]) -> None:
    async def driven() -> None:
        async with asyncio.timeout(5):
            await main(Driven())

    asyncio.run(driven())


async def started(driven: Driven) -> None:
    """Open, listening, and not pausing any more."""
    await driven.open()
    driven.listen()
    await eventually(driven.wire.is_reading)


async def said_goodbye(driven: Driven) -> None:
    """We are leaving, and the peer has not answered yet."""
    driven.connection.leave()
    await eventually(lambda: driven.connection.protocol.state is State.CLOSING)


ANSWER_SIZE = 166  # of the server's answer, as the test below checks


def test_size_of_the_handshakes_answer_is_the_one_that_is_cut_everywhere() -> None:
    async def main(driven: Driven) -> None:
        assert len(await driven.answer()) == ANSWER_SIZE

    run(main)


@pytest.mark.parametrize("place", range(1, ANSWER_SIZE + 8))
def test_handshake_and_first_frames_may_be_cut_at_any_byte(place: int) -> None:
    async def main(driven: Driven) -> None:
        stream = await driven.answer() + text(b"first") + text(b"second")
        driven.read(stream[:place])
        driven.read(stream[place:])
        await driven.opened()
        driven.listen()
        await driven.until(2)
        assert driven.got == [b"first", b"second"]

    run(main)


def test_handshake_and_first_frame_may_come_byte_by_byte() -> None:
    async def main(driven: Driven) -> None:
        stream = await driven.answer() + text(b"first")
        for place in range(len(stream)):
            driven.read(stream[place : place + 1])
        await driven.opened()
        driven.listen()
        await driven.until(1)
        assert driven.got == [b"first"]

    run(main)


def test_refused_handshake_is_the_librarys_with_all_that_follows() -> None:
    async def main(driven: Driven) -> None:
        answer = await driven.answer(503)
        driven.read(answer[:-2])
        driven.read(answer[-2:])
        with pytest.raises(InvalidStatus):
            await driven.opened()
        assert driven.wire.is_reading()

    run(main)


def test_reading_rests_after_a_small_read_and_goes_on_after_a_large_one() -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        driven.read(text(b"x" * LARGE_READ))
        assert driven.wire.is_reading()
        driven.read(text(b"small"))
        assert not driven.wire.is_reading()
        await eventually(driven.wire.is_reading)
        assert driven.got[1:] == [b"small"]

    run(main)


def test_what_comes_in_spite_of_the_rest_is_delivered_after_it() -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        driven.read(text(b"one") + text(b"two")[:3])
        driven.read(text(b"two")[3:] + text(b"three"))
        assert driven.got == [b"one"]
        await driven.until(3)
        assert driven.got == [b"one", b"two", b"three"]

    run(main)


def test_long_work_lets_the_event_loop_have_its_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced_connection, "SLICE_S", 0.0)
    turns: list[int] = []

    async def main(driven: Driven) -> None:
        await started(driven)
        driven.read(b"".join(text(b"%d" % number) for number in range(5)))
        while len(driven.got) < 5:
            turns.append(len(driven.got))
            assert not driven.wire.is_reading()
            await asyncio.sleep(0)
        assert driven.got == [b"0", b"1", b"2", b"3", b"4"]

    run(main)
    assert turns == [1, 2, 3, 4]


def test_long_work_on_what_came_before_listening_does_so_too_and_ends_its_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paced_connection, "SLICE_S", 0.0)
    monkeypatch.setattr(paced_connection, "DRAIN_S", 60.0)

    async def main(driven: Driven) -> None:
        await driven.open(text(b"one") + text(b"two"))
        rest = driven.connection._resumes
        driven.listen()
        await asyncio.sleep(0)
        assert driven.got == [b"one"]
        assert rest is not None
        assert rest.cancelled()
        await driven.until(2)
        assert driven.wire.is_reading()

    run(main)


def test_work_that_is_just_done_in_its_time_is_followed_by_the_usual_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        driven.connection._slice_s = 0.0
        monkeypatch.setattr(paced_connection, "DRAIN_S", 60.0)
        driven.read(text(b"one"))
        assert driven.got == [b"one"]
        await asyncio.sleep(DRAIN_S)
        assert not driven.wire.is_reading()

    run(main)


@pytest.mark.parametrize("end", ["eof_received", "connection_lost"])
def test_end_of_the_socket_does_not_wait_for_the_work_to_be_done(
    end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paced_connection, "SLICE_S", 0.0)

    async def main(driven: Driven) -> None:
        await started(driven)
        messages = [b"%d" % number for number in range(8)]
        driven.read(b"".join(map(text, messages)))
        assert driven.got == messages[:1]
        if end == "eof_received":
            driven.connection.eof_received()
            assert driven.got == messages
        driven.wire.abort()
        with pytest.raises(ConnectionClosedError):
            await driven.listening()
        assert driven.got == messages
        assert not driven.wire.is_reading()

    run(main)


def test_what_came_before_anybody_listened_arrives_though_the_socket_has_ended() -> None:
    async def main(driven: Driven) -> None:
        await driven.open(text(b"early") + PING + text(b"late"))
        driven.connection.eof_received()
        driven.wire.abort()
        await asyncio.sleep(0)
        driven.listen()
        with pytest.raises(ConnectionClosed):
            await driven.listening()
        assert driven.got == [b"early", b"late"]

    run(main)


def test_socket_that_has_ended_is_not_read_after_the_rest() -> None:
    async def main(driven: Driven) -> None:
        await driven.open()
        driven.wire.abort()
        await asyncio.sleep(2 * DRAIN_S)
        assert driven.connection._resumes is None
        assert not driven.wire.is_reading()

    run(main)


def test_control_frames_between_texts_are_answered() -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        driven.read(text(b"one") + PING + text(b"two"))
        assert driven.got == [b"one", b"two"]
        assert driven.wire.written[0] == 0x80 | Opcode.PONG

    run(main)


def test_message_in_parts_is_put_together_in_its_place() -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        parts = frame(Opcode.TEXT, b"a", fin=False) + PING + frame(Opcode.CONT, b"b")
        driven.read(text(b"one") + parts + frame(Opcode.BINARY, b"\x00") + text(b"two"))
        assert driven.got == [b"one", b"ab", b"\x00", b"two"]

    run(main)


@pytest.mark.parametrize("opcode", [Opcode.TEXT, Opcode.BINARY])
def test_nothing_more_is_delivered_after_receive_has_said_no(opcode: Opcode) -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        driven.ends_at = b"last"
        driven.read(frame(opcode, b"last") + text(b"more") + frame(Opcode.BINARY, b"more") + PING)
        await driven.listening()
        driven.read(text(b"still more") + PING)
        assert driven.got == [b"last"]
        assert driven.wire.written.count(0x80 | Opcode.PONG) >= 2
        assert driven.wire.is_reading()

    run(main)


def test_failing_receive_ends_the_connection_and_is_raised() -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        driven.fails_at = b"bad"
        driven.read(text(b"good") + text(b"bad") + text(b"x" * LARGE_READ))
        driven.read(text(b"bad"))
        assert driven.wire.is_closing()
        with pytest.raises(KeyError):
            await driven.listening()
        assert driven.got == [b"good"]

    run(main)


def test_failing_receive_at_the_end_of_a_rest_is_raised_too() -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        driven.fails_at = b"bad"
        driven.read(text(b"good"))
        driven.read(text(b"bad"))
        with pytest.raises(KeyError):
            await driven.listening()
        assert driven.wire.is_closing()

    run(main)


def test_failing_receive_of_what_was_there_already_is_raised() -> None:
    async def main(driven: Driven) -> None:
        driven.fails_at = b"bad"
        await driven.open(text(b"bad"))
        driven.listen()
        with pytest.raises(KeyError):
            await driven.listening()

    run(main)


@pytest.mark.parametrize(
    ("goodbye", "code"), [(CLOSE, 1012), (b"\x81\x85mask", None)], ids=["close frame", "damage"]
)
def test_server_that_says_goodbye_and_keeps_its_socket_open_is_not_waited_for(
    goodbye: bytes, code: int | None
) -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        driven.read(text(b"one") + goodbye + text(b"void"))
        driven.read(text(b"void"))
        with pytest.raises(ConnectionClosed) as raised:
            await driven.listening()
        assert driven.got == [b"one"]
        assert (raised.value.rcvd.code if raised.value.rcvd else None) == code
        assert driven.wire.is_closing()

    run(main)


@pytest.mark.parametrize("before", [False, True])
def test_what_comes_before_the_answer_to_our_goodbye_is_delivered(before: bool) -> None:
    async def main(driven: Driven) -> None:
        if before:
            await driven.open()
            driven.connection.leave()
            driven.read(text(b"one") + PING)
            driven.listen()
        else:
            await started(driven)
            driven.connection.leave()
            driven.read(text(b"one") + PING)
        await said_goodbye(driven)
        parts = frame(Opcode.TEXT, b"th", fin=False) + frame(Opcode.CONT, b"ree")
        driven.read(text(b"two") + PING + parts + text(b"four") + CLOSE + text(b"void"))
        driven.read(text(b"void"))
        await driven.listening()
        assert driven.got == [b"one", b"two", b"three", b"four"]
        assert driven.wire.is_closing()

    run(main)


def test_goodbye_that_nobody_answers_is_given_up_and_texts_until_then_delivered() -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        await said_goodbye(driven)
        driven.read(text(b"one"))
        await driven.listening()
        assert driven.got == [b"one"]
        assert driven.wire.is_closing()

    run(main)


def test_peer_that_does_not_read_is_left_without_a_goodbye() -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        driven.connection.pause_writing()
        driven.read(text(b"one"))
        driven.connection.leave()
        await driven.listening()
        assert driven.got == [b"one"]
        assert driven.wire.is_closing()
        assert driven.connection.protocol.close_sent is None

    run(main)


def test_failing_receive_after_our_goodbye_is_raised_too() -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        driven.fails_at = b"bad"
        await said_goodbye(driven)
        driven.read(text(b"bad"))
        with pytest.raises(KeyError):
            await driven.listening()

    run(main)


def test_cancelled_listening_leaves_the_rest_to_the_library() -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        driven.read(text(b"one"))
        driven.read(PING)
        assert not driven.wire.is_reading()
        await driven.cancel()
        assert driven.wire.is_reading()
        assert driven.wire.written[0] == 0x80 | Opcode.PONG
        driven.wire.pause_reading()
        await asyncio.sleep(2 * DRAIN_S)
        assert not driven.wire.is_reading(), "the rest in reading was not called off"

    run(main)


def test_peer_that_reads_again_in_time_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced_connection, "SEND_TIMEOUT_S", 0.02)

    async def main(driven: Driven) -> None:
        await started(driven)
        driven.connection.pause_writing()
        driven.connection.resume_writing()
        await asyncio.sleep(0.05)
        assert not driven.wire.is_closing()

    run(main)


def test_peer_that_does_not_read_is_heard_not_answered_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paced_connection, "SEND_TIMEOUT_S", 0.005)

    async def main(driven: Driven) -> None:
        await started(driven)
        monkeypatch.setattr(paced_connection, "DRAIN_S", 1.0)
        driven.connection.pause_writing()
        driven.read(text(b"one") + PING + text(b"two") + PING)
        assert driven.got == [b"one", b"two"]
        assert driven.wire.written == b""
        # Read, and not looked at before the end.
        driven.read(text(b"three") + PING + CLOSE)
        await eventually(driven.wire.is_closing)
        assert driven.wire.written == b""
        with pytest.raises(ConnectionClosed) as raised:
            await driven.listening()
        assert "does not read" in str(raised.value.__cause__)
        assert driven.got == [b"one", b"two", b"three"]

    run(main)


def test_flood_after_the_goodbye_is_not_looked_through() -> None:
    async def main(driven: Driven) -> None:
        await started(driven)
        await driven.cancel()
        driven.read(PING * 1_000)
        assert not driven.wire.is_closing()
        driven.read(PING * paced_connection.MOST_AFTERWARDS)
        assert driven.wire.is_closing()

    run(main)


def test_connection_that_is_lost_before_it_was_made_says_nothing() -> None:
    async def main() -> None:
        protocol = ClientProtocol(parse_uri("wss://host/"))
        PacedConnection(protocol).connection_lost(ConnectionResetError())

    asyncio.run(main())
