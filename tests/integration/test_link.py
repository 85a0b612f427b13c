"""The link on real sockets: against the simulator, and against servers that do one odd thing."""

import asyncio
import contextlib
import json
import logging

import pytest
from typing_extensions import override
from websockets.asyncio.server import ServerConnection
from websockets.frames import Close, Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from tests.integration.recorded_link import (
    ACCOUNT,
    SNAPSHOT,
    RecordedLink,
    eventually,
    run,
    serving,
    silent,
    simulator,
)
from tftmonitor.base import backoff
from tftmonitor.link import client, reconnect
from tftmonitor.protocol.channels import Channel, sign_in_frame
from tftmonitor.protocol.link_status import LinkState
from tftmonitor.protocol.messages import InvalidPush, Push, Snapshot
from tftmonitor.simulator.server.faults import parse_fault


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real sockets, shorter waits."""
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    monkeypatch.setattr(client, "CLOSE_TIMEOUT_S", 0.2)


def test_link_signs_in_and_hands_out_what_is_sent_in_order() -> None:
    got: list[str | bytes] = []

    async def handler(connection: ServerConnection) -> None:
        got.append(await connection.recv())
        for speed in range(500):
            await connection.send(SNAPSHOT % speed)
        await connection.wait_closed()

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            await eventually(lambda: len(recorded.pushes) == 500)
            assert recorded.states == [LinkState.CONNECTING, LinkState.SIGNING_IN, LinkState.LIVE]
            assert recorded.link.status.since_ms > 0
            speeds = [p.status.speed for p in recorded.pushes if isinstance(p, Snapshot)]
            assert speeds == list(range(500))
            assert recorded.frames[7] == (SNAPSHOT % 7).encode()
        assert got == [sign_in_frame(Channel.DEVICES, ACCOUNT)]
        assert recorded.state is LinkState.OFF

    run(main)


def test_account_without_data_counts_as_connected_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reconnect, "QUIET_AFTER_S", 0.05)

    async def main() -> None:
        async with (
            silent() as server,
            RecordedLink(server.message_url, Channel.MESSAGES) as recorded,
        ):
            await recorded.until(LinkState.QUIET)
            await server.perform(parse_fault("twins"))
            await recorded.until(LinkState.LIVE)
            assert len(recorded.pushes) == 1

    run(main)


def test_lost_link_waits_reports_why_and_since_when_and_comes_back() -> None:
    async def main() -> None:
        async with simulator() as server, RecordedLink(server.device_url) as recorded:
            await recorded.until(LinkState.LIVE)
            await server.perform(parse_fault("drop"))
            await eventually(lambda: recorded.states.count(LinkState.LIVE) == 2)
            lost = recorded.statuses[recorded.states.index(LinkState.WAITING)]
            again = recorded.statuses[recorded.states.index(LinkState.WAITING) + 1]
            assert lost.reason == "connection broke"
            assert lost.next_try_ms is not None
            assert lost.next_try_ms - lost.since_ms <= 60
            assert again.state is LinkState.CONNECTING
            assert (again.since_ms, again.reason) == (lost.since_ms, lost.reason)
            assert recorded.link.status.since_ms >= lost.since_ms
            assert recorded.link.status.reason == ""

    run(main)


def test_waits_grow_while_the_server_is_away() -> None:
    async def main() -> None:
        async with simulator() as server, RecordedLink(server.device_url) as recorded:
            await recorded.until(LinkState.LIVE)
            await server.perform(parse_fault("down+1"))
            await eventually(lambda: recorded.states.count(LinkState.LIVE) == 2)
            waits = [s for s in recorded.statuses if s.state is LinkState.WAITING]
            assert len(waits) >= 3
            assert {status.reason for status in waits[1:]} == {"connection refused"}
            assert len({status.since_ms for status in waits}) == 1
            tries = [status.next_try_ms or 0 for status in waits]
            assert tries[-1] - tries[-2] > tries[1] - tries[0]

    run(main)


def test_reason_of_a_server_that_restarts_reaches_the_user() -> None:
    async def main() -> None:
        async with simulator() as server, RecordedLink(server.device_url) as recorded:
            await recorded.until(LinkState.LIVE)
            await server.perform(parse_fault("restart+0.1"))
            await eventually(lambda: LinkState.WAITING in recorded.states)
            lost = recorded.statuses[recorded.states.index(LinkState.WAITING)]
            assert lost.reason == "closed by the server (it restarts)"
            await recorded.until(LinkState.LIVE)

    run(main)


@pytest.mark.parametrize("dying", Channel)
def test_death_of_one_channel_does_not_touch_the_other(dying: Channel) -> None:
    async def main() -> None:
        async with (
            simulator() as server,
            RecordedLink(server.device_url) as devices,
            RecordedLink(server.message_url, Channel.MESSAGES) as messages,
        ):
            await devices.until(LinkState.LIVE)
            await eventually(lambda: server.signed_in(Channel.MESSAGES) == 1)
            await server.perform(parse_fault("twins:gap=0"))
            await messages.until(LinkState.LIVE)
            dead, alive = (devices, messages) if dying is Channel.DEVICES else (messages, devices)
            before = len(alive.statuses)
            down = asyncio.create_task(server.perform(parse_fault(f"down+60/{dying.value}")))
            await dead.until(LinkState.WAITING)
            got = len(alive.pushes)
            await server.perform(parse_fault("twins:gap=0"))
            await eventually(lambda: len(alive.pushes) > got)
            assert len(alive.statuses) == before
            assert alive.state is LinkState.LIVE
            down.cancel()
            await asyncio.gather(down, return_exceptions=True)

    run(main)


def test_refused_sign_in_waits_for_the_user_to_try_again() -> None:
    async def main() -> None:
        async with simulator() as server, RecordedLink("ws://127.0.0.1:1") as recorded:
            recorded.link.url = server.device_url
            fault = "refuse+60:words=wrong password for this user"
            refusing = asyncio.create_task(server.perform(parse_fault(fault)))
            status = await recorded.until(LinkState.REFUSED)
            assert status.reason == "wrong password for this user"
            assert status.next_try_ms is None
            tried = recorded.states.count(LinkState.SIGNING_IN)
            await asyncio.sleep(0.3)
            assert recorded.states.count(LinkState.SIGNING_IN) == tried
            assert recorded.pushes == []
            recorded.link.try_now()
            await eventually(lambda: recorded.states.count(LinkState.REFUSED) == 2)
            refusing.cancel()
            await asyncio.gather(refusing, return_exceptions=True)
            await server.perform(parse_fault("refuse+0"))
            recorded.link.try_now()
            await recorded.until(LinkState.LIVE)

    run(main)


def test_server_that_hangs_up_twice_after_the_sign_in_refuses() -> None:
    sign_ins = 0

    async def handler(connection: ServerConnection) -> None:
        nonlocal sign_ins
        await connection.recv()
        sign_ins += 1
        await connection.close(1008, "go away")

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            status = await recorded.until(LinkState.REFUSED)
            assert status.reason == "closed by the server (go away)"
            assert sign_ins == 2

    run(main)


def test_refusal_that_was_only_concluded_is_put_to_the_test_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reconnect, "DOUBTED_REFUSAL_S", 0.1)
    sign_ins = 0

    async def handler(connection: ServerConnection) -> None:
        nonlocal sign_ins
        await connection.recv()
        sign_ins += 1
        if sign_ins <= 2:
            await connection.close(1008)
            return
        await connection.send('{"error": 0}')
        await connection.wait_closed()

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            status = await recorded.until(LinkState.REFUSED)
            assert status.next_try_ms is not None
            await recorded.until(LinkState.LIVE)

    run(main)


def test_half_open_socket_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "KEEP_ALIVE_S", 0.1)
    monkeypatch.setattr(client, "KEEP_ALIVE_TIMEOUT_S", 0.2)
    monkeypatch.setattr(client, "OPEN_TIMEOUT_S", 0.3)

    async def main() -> None:
        async with simulator() as server, RecordedLink(server.device_url) as recorded:
            await recorded.until(LinkState.LIVE)
            stall = asyncio.create_task(server.perform(parse_fault("stall+1.5/devices")))
            status = await recorded.until(LinkState.WAITING)
            assert status.reason == "silent: no answer to keep-alive"
            await eventually(
                lambda: any(s.reason == "server does not answer" for s in recorded.statuses)
            )
            await stall
            await recorded.until(LinkState.LIVE)

    run(main)


def test_try_now_ends_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 60.0)

    async def main() -> None:
        async with simulator() as server, RecordedLink(server.device_url) as recorded:
            await recorded.until(LinkState.LIVE)
            await server.perform(parse_fault("drop"))
            await recorded.until(LinkState.WAITING)
            recorded.link.try_now()
            await recorded.until(LinkState.LIVE)

    run(main)


def test_try_now_on_a_live_link_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 60.0)

    async def main() -> None:
        async with simulator() as server, RecordedLink(server.device_url) as recorded:
            await recorded.until(LinkState.LIVE)
            recorded.link.try_now()
            await server.perform(parse_fault("drop"))
            await recorded.until(LinkState.WAITING)

    run(main)


def test_renewing_replaces_the_socket_at_once_and_is_no_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 60.0)

    async def main() -> None:
        async with silent() as server, RecordedLink(server.device_url) as recorded:
            for count in range(1, 5):
                await eventually(
                    lambda count=count: recorded.states.count(LinkState.SIGNING_IN) == count  # type: ignore[misc]
                )
                recorded.link.renew()
            await eventually(lambda: recorded.states.count(LinkState.SIGNING_IN) == 5)
            assert LinkState.REFUSED not in recorded.states
            assert LinkState.WAITING not in recorded.states

    run(main)


def test_renewing_ends_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 60.0)

    async def main() -> None:
        async with RecordedLink("ws://127.0.0.1:1") as recorded:
            await recorded.until(LinkState.WAITING)
            recorded.link.renew()
            await eventually(lambda: recorded.states.count(LinkState.CONNECTING) == 2)

    run(main)


def test_attempt_that_changes_nothing_is_not_reported_again() -> None:
    attempts = 0

    async def main() -> None:
        def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal attempts
            attempts += 1
            recorded.link.renew()
            writer.close()

        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, RecordedLink(url) as recorded:
            await eventually(lambda: attempts >= 5)
            # The second says since when the link is lost.
            assert recorded.states == [LinkState.CONNECTING] * len(recorded.states)
            assert 1 <= len(recorded.states) <= 2

    run(main)


@pytest.mark.parametrize("stable_s", [0.0, 60.0])
def test_connection_that_lasted_makes_the_next_wait_a_short_one_again(
    stable_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "STABLE_S", stable_s)

    async def handler(connection: ServerConnection) -> None:
        await connection.send(SNAPSHOT % 5)
        await connection.close(1012)

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            await eventually(lambda: recorded.states.count(LinkState.WAITING) == 4)
            longest_ms = max(
                status.next_try_ms - status.since_ms
                for status in recorded.statuses
                if status.state is LinkState.WAITING and status.next_try_ms is not None
            )
            assert (longest_ms <= 60) == (stable_s == 0.0)

    run(main)


def test_session_that_has_data_before_the_quiet_time_is_over_stays_live(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reconnect, "QUIET_AFTER_S", 0.05)

    async def main() -> None:
        async with simulator() as server, RecordedLink(server.device_url) as recorded:
            await recorded.until(LinkState.LIVE)
            await asyncio.sleep(0.2)
            assert LinkState.QUIET not in recorded.states
            assert recorded.state is LinkState.LIVE

    run(main)


def test_server_that_says_goodbye_and_keeps_its_socket_open_is_lost_at_once() -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.send(SNAPSHOT % 5)
        close = Frame(Opcode.CLOSE, Close(1012, "").serialize())
        connection.transport.write(close.serialize(mask=False))
        # The simulator's library would hang up at the client's answer.
        connection.transport.pause_reading()
        await asyncio.sleep(2)
        connection.transport.abort()

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            await recorded.until(LinkState.LIVE)
            live_s = asyncio.get_running_loop().time()
            status = await recorded.until(LinkState.WAITING)
            assert status.reason == "closed by the server (it restarts)"
            assert asyncio.get_running_loop().time() - live_s < 1.5

    run(main)


@pytest.mark.parametrize(
    "state",
    [
        LinkState.CONNECTING,
        LinkState.WAITING,
        LinkState.SIGNING_IN,
        LinkState.LIVE,
        LinkState.REFUSED,
    ],
)
def test_link_that_is_ended_at_any_time_leaves_nothing(
    state: LinkState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 60.0)

    async def main() -> None:
        users = {"demo": "other"} if state is LinkState.REFUSED else None
        make = silent if state is LinkState.SIGNING_IN else simulator
        async with make(users=users) as server:
            url = "ws://127.0.0.1:1" if state is LinkState.WAITING else server.device_url
            stall = asyncio.create_task(server.perform(parse_fault("stall+60/devices")))
            await asyncio.sleep(0)
            if state is not LinkState.CONNECTING:
                stall.cancel()
                await server.perform(parse_fault("stall+0/devices"))
            async with RecordedLink(url) as recorded:
                await recorded.until(state)
            assert recorded.state is LinkState.OFF
            await eventually(lambda: server.signed_in(Channel.DEVICES) == 0)
            stall.cancel()
            await asyncio.gather(stall, return_exceptions=True)

    run(main)


def test_text_ping_is_sent_and_its_answer_shown_to_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "PING_INTERVAL_S", 0.03)
    got: list[str | bytes] = []

    async def handler(connection: ServerConnection) -> None:
        async for text in connection:
            got.append(text)
            await connection.send("pong")

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            await eventually(lambda: got[1:4] == ["ping"] * 3)
            assert recorded.pushes == []
            assert recorded.link.intake.last_frame_ms is not None

    run(main)


def test_fault_of_ours_in_one_frame_costs_neither_connection_nor_later_frames(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Clumsy(RecordedLink):
        @override
        def receive(self, push: Push, frame: bytes, received_ms: int) -> None:
            super().receive(push, frame, received_ms)
            if len(self.pushes) == 2:
                raise KeyError("ours")

    async def handler(connection: ServerConnection) -> None:
        for speed in range(5):
            await connection.send(SNAPSHOT % speed)
        await connection.wait_closed()

    async def main() -> None:
        async with serving(handler) as url, Clumsy(url) as recorded:
            await eventually(lambda: len(recorded.pushes) == 6)
            assert LinkState.WAITING not in recorded.states
            told = recorded.pushes[2]
            assert isinstance(told, InvalidPush)
            assert told.problem == "this program failed at it: KeyError"
            assert recorded.frames[2] == (SNAPSHOT % 1).encode()
            assert recorded.link.intake.failed_frames == 1

    with caplog.at_level(logging.ERROR):
        run(main)
    assert "KeyError" in caplog.text


def frames_of_all_sizes() -> list[bytes]:
    sizes = (1, 124, 125, 126, 127, 1_000, 65_534, 65_535, 65_536, 70_000)
    # None of its texts is so long that it would be cut out.
    texts = json.dumps({"event": "x", "t": ["a" * 50] * 2_000}).encode()
    return [texts[: size + 30] for size in sizes]


def stream_of(messages: list[bytes]) -> bytes:
    """Whole texts, texts in parts, binary messages and control frames, as bytes on the wire."""
    parts: list[Frame] = []
    for number, message in enumerate(messages):
        if number % 3 == 1:
            cut = len(message) // 2
            parts += [
                Frame(Opcode.TEXT, message[:cut], fin=False),
                Frame(Opcode.PING, b"?"),
                Frame(Opcode.CONT, message[cut:]),
            ]
        else:
            parts.append(Frame(Opcode.BINARY if number % 3 == 2 else Opcode.TEXT, message))
        parts.append(Frame(Opcode.PONG, b""))
    return b"".join(part.serialize(mask=False) for part in parts)


@pytest.mark.parametrize("step", [1, 7, 1_448, 65_536, 10**9])
def test_messages_arrive_whole_wherever_the_network_cuts_them(step: int) -> None:
    messages = frames_of_all_sizes()
    if step == 1:
        messages = messages[:6]
    stream = stream_of(messages)

    async def handler(connection: ServerConnection) -> None:
        await connection.recv()
        for place in range(0, len(stream), step):
            connection.transport.write(stream[place : place + step])
            if step > 7 or place % 64 == 0:
                await asyncio.sleep(0)
        await connection.wait_closed()

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            await eventually(lambda: len(recorded.frames) == len(messages))
            assert recorded.frames == messages

    run(main)


@pytest.mark.parametrize("place", [1, 40, -5, -4, -3, -2, -1, 0, 1_000])
def test_answer_to_the_handshake_may_be_cut_anywhere_and_frames_follow_at_once(
    place: int,
) -> None:
    """Cut at ``place``, counted from the end of the answer if negative; 1,000 is beyond all."""
    frames = (Frame(Opcode.TEXT, (SNAPSHOT % speed).encode()) for speed in range(3))
    follows = b"".join(frame.serialize(mask=False) for frame in frames)

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = ServerProtocol()
        server.receive_data(await reader.readuntil(b"\r\n\r\n"))
        (request,) = server.events_received()
        assert isinstance(request, Request)
        server.send_response(server.accept(request))
        answer = b"".join(server.data_to_send())
        cut = place if place > 0 else len(answer) + place
        writer.write((answer + follows)[:cut])
        await asyncio.sleep(0.05)
        writer.write((answer + follows)[cut:])
        await reader.read()
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(handler, "127.0.0.1", 0)
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, RecordedLink(url) as recorded:
            await eventually(lambda: len(recorded.pushes) == 3)
            speeds = [p.status.speed for p in recorded.pushes if isinstance(p, Snapshot)]
            assert speeds == [0, 1, 2]

    run(main)


def test_what_was_sent_before_a_close_arrives_before_it() -> None:
    async def handler(connection: ServerConnection) -> None:
        for speed in range(3_000):
            await connection.send(SNAPSHOT % speed)
        await connection.close(1012)

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            await recorded.until(LinkState.WAITING)
            assert len(recorded.pushes) == 3_000

    run(main)


def test_what_was_sent_before_the_connection_ends_without_a_word_arrives() -> None:
    async def handler(connection: ServerConnection) -> None:
        # Closing with the sign-in unread would reset the connection, and drop what is under way.
        await connection.recv()
        for speed in range(3_000):
            await connection.send(SNAPSHOT % speed)
        connection.transport.close()

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            assert (await recorded.until(LinkState.WAITING)).reason == "connection broke"
            assert len(recorded.pushes) == 3_000

    run(main)


def test_frame_too_large_to_be_a_push_is_invalid_and_not_the_end() -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.send("x" * 3_000_000)
        await connection.send(SNAPSHOT % 5)
        await connection.wait_closed()

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            await recorded.until(LinkState.LIVE)
            assert isinstance(recorded.pushes[0], InvalidPush)
            assert recorded.pushes[0].size == 3_000_000
            assert len(recorded.pushes) == 2

    run(main)


def test_proxy_of_the_system_is_not_asked_for_this_computer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)

    async def main() -> None:
        async with simulator() as server, RecordedLink(server.device_url) as recorded:
            await recorded.until(LinkState.LIVE)
            assert LinkState.WAITING not in recorded.states

    run(main)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ws://127.0.0.1:1", "connection refused"),
        ("http://127.0.0.1:1", "address is not a websocket address"),
        ("nonsense", "address is not a websocket address"),
    ],
)
def test_address_that_leads_nowhere_is_reported(url: str, reason: str) -> None:
    async def main() -> None:
        async with RecordedLink(url) as recorded:
            assert (await recorded.until(LinkState.WAITING)).reason == reason

    run(main)


def test_server_that_does_not_know_the_path_is_reported() -> None:
    async def main() -> None:
        async with silent() as server, RecordedLink(server.device_url + "/other") as recorded:
            status = await recorded.until(LinkState.WAITING)
            assert status.reason == "server answers with HTTP 404 (no such path)"
            assert "path" in status.advice

    run(main)


def test_frame_with_a_picture_is_taken_and_one_beyond_the_limit_costs_the_connection_alone() -> (
    None
):
    picture = "/9j/4AAQ" * 1_900_000
    status = {"cur_event": 16, "photo": picture}
    with_picture = json.dumps({"event": "snapshot", "data": {"imei": "1", "status": status}})
    too_large = json.dumps({"event": "photo", "data": {"photo": picture + picture}})

    async def handler(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send(with_picture)
        with contextlib.suppress(Exception):
            await connection.send(too_large)
            await connection.wait_closed()

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            await eventually(lambda: len(recorded.pushes) == 3)
            first, lost, second = recorded.pushes
            assert isinstance(lost, InvalidPush)
            assert lost.problem == "larger than 16777216 bytes"
            for push in (first, second):
                assert isinstance(push, Snapshot)
                assert push.status.cur_event == 16
            assert max(map(len, recorded.frames)) < 500
            assert recorded.states.count(LinkState.CONNECTING) == 2

    run(main)


def test_frames_beyond_the_limit_are_no_refusal() -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.recv()
        with contextlib.suppress(Exception):
            await connection.send("x" * 17_000_000)
            await connection.wait_closed()

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            await eventually(lambda: len(recorded.pushes) == 3)
            assert all(isinstance(push, InvalidPush) for push in recorded.pushes)
            assert LinkState.REFUSED not in recorded.states
            reasons = {s.reason for s in recorded.statuses if s.state is LinkState.WAITING}
            assert reasons == {"server sent what cannot be read: larger than 16777216 bytes"}

    run(main)
