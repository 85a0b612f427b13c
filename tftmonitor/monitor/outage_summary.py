"""What arrived since a channel was lost, in one sentence once it is back."""

from dataclasses import dataclass, field
from typing import Final

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.model.alarms.events import AlarmChange, Raised
from tftmonitor.model.fields.formatting import format_age
from tftmonitor.monitor.alarm_service import AlarmStep
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus

# What was stored meanwhile comes in a burst; it is counted before it is reported.
SETTLE_MS: Final = 2 * SECOND_MS

_LOST = frozenset({LinkState.WAITING, LinkState.REFUSED})


@dataclass(slots=True)
class _Loss:
    """One channel's loss: since when, what came since, and when it ended."""

    since_ms: int
    last_message: int
    alarms: set[int] = field(default_factory=set)
    back_ms: int | None = None


class OutageSummary:
    """``note_link`` at each change of a link, ``tick`` once a second; that returns the sentence.

    Channels that come back together share one sentence.
    """

    def __init__(self, monitor: Monitor, clock: Clock) -> None:
        self._monitor = monitor
        self._clock = clock
        self._losses: dict[Channel, _Loss] = {}
        monitor.alarm_service.steps[AlarmStep.MODEL].add(self._note_alarms)

    def note_link(self, status: LinkStatus) -> None:
        """The state of a channel changed."""
        channel = status.channel
        if status.state is LinkState.OFF:
            self._losses.pop(channel, None)
        elif status.state in _LOST:
            new = _Loss(status.since_ms, self._newest_message())
            self._losses.setdefault(channel, new).back_ms = None
        elif status.is_up and channel in self._losses:
            loss = self._losses[channel]
            loss.back_ms = loss.back_ms or self._clock.now_ms()

    def tick(self) -> str:
        """The sentence when what is back has settled, else nothing."""
        back = {c: loss for c, loss in self._losses.items() if loss.back_ms is not None}
        latest_ms = max((loss.back_ms or 0 for loss in back.values()), default=0)
        if not back or self._clock.now_ms() - latest_ms < SETTLE_MS:
            return ""
        for channel in back:
            del self._losses[channel]
        return self._sentence(back, latest_ms)

    def _sentence(self, back: dict[Channel, _Loss], latest_ms: int) -> str:
        names = " and ".join(channel.value for channel in Channel if channel in back)
        lasted = format_age(latest_ms - min(loss.since_ms for loss in back.values()))
        messages = self._newest_message() - min(loss.last_message for loss in back.values())
        counts = (
            (self._devices_since(back.get(Channel.DEVICES)), "device"),
            (len(set().union(*(loss.alarms for loss in back.values()))), "alarm"),
            (messages, "message"),
        )
        arrived = [f"{count} {noun}{'s' * (count != 1)}" for count, noun in counts if count]
        news = ", ".join(arrived) or "nothing new"
        return f"{names.capitalize()} back after {lasted}: {news} since the loss."

    def _devices_since(self, loss: _Loss | None) -> int:
        """How many devices have reported since their channel is back."""
        if loss is None or loss.back_ms is None:
            return 0
        back_ms = loss.back_ms
        return sum(device.received_ms >= back_ms for device in self._monitor.fleet)

    def _newest_message(self) -> int:
        items = self._monitor.inbox.items
        return items[-1].number if items else 0

    def _note_alarms(self, changes: list[AlarmChange]) -> None:
        for loss in self._losses.values():
            loss.alarms.update(c.alarm.id for c in changes if isinstance(c.event, Raised))
