"""What was recorded of the shown device beside the plots: samples, blind time, alarms of then."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.base.listeners import Listeners
from tftmonitor.base.tasks import TaskScope
from tftmonitor.history.journal import JournalError
from tftmonitor.history.journal_query import JournalFilter
from tftmonitor.history.samples.stored import NOT_RECORDED
from tftmonitor.model.alarms.events import Raised
from tftmonitor.model.coverage import BlindInterval
from tftmonitor.model.fields.plot import SeriesLayout
from tftmonitor.model.fleet.device import Device
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.past.feed import PastAnswer, PastFeed, Stretch, device_of, memory_since
from tftmonitor.monitor.past.past import Past
from tftmonitor.protocol.channels import Channel
from tftmonitor.ui.plots.past.shown import NO_PAST, PastShown

if TYPE_CHECKING:
    from tftmonitor.ui.plots.pane import PlotStack
    from tftmonitor.ui.plots.time_scale import PlotMark

# More marks are no marks any more.
_MOST_MARKS: Final = 2_000


class PastOfDevice:
    """``marks`` and ``blind`` (seconds since 1970) are of the stretch that was read last.

    ``changed`` when they are others.
    """

    def __init__(self, monitor: Monitor, clock: Clock, past: Past, scope: TaskScope) -> None:
        self.marks: Sequence[PlotMark] = ()
        self.blind: Sequence[BlindInterval] = ()
        self.changed: Listeners[[]] = Listeners()
        self._monitor = monitor
        self._scope = scope
        self._begun_s = clock.now_ms() / SECOND_MS
        self._device: Device | None = None
        self._stack: PlotStack | None = None
        self._marked: Stretch | None = None
        self._marking: asyncio.Task[None] | None = None
        self._feed = PastFeed(past, scope, self._memory_since, self._show, self._show_reading)

    def attach(self, stack: "PlotStack") -> None:
        """From now on these plots show the past."""
        self._stack = stack
        stack.seen_changed.connect(self._look)

    def show_device(self, device: Device | None, layout: SeriesLayout) -> None:
        """Another device, or none, or other fields."""
        self._device = device
        self._feed.show_device(device_of(device, layout))
        self._look()

    def _memory_since(self) -> float:
        return memory_since(self._device, self._begun_s)

    def _look(self) -> None:
        stack = self._stack
        if stack is None or self._device is None:
            return
        self._feed.look(Stretch(*stack.window_s, stack.pixels))
        if stack.is_live:
            self._feed.forget()

    def _show(self, answer: PastAnswer | None) -> None:
        if self._stack is None:
            return
        if answer is None:
            self._stack.set_past(NO_PAST)
            self._stack.header.set_problem("")
            self._set_beside((), ())
            self._marked = None
            return
        self._stack.set_past(PastShown(answer.part, answer.since_s, answer.is_thinned))
        self._stack.header.set_problem(answer.problem)
        self._set_beside(self.marks, self._clipped(answer.blind))
        if answer.stretch != self._marked:
            self._marked = answer.stretch
            if self._marking is not None:
                self._marking.cancel()
            self._marking = self._scope.start_task("alarms of the past", self._mark(answer.stretch))

    def _show_reading(self, is_reading: bool) -> None:
        if self._stack is not None:
            self._stack.header.set_reading(is_reading)

    def _clipped(self, found: Sequence[BlindInterval]) -> list[BlindInterval]:
        """What was blind of this device before memory: since then the window itself knows."""
        assert self._device is not None
        scopes = {Channel.DEVICES.value, NOT_RECORDED, self._device.key}
        until_ms = round(self._memory_since() * SECOND_MS)
        return [
            BlindInterval(
                each.scope, each.cause, each.start_ms, min(each.end_ms or until_ms, until_ms)
            )
            for each in found
            if each.scope in scopes and each.start_ms < until_ms
        ]

    async def _mark(self, stretch: Stretch) -> None:
        from tftmonitor.ui.plots.time_scale import PlotMark

        assert self._device is not None
        wanted = JournalFilter(
            device=self._device.key,
            kinds=("raised",),
            from_ms=round(stretch.start * SECOND_MS),
            to_ms=round(stretch.end * SECOND_MS),
        )
        try:
            found = await self._monitor.alarm_service.read_journal(_MOST_MARKS, None, wanted)
        except JournalError as error:
            if self._stack is not None:
                self._stack.header.set_problem(str(error))
            return
        marks = [
            PlotMark(entry.event_ms / SECOND_MS, entry.event.severity, entry.event.name)
            for entry in found
            if isinstance(entry.event, Raised)
        ]
        self._set_beside(marks, self.blind)

    def _set_beside(self, marks: Sequence["PlotMark"], blind: Sequence[BlindInterval]) -> None:
        if (marks, blind) != (self.marks, self.blind):
            self.marks, self.blind = marks, blind
            self.changed()
