"""The player: what is due is handed on, no more and no less, at any speed."""

import asyncio
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from typing_extensions import override

from tests.unit.monitor.replay.recorded import T0, record, snapshot
from tests.unit.monitor.replay.test_replay_clock import Seconds
from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.history.samples.store import NOT_RECORDED
from tftmonitor.history.samples.stored import LinkChange, Recorded, StoredFrame
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Raised
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.conditions import LinkDown
from tftmonitor.model.rules.rule import Rule
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.replay.player import Player
from tftmonitor.monitor.replay.read_ahead import ReadAhead
from tftmonitor.monitor.replay.replay_clock import ReplayClock
from tftmonitor.monitor.replay.stretch import LEAD_MS, open_stretch
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState

LINK_RULE = Rule(id="link", condition=LinkDown(after_s=60))
PLENTY_S = 10.0


class Stage:
    """A player on what was recorded, with the seconds of the computer in hand."""

    def __init__(
        self,
        profile: Path,
        start_ms: int | None = T0,
        end_ms: int | None = None,
        ahead: type[ReadAhead] = ReadAhead,
    ) -> None:
        self.seconds = Seconds()
        self.stretch = open_stretch(profile, start_ms, end_ms)
        self.clock = ReplayClock(self.stretch.start_ms - LEAD_MS, self.seconds)
        fleet, book = Fleet(), OpenAlarms()
        self.service = AlarmService(book, None, CodeResolver(), self.clock, fleet.find)
        rules = RuleEngine(fleet, self.service, self.clock, [LINK_RULE])
        self.monitor = Monitor({}, self.clock, fleet, self.service, rules)
        self.frames = ahead(
            profile, self.stretch.devices, self.stretch.start_ms, self.stretch.end_ms
        )
        self.player = Player(self.monitor, self.clock, self.stretch, self.frames)
        self.said: list[str] = []
        self.hurried: list[bool] = []
        self.shown: list[int] = []
        self.player.said.add(self.said.append)
        self.player.hurried.add(self.hurried.append)
        self.player.moved.add(lambda: self.shown.append(self.clock.now_ms()))

    def read(self) -> None:
        """Wait until something is read, or nothing is left."""
        while self.frames.next() is None and not self.frames.is_over:
            time.sleep(0.001)

    def play_out(self) -> None:
        """Play all that is due now; alarms keep up."""
        while True:
            self.read()
            if not self.player.work(PLENTY_S):
                return
            asyncio.run(self.service.drain())

    def begin(self) -> None:
        """Come to the first moment, as the window does."""
        asyncio.run(self.service.restore())
        self.player.go_to(self.stretch.start_ms)
        self.play_out()
        assert not self.player.is_hurrying
        self.said.clear()
        self.hurried.clear()

    def pass_by(self, seconds: float) -> None:
        self.seconds.now += seconds
        self.play_out()

    @property
    def since_start(self) -> int:
        return self.clock.now_ms() - self.stretch.start_ms

    def speed_of(self, imei: str) -> object:
        device = self.monitor.fleet.find(imei)
        return None if device is None or device.status is None else device.status.speed

    def link(self, channel: Channel = Channel.DEVICES) -> LinkState:
        return self.monitor.link_status(channel).state


Make = Callable[..., Stage]


@pytest.fixture
def make(tmp_path: Path) -> Iterable[Make]:
    stages: list[Stage] = []

    def made(
        rows: Iterable[Recorded],
        links: Iterable[LinkChange] = (),
        blind: Iterable[BlindInterval] = (),
        **options: object,
    ) -> Stage:
        record(tmp_path, rows, links, blind)
        stage = Stage(tmp_path, **options)  # type: ignore[arg-type]
        stages.append(stage)
        return stage

    yield made
    for stage in stages:
        stage.player.close()


def drive(count: int = 60, every_ms: int = 10_000) -> list[Recorded]:
    """Pushes of two devices in turn, whose speed is the number of the push."""
    return [snapshot(f"{n % 2 + 1}", T0 + n * every_ms, speed=n) for n in range(count)]


# At its pace


def test_nothing_is_played_before_its_time(make: Make) -> None:
    stage = make(drive())
    stage.begin()
    assert stage.clock.now_ms() == T0
    assert (stage.speed_of("1"), stage.speed_of("2")) == (0, None)
    stage.player.play()
    stage.pass_by(9.9)
    assert stage.speed_of("2") is None
    stage.pass_by(0.1)
    assert stage.speed_of("2") == 1


@pytest.mark.parametrize("speed", [1, 60, 600])
def test_time_goes_on_at_the_speed(make: Make, speed: int) -> None:
    stage = make(drive(400))
    stage.begin()
    stage.player.set_speed(speed)
    stage.player.play()
    stage.pass_by(5)
    assert stage.since_start == 5_000 * speed
    played = 5 * speed // 10
    assert played in {stage.speed_of("1"), stage.speed_of("2")}


