"""The loop that keeps one channel's session alive across connections."""

import asyncio
import dataclasses
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from tftmonitor.base.backoff import Backoff
from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.base.redaction import Redaction
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.codec import FRAME_LIMIT, decode
from tftmonitor.protocol.frame_cutter import LARGEST_FRAME
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.protocol.long_texts import without_long_texts
from tftmonitor.protocol.messages import InvalidPush, KeepAlive, Push, Snapshot
from tftmonitor.protocol.session import Session, SessionState

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

_log = logging.getLogger(__name__)

# Nothing is documented to answer a sign-in, and an idle account sends nothing: after this the
# session counts as standing without data.
QUIET_AFTER_S = 5.0
# Nobody may be there to see that a server which closes twice has only been restarted.
DOUBTED_REFUSAL_S = 90.0

Receive = Callable[[Push, bytes, int], None]
Changed = Callable[[LinkStatus], None]


class Link:
    """Keeps one channel connected and signed in; hands out its pushes as they come.

    ``receive(push, frame, received_ms)`` is called for each push in order, ``changed(status)``
    at each change of state. A refused sign-in waits for ``try_now``.
    """

    def __init__(
        self,
        channel: Channel,
        url: str,
        credential: Credential,
        receive: Receive,
        changed: Changed,
        clock: Clock,
    ) -> None:
        self.channel = channel
        self.url = url
        self.status = LinkStatus(channel)
        self.last_frame_ms: int | None = None
        self._session = Session(channel, credential)
        # What the server says must not carry back what it was told.
        self._redaction = Redaction(credential.password_md5)
        self._receive = receive
        self._changed = changed
        self._clock = clock
        self._backoff = Backoff()
        self._wake = asyncio.Event()
        self._connection: ClientConnection | None = None
        self._lost_ms: int | None = None
        self._renewing = False

    def try_now(self) -> None:
        """End a wait at once; an open connection is left alone."""
        if self._connection is None:
            self._wake.set()

    def renew(self) -> None:
        """Drop the connection, which may be dead unnoticed, and connect again at once."""
        self._wake.set()
        if self._connection is not None:
            self._renewing = True
            self._connection.transport.abort()

    async def run(self) -> None:
        """Connect and reconnect until cancelled."""
        try:
            while True:
                reason = await self._connect_once()
                await self._wait(reason)
        finally:
            self._connection = None
            self._set(LinkState.OFF)

    async def _connect_once(self) -> str:
        self._set(LinkState.CONNECTING, self.status.reason, since_ms=self._lost_ms)
        self._wake.clear()
        # The network's libraries take a tenth of a second, for which no first picture waits.
        from tftmonitor.link.client import run_connection
        from tftmonitor.link.error_text import describe, is_too_large

        started_s = self._clock.monotonic_s()
        quiet: asyncio.TimerHandle | None = None
        reason = ""

        def begin() -> str:
            nonlocal quiet
            self._set(LinkState.SIGNING_IN)
            quiet = asyncio.get_running_loop().call_later(QUIET_AFTER_S, self._on_quiet)
            return self._session.begin(self._clock.monotonic_s())

        try:
            await run_connection(self.url, begin, self._ingest, self._on_open)
        except Exception as error:  # noqa: BLE001 - whatever it is, there is a text for it
            reason = self._redaction.text(describe(error))
            _log.info("%s: %s", self.channel.value, reason)
            if is_too_large(error):
                self._note_too_large()
        finally:
            self._connection = None
            if quiet is not None:
                quiet.cancel()
        now_s = self._clock.monotonic_s()
        self._session.closed(now_s, reason, by_us=self._renewing)
        self._renewing = False
        self._backoff.note_run(now_s - started_s)
        return reason

    def _note_too_large(self) -> None:
        """Nobody can read the frame, yet it is one: the sign-in holds, and somebody should know."""
        self._renewing = True
        push = InvalidPush(self.channel, f"larger than {LARGEST_FRAME} bytes", LARGEST_FRAME)
        self._hand_out(push, b"", self._clock.now_ms())

    def _on_open(self, connection: "ClientConnection") -> None:
        self._connection = connection

    def _on_quiet(self) -> None:
        if self.status.state is LinkState.SIGNING_IN:
            self._lost_ms = None
            self._set(LinkState.QUIET)

    def _ingest(self, frame: bytes) -> bool:
        now_ms = self._clock.now_ms()
        self.last_frame_ms = now_ms
        if len(frame) > FRAME_LIMIT:
            frame = without_long_texts(frame)
        push = decode(self.channel, frame)
        # Plain snapshots are the hot path: their texts are looked into when somebody wants them.
        if push.__class__ is not Snapshot or push.problems or push.alarms:
            push, frame = self._without_credential(push, frame)
        if self._session.state is not SessionState.LIVE:
            state = self._session.receive(push)
            if state is SessionState.REFUSED:
                return False
            if state is SessionState.LIVE:
                self._lost_ms = None
                self._set(LinkState.LIVE)
        if push.__class__ is not KeepAlive:
            self._hand_out(push, frame, now_ms)
        return True

    def _without_credential(self, push: Push, frame: bytes) -> tuple[Push, bytes]:
        cleaned = self._redaction.frame(frame, words=not isinstance(push, Records))
        if cleaned is frame:
            return push, frame
        return decode(self.channel, cleaned), cleaned

    def _hand_out(self, push: Push, frame: bytes, now_ms: int) -> None:
        try:
            self._receive(push, frame, now_ms)
        except Exception:  # noqa: BLE001 - logged, and must not cost what follows
            _log.exception("%s: a frame of %d bytes failed", self.channel.value, len(frame))

    async def _wait(self, reason: str) -> None:
        if self._session.state is SessionState.REFUSED:
            await self._wait_refused()
            return
        if self._lost_ms is None:
            self._lost_ms = self._clock.now_ms()
        if self._wake.is_set():
            self._backoff.reset()
            return
        delay_s = self._backoff.next_delay_s()
        self._set(LinkState.WAITING, reason, self._lost_ms, self._next_try_ms(delay_s))
        if await self._is_woken(delay_s):
            self._backoff.reset()

    async def _wait_refused(self) -> None:
        """Until the user acts; a refusal that was only concluded is put to the test again."""
        certain = self._session.is_refused_outright
        delay_s = None if certain else DOUBTED_REFUSAL_S
        self._set(LinkState.REFUSED, self._session.refusal, None, self._next_try_ms(delay_s))
        await self._is_woken(delay_s)
        self._backoff.reset()

    def _next_try_ms(self, delay_s: float | None) -> int | None:
        return None if delay_s is None else self._clock.now_ms() + round(delay_s * SECOND_MS)

    async def _is_woken(self, delay_s: float | None) -> bool:
        try:
            async with asyncio.timeout(delay_s):
                await self._wake.wait()
        except TimeoutError:
            return False
        return True

    def _set(
        self,
        state: LinkState,
        reason: str = "",
        since_ms: int | None = None,
        next_try_ms: int | None = None,
    ) -> None:
        if since_ms is None:
            same = self.status.state is state
            since_ms = self.status.since_ms if same else self._clock.now_ms()
        status = dataclasses.replace(
            self.status,
            state=state,
            reason=reason,
            since_ms=since_ms,
            next_try_ms=next_try_ms,
            last_frame_ms=self.last_frame_ms,
        )
        if status != self.status:
            self.status = status
            self._changed(status)
