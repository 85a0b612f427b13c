"""A monitor that asks a real server for names and last reports, beside the real feed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from tests.integration.recorded_link import ACCOUNT, eventually, run, simulator
from tftmonitor.base.clock import SystemClock
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.asked import account_list
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.link_status import LinkState
from tftmonitor.simulator.server.server import SimulatorServer

SOS = 16
HOUR_MS = 3_600_000


def entry(imei: str, name: str = "", age_ms: int = HOUR_MS, **status: Any) -> dict[str, Any]:
    status = {"date": SystemClock().now_ms() - age_ms, "speed": 7} | status
    return {"imei": imei, "model": "T1", "status": status, "config": {"name": name}}


class Asking:
    """A monitor, and what it reported of its questions."""

    def __init__(self, server: SimulatorServer, most_devices: int = 100) -> None:
        assert server.http is not None
        self.http = server.http
        clock, self.fleet = SystemClock(), Fleet(most_devices=most_devices)
        service = AlarmService(OpenAlarms(), None, CodeResolver(), clock, self.fleet.find)
        self.service = service
        urls = {Channel.DEVICES: server.device_url, Channel.MESSAGES: server.message_url}
        self.monitor = Monitor(urls, clock, self.fleet, service)
        self.told: list[str] = []
        self.monitor.account_list.reported.add(self.told.append)

    @property
    def labels(self) -> list[str]:
        """Of the devices that are not of the simulator's own feed."""
        return sorted(d.label for d in self.fleet if not d.key.startswith("1000000"))

    async def sign_in(self, *, with_list: bool = True) -> None:
        await self.monitor.sign_in(ACCOUNT, None, self.http.url, with_list=with_list)

    async def alarms(self) -> list[str]:
        await self.service.drain()
        return [alarm.device or "" for alarm in self.service.alarms.all()]

    def push(self, imei: str, **status: Any) -> None:
        frame = snapshot_frame(imei, status)
        now_ms = SystemClock().now_ms()
        push = decode(Channel.DEVICES, frame)
        self.monitor.receiver.receive(Channel.DEVICES, push, frame, now_ms)


def snapshot_frame(imei: str, status: dict[str, Any]) -> bytes:
    data = {"imei": imei, "model": "T1", "status": status}
    return msgspec.json.encode({"event": "snapshot", "data": data, "error": 0})


@asynccontextmanager
async def asking(
    entries: list[Any] | None = None, most_devices: int = 100
) -> AsyncIterator[Asking]:
    async with simulator(http_port=0) as server:
        rig = Asking(server, most_devices)
        if entries is not None:
            listed = entries

            def devices() -> Iterator[Any]:
                return iter(listed)

            rig.http._devices = devices
        try:
            yield rig
        finally:
            await rig.monitor.sign_out()


def test_names_and_last_reports_are_there_after_the_sign_in() -> None:
    async def main() -> None:
        async with asking([entry("1", "One"), entry("2"), {"imei": "3", "model": "T"}, 5]) as rig:
            await rig.sign_in()
            await eventually(lambda: bool(rig.told))
            place = rig.http.url.removeprefix("http://")
            words = "3 devices, 1 name, 2 last reports, 1 of no use"
            assert rig.told == [f"Fetched from {place}: {words}."]
            assert rig.labels == ["2", "3", "One"]
            one = rig.fleet.find("1")
            assert one is not None
            assert one.is_asked
            assert not rig.monitor.account_list.is_asking

    run(main)


def test_nothing_is_asked_without_the_wish_until_the_user_asks() -> None:
    async def main() -> None:
        async with asking([entry("1", "One")]) as rig:
            await rig.sign_in(with_list=False)
            await eventually(lambda: rig.monitor.link_status(Channel.DEVICES).is_up)
            await asyncio.sleep(0.05)
            assert rig.http.asked == []
            rig.monitor.ask_account_list()
            await eventually(lambda: rig.monitor.account_list.is_asking)
            rig.monitor.ask_account_list()  # one is under way
            await eventually(lambda: bool(rig.told))
            assert len(rig.http.asked) == 2

    run(main)


def test_list_is_asked_for_once_a_session_and_not_at_each_connection() -> None:
    async def main() -> None:
        async with asking([]) as rig:
            await rig.sign_in()
            await eventually(lambda: len(rig.told) == 1)
            ups = 0

            def count(status: Any) -> None:
                nonlocal ups
                ups += status.channel is Channel.DEVICES and status.is_up

            rig.monitor.link_changed.add(count)
            rig.monitor.renew_links()
            await eventually(lambda: ups > 0)
            await asyncio.sleep(0.05)
            assert len(rig.http.asked) == 2

    run(main)


