"""The sign-in conversation on one channel, across its connections; no sockets here."""

import enum
from typing import Any

from tftmonitor.protocol import lenient
from tftmonitor.protocol.alarm_search import alarms_in
from tftmonitor.protocol.channels import Channel, Credential, sign_in_frame
from tftmonitor.protocol.messages import InvalidPush, KeepAlive, OtherPush, Push

# The rejection of a sign-in is not documented. A server that closes this soon after the
# sign-in frame, twice running and before any data, is taken to refuse it.
REFUSED_WITHIN_S = 10.0
_CLOSES_THAT_REFUSE = 2

_ERROR_KEYS = ("error", "code", "errcode", "status")
_TEXT_KEYS = ("msg", "message", "reason", "desc")
_OK = frozenset({"", "0", "200", "ok", "success", "none"})


class SessionState(enum.Enum):
    """How far the conversation is."""

    CLOSED = "closed"
    SIGNING_IN = "signing in"
    LIVE = "live"
    REFUSED = "refused"


class Session:
    """Judges from what arrives whether the sign-in holds, is refused, or is still unknown."""

    def __init__(self, channel: Channel, credential: Credential) -> None:
        self.channel = channel
        self._credential = credential
        self.state = SessionState.CLOSED
        self.refusal = ""
        # The server said so, and it is not just concluded from its closing.
        self.is_refused_outright = False
        self._early_closes = 0
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
                self.is_refused_outright = True
                return self._refuse(refusal)
            if _names_an_outcome(push.content):
                self._accept()
        elif not isinstance(push, InvalidPush | KeepAlive):
            self._accept()
        return self.state

    def closed(self, now_s: float, reason: str, *, by_us: bool = False) -> SessionState:
        """The connection ended; twice soon after the sign-in without data is a refusal."""
        if self.state is SessionState.SIGNING_IN and not by_us:
            soon = now_s - self._signed_in_at_s <= REFUSED_WITHIN_S
            self._early_closes = self._early_closes + 1 if soon else 0
            if self._early_closes >= _CLOSES_THAT_REFUSE:
                self.is_refused_outright = False
                return self._refuse(reason or "the server closed the connection after the sign-in")
        if self.state is not SessionState.REFUSED:
            self.state = SessionState.CLOSED
        return self.state

    def _accept(self) -> None:
        self.state = SessionState.LIVE
        self._early_closes = 0

    def _refuse(self, reason: str) -> SessionState:
        self.state = SessionState.REFUSED
        self.refusal = reason
        return self.state


def refusal_in(content: dict[str, Any]) -> str | None:
    """The server's reason when a frame carries an error, else None."""
    for key in _ERROR_KEYS:
        value = content.get(key)
        if isinstance(value, dict | list) or _is_fine(key, value):
            continue
        texts = (lenient.text(content.get(text_key)) for text_key in _TEXT_KEYS)
        return next(filter(None, texts), None) or f"{key} {lenient.text(value)}"
    return None


def _is_fine(key: str, value: Any) -> bool:
    text = (lenient.text(value) or "").strip().lower()
    return text in _OK or text == ("true" if key == "status" else "false")


def _names_an_outcome(content: dict[str, Any]) -> bool:
    return any(key in content for key in _ERROR_KEYS)
