"""How a run begins: with the demo, with a credential that is at hand, or with the sheet."""

import argparse
import asyncio
from collections.abc import Mapping

from tftmonitor.app.core import Core
from tftmonitor.app.parts import Parts
from tftmonitor.base.secret_variables import forget_secrets
from tftmonitor.base.tasks import TaskScope
from tftmonitor.monitor.demo_server import DEMO_PASSWORD, DEMO_USER, DemoServer
from tftmonitor.protocol.addresses import place_of
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.settings import credentials
from tftmonitor.settings.servers import decide


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
        parts.sheet.demo_requested.connect(self.start_demo)

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
        urls = decide(self._core.given, values)
        if credential is not None:
            self._parts.flow.start(credential, urls)
        elif user and (options.user or values.keep_signed_in):
            self._scope.start("credential", self._sign_in_with_stored(user, urls))
        else:
            self._parts.flow.show_sheet()

    def start_demo(self) -> None:
        """Start the built-in simulator and sign in to it as to any server."""
        self._demo = DemoServer(self._options.demo_devices)
        urls, names = self._demo.start()
        self._core.monitor.use(urls, names)
        self._parts.title.set_mark("DEMO")
        self._parts.flow.start(Credential.from_password(DEMO_USER, DEMO_PASSWORD), urls)

    async def end(self) -> None:
        """Stop the simulator, where one runs."""
        if self._demo is not None:
            await asyncio.to_thread(self._demo.stop)

    async def _sign_in_with_stored(self, user: str, urls: Mapping[Channel, str]) -> None:
        credential = await asyncio.to_thread(credentials.load, user, [*urls.values()])
        if self._core.monitor.user is not None:
            return  # somebody was faster than the keyring
        if credential is None:
            places = " and ".join(dict.fromkeys(map(place_of, urls.values())))
            words = f"No password is stored for {user} at {places}: enter it."
            self._parts.flow.show_sheet(words, user)
        else:
            self._parts.flow.start(credential, urls)
