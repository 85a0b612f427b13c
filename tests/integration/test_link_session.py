"""What a server answers to a sign-in, over and over: a refusal, or a trouble of its own."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from websockets.asyncio.server import ServerConnection

from tests.integration.recorded_link import SNAPSHOT, RecordedLink, eventually, run, serving
from tftmonitor.base import backoff
from tftmonitor.link import client, reconnect
from tftmonitor.protocol import session
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState

Act = Callable[[ServerConnection], Awaitable[None]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    monkeypatch.setattr(client, "CLOSE_TIMEOUT_S", 0.2)


async def data(connection: ServerConnection) -> None:
    await connection.send(SNAPSHOT % 1)


async def stay(connection: ServerConnection) -> None:
    await connection.send(SNAPSHOT % 1)
    await connection.wait_closed()


async def reset(connection: ServerConnection) -> None:
    connection.transport.abort()


def says(text: str) -> Act:
    async def act(connection: ServerConnection) -> None:
        await connection.send(text)
        await connection.wait_closed()

    return act


UNCLEAR = says('{"error":1001}')


def played(*acts: Act) -> Act:
    """One act a sign-in, the last one from then on."""
    count = 0

    async def handler(connection: ServerConnection) -> None:
        nonlocal count
        await connection.recv()
        act = acts[min(count, len(acts) - 1)]
        count += 1
        await act(connection)

    return handler


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    "between",
    [
        (UNCLEAR,),
        (UNCLEAR, UNCLEAR),
        (reset, reset),
        (reset, reset, reset, UNCLEAR),
        (says('{"error":500,"msg":"server busy"}'),) * 4,
    ],
)
def test_trouble_after_a_live_session_is_tried_again(
    between: tuple[Act, ...], channel: Channel
) -> None:
    async def main() -> None:
        async with (
            serving(played(data, *between, stay)) as url,
            RecordedLink(url, channel) as recorded,
        ):
            await eventually(lambda: recorded.states.count(LinkState.LIVE) == 2)
            assert LinkState.REFUSED not in recorded.states
            assert recorded.states.count(LinkState.WAITING) == len(between) + 1

    run(main)


def test_error_that_turned_the_sign_in_away_is_told() -> None:
    async def main() -> None:
        async with (
            serving(played(data, says('{"error":9,"msg":"node moved"}'))) as url,
            RecordedLink(url) as recorded,
        ):
            await eventually(
                lambda: recorded.link.status.reason == "sign-in turned away (node moved)"
            )

    run(main)


def test_words_that_mean_it_refuse_also_after_a_live_session_and_are_asked_seldom(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reconnect, "LATE_REFUSAL_S", 0.2)

    async def main() -> None:
        wrong = says('{"error":1,"msg":"wrong password"}')
        async with serving(played(data, wrong, stay)) as url, RecordedLink(url) as recorded:
            status = await recorded.until(LinkState.REFUSED)
            assert status.reason == "wrong password"
            assert status.next_try_ms is not None
            await recorded.until(LinkState.LIVE)

    run(main)


def test_failures_that_go_on_are_a_refusal_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "QUIET_INTERVAL_S", 0.1)
    monkeypatch.setattr(reconnect, "DOUBTED_REFUSAL_S", 0.2)

    async def main() -> None:
        async with (
            serving(played(data, *(UNCLEAR,) * 3, reset, reset, stay)) as url,
            RecordedLink(url) as recorded,
        ):
            status = await recorded.until(LinkState.REFUSED)
            assert status.next_try_ms is not None
            await recorded.until(LinkState.LIVE)

    run(main)


def test_server_in_trouble_at_the_first_sign_in_is_asked_again_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reconnect, "DOUBTED_REFUSAL_S", 0.2)

    async def main() -> None:
        busy = says('{"error":1,"msg":"in maintenance"}')
        async with (
            serving(played(busy, busy, busy, UNCLEAR, stay)) as url,
            RecordedLink(url) as recorded,
        ):
            await recorded.until(LinkState.REFUSED)  # the unclear one
            assert recorded.states.count(LinkState.WAITING) == 3
            await recorded.until(LinkState.LIVE)

    run(main)


def test_listener_that_fails_does_not_end_the_link(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with serving(stay) as url:
            recorded = RecordedLink(url)

            def fail(_: object) -> None:
                raise KeyError("ours")

            recorded.link._changed = fail
            async with recorded:
                await recorded.until(LinkState.LIVE)
                await asyncio.sleep(0)

    run(main)
    assert "KeyError" in caplog.text


def test_frame_that_fails_twice_costs_itself_alone(caplog: pytest.LogCaptureFixture) -> None:
    async def many(connection: ServerConnection) -> None:
        await connection.recv()
        for speed in range(40):
            await connection.send(SNAPSHOT % speed)
        await connection.wait_closed()

    async def main() -> None:
        async with serving(many) as url:
            recorded = RecordedLink(url)

            def fail(*_: object) -> None:
                raise RecursionError("deep")

            recorded.link.intake._receive = fail
            async with recorded:
                await eventually(lambda: recorded.link.intake.failed_frames == 40)
                assert recorded.state is LinkState.LIVE

    run(main)
    # 1, 2, 4, 8, 16, 32
    assert caplog.text.count("Traceback") == 6
