"""A feed that begins with what the fleet reported before anybody listened."""

from collections.abc import Iterator

from typing_extensions import override

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.feeds import WorldFeed
from tftmonitor.simulator.outgoing import Outgoing, encode
from tftmonitor.simulator.world import World


class PastFeed(WorldFeed):
    """A world that already ran for ``past_s``: its snapshots of that time come first.

    Trackers store what they cannot send and send it later, so a client has to bear just this.
    Snapshots that tell of an alarm are left out: nobody is to be alarmed about the past.
    """

    def __init__(self, world: World, past_s: float) -> None:
        super().__init__(world)
        self._past_s = past_s
        self._past = [
            encode((channel, frame))
            for channel, frame in world.step(world.start_ms + round(past_s * SECOND_MS))
            if channel is Channel.DEVICES and _is_quiet(frame)
        ]

    @override
    def initial(self) -> Iterator[Outgoing]:
        yield from self._past
        yield from super().initial()

    @override
    def take(self, elapsed_s: float) -> list[Outgoing]:
        return super().take(elapsed_s + self._past_s)

    @override
    def skip(self, elapsed_s: float) -> None:
        super().skip(elapsed_s + self._past_s)

    @override
    def next_s(self) -> float | None:
        next_s = super().next_s()
        return None if next_s is None else next_s - self._past_s


def _is_quiet(frame: dict[str, object]) -> bool:
    data = frame.get("data")
    status = data.get("status") if isinstance(data, dict) else None
    return isinstance(status, dict) and not status.get("cur_event") and not status.get("alerts")
