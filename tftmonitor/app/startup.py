"""How a run begins: with the demo, with a credential that is at hand, or with the sheet."""

import argparse
import asyncio

from tftmonitor.app.core import Core
from tftmonitor.app.parts import Parts
from tftmonitor.base.tasks import TaskScope
from tftmonitor.monitor.demo_server import DEMO_PASSWORD, DEMO_USER, DemoServer
from tftmonitor.protocol.channels import Credential
from tftmonitor.settings import credentials


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
        if credential is not None:
            self._parts.flow.start(credential)
        elif user and (options.user or values.keep_signed_in):
            self._scope.start("credential", self._sign_in_with_stored(user))
        else:
            self._parts.flow.show_sheet()

    def start_demo(self) -> None:
        """Start the built-in simulator and sign in to it as to any server."""
        self._demo = DemoServer(self._options.demo_devices)
        self._core.monitor.use(*self._demo.start())
        self._parts.title.set_mark("DEMO")
        self._parts.flow.start(Credential.from_password(DEMO_USER, DEMO_PASSWORD))

    async def end(self) -> None:
        """Stop the simulator, where one runs."""
        if self._demo is not None:
            await asyncio.to_thread(self._demo.stop)

    async def _sign_in_with_stored(self, user: str) -> None:
        credential = await asyncio.to_thread(credentials.load, user)
        if credential is None:
            self._parts.flow.show_sheet(f"No password is stored for {user}: enter it.", user)
        else:
            self._parts.flow.start(credential)
