"""A live feed that begins with what the fleet reported before the server started."""

from collections.abc import Iterator

from typing_extensions import override

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.feeds.live import WorldFeed
from tftmonitor.simulator.fleet.world import World
from tftmonitor.simulator.outgoing import Frame, Outgoing, encode


class BacklogFeed(WorldFeed):
    """A fleet that already ran for ``backlog_s``: its snapshots of that time come first.

    Trackers store what they cannot send and send it later, so a client has to bear just this.
    Alarm numbers and bits are cleared: what is over must raise no alarm.
    """

    def __init__(self, world: World, backlog_s: float) -> None:
        super().__init__(world)
        self._backlog_s = backlog_s
        self._clients_filling = 0
        self._backlog = [
            encode((channel, _without_alarms(frame)))
            for channel, frame in world.step(world.start_ms + round(backlog_s * SECOND_MS))
            if channel is Channel.DEVICES and frame["event"] == "snapshot"
        ]

    @override
    def initial(self) -> Iterator[Outgoing]:
        # A live frame must not overtake the backlog, which would then be late data.
        self._clients_filling += 1
        try:
            yield from self._backlog
            yield from super().initial()
        finally:
            self._clients_filling -= 1

    @override
    def drain(self, elapsed_s: float) -> list[Outgoing]:
        return [] if self._clients_filling else super().drain(elapsed_s + self._backlog_s)

    @override
    def skip(self, elapsed_s: float) -> None:
        super().skip(elapsed_s + self._backlog_s)

    @override
    def next_s(self) -> float | None:
        next_s = super().next_s()
        return None if next_s is None else next_s - self._backlog_s


def _without_alarms(frame: Frame) -> Frame:
    data = frame["data"]
    status = {**data["status"], "cur_event": 0, "alerts": 0, "alerts1": 0}
    return {**frame, "data": {**data, "status": status}}