def test_a_pause_is_at_once_and_nothing_passes_meanwhile(make: Make) -> None:
    stage = make(drive())
    stage.begin()
    stage.player.play()
    stage.pass_by(3)
    stage.player.pause()
    stage.pass_by(1_000)
    assert not stage.player.is_playing
    assert stage.since_start == 3_000
    stage.player.play()
    stage.pass_by(4)
    assert stage.since_start == 7_000


def test_frames_come_in_with_their_own_times(make: Make) -> None:
    quiet = snapshot("quiet", T0 - 2 * DAY_MS, speed=7)
    stage = make([quiet, *drive()])
    stage.begin()
    device = stage.monitor.fleet.find("quiet")
    assert device is not None
    assert device.received_ms == T0 - 2 * DAY_MS
    assert stage.monitor.last_frame_ms(Channel.DEVICES) == T0


def test_work_ends_with_its_slice_and_says_that_there_is_more(make: Make) -> None:
    stage = make(drive())
    stage.begin()
    stage.player.go_to(T0 + MINUTE_MS)
    assert stage.player.work(0)
    assert stage.clock.now_ms() < T0 + MINUTE_MS


def test_alarms_that_wait_are_served_first(make: Make) -> None:
    stage = make(drive())
    stage.begin()
    stage.player.go_to(T0 + MINUTE_MS)
    stage.service.pipeline.put(Raised(T0, Source.RULE, "x", "X", Severity.NOTICE))
    stage.service.pipeline.put(Raised(T0, Source.RULE, "y", "Y", Severity.NOTICE))
    assert stage.player.work(PLENTY_S)
    assert stage.clock.now_ms() == T0


def test_what_depends_on_time_is_judged_in_each_second_of_the_replay(make: Make) -> None:
    lost = LinkChange(T0 + 5_300, "devices", "link lost", "gone")
    stage = make(drive(), [LinkChange(T0 - 1, "devices", "live", ""), lost])
    stage.player.skips_gaps = False
    stage.begin()
    stage.frames._here.clear()  # a frame would prove that the link is there
    stage.player.set_speed(600)
    stage.player.play()
    stage.pass_by(0.2)
    (alarm,) = stage.service.alarms.all()
    assert alarm.first_ms == T0 + 66_000


# Behind, and not read yet


class SlowAhead(ReadAhead):
    is_slow = False

    @override
    def next(self) -> StoredFrame | None:
        return None if self.is_slow else super().next()


def test_time_waits_for_what_is_not_read_yet(make: Make) -> None:
    stage = make(drive(), ahead=SlowAhead)
    assert isinstance(stage.frames, SlowAhead)
    stage.begin()
    stage.player.play()
    stage.frames.is_slow = True
    stage.seconds.now += 100
    assert not stage.player.work(PLENTY_S)
    stage.player.pause()
    assert not stage.player.work(PLENTY_S)
    assert stage.since_start == 0
    stage.player.play()
    stage.frames.is_slow = False
    stage.pass_by(1)
    assert stage.since_start == 1_000


def test_what_cannot_be_played_in_time_is_not_made_up_for(make: Make) -> None:
    stage = make(drive())
    stage.begin()
    stage.player.play()
    stage.seconds.now += 30
    assert stage.player.work(0)
    assert is_behind(stage)
    stage.pass_by(2)
    assert not is_behind(stage)
    assert stage.since_start < 5_000


def is_behind(stage: Stage) -> bool:
    return stage.player.is_behind


# Gaps


def gap_of_an_hour() -> list[Recorded]:
    before = [snapshot("1", T0 + n * SECOND_MS, speed=n) for n in range(5)]
    return [*before, snapshot("1", T0 + HOUR_MS, speed=99), snapshot("1", T0 + HOUR_MS + 5_000)]


def test_stretch_in_which_nothing_came_in_is_skipped_and_said(make: Make) -> None:
    stage = make(gap_of_an_hour(), end_ms=T0 + 2 * HOUR_MS)
    stage.begin()
    stage.player.play()
    stage.pass_by(4.5)
    # Up to a second before the next push, which comes in its own time.
    assert stage.since_start == HOUR_MS - SECOND_MS
    assert stage.said == ["Skipped 59 min in which nothing came in."]
    assert stage.hurried == [True, False]
    assert stage.speed_of("1") == 4
    stage.pass_by(1)
    assert stage.speed_of("1") == 99


def test_gap_is_played_when_nobody_wants_it_skipped(make: Make) -> None:
    stage = make(gap_of_an_hour(), end_ms=T0 + 2 * HOUR_MS)
    stage.begin()
    stage.player.skips_gaps = False
    stage.player.play()
    stage.pass_by(10)
    assert stage.since_start == 10_000
    assert stage.said == []


