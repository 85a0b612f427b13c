"""Plays a recorded stretch into a monitor: hands on each push once the replay's clock is there."""

import asyncio
import math
from functools import partial
from time import perf_counter
from typing import Final

from tftmonitor.base.clock import MINUTE_MS, SECOND_MS
from tftmonitor.base.listeners import Listeners
from tftmonitor.history.samples.stored import StoredFrame
from tftmonitor.model.fields.formatting import format_age
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.replay.past_links import PastLinks
from tftmonitor.monitor.replay.read_ahead import ReadAhead
from tftmonitor.monitor.replay.replay_clock import ReplayClock
from tftmonitor.monitor.replay.replayed_link import ReplayedLink
from tftmonitor.monitor.replay.stretch import LEAD_MS, Stretch
from tftmonitor.protocol.channels import Channel

# As the reading of a live link: after this the event loop has a turn.
_SLICE_S: Final = 0.004
_PAUSE_S: Final = 0.02
_ALARM_PAUSE_S: Final = 0.001
_SHOWN_EVERY_S: Final = 0.1
# So long nothing has to come in to be skipped; what is skipped ends so long before the next push.
_LEAST_GAP_MS: Final = MINUTE_MS
_BEFORE_NEXT_MS: Final = SECOND_MS
# Whoever is behind by more seconds than this of the computer does not catch up.
_BEHIND_S: Final = 1.0
_ACCOUNT: Final = "Replay"


