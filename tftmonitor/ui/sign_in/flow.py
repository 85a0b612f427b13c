"""From the sheet to a live session: credential, links, stage words, keyring."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from tftmonitor.base.secret_variables import forget_secrets
from tftmonitor.base.tasks import TaskScope
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.addresses import http_problem, problem_with
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.settings import credentials
from tftmonitor.settings.servers import GivenServers, Servers, decide, decide_http
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

    ``report`` says what the user has to know and need not answer; ``given`` are the addresses of
    the command line.
    """

    def __init__(
        self,
        monitor: Monitor,
        sheet: SignInSheet,
        show_welcome: Callable[[bool], None],
        settings: SettingsStore,
        scope: TaskScope,
        report: Callable[[str], object],
        given: Servers = GivenServers(),  # noqa: B008 - it is frozen
    ) -> None:
        self._monitor = monitor
        self._sheet = sheet
        self._show_welcome = show_welcome
        self._settings = settings
        self._scope = scope
        self._report = report
        self._given = given
        # Where the credential goes, for as long as it is about.
        self._places: list[str] = []
        self._pending: tuple[Credential, bool] | None = None
        # The fleet of this session is on the screen, and nothing of ours is to cover it.
        self._was_up = False
        # The user, the demo or the command line decided; a late keyring has nothing to say.
        self._is_taken = False
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

    def show_waiting(self, words: str, user: str) -> None:
        """Say what is waited for, unless there is a session or somebody enters one."""
        if not self._is_taken_or_typed:
            self.show_sheet(words, user)

    def start_unless_taken(
        self, credential: Credential, urls: Mapping[Channel, str], list_url: str = ""
    ) -> None:
        """Use an answer that may be late: what a user does meanwhile comes first."""
        if self._is_taken:
            return
        if self._sheet.is_typed_in:
            self._sheet.show_stage("The keyring has opened; what you enter here counts.")
        else:
            self.start(credential, urls, list_url)

    def ask_unless_taken(self, words: str, user: str) -> None:
        """Ask for the password and say why; what somebody types already stays as it is."""
        if self._is_taken:
            return
        if self._sheet.is_typed_in:
            self._sheet.show_stage(words)
        else:
            self.show_sheet(words, user)

    def submit(self, form: SignInForm) -> None:
        """Start a session with what was typed in."""
        urls = decide(self._given, form)
        list_url = decide_http(self._given, form)
        if form.fetch_names and (problem := http_problem(list_url)):
            self.show_sheet(problem)
        elif not self._is_refused(urls):
            self._settings.update(
                user=form.user,
                keep_signed_in=form.keep,
                fetch_names=form.fetch_names,
                **self._kept(form),
            )
            credential = Credential.from_password(form.user, form.password)
            self.start(credential, urls, list_url, keep=form.keep)

    def start(
        self,
        credential: Credential,
        urls: Mapping[Channel, str],
        list_url: str = "",
        *,
        keep: bool = False,
    ) -> None:
        """Start a session at these addresses, if nothing speaks against them.

        ``list_url`` is where names and last reports can be asked for, "" for nowhere.
        The credential is kept, for them alone, only once the server has taken it.
        """
        if self._is_refused(urls):
            return
        self._is_taken = True
        self._monitor.use(urls)
        fetches = bool(list_url) and self._settings.values.fetch_names
        self._pending = credential, keep
        self._places = [*urls.values(), *([list_url] if fetches else [])]
        self._was_up = False
        self._sheet.set_busy(True)
        self._sheet.show_stage(_STAGES[LinkState.CONNECTING])
        work = self._monitor.sign_in(credential, dict(urls), list_url, with_list=fetches)
        self._scope.start("sign in", work)

    def sign_out(self) -> None:
        """End the session and forget the credential, wherever it is."""
        user = self._monitor.user
        self._is_taken = True
        self._pending = None
        self._sheet.forget_password()
        forget_secrets()
        self._scope.start("sign out", self._sign_out(user))

    async def _sign_out(self, user: str | None) -> None:
        await self._monitor.sign_out()
        if user:
            await asyncio.to_thread(credentials.forget, user, self._places)
        self.show_sheet("Signed out.")

    def _is_refused(self, urls: Mapping[Channel, str]) -> bool:
        """Say on the sheet why nothing is sent there, if so."""
        allowed = self._settings.values.allow_readable
        if problem := problem_with(urls.values(), allow_readable=allowed):
            self.show_sheet(problem)
        return bool(problem)

    def _kept(self, form: SignInForm) -> dict[str, str]:
        """What the profile keeps: what was typed, where the command line says nothing."""
        typed = {"device_url": form.device_url, "message_url": form.message_url}
        kept = {name: url for name, url in typed.items() if not getattr(self._given, name)}
        # It belongs to the devices' server.
        return kept if self._given.device_url else kept | {"http_url": form.http_url}

    @property
    def _is_taken_or_typed(self) -> bool:
        return self._is_taken or self._sheet.is_typed_in

    def _cancel(self) -> None:
        self._is_taken = True
        self._pending = None
        self._sheet.forget_password()
        if self._monitor.user and len(self._monitor.fleet):
            self._show_welcome(False)
        else:
            self._scope.start("cancel sign-in", self._monitor.sign_out())
            self._sheet.show_stage("Cancelled.")

    def _note_link(self, status: LinkStatus) -> None:
        if status.channel is not Channel.DEVICES:
            return
        if status.state is LinkState.REFUSED:
            if not self._was_up:  # else the line about the links says it, and has the button
                self._show_refusal(status)
        elif status.state is LinkState.WAITING and self._pending is not None:
            self._sheet.set_busy(False)
            words = f"No connection: {status.reason}. It is tried again by itself."
            self._sheet.show_stage(f"{words} {status.advice}".rstrip())
        elif status.is_up:
            self._was_up = True
            self._sheet.set_busy(False)
            self._sheet.forget_password()  # the server has taken it
            self._show_welcome(False)
            self._keep_credential()
        elif status.state in _STAGES:
            self._sheet.show_stage(_STAGES[status.state])

    def _show_refusal(self, status: LinkStatus) -> None:
        words = f"The server refused the sign-in: {status.reason}. Check user and password."
        if status.next_try_ms is not None:
            words += " It is tried again by itself."
        if self._sheet.isVisible() and self._sheet.sign_in.isEnabled():
            # A later try failed as well, while somebody types: nothing is moved or overwritten.
            self._sheet.show_stage(words)
            return
        self.show_sheet(words, self._pending[0].user if self._pending else "")

    def _keep_credential(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None and pending[1]:
            store = self._store(pending[0], self._places)
            self._scope.start("store credential", store)

    async def _store(self, credential: Credential, urls: Sequence[str]) -> None:
        if not await asyncio.to_thread(credentials.store, credential, urls):
            self._report(_NO_KEYRING)
