"""How a run begins: with the demo, with a credential that is at hand, or with the sheet."""

import argparse
import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from tftmonitor.app.core import Core
from tftmonitor.app.parts import Parts
from tftmonitor.base.secret_variables import forget_secrets
from tftmonitor.base.tasks import TaskScope
from tftmonitor.monitor.demo_server import DEMO_PASSWORD, DEMO_USER, DemoServer
from tftmonitor.protocol.addresses import place_of
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.settings import credentials
from tftmonitor.settings.servers import all_places, decide, decide_http

# A keyring that is open answers within this time.
_SOON_S = 0.5
_WAITING = (
    "Waiting for the keyring, which may be locked: this signs in when it opens. "
    "Or enter the password."
)


@dataclass(frozen=True)
class Source:
    """Where what a window shows comes from: live, or made otherwise.

    ``session`` begins and ends it, ``bars`` stand above all others, the actions ``without`` make no
    sense with it; ``on_desktop`` when the window has an icon in the tray and shows notifications.
    """

    session: Callable[[argparse.Namespace, Core, Parts, TaskScope], "SessionStart"]
    bars: Sequence[QWidget] = ()
    without: frozenset[str] = frozenset()
    on_desktop: bool = True


class SessionStart:
    """Signs in at the start of the program, and starts the demo when it is asked for."""

    def __init__(
        self, options: argparse.Namespace, core: Core, parts: Parts, scope: TaskScope
    ) -> None:
        self._options = options
        self._core = core
        self._parts = parts
        self._scope = scope
        self._demo: DemoServer | None = None
        self._demo_urls: frozenset[str] = frozenset()
        parts.sheet.demo_requested.connect(self.start_demo)

    @property
    def is_demo(self) -> bool:
        """True while what comes in is of the demo."""
        session = self._core.monitor.session_urls
        return bool(session) and session <= self._demo_urls

    def begin(self) -> None:
        """The demo where the command line asks for it, else the account that is known."""
        options, values = self._options, self._core.settings.values
        if options.demo or options.smoke:
            self.start_demo()
            return
        user = options.user or values.user
        credential = credentials.from_environment(user) if user else None
        # It is of no use any more, and no program that is started from here is to have it.
        forget_secrets()
        urls, list_url = decide(self._core.given, values), decide_http(self._core.given, values)
        if credential is not None:
            self._parts.flow.start(credential, urls, list_url)
        elif user and (options.user or values.keep_signed_in):
            places = all_places(self._core.given, values)
            work = self._sign_in_with_stored(user, urls, list_url, places)
            self._scope.start("credential", work)
        else:
            self._parts.flow.show_sheet()

    def start_demo(self) -> None:
        """Start the built-in simulator and sign in to it as to any server."""
        self._demo = DemoServer(self._options.demo_devices)
        urls, names = self._demo.start()
        self._demo_urls |= set(urls.values())
        self._core.monitor.use(urls, names)
        self._parts.title.set_mark("DEMO")
        self._parts.flow.start(Credential.from_password(DEMO_USER, DEMO_PASSWORD), urls)

    async def end(self) -> None:
        """Stop the simulator, where one runs."""
        if self._demo is not None:
            await asyncio.to_thread(self._demo.stop)

    async def _sign_in_with_stored(
        self, user: str, urls: Mapping[Channel, str], list_url: str, places: Sequence[str]
    ) -> None:
        """``places`` are all addresses that get the credential."""
        flow = self._parts.flow
        question = credentials.KeyringQuestion(user, places)
        if not await asyncio.to_thread(question.wait, _SOON_S):
            flow.show_waiting(_WAITING, user)
            # In short turns, so that the program's end has no thread to wait for.
            while not await asyncio.to_thread(question.wait, _SOON_S):
                pass
        try:
            credential, words = question.credential, ""
        except credentials.KeyringError as error:
            credential, words = None, f"{error} Enter the password of {user}."
        if credential is not None:
            flow.start_unless_taken(credential, urls, list_url)
            return
        named = " and ".join(dict.fromkeys(map(place_of, places)))
        flow.ask_unless_taken(
            words or f"No password is stored for {user} at {named}: enter it.", user
        )
