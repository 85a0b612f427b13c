"""The interface between feeds and the server: a frame is encoded once for every client."""

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

    The feed starts once a client is signed in on each of the ``required_channels``. A feed that
    ``waits_for_clients`` goes at the pace of the slowest client instead of by the clock.
    """

    required_channels: frozenset[Channel] = frozenset()
    waits_for_clients = False

    def initial(self) -> Iterator[Outgoing]:
        """The frames that a client gets on sign-in to the devices channel."""
        return iter(())

    def drain(self, elapsed_s: float) -> list[Outgoing]:
        """The next frames due by now, in order; at most a few milliseconds of work."""
        raise NotImplementedError

    def skip(self, elapsed_s: float) -> None:
        """Let the time pass while no client is signed in."""
        self.drain(elapsed_s)

    def next_s(self) -> float | None:
        """When the next frame is due; None after the last one."""
        raise NotImplementedError


def encode(push: Push) -> Outgoing:
    """The push as compact JSON."""
    channel, frame = push
    return Outgoing(channel, _encode(frame))