def test_gap_at_the_end_is_the_end(make: Make) -> None:
    stage = make([*drive(3), snapshot("", T0 + HOUR_MS)], end_ms=T0 + HOUR_MS - 1)
    stage.begin()
    stage.player.play()
    stage.pass_by(30)
    assert stage.player.is_at_end
    assert not stage.player.is_playing
    assert stage.said[-1] == "This is the end of the stretch."


# To a moment, and step by step


def test_what_lies_near_ahead_can_be_reached_and_nothing_else(make: Make) -> None:
    stage = make([*drive(), snapshot("1", T0 + 3 * HOUR_MS)], end_ms=T0 + 3 * HOUR_MS)
    stage.begin()
    reach = stage.player.can_reach
    assert [reach(T0 - 1), reach(T0), reach(T0 + HOUR_MS)] == [False, True, True]
    assert not reach(T0 + HOUR_MS + 1)


def test_moment_is_reached_with_all_that_lies_before_it(make: Make) -> None:
    stage = make(drive())
    stage.begin()
    stage.player.go_to(T0 + 95_000)
    stage.play_out()
    assert stage.since_start == 95_000
    assert (stage.speed_of("2"), stage.speed_of("1")) == (9, 8)
    assert stage.hurried == [True, False]
    assert not stage.player.is_playing


def test_who_plays_goes_on_from_the_moment(make: Make) -> None:
    stage = make(drive())
    stage.begin()
    stage.player.play()
    stage.player.go_to(T0 + 95_000)
    stage.play_out()
    stage.pass_by(1)
    assert stage.player.is_playing
    assert stage.since_start == 96_000


def test_another_moment_on_the_way_takes_its_place(make: Make) -> None:
    stage = make(drive())
    stage.begin()
    stage.player.go_to(T0 + 95_000)
    stage.player.go_to(T0 + DAY_MS)
    stage.play_out()
    assert stage.player.is_at_end
    assert stage.hurried == [True, False]


def test_pause_on_the_way_ends_it(make: Make) -> None:
    stage = make(drive())
    stage.begin()
    stage.player.go_to(T0 + 95_000)
    stage.player.work(0)
    stage.player.pause()
    assert not stage.player.is_hurrying
    assert stage.since_start < 95_000


def test_step_is_to_the_next_push_of_the_device(make: Make) -> None:
    stage = make(drive())
    stage.begin()
    stage.player.step("1")
    stage.play_out()
    assert stage.since_start == 20_000
    assert (stage.speed_of("2"), stage.speed_of("1")) == (1, 2)
    stage.player.step()
    stage.play_out()
    assert stage.since_start == 30_000
    assert not stage.player.is_playing
    assert stage.said == []


def test_step_without_a_further_push_ends_at_the_end_and_says_so(make: Make) -> None:
    stage = make(drive(20))
    stage.begin()
    stage.player.step("nobody")
    stage.play_out()
    assert stage.player.is_at_end
    assert stage.said == ["No further push up to the end of the stretch."]


def test_nothing_is_played_after_the_end(make: Make) -> None:
    stage = make(drive(3))
    stage.begin()
    stage.player.play()
    stage.pass_by(100)
    assert stage.said == ["This is the end of the stretch."]
    stage.player.play()
    assert not stage.player.is_playing


def test_early_end_of_the_reading_is_said_at_the_end(make: Make) -> None:
    stage = make(drive(3))
    stage.begin()
    stage.frames.problem = "The disk is gone."
    stage.player.play()
    stage.pass_by(100)
    assert stage.player.problem == "The disk is gone."
    assert stage.said == ["The disk is gone."]


# The links of then


def test_links_are_shown_as_they_were_and_hatched(make: Make) -> None:
    links = [
        LinkChange(T0 - 1_000, "devices", "live", ""),
        LinkChange(T0 + 12_000, "devices", "link lost", "the network is down"),
        LinkChange(T0 + 14_000, "devices", "connecting", "the network is down"),
        LinkChange(T0 + 15_000, "devices", "live", ""),
        LinkChange(T0 + 15_000, "pigeons", "live", ""),
        LinkChange(T0 + 15_000, "devices", "of a later version", ""),
    ]
    stage = make(drive(), links)
    stage.begin()
    stage.player.play()
    assert stage.link() is LinkState.LIVE
    stage.pass_by(12.5)
    status = stage.monitor.link_status(Channel.DEVICES)
    assert status.state is LinkState.WAITING
    assert (status.since_ms, status.reason) == (T0 + 12_000, "the network is down")
    stage.pass_by(2)
    assert stage.monitor.link_status(Channel.DEVICES).since_ms == T0 + 12_000
    stage.pass_by(2)
    assert stage.link() is LinkState.LIVE
    (blind,) = stage.monitor.coverage.between(("devices",), T0, T0 + HOUR_MS)
    assert (blind.start_ms, blind.end_ms) == (T0 + 12_000, T0 + 15_000)


