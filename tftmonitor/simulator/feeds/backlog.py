"""A feed that begins with what the fleet reported before anybody listened."""

from collections.abc import Iterator

from typing_extensions import override

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.feeds.live import WorldFeed
from tftmonitor.simulator.fleet.world import World
from tftmonitor.simulator.outgoing import Frame, Outgoing, encode


class BacklogFeed(WorldFeed):
    """A world that already ran for ``past_s``: its snapshots of that time come first.

    Trackers store what they cannot send and send it later, so a client has to bear just this.
    Their alarm words are cleared: nobody is to be alarmed about what is over.
    """

    def __init__(self, world: World, past_s: float) -> None:
        super().__init__(world)
        self._past_s = past_s
        self._filling = 0
        self._past = [
            encode((channel, _quiet(frame)))
            for channel, frame in world.step(world.start_ms + round(past_s * SECOND_MS))
            if channel is Channel.DEVICES and frame["event"] == "snapshot"
        ]

    @override
    def initial(self) -> Iterator[Outgoing]:
        # What is live must not overtake the past, or the past would come late.
        self._filling += 1
        try:
            yield from self._past
            yield from super().initial()
        finally:
            self._filling -= 1

    @override
    def take(self, elapsed_s: float) -> list[Outgoing]:
        return [] if self._filling else super().take(elapsed_s + self._past_s)

    @override
    def skip(self, elapsed_s: float) -> None:
        super().skip(elapsed_s + self._past_s)

    @override
    def next_s(self) -> float | None:
        next_s = super().next_s()
        return None if next_s is None else next_s - self._past_s


def _quiet(frame: Frame) -> Frame:
    data = frame["data"]
    status = {**data["status"], "cur_event": 0, "alerts": 0, "alerts1": 0}
    return {**frame, "data": {**data, "status": status}}
