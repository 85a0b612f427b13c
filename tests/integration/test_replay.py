"""A recorded hour that is played again ends where the live one ended."""

import asyncio
from pathlib import Path
from time import monotonic

import pytest

from tests.integration.recorded_hour import (
    BACK_MS,
    END_MS,
    LOST_MS,
    START_MS,
    LiveHour,
    end,
    make_monitor,
    state_of,
)
from tftmonitor.base.clock import HOUR_MS, MINUTE_MS
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.replay.player import Player
from tftmonitor.monitor.replay.read_ahead import ReadAhead
from tftmonitor.monitor.replay.replay_clock import ReplayClock
from tftmonitor.monitor.replay.stretch import LEAD_MS, open_stretch
from tftmonitor.protocol.channels import Channel

# 600x would take six seconds; the pace of the computer's own seconds is raised as well.
_FASTER = 10


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Monitor]:
    folder = tmp_path_factory.mktemp("hour")

    async def record() -> Monitor:
        live = LiveHour(folder / "profile", folder / "live")
        await live.play()
        return live.monitor

    return folder / "profile", asyncio.run(record())


async def replayed(profile: Path, folder: Path, start_ms: int, *, at_once: bool) -> Monitor:
    stretch = open_stretch(profile, start_ms, END_MS)
    clock = ReplayClock(stretch.start_ms - LEAD_MS, lambda: monotonic() * _FASTER)
    monitor = make_monitor(clock, folder)
    await monitor.alarm_service.restore()
    frames = ReadAhead(profile, stretch.devices, stretch.start_ms, stretch.end_ms)
    player = Player(monitor, clock, stretch, frames)
    serving = asyncio.create_task(monitor.alarm_service.run())
    await player.feed(stretch.end_ms if at_once else stretch.start_ms)
    player.set_speed(600)
    player.play()
    running = asyncio.create_task(player.run())
    while not player.is_at_end:  # noqa: ASYNC110 - the end has no event
        await asyncio.sleep(0.01)
    for task in (running, serving):
        task.cancel()
    await asyncio.gather(running, serving, return_exceptions=True)
    player.close()
    assert not player.problem
    await end(monitor)
    return monitor


def differences(live: Monitor, again: Monitor) -> list[str]:
    first, second = state_of(live, END_MS), state_of(again, END_MS)
    return [
        f"{what}: {first.get(what)!r:.300} is {second.get(what)!r:.300}"
        for what in sorted({*first, *second})
        if first.get(what) != second.get(what)
    ]


def test_replayed_hour_ends_in_the_state_of_the_live_one(
    hour: tuple[Path, Monitor], tmp_path: Path
) -> None:
    profile, live = hour
    again = asyncio.run(replayed(profile, tmp_path, START_MS, at_once=False))
    assert len(live.fleet) == 12
    assert live.alarm_service.alarms.total.count > 3
    assert live.coverage.between((Channel.DEVICES.value,), START_MS, END_MS)
    assert differences(live, again) == []


def test_hour_that_is_fed_at_once_from_its_middle_ends_there_too(
    hour: tuple[Path, Monitor], tmp_path: Path
) -> None:
    profile, live = hour
    again = asyncio.run(replayed(profile, tmp_path, START_MS + 40 * MINUTE_MS, at_once=True))
    assert differences(live, again) == []


def test_stretch_has_the_lost_link_as_a_gap(hour: tuple[Path, Monitor]) -> None:
    stretch = open_stretch(hour[0], START_MS, None)
    assert stretch.gaps == [(LOST_MS, BACK_MS)]
    assert stretch.end_ms <= START_MS + HOUR_MS
