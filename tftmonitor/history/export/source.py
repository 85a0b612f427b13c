"""What an export reads from: the reader of the history, or whatever has its shape."""

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from tftmonitor.model.coverage import BlindInterval


class Frame(Protocol):
    """One push as it was received; times are ms since 1970 UTC.

    ``frame`` is its JSON as it came, ``device`` the key of its device, "" for none, and
    ``device_ms`` what is believed of the device's own time.
    """

    @property
    def device(self) -> str:
        """The key of the device."""
        ...

    @property
    def channel(self) -> str:
        """Which channel it came by."""
        ...

    @property
    def received_ms(self) -> int:
        """When it came in."""
        ...

    @property
    def device_ms(self) -> int | None:
        """When the device made it, None where nobody knows."""
        ...

    @property
    def is_late(self) -> bool:
        """True for a stored record that came after newer ones."""
        ...

    @property
    def frame(self) -> bytes:
        """The push itself."""
        ...


class Span(Protocol):
    """A device of which something is kept."""

    @property
    def key(self) -> str:
        """What it is told apart by."""
        ...


class HistorySource(Protocol):
    """The part of the history's reader that an export uses."""

    def devices(self) -> Sequence[Span]:
        """All devices of which something is kept."""
        ...

    def frames(
        self, start_ms: int, end_ms: int, devices: Collection[str] | None = None
    ) -> Iterator[Frame]:
        """What came in from ``start_ms`` to ``end_ms``, both included, in order of receipt."""
        ...

    def blind(self, start_ms: int, end_ms: int) -> Sequence[BlindInterval]:
        """The blind intervals that touch the stretch."""
        ...
