"""Who a device is, as its frames say it."""

from typing import Protocol

import msgspec

# Ids are text in the feed, yet an integer must not cost the frame.
Ident = str | int | None


class Identified(Protocol):
    """What carries the ids of a device: the data of a snapshot, or an ``Identity``.

    Snapshots are the hot path, so the fleet reads the ids where the decoder has put them.
    """

    @property
    def imei(self) -> Ident:
        """The id on the server, the first choice to tell devices apart by."""
        ...

    @property
    def device_key(self) -> Ident:
        """The second choice."""
        ...

    @property
    def id(self) -> Ident:
        """The third choice."""
        ...

    @property
    def model(self) -> Ident:
        """The product's name."""
        ...


class Identity(msgspec.Struct, frozen=True, gc=False):
    """Who a device is. ``key`` is what it is told apart by: imei, else device_key, else id."""

    key: str
    imei: str | None = None
    device_key: str | None = None
    id: str | None = None
    model: str | None = None


def ident_text(ident: Ident) -> str | None:
    """An id as text; None for a missing or empty one, or 0."""
    return str(ident) if ident else None


def identity_of(data: Identified) -> Identity | None:
    """The identity that a frame carries, or None when it names no device at all."""
    imei, device_key = ident_text(data.imei), ident_text(data.device_key)
    number, model = ident_text(data.id), ident_text(data.model)
    key = imei or device_key or number
    return Identity(key, imei, device_key, number, model) if key else None
