"""The sign-in conversation on one channel, across its connections; no sockets here."""

import enum

from tftmonitor.protocol.alarm_search import alarms_in
from tftmonitor.protocol.channels import Channel, Credential, sign_in_frame
from tftmonitor.protocol.messages import InvalidPush, KeepAlive, OtherPush, Push
from tftmonitor.protocol.refusals import Meaning, Refusal, names_an_outcome, refusal_in

# The rejection of a sign-in is not documented. A server that closes this soon after the
# sign-in frame, twice running and before any data, is taken to refuse it.
REFUSED_WITHIN_S = 10.0
_CLOSES_THAT_REFUSE = 2
# A credential that has held once is doubted later: a server that restarts, or is behind a
# balancer that does, errs and hangs up for a minute. Failures nearer than this are one.
QUIET_INTERVAL_S = 60.0
_FAILURES_THAT_REFUSE = 3


class SessionState(enum.Enum):
    """How far the conversation is."""

    CLOSED = "closed"
    SIGNING_IN = "signing in"
    LIVE = "live"
    TURNED_AWAY = "turned away"  # an error that is no refusal: to be tried again
    REFUSED = "refused"


class Session:
    """Judges from what arrives whether the sign-in holds, is refused, or is still unknown."""

    def __init__(self, channel: Channel, credential: Credential) -> None:
        self.channel = channel
        self._credential = credential
        self.state = SessionState.CLOSED
        # The credential has held: what goes wrong now is more likely the server's trouble.
        self.has_held = False
        # Why the last sign-in was refused or turned away.
        self.refusal = ""
        # The server said so, and it is not just concluded from its closing.
        self.is_refused_outright = False
        self._failures = 0
        self._counted_at_s: float | None = None
        self._signed_in_at_s = 0.0

    def begin(self, now_s: float) -> str:
        """A connection is open: the frame to send on it. ``now_s`` is monotonic."""
        self.state = SessionState.SIGNING_IN
        self._signed_in_at_s = now_s
        return sign_in_frame(self.channel, self._credential)

    def receive(self, push: Push) -> SessionState:
        """Judge one push; the state after it. Data proves the sign-in, and errors end it."""
        if self.state is not SessionState.SIGNING_IN:
            return self.state
        if isinstance(push, OtherPush) and alarms_in(push.content, push.kind, loose=True):
            self._accept()  # whatever else in it looks like an error
        elif isinstance(push, OtherPush):
            refusal = refusal_in(push.content)
            if refusal is not None:
                return self._judge(refusal)
            if names_an_outcome(push.content):
                self._accept()
        elif not isinstance(push, InvalidPush | KeepAlive):
            self._accept()
        return self.state

    def closed(self, now_s: float, reason: str, *, by_us: bool = False) -> SessionState:
        """The connection ended; often enough soon after the sign-in without data is a refusal."""
        if self.state is SessionState.TURNED_AWAY:
            if self._counts_as_refusal(now_s):
                self._refuse(self.refusal, outright=False)
        elif self.state is SessionState.SIGNING_IN and not by_us:
            lasted_s = now_s - self._signed_in_at_s
            if lasted_s > REFUSED_WITHIN_S:
                self._forget_failures()
                # An idle account brings no data: it stood, and that will have to do.
                self.has_held = self.has_held or lasted_s > QUIET_INTERVAL_S
            elif self._counts_as_refusal(now_s):
                words = reason or "the server closed the connection after the sign-in"
                self._refuse(words, outright=False)
        if self.state is not SessionState.REFUSED:
            self.state = SessionState.CLOSED
        return self.state

    def _judge(self, refusal: Refusal) -> SessionState:
        if refusal.meaning is Meaning.ACCOUNT:
            return self._refuse(refusal.text, outright=True)
        if refusal.meaning is Meaning.UNCLEAR and not self.has_held:
            return self._refuse(refusal.text, outright=False)
        self.refusal = f"sign-in turned away ({refusal.text})"
        self.state = SessionState.TURNED_AWAY
        # A server that says that it is busy is no more than that, however often it says so.
        if refusal.meaning is Meaning.STATE:
            self._forget_failures()
        return self.state

    def _counts_as_refusal(self, now_s: float) -> bool:
        """Count a failure; True when there were enough of them."""
        if not self.has_held:
            self._failures += 1
            return self._failures >= _CLOSES_THAT_REFUSE
        if self._counted_at_s is None or now_s - self._counted_at_s >= QUIET_INTERVAL_S:
            self._failures += 1
            self._counted_at_s = now_s
        return self._failures >= _FAILURES_THAT_REFUSE

    def _accept(self) -> None:
        self.state = SessionState.LIVE
        self.has_held = True
        self._forget_failures()

    def _forget_failures(self) -> None:
        self._failures = 0
        self._counted_at_s = None

    def _refuse(self, reason: str, *, outright: bool) -> SessionState:
        self.state = SessionState.REFUSED
        self.refusal = reason
        self.is_refused_outright = outright
        return self.state
