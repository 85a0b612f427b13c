"""The monitor behind a real link: what fails in it costs a frame, and what the user sets acts."""

import asyncio
import json

import pytest
from websockets.asyncio.server import ServerConnection

from tests.integration.proxy_server import ProxyServer
from tests.integration.recorded_link import ACCOUNT, eventually, run, serving
from tftmonitor.base import backoff
from tftmonitor.base.clock import SystemClock
from tftmonitor.link import client
from tftmonitor.link.network import Network
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus

SOS = 16


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    monkeypatch.setattr(client, "CLOSE_TIMEOUT_S", 0.2)


def make_monitor(url: str) -> Monitor:
    clock, fleet = SystemClock(), Fleet()
    service = AlarmService(OpenAlarms(), None, CodeResolver(), clock, fleet.find)
    return Monitor({Channel.DEVICES: url}, clock, fleet, service)


def snapshot(imei: str, **status: object) -> str:
    status = {"date": SystemClock().now_ms(), "speed": 5} | status
    data = {"imei": imei, "model": "T1", "status": status}
    return json.dumps({"event": "snapshot", "data": data, "error": 0})


def test_frame_behind_which_something_fails_is_counted_and_its_alarm_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.recv()
        for imei, event in (("1", 0), ("2", SOS), ("3", SOS), ("4", 0)):
            await connection.send(snapshot(imei, cur_event=event))
        await connection.wait_closed()

    async def main() -> None:
        async with serving(handler) as url:
            monitor = make_monitor(url)
            apply = monitor.fleet.apply

            def break_off(*arguments: object, **named: object) -> object:
                applied = apply(*arguments, **named)  # type: ignore[arg-type]
                if applied.device.key == "2":
                    raise ZeroDivisionError("before the alarm")
                return applied

            def fail(device: object, *_: object) -> None:
                if getattr(device, "key", "") == "3":
                    raise KeyError("after the alarm")

            monkeypatch.setattr(monitor.fleet, "apply", break_off)
            monkeypatch.setattr(monitor.rules, "on_snapshot", fail)
            states: list[LinkState] = []
            monitor.link_changed.add(lambda status: states.append(status.state))
            await monitor.sign_in(ACCOUNT)
            await eventually(lambda: len(monitor.fleet) == 4)
            await monitor.alarm_service.drain()
            raised = sorted(alarm.device or "" for alarm in monitor.alarm_service.alarms.all())
            assert raised == ["2", "3"]
            assert monitor.counters.invalid == 2
            assert "this program failed at it" in monitor.counters.last_problem
            assert LinkState.WAITING not in states
            await monitor.sign_out()

    run(main)


def test_proxy_that_is_set_while_a_session_runs_is_used_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ALL_PROXY", raising=False)
    monkeypatch.setattr(backoff, "FIRST_S", 60.0)

    async def handler(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send(snapshot("1"))
        await connection.wait_closed()

    async def main() -> None:
        async with (
            serving(handler) as url,
            ProxyServer(int(url.rpartition(":")[2])) as proxy,
        ):
            monitor = make_monitor("ws://feed.invalid/websocket")
            statuses: list[LinkStatus] = []
            monitor.link_changed.add(statuses.append)
            await monitor.sign_in(ACCOUNT)
            await eventually(lambda: LinkState.WAITING in {s.state for s in statuses})
            network = Network(f"http://127.0.0.1:{proxy.port}")
            monitor.use_network(network)
            await eventually(lambda: statuses[-1].state is LinkState.LIVE)
            count = len(statuses)
            monitor.use_network(network)
            await asyncio.sleep(0.1)
            assert len(statuses) == count
            await monitor.sign_out()

    run(main)