class Player:
    """Everything is called on the event loop; keep ``run`` in a TaskScope.

    ``moved`` is called when it has come further, at most ten times a second, and when it stands or
    runs, ``said`` with a sentence for the user, ``hurried`` with True while it plays as fast as it
    goes towards a moment, for which nobody need paint. ``skips_gaps`` may be set at any time.
    """

    def __init__(
        self, monitor: Monitor, clock: ReplayClock, stretch: Stretch, frames: ReadAhead
    ) -> None:
        self.moved: Listeners[[]] = Listeners()
        self.said: Listeners[[str]] = Listeners()
        self.hurried: Listeners[[bool]] = Listeners()
        self.stretch = stretch
        self.clock = clock
        self.skips_gaps = True
        self.is_behind = False
        self._monitor = monitor
        self._frames = frames
        self._received_ms = 0
        self._links = {
            channel: ReplayedLink(
                channel,
                partial(monitor.receiver.receive, channel),
                monitor.note_link,
                self._now_ms,
            )
            for channel in Channel
        }
        monitor.show_replay(_ACCOUNT, self._links)
        self._changes = PastLinks(monitor, self._links, stretch, clock.now_ms()).changes
        self._second_ms = clock.now_ms() + SECOND_MS
        self._until_ms: int | None = None
        self._step_of: str | None = None
        self._wake = asyncio.Event()
        self._shown_s = 0.0

    @property
    def is_playing(self) -> bool:
        """True while the time goes on by itself."""
        return self.clock.is_running

    @property
    def is_hurrying(self) -> bool:
        """True while it plays as fast as it goes, to a moment or to the next push."""
        return self._until_ms is not None

    @property
    def is_at_end(self) -> bool:
        """True when there is nothing after this moment."""
        return self.clock.now_ms() >= self.stretch.end_ms

    @property
    def problem(self) -> str:
        """Why less is played than was recorded, in words."""
        return self._frames.problem

    async def run(self) -> None:
        """Play until cancelled."""
        while True:
            if not (self.is_playing or self.is_hurrying):
                self._wake.clear()
                await self._wake.wait()
            await self._turn()

    async def feed(self, to_ms: int) -> None:
        """Play all up to this moment at once, with turns for the event loop."""
        self._hurry(to_ms)
        while self.is_hurrying:
            await self._turn()

    def play(self) -> None:
        """Let the time go on; at the end there is none."""
        if not self.is_at_end:
            self.clock.run()
        self._show()

    def pause(self) -> None:
        """Stand at this moment, at once, whatever it was on the way to."""
        self.clock.stand()
        self._arrive()

    def set_speed(self, speed: float) -> None:
        """So many seconds of the replay in one of the computer."""
        self.clock.set_speed(speed)
        self._show()

    def can_reach(self, moment_ms: int) -> bool:
        """True for what lies so near ahead that all in between is played at once.

        Any other moment needs a model that knows nothing of what came after it, or less to read.
        """
        return 0 <= moment_ms - self.clock.now_ms() <= LEAD_MS

    def go_to(self, moment_ms: int) -> None:
        """Play as fast as it goes to a moment that ``can_reach`` has allowed."""
        self._step_of = None
        self._hurry(min(moment_ms, self.stretch.end_ms))

    def step(self, device: str = "") -> None:
        """Play to the next push of this device, of any without a name, and stand there."""
        self.clock.stand()
        self._step_of = device
        self._hurry(self.stretch.end_ms)

    def close(self) -> None:
        """Read no further."""
        self._frames.close()

    def work(self, limit_s: float = _SLICE_S) -> bool:
        """Play what is due, for so long at most; True when more of it is left."""
        end_s, waiting = perf_counter() + limit_s, self._monitor.alarm_service.pipeline.queue
        # Alarms keep up, so that none meets another in an order in which it never did.
        while not waiting:
            if not self._play_next():
                self.is_behind = False
                self._look_where_it_is()
                self._show_soon()
                return False
            if perf_counter() >= end_s:
                break
        self._catch_breath()
        self._show_soon()
        return True

    async def _turn(self) -> None:
        """Play a slice, and give the event loop a turn, or those some time that it waits for."""
        if not self.work():
            await asyncio.sleep(_PAUSE_S)
        elif self._monitor.alarm_service.pipeline.queue:
            await asyncio.sleep(_ALARM_PAUSE_S)
        else:
            await asyncio.sleep(0)

    def _play_next(self) -> bool:
        """The next thing that is due; False when nothing is."""
        frame = self._frames.next()
        if frame is None and not self._frames.is_over:
            # Not read yet: until then nobody knows how far the time may go on.
            if self.is_playing:
                self.clock.begin_anew()
            return False
        if self._until_ms is None and self.is_playing and self.skips_gaps:
            self._skip_gap(frame)
        due_ms = self._due_ms()
        frame_ms = math.inf if frame is None else frame.received_ms
        change_ms = self._changes[0].at_ms if self._changes else math.inf
        if min(frame_ms, change_ms, self._second_ms) > due_ms:
            self.clock.move_to(due_ms)
            return False
        if self._second_ms < min(frame_ms, change_ms):
            self._tick()
        elif change_ms <= frame_ms:
            self.clock.move_to(self._changes[0].at_ms)
            self._changes.popleft().act()
        else:
            self._hand_on(self._frames.pop())
        return self.is_playing or self.is_hurrying

    def _hand_on(self, frame: StoredFrame) -> None:
        self.clock.move_to(frame.received_ms)
        # It may have come before the first moment, or while the clock was being set back.
        self._received_ms = frame.received_ms
        self._links[Channel(frame.channel)].ingest(frame.frame)
        self._received_ms = 0
        if self._step_of is not None and self._is_of(frame, self._step_of):
            self._arrive()

    def _is_of(self, frame: StoredFrame, device: str) -> bool:
        found = self._monitor.fleet.find(frame.device)
        return not device or (found is not None and found.key == device)

    def _tick(self) -> None:
        """A second of the replay: what depends on time is judged as often as it was then."""
        now_ms = self._second_ms
        self.clock.move_to(now_ms)
        self._second_ms += SECOND_MS
        self._monitor.rules.tick(now_ms)
        self._monitor.identities.tick(now_ms)

    def _due_ms(self) -> int:
        due_ms = self.clock.due_ms if self._until_ms is None else self._until_ms
        return min(int(due_ms), self.stretch.end_ms)

    def _now_ms(self) -> int:
        return self._received_ms or self.clock.now_ms()

    def _skip_gap(self, frame: StoredFrame | None) -> None:
        """Go over a stretch in which nothing came in, and say so."""
        now_ms, end_ms = self.clock.now_ms(), self.stretch.end_ms
        next_ms = end_ms if frame is None else min(frame.received_ms - _BEFORE_NEXT_MS, end_ms)
        if next_ms - now_ms >= _LEAST_GAP_MS:
            self.said(f"Skipped {format_age(next_ms - now_ms)} in which nothing came in.")
            self._hurry(next_ms)

    def _look_where_it_is(self) -> None:
        if self._until_ms is not None and self.clock.now_ms() >= self._until_ms:
            self._arrive()
        if self.is_playing and self.is_at_end:
            self.clock.stand()
            self.said(self.problem or "This is the end of the stretch.")
            self._show()

    def _catch_breath(self) -> None:
        """More is due than can be played: it goes on from here instead of running after it."""
        behind_ms = self.clock.due_ms - self.clock.now_ms()
        if self.is_playing and behind_ms > _BEHIND_S * SECOND_MS * self.clock.speed:
            self.is_behind = True
            self.clock.begin_anew()

    def _hurry(self, to_ms: int) -> None:
        was_hurrying, self._until_ms = self.is_hurrying, to_ms
        self._wake.set()
        if not was_hurrying:
            self.hurried(True)

    def _arrive(self) -> None:
        """It is where it was to go, or goes there no more."""
        was_hurrying, self._until_ms = self.is_hurrying, None
        if self._step_of is not None and self.is_at_end:
            self.said("No further push up to the end of the stretch.")
        self._step_of = None
        if self.is_playing:
            self.clock.begin_anew()
        if was_hurrying:
            self.hurried(False)
        self._show()

    def _show_soon(self) -> None:
        if perf_counter() >= self._shown_s + _SHOWN_EVERY_S:
            self._show()

    def _show(self) -> None:
        self._shown_s = perf_counter()
        self._wake.set()
        self.moved()
