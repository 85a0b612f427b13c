"""From the sheet to a live session: credential, links, stage words, keyring."""

import asyncio
from collections.abc import Callable

from tftmonitor.base.tasks import TaskScope
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel, Credential, urls_from
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.settings import credentials
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.sign_in.sheet import SignInForm, SignInSheet

_STAGES = {
    LinkState.CONNECTING: "Connecting…",
    LinkState.SIGNING_IN: "Signing in…",
    LinkState.QUIET: "Signed in; no device has reported yet.",
    LinkState.LIVE: "Live.",
}
_NO_KEYRING = (
    "No keyring on this computer took the password: you stay signed in for this run only. "
    "TFTMONITOR_PASSWORD in the environment works without one."
)


class SignInFlow:
    """Shows the sheet while there is no session, and leads back from it when there is one.

    ``report`` says what the user has to know and need not answer.
    """

    def __init__(
        self,
        monitor: Monitor,
        sheet: SignInSheet,
        show_welcome: Callable[[bool], None],
        settings: SettingsStore,
        scope: TaskScope,
        report: Callable[[str], object],
    ) -> None:
        self._monitor = monitor
        self._sheet = sheet
        self._show_welcome = show_welcome
        self._settings = settings
        self._scope = scope
        self._report = report
        self._pending: tuple[Credential, bool] | None = None
        # The fleet of this session is on the screen, and nothing of ours is to cover it.
        self._was_up = False
        monitor.link_changed.add(self._note_link)
        sheet.sign_in_requested.connect(self.submit)
        sheet.cancelled.connect(self._cancel)

    def show_sheet(self, reason: str = "", user: str = "") -> None:
        """Ask who it is; ``user`` stands there already."""
        if user:
            self._sheet.user.setText(user)
        self._sheet.set_busy(False)
        self._sheet.show_stage(reason)
        self._show_welcome(True)
        known = bool(self._sheet.user.text())
        (self._sheet.password if known else self._sheet.user).setFocus()

    def submit(self, form: SignInForm) -> None:
        """Start a session with what was typed in."""
        self._settings.update(
            user=form.user,
            keep_signed_in=form.keep,
            device_url=form.device_url,
            message_url=form.message_url,
        )
        self._monitor.use(urls_from(form.device_url, form.message_url))
        self.start(Credential.from_password(form.user, form.password), keep=form.keep)

    def start(self, credential: Credential, *, keep: bool = False) -> None:
        """Start a session; the credential is kept only once the server has taken it."""
        self._pending = (credential, keep)
        self._was_up = False
        self._sheet.set_busy(True)
        self._sheet.show_stage(_STAGES[LinkState.CONNECTING])
        self._scope.start("sign in", self._monitor.sign_in(credential))

    def sign_out(self) -> None:
        """End the session and forget the credential."""
        user = self._monitor.user
        self._scope.start("sign out", self._sign_out(user))

    async def _sign_out(self, user: str | None) -> None:
        await self._monitor.sign_out()
        if user:
            await asyncio.to_thread(credentials.forget, user)
        self.show_sheet("Signed out.")

    def _cancel(self) -> None:
        self._pending = None
        if self._monitor.user and len(self._monitor.fleet):
            self._show_welcome(False)
        else:
            self._scope.start("cancel sign-in", self._monitor.sign_out())
            self._sheet.show_stage("Cancelled.")

    def _note_link(self, status: LinkStatus) -> None:
        if status.channel is not Channel.DEVICES:
            return
        if status.state is LinkState.REFUSED:
            if self._was_up:
                return  # the line about the links says it, and has the button
            self.show_sheet(
                f"The server refused the sign-in: {status.reason}. Check user and password.",
                self._pending[0].user if self._pending else "",
            )
        elif status.state is LinkState.WAITING and self._pending is not None:
            self._sheet.set_busy(False)
            words = f"No connection: {status.reason}. It is tried again by itself."
            self._sheet.show_stage(f"{words} {status.advice}".rstrip())
        elif status.is_up:
            self._was_up = True
            self._sheet.set_busy(False)
            self._show_welcome(False)
            self._keep_credential()
        elif status.state in _STAGES:
            self._sheet.show_stage(_STAGES[status.state])

    def _keep_credential(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None and pending[1]:
            self._scope.start("store credential", self._store(pending[0]))

    async def _store(self, credential: Credential) -> None:
        if not await asyncio.to_thread(credentials.store, credential):
            self._report(_NO_KEYRING)