def test_question_without_a_session_says_so() -> None:
    async def main() -> None:
        async with asking([]) as rig:
            rig.monitor.ask_account_list()
            await eventually(lambda: bool(rig.told))
            assert "once you are signed in" in rig.told[0]
            assert rig.http.asked == []

    run(main)


def test_failure_is_one_sentence_and_the_session_goes_on() -> None:
    async def main() -> None:
        async with asking([entry("1", "One")]) as rig:
            rig.http.fault = "500"
            await rig.sign_in()
            await eventually(lambda: bool(rig.told))
            place = rig.http.url.removeprefix("http://")
            reason = "server answers with HTTP 500 (an error of its own)"
            assert rig.told == [f"Names and last reports not fetched from {place}: {reason}."]
            assert rig.monitor.link_status(Channel.DEVICES).state is not LinkState.REFUSED
            assert rig.labels == []
            rig.http.fault = ""
            rig.monitor.ask_account_list()
            await eventually(lambda: len(rig.told) == 2)
            assert rig.labels == ["One"]

    run(main)


def test_signing_out_cancels_the_question() -> None:
    async def main() -> None:
        async with asking([entry("1", "One")]) as rig:
            rig.http.fault = "slow"
            await rig.sign_in()
            await eventually(lambda: len(rig.http.asked) == 2)
            await rig.monitor.sign_out()
            assert not rig.monitor.account_list.is_asking
            assert rig.told == []
            rig.monitor.ask_account_list()
            await eventually(lambda: bool(rig.told))
            assert "once you are signed in" in rig.told[0]

    run(main)


def test_newer_push_is_not_overwritten_and_known_reports_ring_once() -> None:
    async def main() -> None:
        now_ms = SystemClock().now_ms()
        dates = {"1": now_ms - 60_000, "2": now_ms - 60_000}
        listed = [
            entry("1", date=dates["1"], cur_event=SOS),
            entry("2", date=dates["2"], cur_event=SOS),
        ]
        async with asking(listed) as rig:
            rig.push("1", date=dates["1"], cur_event=SOS, speed=9)
            rig.push("1", date=now_ms, cur_event=SOS, speed=11)
            assert await rig.alarms() == ["1"]
            await rig.sign_in()
            await eventually(lambda: bool(rig.told))
            one = rig.fleet.find("1")
            assert one is not None
            assert one.status is not None
            assert one.status.speed == 11
            # The other's was not known before.
            assert await rig.alarms() == ["1", "2"]
            counts = [alarm.count for alarm in rig.service.alarms.all()]
            rig.push("2", date=dates["2"], cur_event=SOS)
            await rig.alarms()
            assert [alarm.count for alarm in rig.service.alarms.all()] == counts

    run(main)


def test_id_of_two_devices_lends_its_name_to_neither() -> None:
    async def main() -> None:
        first = entry("1", "One") | {"device_key": "81"}
        second = entry("1", "Other") | {"device_key": "82"}
        async with asking([first, second]) as rig:
            await rig.sign_in()
            await eventually(lambda: bool(rig.told))
            assert rig.labels == ["One", "Other"]

    run(main)


def test_more_devices_than_there_is_room_for_are_counted() -> None:
    async def main() -> None:
        rows: list[Any] = [entry(str(n)) for n in range(1, 4)]
        rows += [{"imei": str(n)} for n in range(4, 6)]
        async with asking(rows, most_devices=6) as rig:
            await rig.sign_in(with_list=False)
            await eventually(lambda: len(rig.fleet) == 4)  # those of the feed
            rig.monitor.ask_account_list()
            await eventually(lambda: bool(rig.told))
            assert rig.labels == ["1", "2"]
            assert rig.told[0].endswith("2 last reports, 3 too many.")

    run(main)


def test_filling_leaves_the_loop_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_list, "TURN_S", 0.0)
    turns: list[int] = []

    async def main() -> None:
        async with asking([entry(str(n), f"No {n}") for n in range(1, 30)]) as rig:
            await rig.sign_in()
            grown: Callable[[], bool] = lambda: bool(rig.told)  # noqa: E731
            while not grown():
                turns.append(len(rig.fleet))
                await asyncio.sleep(0)

    run(main)
    assert len(set(turns)) > 10


def test_credential_that_comes_back_as_a_name_is_not_shown() -> None:
    async def main() -> None:
        async with asking([entry("1", f"x {ACCOUNT.password_md5}")]) as rig:
            await rig.sign_in()
            await eventually(lambda: bool(rig.told))
            assert rig.labels == ["x [redacted]"]

    run(main)
