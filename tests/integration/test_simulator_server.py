import argparse
import asyncio
import contextlib
import errno
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, InvalidStatus

from tftmonitor.cli import simulate
from tftmonitor.protocol.channels import Channel, Credential, sign_in_frame
from tftmonitor.simulator.feeds.live import RateFeed
from tftmonitor.simulator.feeds.replay import ReplayFeed
from tftmonitor.simulator.fleet.world import World
from tftmonitor.simulator.server.faults import parse_fault
from tftmonitor.simulator.server.malformed import malformed
from tftmonitor.simulator.server.server import SimulatorServer

START_MS = 1_795_000_000_123
GOLDEN = Path(__file__).parents[1] / "golden" / "frames.jsonl"
LIMIT_S = 6.0
SOON_S = 0.08
BOTH = tuple(Channel)


def quiet_server(devices: int = 3, **options: Any) -> SimulatorServer:
    """A server whose feed sends nothing by itself."""
    world = World(devices, 1, START_MS)
    return SimulatorServer(world, ReplayFeed([]), **({"initial": False} | options))


@contextlib.asynccontextmanager
async def signed_in(
    server: SimulatorServer, channel: Channel = Channel.DEVICES, user: str = "demo"
) -> AsyncIterator[ClientConnection]:
    url = server.device_url if channel is Channel.DEVICES else server.message_url
    before = server.signed_in(channel)
    async with connect(url, max_size=None, ping_interval=None, close_timeout=0.2) as socket:
        await socket.send(sign_in_frame(channel, Credential.from_password(user, "secret")))
        while server.signed_in(channel) == before:  # noqa: ASYNC110 - nothing to wait on
            await asyncio.sleep(0.001)
        yield socket


async def received(socket: ClientConnection, count: int) -> list[str | bytes]:
    return [await socket.recv() for _ in range(count)]


async def all_soon(socket: ClientConnection) -> list[str | bytes]:
    frames: list[str | bytes] = []
    with contextlib.suppress(TimeoutError, ConnectionClosed):
        while True:
            frames.append(await asyncio.wait_for(socket.recv(), SOON_S))
    return frames


