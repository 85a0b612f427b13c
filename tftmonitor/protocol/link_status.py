"""What is known of our own link on one channel: its state, since when, and why."""

import enum
from dataclasses import dataclass

from tftmonitor.protocol.channels import Channel


class LinkState(enum.Enum):
    """Reachability and sign-in taken together, as people see it."""

    OFF = "off"
    CONNECTING = "connecting"
    SIGNING_IN = "signing in"
    QUIET = "connected, no data yet"
    LIVE = "live"
    WAITING = "link lost"
    REFUSED = "sign-in refused"


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """One channel's state. Times are wall time in ms since 1970, None when there is none.

    ``since_ms`` is when this state began; for CONNECTING and WAITING, when the link was lost.
    ``advice`` says what to do about the reason, in a sentence, where there is something.
    """

    channel: Channel
    state: LinkState = LinkState.OFF
    since_ms: int = 0
    reason: str = ""
    next_try_ms: int | None = None
    last_frame_ms: int | None = None
    advice: str = ""

    @property
    def is_up(self) -> bool:
        """True while pushes can arrive."""
        return self.state in {LinkState.LIVE, LinkState.QUIET}
