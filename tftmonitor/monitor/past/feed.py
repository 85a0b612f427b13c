"""Has the recorded history answer for a stretch of time that is shown and memory has not.

What is known is drawn at once; what was recorded comes when it is read, for a wider stretch than
was asked for, so that a little panning needs no reading.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.base.tasks import TaskScope
from tftmonitor.history.samples.stored import HistoryError
from tftmonitor.model.coverage import BlindInterval
from tftmonitor.model.fields.plot import SeriesLayout
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.samples.joining import PastPart
from tftmonitor.monitor.past.past import Past
from tftmonitor.monitor.past.plotted import plotted, wires_of

# On each side of the window, by its length.
_MARGIN: Final = 0.5
# The past reaches so far into what memory has, in seconds.
_OVERLAP_S: Final = 60.0
# Less of what could be seen is not enough.
_COARSE: Final = 0.7


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time, in seconds since 1970, to be shown on so many pixels."""

    start: float
    end: float
    pixels: int

    @property
    def density(self) -> float:
        """Pixels a second."""
        return self.pixels / max(self.end - self.start, 1e-3)


@dataclass(frozen=True, slots=True)
class PastDevice:
    """Whose past is looked at: all ids that it may be recorded under, and what it measures."""

    keys: tuple[str, ...] = ()
    measured: int = 0
    layout: SeriesLayout | None = None


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """What is known of the past by now: samples, and what was blind (ms since 1970).

    ``since_s`` is when the device's first push was recorded, None for none; ``problem`` says why
    the history could not be read, else it is empty.
    """

    stretch: Stretch
    part: PastPart | None = None
    blind: Sequence[BlindInterval] = field(default=())
    since_s: float | None = None
    is_thinned: bool = False
    problem: str = ""


def device_of(device: Device | None, layout: SeriesLayout) -> PastDevice:
    """Under which ids the past of a device of the fleet is looked for; None has no past."""
    if device is None:
        return PastDevice()
    keys = tuple(dict.fromkeys([device.key, *device.names, *device.former]))
    return PastDevice(keys, device.measured, layout)


def memory_since(device: Device | None, begun_s: float) -> float:
    """From when on memory has all of a device, in seconds since 1970.

    It was empty when the program began, and drops the oldest.
    """
    ring = device.series if device is not None else None
    if ring is None or ring.added == len(ring) or ring.oldest_s is None:
        return begun_s
    return max(begun_s, ring.oldest_s)


class PastFeed:
    """Tells ``show`` each answer, and ``reading`` whether one is awaited.

    ``memory_since`` says from when on memory has everything of the device, in seconds.
    """

    def __init__(
        self,
        past: Past,
        scope: TaskScope,
        memory_since: Callable[[], float],
        show: Callable[[PastAnswer | None], None],
        reading: Callable[[bool], None],
    ) -> None:
        self._past, self._scope = past, scope
        self._memory_since = memory_since
        self._show, self._reading = show, reading
        self._device = PastDevice()
        self._wanted: Stretch | None = None
        self._answer: PastAnswer | None = None
        self._asked: Stretch | None = None
        self._task: asyncio.Task[None] | None = None

    def show_device(self, device: PastDevice) -> None:
        """Look at the past of another device, or of other fields; without keys of none."""
        if device == self._device:
            return
        self._device, self._wanted, self._answer = device, None, None
        self._give_up()
        self._show(None)

    def look(self, seen: Stretch) -> None:
        """Now a stretch is shown; what memory has not of it is asked for."""
        memory_s = self._memory_since()
        if not self._device.keys or seen.start >= memory_s or seen.pixels <= 1:
            self._wanted = None
            return
        end = min(seen.end, memory_s)
        self._wanted = Stretch(seen.start, end, max(1, round(seen.density * (end - seen.start))))
        if self._asked is not None:
            # What is under way is let through, or a drag would never see anything.
            if self._asked.end < self._wanted.start or self._asked.start > self._wanted.end:
                self._give_up()
            else:
                return
        self._ask()

    def forget(self) -> None:
        """Back to live: what was read is let go where memory has all that is seen."""
        if self._wanted is None and self._answer is not None:
            self._answer = None
            self._show(None)

    def _ask(self) -> None:
        wanted = self._wanted
        if wanted is None or (self._answer is not None and _serves(self._answer, wanted)):
            return
        margin = _MARGIN * (wanted.end - wanted.start)
        start = wanted.start - margin
        end = min(wanted.end + margin, self._memory_since() + _OVERLAP_S)
        end = max(end, wanted.end)
        self._asked = Stretch(start, end, round(wanted.density * (end - start)) + 1)
        self._reading(True)
        self._task = self._scope.start_task("reading the history", self._read(self._asked))

    def _give_up(self) -> None:
        task, self._task, self._asked = self._task, None, None
        if task is not None:
            task.cancel()
            self._reading(False)

    async def _read(self, asked: Stretch) -> None:
        device, past = self._device, self._past
        layout = device.layout
        assert layout is not None
        start_ms, end_ms = round(asked.start * SECOND_MS), round(asked.end * SECOND_MS)
        answer = PastAnswer(asked)
        try:
            found = await past.samples(
                device.keys,
                wires_of(layout),
                start_ms,
                end_ms,
                asked.pixels,
                measured=device.measured,
            )
            if found is not None:
                part = None if found.samples is None else plotted(found.samples, layout)
                answer = replace(answer, part=part, is_thinned=found.is_thinned)
                since_s = self._since_s()
                answer = replace(answer, since_s=since_s)
                self._reading(False)
                self._tell(answer)
                blind = await past.blind(start_ms, end_ms)
                if since_s is None:
                    span = await past.span(device.keys)
                    since_s = None if span is None else span[0] / SECOND_MS
                answer = replace(answer, blind=blind, since_s=since_s)
        except HistoryError as error:
            answer = replace(answer, problem=str(error))
        self._task = self._asked = None
        self._reading(False)
        self._tell(answer)
        # Meanwhile the window may have moved on.
        self._ask()

    def _since_s(self) -> float | None:
        return None if self._answer is None else self._answer.since_s

    def _tell(self, answer: PastAnswer) -> None:
        self._answer = answer
        self._show(answer)


def _serves(answer: PastAnswer, wanted: Stretch) -> bool:
    """True when nothing has to be read for it: also where the reading failed."""
    has = answer.stretch
    if has.start > wanted.start or has.end < wanted.end:
        return False
    return not answer.is_thinned or has.density >= _COARSE * wanted.density