def run(main: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(LIMIT_S):
            await main()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left

    asyncio.run(limited())


def test_initial_snapshots_then_live_frames_on_both_channels() -> None:
    async def main() -> None:
        async with SimulatorServer(World(20, 1, START_MS)) as server:
            assert server.device_url.endswith("/websocket")
            async with (
                signed_in(server) as devices,
                signed_in(server, Channel.MESSAGES) as messages,
            ):
                frames = [json.loads(frame) for frame in await received(devices, 24)]
                seen = {frame["data"]["imei"] for frame in frames[:20]}
                assert seen == set(server.names())
                await server.perform(parse_fault("unknown"))
                assert json.loads(await messages.recv())["type"] == "messagePass"

    run(main)


def test_no_initial_snapshots_when_switched_off() -> None:
    async def main() -> None:
        async with (
            SimulatorServer(World(20, 1, START_MS), initial=False) as server,
            signed_in(server) as socket,
        ):
            assert len(await all_soon(socket)) < 20

    run(main)


def test_initial_snapshots_of_a_large_fleet_do_not_block_the_loop() -> None:
    async def main() -> None:
        world = World(3_000, 1, START_MS)
        worst_s = 0.0

        async def watch() -> None:
            # CPU time of this thread: other programs of a busy machine do not count.
            nonlocal worst_s
            last_s = time.thread_time()
            while True:
                await asyncio.sleep(0.001)
                worst_s = max(worst_s, time.thread_time() - last_s)
                last_s = time.thread_time()

        async with SimulatorServer(world) as server:
            watcher = asyncio.create_task(watch())
            async with signed_in(server) as socket:
                await received(socket, 3_000)
            watcher.cancel()
        assert 0.0 < worst_s < 0.1  # in one go it takes more

    run(main)


@pytest.mark.parametrize(
    ("channel", "key"), [(Channel.DEVICES, "error"), (Channel.MESSAGES, "code")]
)
def test_wrong_sign_in_gets_a_reason_and_is_closed(channel: Channel, key: str) -> None:
    async def main() -> None:
        async with quiet_server() as server:
            url = server.device_url if channel is Channel.DEVICES else server.message_url
            async with connect(url) as socket:
                await socket.send('{"event":"login"}')
                answer = json.loads(await socket.recv())
                assert answer[key] == 1
                assert "must have the keys" in answer["msg"]
                with pytest.raises(ConnectionClosedError) as closed:
                    await socket.recv()
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == 1008
            assert server.signed_in(channel) == 0

    run(main)


def test_only_the_given_user_signs_in_with_the_password() -> None:
    async def main() -> None:
        async with quiet_server(users={"demo": "secret"}) as server:
            async with signed_in(server):
                pass
            for user, password in (("demo", "other"), ("guest", "secret")):
                async with connect(server.device_url) as socket:
                    credential = Credential.from_password(user, password)
                    await socket.send(sign_in_frame(Channel.DEVICES, credential))
                    assert json.loads(await socket.recv())["error"] == 1

    run(main)


def test_devices_are_served_under_their_path_only() -> None:
    async def main() -> None:
        async with quiet_server() as server:
            with pytest.raises(InvalidStatus):
                await connect(server.device_url.replace("/websocket", "/"))

    run(main)


def test_text_ping_is_accepted_at_any_time_and_answered_by_nothing() -> None:
    async def main() -> None:
        async with quiet_server() as server, connect(server.device_url) as socket:
            await socket.send("ping")
            credential = Credential.from_password("demo", "x")
            await socket.send(sign_in_frame(Channel.DEVICES, credential))
            await socket.send("ping")
            assert await all_soon(socket) == []
            await (await socket.ping())  # the protocol's own ping is answered
            assert server.signed_in(Channel.DEVICES) == 1

    run(main)


def test_each_client_gets_the_stream_from_its_sign_in_on() -> None:
    async def main() -> None:
        async with quiet_server() as server, signed_in(server) as first:
            await server.perform(parse_fault("clock"))
            async with signed_in(server) as second:
                await server.perform(parse_fault("late:n=3"))
                early, late = await asyncio.gather(all_soon(first), all_soon(second))
        assert len(early) == 5
        assert late == early[2:]

    run(main)


def test_log_holds_what_the_client_received(tmp_path: Path) -> None:
    path = tmp_path / "sent.jsonl"

    async def main() -> None:
        async with quiet_server(log=path) as server, signed_in(server) as socket:
            await server.perform(parse_fault("late:n=5"))
            frames = await received(socket, 5)
            await server.perform(parse_fault("garbage/devices:only=binary"))
            frames += await received(socket, 1)
            await server.perform(parse_fault("clock"))
            frames += await received(socket, 2)
            lines = [json.loads(line) for line in path.read_bytes().splitlines()]
            assert [line["n"] for line in lines] == list(range(1, 9))
            assert {line["channel"] for line in lines} == {"devices"}
            assert [line.get("frame") for line in lines] == [
                frame if isinstance(frame, str) else None for frame in frames
            ]
            assert [line["n"] for line in lines if "binary" in line] == [6]

    run(main)


def test_stop_closes_connections_and_ports() -> None:
    async def main() -> None:
        server = quiet_server()
        await server.start()
        url = server.device_url
        async with signed_in(server) as socket, connect(server.message_url):
            await server.stop()
            with pytest.raises(ConnectionClosed):
                await socket.recv()
        with pytest.raises(ConnectionRefusedError):
            await connect(url)

    run(main)


def test_port_in_use_is_an_error_and_leaves_nothing() -> None:
    async def main() -> None:
        async with quiet_server() as server:
            port = int(server.device_url.split(":")[2].split("/")[0])
            second = quiet_server(device_port=port)
            with pytest.raises(OSError, match="bind") as caught:
                await second.start()
            assert caught.value.errno == errno.EADDRINUSE

    run(main)


def test_drop_resets_one_channel_and_keeps_accepting() -> None:
    async def main() -> None:
        async with (
            quiet_server() as server,
            signed_in(server) as devices,
            signed_in(server, Channel.MESSAGES) as messages,
        ):
            await server.perform(parse_fault("drop/devices"))
            with pytest.raises(ConnectionClosedError) as closed:
                await devices.recv()
            assert closed.value.rcvd is None  # no close frame
            async with signed_in(server):
                assert await all_soon(messages) == []
            assert messages.close_code is None

    run(main)


def test_down_refuses_connections_until_it_is_over() -> None:
    async def main() -> None:
        async with quiet_server() as server, signed_in(server, Channel.MESSAGES) as messages:
            down = asyncio.create_task(server.perform(parse_fault("down+0.3/messages")))
            with pytest.raises(ConnectionClosed):
                await messages.recv()
            with pytest.raises(ConnectionRefusedError):
                await connect(server.message_url)
            async with signed_in(server):  # the other channel is up
                await down
            async with signed_in(server, Channel.MESSAGES):
                pass

    run(main)


def test_restart_says_so_and_comes_back_on_the_same_port() -> None:
    async def main() -> None:
        async with quiet_server() as server, signed_in(server) as devices:
            url = server.device_url
            restart = asyncio.create_task(server.perform(parse_fault("restart+0.1")))
            with pytest.raises(ConnectionClosed) as closed:
                await devices.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012
            await restart
            assert server.device_url == url
            async with signed_in(server):
                pass

    run(main)


def test_stalled_connection_answers_nothing_and_then_goes_on() -> None:
    async def main() -> None:
        async with quiet_server() as server, signed_in(server) as socket:
            stall = asyncio.create_task(server.perform(parse_fault("stall+0.4")))
            await asyncio.sleep(0)
            pong = asyncio.ensure_future(await socket.ping())
            await server.perform(parse_fault("clock"))
            assert await all_soon(socket) == []
            assert not pong.done()
            with pytest.raises(TimeoutError):
                async with connect(server.message_url, open_timeout=SOON_S):
                    pass
            assert socket.close_code is None
            await stall
            assert len(await received(socket, 2)) == 2
            await pong

    run(main)


def test_stop_in_the_middle_of_a_stall_ends_at_once() -> None:
    async def main() -> None:
        server = quiet_server()
        await server.start()
        async with signed_in(server):
            stall = asyncio.create_task(server.perform(parse_fault("stall")))
            with contextlib.suppress(TimeoutError):
                async with connect(server.device_url, open_timeout=SOON_S):
                    pass
            stall.cancel()
            async with asyncio.timeout(0.9):  # no wait for an answer to the close frame
                await server.stop()

    run(main)


def test_refuse_gives_its_reason_while_it_lasts() -> None:
    async def main() -> None:
        async with quiet_server() as server:
            fault = parse_fault("refuse+0.3/devices:words=account is locked")
            refuse = asyncio.create_task(server.perform(fault))
            async with connect(server.device_url) as socket:
                await socket.send(
                    sign_in_frame(Channel.DEVICES, Credential.from_password("a", "b"))
                )
                assert json.loads(await socket.recv()) == {"error": 1, "msg": "account is locked"}
            await refuse
            async with signed_in(server):
                pass

    run(main)


def test_slow_spaces_the_frames() -> None:
    async def main() -> None:
        async with quiet_server() as server, signed_in(server) as socket:
            slow = asyncio.create_task(server.perform(parse_fault("slow+0.25:delay=0.06")))
            await asyncio.sleep(0)
            await server.perform(parse_fault("late:n=20"))
            began = asyncio.get_running_loop().time()
            await received(socket, 3)
            assert asyncio.get_running_loop().time() - began > 0.15
            await received(socket, 17)  # at full speed again once it is over
            await slow

    run(main)


def test_wrap_double_encodes_texts() -> None:
    async def main() -> None:
        async with quiet_server() as server, signed_in(server, Channel.MESSAGES) as socket:
            wrap = asyncio.create_task(server.perform(parse_fault("wrap+0.1")))
            await asyncio.sleep(0)
            await server.perform(parse_fault("unknown"))
            outer = json.loads(await socket.recv())
            assert isinstance(outer, str)
            assert json.loads(outer)["message"] == "Alarm 0x69"
            await wrap

    run(main)


@pytest.mark.parametrize("channel", BOTH)
def test_garbage_arrives_as_it_was_meant(channel: Channel) -> None:
    async def main() -> None:
        async with quiet_server() as server, signed_in(server, channel) as socket:
            await server.perform(parse_fault(f"garbage/{channel.value}"))
            _, snapshot = next(World(3, 1, START_MS).initial())
            expected = len(malformed(channel, snapshot))
            frames = await received(socket, expected)
            assert any(isinstance(frame, bytes) for frame in frames)
            assert max(len(frame) for frame in frames) > 2_000_000
            assert await all_soon(socket) == []

    run(main)


def test_flood_sends_far_more_than_the_fleet_would() -> None:
    async def main() -> None:
        async with quiet_server() as server, signed_in(server) as socket:
            flood = asyncio.create_task(server.perform(parse_fault("flood+0.2")))
            for frame in await received(socket, 1_000):
                assert b'"snapshot"' in (frame if isinstance(frame, bytes) else frame.encode())
            await flood
            while await all_soon(socket):
                pass

    run(main)


def test_flood_waits_for_a_client_that_does_not_read() -> None:
    async def main() -> None:
        async with quiet_server() as server, signed_in(server) as socket:
            await server.perform(parse_fault("flood+0.2"))
            assert socket.close_code is None
            assert len(await all_soon(socket)) < 10_000  # what the buffers hold

    run(main)


@pytest.mark.parametrize(
    ("text", "devices", "messages"),
    [("late:n=7", 7, 0), ("alarms:n=9", 9, 9), ("twins:gap=0", 1, 1), ("unknown", 1, 1),
     ("clock", 2, 0)],
)  # fmt: skip
def test_burst_reaches_the_clients(text: str, devices: int, messages: int) -> None:
    async def main() -> None:
        async with (
            quiet_server() as server,
            signed_in(server) as first,
            signed_in(server, Channel.MESSAGES) as second,
        ):
            await server.perform(parse_fault(text))
            got = await asyncio.gather(all_soon(first), all_soon(second))
            assert [len(frames) for frames in got] == [devices, messages]

    run(main)


def test_script_performs_faults_at_their_times_and_repeats() -> None:
    async def main() -> None:
        script = [parse_fault("clock@0.3"), parse_fault("unknown@0.1:every=0.1")]
        async with quiet_server(faults=script) as server, signed_in(server) as socket:
            numbers = Counter[Any]()
            for frame in await received(socket, 6):
                numbers[json.loads(frame)["data"]["status"]["cur_event"]] += 1
            assert numbers[0] == 2
            assert numbers[105] == 4

    run(main)


def test_replay_sends_every_recorded_frame_once_in_order() -> None:
    lines = [json.loads(line) for line in GOLDEN.read_bytes().splitlines()]
    expected = {
        channel: [line["frame"] for line in lines if line["channel"] == channel.value]
        for channel in BOTH
    }
    assert sum(len(frames) for frames in expected.values()) == 58

    async def main() -> None:
        feed = ReplayFeed.from_file(GOLDEN, speed=0)
        async with SimulatorServer(World(1, 1, START_MS), feed) as server:
            async with signed_in(server) as devices:
                assert await all_soon(devices) == []  # nobody on the other channel yet
                async with signed_in(server, Channel.MESSAGES) as messages:
                    for channel, socket in zip(BOTH, (devices, messages), strict=True):
                        frames = await received(socket, len(expected[channel]))
                        assert [json.loads(frame) for frame in frames] == expected[channel]
                        assert await all_soon(socket) == []
                    await server.ended.wait()
            async with signed_in(server):  # still serving
                pass

    run(main)


def test_rate_is_kept_within_tolerance() -> None:
    async def main() -> None:
        world = World(50, 1, START_MS, routine=False)
        async with (
            SimulatorServer(world, RateFeed(world, 2_000), initial=False) as server,
            signed_in(server) as socket,
        ):
            loop = asyncio.get_running_loop()
            began, count = loop.time(), 0
            while loop.time() - began < 0.5:
                await socket.recv()
                count += 1
        assert 500 < count < 1_500

    run(main)


def parse(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    simulate.add_arguments(parser)
    return parser.parse_args(arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--devices", "0"), "--devices must be at least 1"),
        (("--fault", "explode"), "'explode' is none of"),
        (("--start", "yesterday"), "neither ISO 8601 nor milliseconds"),
        (("--replay", "/nowhere/at/all"), "No such file"),
        (("--script", "/nowhere/at/all"), "No such file"),
        (("--user", "demo"), "TFTMONITOR_PASSWORD"),
        (("--rate", "0"), "rate must be above 0"),
        (("--rate", "5", "--replay", str(GOLDEN)), "exclude each other"),
    ],
)
def test_bad_input_is_explained_and_exits_with_2(
    arguments: tuple[str, ...],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TFTMONITOR_PASSWORD", raising=False)
    assert simulate.run(parse(*arguments)) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


def test_start_is_read_from_iso_and_milliseconds() -> None:
    assert simulate.parse_time("1795000000123") == START_MS
    assert simulate.parse_time("2026-11-18T12:26:40") == 1_795_004_800_000
    assert simulate.parse_time("2026-11-18T13:26:40+01:00") == 1_795_004_800_000
    assert abs(simulate.parse_time(None) - time.time() * 1_000) < 5_000


@pytest.mark.skipif(os.name != "posix", reason="select on a pipe, signals of POSIX")
def test_command_says_where_it_serves_and_ends_cleanly_on_a_signal() -> None:
    code = (
        "import argparse; from tftmonitor.cli import simulate as s;"
        "p = argparse.ArgumentParser(); s.add_arguments(p);"
        "raise SystemExit(s.run(p.parse_args()))"
    )
    command = [sys.executable, "-c", code, "--device-port", "0", "--message-port", "0"]
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=buffered)
    try:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], LIMIT_S)
        assert ready
        line = process.stdout.readline().split()
        assert (line[0], line[2]) == ("devices", "messages")
        assert line[1].startswith("ws://127.0.0.1:")
        assert line[1].endswith("/websocket")
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=LIMIT_S)
        assert (process.returncode, rest) == (0, "")
    finally:
        process.kill()
        process.communicate()


def test_command_ends_after_the_given_time() -> None:
    args = parse("--device-port", "0", "--message-port", "0", "--for", "0.05")
    assert simulate.run(args) == 0
