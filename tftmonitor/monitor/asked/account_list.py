"""Names and last reports of the account's devices, asked for over HTTP: once, and when wished.

The answer is another source than the feed: the user's own names and newer pushes go before it.
"""

import asyncio
import time
from collections.abc import Callable
from types import ModuleType
from typing import Final

from tftmonitor.base.clock import Clock
from tftmonitor.base.listeners import Listeners
from tftmonitor.base.redaction import redacted_value
from tftmonitor.link.network import Network
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.who.rows import FleetFullError
from tftmonitor.monitor.receiver import PushReceiver
from tftmonitor.protocol.addresses import place_of
from tftmonitor.protocol.channels import Credential
from tftmonitor.protocol.device_list import DeviceList, ListedDevice, read_devices

TURN_S: Final = 0.004
"""As the links: after so much work the event loop has a turn."""

_NOBODY: Final = "Names and last reports can be fetched once you are signed in (not in the demo)."


class AccountList:
    """Asks for the list of one session's account, and puts it into the fleet.

    ``reported`` is called with one sentence at each end of a question.
    """

    def __init__(
        self,
        fleet: Fleet,
        receiver: PushReceiver,
        clock: Clock,
        network: Callable[[], Network],
    ) -> None:
        self.reported: Listeners[[str]] = Listeners()
        self.is_asking = False
        self._fleet = fleet
        self._receiver = receiver
        self._clock = clock
        self._network = network
        self._credential: Credential | None = None
        self._url = ""
        self._is_wished = False

    def begin(self, credential: Credential, url: str, *, at_once: bool) -> None:
        """A session begins; ``at_once``: its list is wished for as soon as its sign-in holds."""
        self._credential, self._url, self._is_wished = credential, url, at_once

    def end(self) -> None:
        """The session is over; its credential is of no use any more."""
        self._credential, self._url, self._is_wished = None, "", False

    def take_wish(self) -> bool:
        """True the first time after a ``begin`` that wished for the list."""
        wished, self._is_wished = self._is_wished, False
        return wished

    async def ask(self) -> None:
        """Ask once, and report the end; a failure leaves everything as it is."""
        credential, url = self._credential, self._url
        if credential is None or not url:
            self.reported(_NOBODY)
            return
        self.is_asking = True
        try:
            # A thread, because to import the library takes several frames.
            client = await asyncio.to_thread(_client)
            try:
                listed = await client.fetch_device_list(url, credential, self._network())
            except client.FetchError as error:
                self.reported(f"Names and last reports not fetched from {place_of(url)}: {error}.")
            else:
                words = await self._fill(listed)
                self.reported(f"Fetched from {place_of(url)}: {words}.")
        finally:
            self.is_asking = False

    async def _fill(self, listed: DeviceList) -> str:
        """Names first, so that no row is shown without its own; what came, in words."""
        turns = _Turns()
        known: list[ListedDevice] = []
        unread = shown = left_out = 0
        for device in read_devices(listed):
            if device is None:
                unread += 1
            else:
                known.append(device)
            await turns.leave()
        self._fleet.set_account_names(_names_of(known))
        for device in known:
            try:
                shown += self._show(device)
            except FleetFullError:
                left_out += 1
            await turns.leave()
        named = sum(bool(device.name) for device in known)
        words = [_count(len(known), "device"), _count(named, "name"), _count(shown, "last report")]
        if unread:
            words.append(f"{unread:,} of no use")
        if left_out := left_out + listed.left_out:
            words.append(f"{left_out:,} too many")
        return ", ".join(words)

    def _show(self, device: ListedDevice) -> bool:
        # The time of now, and not of the question: pushes have come in since.
        asked_ms = self._clock.now_ms()
        if device.snapshot is not None:
            return self._receiver.receive_asked(device.snapshot, device.frame, asked_ms)
        self._fleet.list_device(device.identity, asked_ms)
        return False


def _client() -> ModuleType:
    """Imported when it is first wanted: most runs never ask."""
    from tftmonitor.link.http import client

    return client


class _Turns:
    """Leaves the event loop to others after a bounded time of work."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()

    async def leave(self) -> None:
        if time.monotonic() - self._began_s > TURN_S:
            await asyncio.sleep(0)
            self._began_s = time.monotonic()


def _names_of(devices: list[ListedDevice]) -> dict[str, str]:
    """Names by all ids of a device; an id of two devices with different names has neither."""
    names: dict[str, str] = {}
    contested: set[str] = set()
    for device in devices:
        who, name = device.identity, redacted_value(device.name)
        for ident in {who.imei, who.device_key, who.id} - {None} if name else ():
            assert ident is not None
            if names.setdefault(ident, name) != name:
                contested.add(ident)
    return {ident: name for ident, name in names.items() if ident not in contested}


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
