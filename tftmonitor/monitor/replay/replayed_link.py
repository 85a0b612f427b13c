"""A link of the past: its state is what was recorded of it, and its frames are given to it."""

from collections.abc import Callable

from tftmonitor.base.redaction import Redaction
from tftmonitor.link.frame_intake import FrameIntake, Receive
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.protocol.session import Session, SessionState

_NOBODY = Credential("", "")
_LOST = frozenset({LinkState.CONNECTING, LinkState.WAITING})


class ReplayedLink:
    """One channel. Frames go the way that they go on a live link, from the decoder on."""

    def __init__(
        self,
        channel: Channel,
        receive: Receive,
        changed: Callable[[LinkStatus], object],
        now_ms: Callable[[], int],
    ) -> None:
        self.status = LinkStatus(channel)
        session = Session(channel, _NOBODY)
        # It was signed in then, and what signs in was taken out before it was recorded.
        session.state = SessionState.LIVE
        redaction = Redaction(_NOBODY.password_md5)
        self.intake = FrameIntake(session, redaction, receive, lambda: None, now_ms)
        self._changed = changed
        self._now_ms = now_ms

    def ingest(self, frame: bytes) -> None:
        """A frame came in now; a channel on which one comes is up."""
        if not self.status.is_up:
            self.show(LinkState.LIVE, "", self._now_ms())
        self.intake.ingest(frame)

    def show(self, state: LinkState, reason: str, at_ms: int) -> None:
        """The channel is in this state since then; one that is lost, since it was lost."""
        is_lost = state in _LOST and self.status.state in _LOST
        since_ms = self.status.since_ms if is_lost else at_ms
        last_ms = self.intake.last_frame_ms
        self.status = LinkStatus(self.status.channel, state, since_ms, reason, None, last_ms)
        self._changed(self.status)
