"""The loop that keeps one channel's session alive across connections."""

import asyncio
import dataclasses
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from tftmonitor.base.backoff import Backoff
from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.base.redaction import Redaction
from tftmonitor.link.frame_intake import FrameIntake, Receive
from tftmonitor.link.network import Network
from tftmonitor.link.trouble import Trouble
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.protocol.session import Session, SessionState

if TYPE_CHECKING:
    from tftmonitor.link.paced_connection import PacedConnection

_log = logging.getLogger(__name__)

# Nothing is documented to answer a sign-in, and an idle account sends nothing: after this the
# session counts as standing without data.
QUIET_AFTER_S = 5.0
# Nobody may be there to see that a server which closes twice has only been restarted.
DOUBTED_REFUSAL_S = 90.0
# The same for a credential that has held: a wrong password that is tried more often can lock it.
LATE_REFUSAL_S = 600.0
# Who leaves waits this long for what is still under way: a goodbye and its answer. With what the
# connection takes to end after that, a program ends within 5 s.
LEAVE_TIMEOUT_S = 2.5

Changed = Callable[[LinkStatus], None]


class Link:
    """Keeps one channel connected and signed in; hands out its pushes as they come.

    ``receive(push, frame, received_ms)`` is called for each push in order, ``changed(status)``
    at each change of state. A refused sign-in waits for ``try_now``. Each attempt asks ``network``
    anew how the server is reached.

    Whatever fails behind a frame costs that frame alone (``intake``).
    """

    def __init__(
        self,
        channel: Channel,
        url: str,
        credential: Credential,
        receive: Receive,
        changed: Changed,
        clock: Clock,
        network: Callable[[], Network] = Network,
    ) -> None:
        self.channel = channel
        self.url = url
        self.status = LinkStatus(channel)
        self._session = Session(channel, credential)
        # What the server says must not carry back what it was told.
        self._redaction = Redaction(credential.password_md5)
        self.intake = FrameIntake(
            self._session, self._redaction, receive, self._note_live, clock.now_ms
        )
        self._changed = changed
        self._clock = clock
        self._network = network
        self._backoff = Backoff()
        self._wake = asyncio.Event()
        self._connection: PacedConnection | None = None
        self._lost_ms: int | None = None
        self._renewing = False
        self._is_leaving = False
        self._ended = asyncio.Event()

    def try_now(self) -> None:
        """End a wait at once; an open connection is left alone."""
        if self._connection is None:
            self._wake.set()

    def renew(self) -> None:
        """Leave the connection, which may be dead unnoticed, and connect again at once.

        What the server has sent until then is taken in.
        """
        self._wake.set()
        if self._connection is not None:
            self._renewing = True
            self._connection.leave()

    def note_clock_set(self, by_ms: int) -> None:
        """Our clock says ``by_ms`` (ms) more from now on: nothing is longer ago by that."""
        if self.intake.last_frame_ms is not None:
            self.intake.last_frame_ms += by_ms
        if self._lost_ms is not None:
            self._lost_ms += by_ms
        next_ms, status = self.status.next_try_ms, self.status
        self.status = dataclasses.replace(
            status,
            since_ms=status.since_ms + by_ms,
            next_try_ms=None if next_ms is None else next_ms + by_ms,
            last_frame_ms=self.intake.last_frame_ms,
        )

    async def leave(self) -> None:
        """End ``run`` once what the server has sent is taken in; takes 2.5 s at most."""
        self._is_leaving = True
        if self._connection is not None:
            self._connection.leave()
            with suppress(TimeoutError):
                async with asyncio.timeout(LEAVE_TIMEOUT_S):
                    await self._ended.wait()

    async def run(self) -> None:
        """Connect and reconnect until cancelled, or until somebody leaves."""
        self._ended.clear()
        try:
            while True:
                trouble = await self._connect_once()
                if self._is_leaving:
                    return
                await self._wait(trouble)
        finally:
            self._connection = None
            self._set(LinkState.OFF)
            self._ended.set()

    async def _connect_once(self) -> Trouble:
        # What is said of the loss stays until the link is back.
        self._set(
            LinkState.CONNECTING, self.status.reason, self._lost_ms, advice=self.status.advice
        )
        self._wake.clear()
        # The network's libraries take a tenth of a second, for which no first picture waits.
        from tftmonitor.link.attempt import Attempt
        from tftmonitor.link.client import run_connection
        from tftmonitor.link.error_text import explain
        from tftmonitor.link.frame_text import frame_fault

        started_s = self._clock.monotonic_s()
        quiet: asyncio.TimerHandle | None = None
        trouble = Trouble("")
        attempt = Attempt(self.url)

        def begin() -> str:
            nonlocal quiet
            self._set(LinkState.SIGNING_IN)
            quiet = asyncio.get_running_loop().call_later(QUIET_AFTER_S, self._on_quiet)
            return self._session.begin(self._clock.monotonic_s())

        try:
            await run_connection(attempt, self._network(), begin, self.intake.ingest, self._on_open)
        except Exception as error:  # noqa: BLE001 - whatever it is, there is a text for it
            trouble = self._told(explain(error, attempt))
            _log.info("%s: %s", self.channel.value, trouble.reason)
            if fault := frame_fault(error):
                # Nobody can read the frame, yet it is one: the sign-in holds.
                self._renewing = True
                self.intake.note_fault(fault)
        finally:
            self._connection = None
            if quiet is not None:
                quiet.cancel()
        now_s = self._clock.monotonic_s()
        if self._session.state is SessionState.TURNED_AWAY:
            trouble = Trouble(self._session.refusal)
        self._session.closed(now_s, trouble.reason, by_us=self._renewing)
        self._renewing = False
        self._backoff.note_run(now_s - started_s)
        return trouble

    def _on_open(self, connection: "PacedConnection") -> None:
        self._connection = connection

    def _note_live(self) -> None:
        self._lost_ms = None
        self._set(LinkState.LIVE)

    def _on_quiet(self) -> None:
        if self.status.state is LinkState.SIGNING_IN:
            self._lost_ms = None
            self._set(LinkState.QUIET)

    def _told(self, trouble: Trouble) -> Trouble:
        """What ended a connection, in words that can be shown."""
        clean = self._redaction.text
        return dataclasses.replace(
            trouble, reason=clean(trouble.reason), advice=clean(trouble.advice)
        )

    async def _wait(self, trouble: Trouble) -> None:
        if self._session.state is SessionState.REFUSED:
            await self._wait_refused()
            return
        if self._lost_ms is None:
            self._lost_ms = self._clock.now_ms()
        if self._wake.is_set():
            self._backoff.reset()
            return
        delay_s = self._backoff.next_delay_s(trouble.retry_after_s)
        next_ms = self._next_try_ms(delay_s)
        self._set(LinkState.WAITING, trouble.reason, self._lost_ms, next_ms, trouble.advice)
        if await self._is_woken(delay_s):
            self._backoff.reset()

    async def _wait_refused(self) -> None:
        """Until the user acts; what was only concluded, or may pass, is put to the test again."""
        session = self._session
        delay_s: float | None = DOUBTED_REFUSAL_S
        if session.is_refused_outright:
            delay_s = LATE_REFUSAL_S if session.has_held else None
        self._set(LinkState.REFUSED, session.refusal, None, self._next_try_ms(delay_s))
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
        advice: str = "",
    ) -> None:
        if since_ms is None:
            same = self.status.state is state
            since_ms = self.status.since_ms if same else self._clock.now_ms()
        status = dataclasses.replace(
            self.status,
            state=state,
            reason=reason,
            advice=advice,
            since_ms=since_ms,
            next_try_ms=next_try_ms,
            last_frame_ms=self.intake.last_frame_ms,
        )
        if status != self.status:
            self.status = status
            try:
                self._changed(status)
            except Exception:  # noqa: BLE001 - a listener's fault must not end the link
                _log.exception("%s: a listener failed", self.channel.value)
