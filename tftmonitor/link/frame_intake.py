"""Frames of one channel to pushes; whatever fails behind one costs that frame alone."""

import logging
from collections.abc import Callable

from tftmonitor.base.redaction import Redaction
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.long_texts import TEXT_LIMIT, without_long_texts
from tftmonitor.protocol.messages import InvalidPush, KeepAlive, Push, Snapshot
from tftmonitor.protocol.session import Session, SessionState

_log = logging.getLogger(__name__)

Receive = Callable[[Push, bytes, int], None]


class FrameIntake:
    """Decodes, and hands out with ``receive(push, frame, received_ms)``, ms since 1970.

    ``became_live`` is called when a frame shows that the sign-in holds. ``last_frame_ms`` is when
    the last frame came, None before any; ``failed_frames`` counts those behind which something
    failed, each of which is handed out once more as one that cannot be used.
    """

    def __init__(
        self,
        session: Session,
        redaction: Redaction,
        receive: Receive,
        became_live: Callable[[], None],
        now_ms: Callable[[], int],
    ) -> None:
        self.last_frame_ms: int | None = None
        self.failed_frames = 0
        self._channel = session.channel
        self._session = session
        self._redaction = redaction
        self._receive = receive
        self._became_live = became_live
        self._now_ms = now_ms

    def ingest(self, frame: bytes) -> bool:
        """Take in one frame; False when the connection is to end."""
        now_ms = self._now_ms()
        self.last_frame_ms = now_ms
        try:
            if len(frame) > TEXT_LIMIT:
                frame = without_long_texts(frame)
            push = decode(self._channel, frame)
            # Plain snapshots are the hot path: their texts are looked into when they are wanted.
            if push.__class__ is not Snapshot or push.problems or push.alarms:
                push, frame = self._without_credential(push, frame)
            if self._session.state is not SessionState.LIVE and not self._is_taken(push):
                return False
            if push.__class__ is not KeepAlive:
                self._receive(push, frame, now_ms)
        except Exception as error:  # noqa: BLE001 - logged, told, and must not cost what follows
            self._note_failed(error, frame, now_ms)
        return True

    def note_fault(self, fault: str) -> None:
        """A frame came that nobody can read: somebody should know."""
        self._hand_out(InvalidPush(self._channel, fault, 0), b"", self._now_ms())

    def _without_credential(self, push: Push, frame: bytes) -> tuple[Push, bytes]:
        cleaned = self._redaction.frame(frame, words=not isinstance(push, Records))
        if cleaned is frame:
            return push, frame
        return decode(self._channel, cleaned), cleaned

    def _is_taken(self, push: Push) -> bool:
        """Judge a push that came before the session was live; False ends the connection."""
        state = self._session.receive(push)
        if state is SessionState.LIVE:
            self._became_live()
        return state not in {SessionState.REFUSED, SessionState.TURNED_AWAY}

    def _note_failed(self, error: Exception, frame: bytes, now_ms: int) -> None:
        self.failed_frames += 1
        # A server can send a million of them: the first, the second, the fourth and so on.
        if self.failed_frames & (self.failed_frames - 1) == 0:
            text = "%s: a frame of %d bytes failed, the %d. of this session"
            values = self._channel.value, len(frame), self.failed_frames
            _log.error(text, *values, exc_info=error)
        problem = f"this program failed at it: {type(error).__name__}"
        shown = self._redaction.frame(frame)
        self._hand_out(InvalidPush(self._channel, problem, len(frame)), shown, now_ms)

    def _hand_out(self, push: Push, frame: bytes, now_ms: int) -> None:
        try:
            self._receive(push, frame, now_ms)
        except Exception as error:  # noqa: BLE001 - what it is about is told already
            _log.info("%s: %s", self._channel.value, error)
