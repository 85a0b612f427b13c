"""What a feed hands to the server: one frame for one channel, encoded once for every client."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from tftmonitor.protocol.channels import Channel

Frame = dict[str, Any]
Push = tuple[Channel, Frame]

_encode = msgspec.json.Encoder().encode


class Outgoing(NamedTuple):
    """The payload of one WebSocket frame; ``binary`` only for a frame that should not be."""

    channel: Channel
    data: bytes
    binary: bool = False


class Feed:
    """A source of frames in time; seconds count from the moment that the server starts it.

    ``wanted`` names channels on which somebody must be signed in before the feed starts, and a
    ``patient`` feed waits for slow clients instead of going by the clock.
    """

    wanted: frozenset[Channel] = frozenset()
    patient = False

    def initial(self) -> Iterator[Outgoing]:
        """The frames that a client gets on sign-in to the devices channel."""
        return iter(())

    def take(self, elapsed_s: float) -> list[Outgoing]:
        """Some of the frames due by now, in order, never more than a few milliseconds' work."""
        raise NotImplementedError

    def skip(self, elapsed_s: float) -> None:
        """Let the time pass while nobody is signed in."""
        self.take(elapsed_s)

    def next_s(self) -> float | None:
        """When the next frame is due; None after the last one."""
        raise NotImplementedError


def encode(push: Push) -> Outgoing:
    """The push as compact JSON."""
    channel, frame = push
    return Outgoing(channel, _encode(frame))