def test_frame_proves_that_its_channel_was_up(make: Make) -> None:
    stage = make(drive())
    assert stage.link() is LinkState.OFF
    stage.begin()
    assert stage.link() is LinkState.LIVE
    assert stage.link(Channel.MESSAGES) is LinkState.OFF


def test_time_in_which_nothing_was_recorded_is_blind_on_both_channels(make: Make) -> None:
    gap = BlindInterval(NOT_RECORDED, Blindness.PROGRAM, T0 + 15_000, T0 + 19_000)
    lasts = BlindInterval(NOT_RECORDED, Blindness.SUSPENDED, T0 + 55_000, None, "asleep")
    stage = make(drive(7), blind=[gap, lasts])
    stage.begin()
    stage.player.play()
    stage.pass_by(16)
    status = stage.monitor.link_status(Channel.MESSAGES)
    assert status.state is LinkState.WAITING
    assert status.reason == "not recorded: program not running"
    stage.pass_by(3.5)
    assert stage.link() is LinkState.CONNECTING
    stage.pass_by(1)
    assert stage.link() is LinkState.LIVE
    (blind,) = stage.monitor.coverage.between(("devices",), T0, T0 + HOUR_MS)
    assert (blind.cause, blind.start_ms, blind.end_ms) == (
        Blindness.PROGRAM,
        T0 + 15_000,
        T0 + 20_000,
    )
    stage.pass_by(36)
    assert stage.monitor.link_status(Channel.DEVICES).reason == "asleep"


def test_what_was_blind_before_is_known_at_once(make: Make) -> None:
    before_ms = T0 - 2 * HOUR_MS
    found = [
        BlindInterval("devices", Blindness.LINK, before_ms, before_ms + MINUTE_MS),
        BlindInterval(NOT_RECORDED, Blindness.PROGRAM, before_ms - 9_000, before_ms - 5_000),
        BlindInterval("messages", Blindness.LINK, before_ms, T0 + MINUTE_MS, "gone"),
        BlindInterval("messages", Blindness.LINK, T0 + 2 * MINUTE_MS, None),
    ]
    links = [
        LinkChange(before_ms, "messages", "link lost", "gone"),
        LinkChange(before_ms + 1, "messages", "connecting", "gone"),
        LinkChange(T0 + MINUTE_MS, "messages", "live", ""),
    ]
    stage = make([snapshot("1", T0 - 3 * HOUR_MS), *drive()], links, found)
    between = stage.monitor.coverage.between
    assert len(between(("devices",), 0, T0)) == 2
    stage.begin()
    (_, lasts) = between(("messages",), 0, T0 + HOUR_MS)
    assert (lasts.start_ms, lasts.end_ms) == (before_ms, None)
    stage.player.go_to(T0 + 90_000)
    stage.play_out()
    assert between(("messages",), 0, T0 + HOUR_MS)[1].end_ms == T0 + MINUTE_MS


# On a loop


def test_player_runs_on_the_loop_rests_while_it_stands_and_feeds_at_once(make: Make) -> None:
    # Of several alarms in one push some wait for the disk, and the next push for them.
    alarms = [snapshot("1", T0 + 400_000 + n, alerts=7 << n) for n in range(5)]
    stage = make([*drive(40), *alarms, *drive(60)[41:]])

    async def main() -> None:
        await stage.service.restore()
        serving = asyncio.create_task(stage.service.run())
        await stage.player.feed(stage.stretch.start_ms)
        assert stage.clock.now_ms() == T0
        running = asyncio.create_task(stage.player.run())
        await asyncio.sleep(0.05)
        shown = len(stage.shown)
        stage.player.set_speed(600)
        stage.player.play()
        stage.seconds.now += 0.5
        async with asyncio.timeout(5):
            while stage.since_start < 300_000:  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.005)
        assert len(stage.shown) > shown
        stage.player.go_to(stage.stretch.end_ms)
        async with asyncio.timeout(5):
            while not stage.player.is_at_end:  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.005)
        for task in (running, serving):
            task.cancel()
        await asyncio.gather(running, serving, return_exceptions=True)
        assert stage.service.alarms.total.count >= 3

    asyncio.run(main())


def test_monitor_of_a_replay_is_nothing_to_the_sleep_of_this_computer(make: Make) -> None:
    stage = make(drive())
    assert stage.monitor.is_replay
    assert stage.monitor.user == "Replay"
    stage.monitor.note_sleep(T0, T0 + HOUR_MS)
    assert stage.monitor.coverage.between(("devices",), 0, T0 + DAY_MS) == []
