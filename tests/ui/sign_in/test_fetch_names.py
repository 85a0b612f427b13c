"""The tick for names and last reports: off by default, told before it is sent, and on our loop."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.integration.certificates import Authority
from tests.integration.recorded_link import ACCOUNT, simulator
from tests.integration.test_device_list import answering
from tftmonitor.base.clock import ManualClock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.link.http.client import FetchError, fetch_device_list
from tftmonitor.link.network import Network
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.settings import credentials
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.servers import GivenServers
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.platform import event_loop
from tftmonitor.ui.platform.ready_loop import ReadyLoop
from tftmonitor.ui.sign_in.flow import SignInFlow
from tftmonitor.ui.sign_in.sheet import SignInSheet

VENDOR = "https://openapi.tftiot.com"


class SignIn:
    """Sheet and flow before a monitor that only notes how it is signed in."""

    def __init__(self, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        clock, fleet, self.settings = ManualClock(), Fleet(), SettingsStore(folder)
        service = AlarmService(OpenAlarms(), None, CodeResolver(), clock, fleet.find)
        monitor = Monitor({}, clock, fleet, service)
        self.calls: list[tuple[str, bool]] = []
        self.kept: list[str] = []
        monkeypatch.setattr(monitor, "sign_in", self.note)
        monkeypatch.setattr(credentials, "store", self.keep)
        self.sheet = SignInSheet(self.settings.values)
        qtbot.addWidget(self.sheet)
        self.flow = SignInFlow(
            monitor, self.sheet, lambda _: None, self.settings, TaskScope(), lambda _: None
        )

    async def note(self, _credential: object, _urls: object, url: str, *, with_list: bool) -> None:
        self.calls.append((url, with_list))

    def keep(self, _credential: object, urls: list[str]) -> bool:
        self.kept += urls
        return True

    def submit(self) -> None:
        async def work() -> None:
            self.sheet.user.setText("demo")
            self.sheet.password.setText("secret")
            self.sheet.sign_in.click()
            await asyncio.sleep(0)
            self.flow._keep_credential()
            await asyncio.to_thread(lambda: None)
            await asyncio.sleep(0.05)

        asyncio.run(work())


@pytest.fixture
def sign_in(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    return SignIn(qtbot, tmp_path, monkeypatch)


def test_nothing_is_fetched_by_default(sign_in: SignIn) -> None:
    assert not Settings().fetch_names
    assert not sign_in.sheet.fetch_names.isChecked()
    assert sign_in.sheet.destination.text().endswith("openapi.tftiot.com:443, encrypted.")
    sign_in.submit()
    assert sign_in.calls == [(VENDOR, False)]


def test_tick_is_kept_and_asks_at_the_host_of_the_devices(sign_in: SignIn) -> None:
    sign_in.sheet.device_url.setText("wss://mine.example:99")
    sign_in.sheet.fetch_names.setChecked(True)
    assert "mine.example:443" in sign_in.sheet.destination.text()
    sign_in.sheet.keep.setChecked(True)
    sign_in.submit()
    assert sign_in.calls == [("https://mine.example", True)]
    assert sign_in.settings.values.fetch_names
    assert "https://mine.example" in sign_in.kept


def test_address_of_its_own_is_told_and_kept(sign_in: SignIn) -> None:
    sign_in.sheet.http_url.setText("https://names.example")
    assert "names.example" not in sign_in.sheet.destination.text()
    sign_in.sheet.fetch_names.setChecked(True)
    assert "names.example:443" in sign_in.sheet.destination.text()
    sign_in.submit()
    assert sign_in.calls == [("https://names.example", True)]
    assert sign_in.settings.values.http_url == "https://names.example"


def test_address_without_the_tick_gets_nothing(sign_in: SignIn) -> None:
    sign_in.sheet.http_url.setText("https://names.example")
    sign_in.submit()
    assert sign_in.calls == [(VENDOR, False)]


def test_readable_address_is_refused_before_anything_is_sent(sign_in: SignIn) -> None:
    sign_in.sheet.fetch_names.setChecked(True)
    sign_in.sheet.http_url.setText("http://names.example")
    assert "goes nowhere" in sign_in.sheet.destination.text()
    sign_in.submit()
    assert sign_in.calls == []
    assert "use https://" in sign_in.sheet.stage.text()


Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def on_our_loop(qtbot: QtBot) -> Run:
    app = event_loop.make_application()

    def run(work: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=lambda: ReadyLoop(app)) as runner:
            runner.run(asyncio.wait_for(work, 30))

    return run


def test_list_is_fetched_on_the_loop_of_the_window(on_our_loop: Run) -> None:
    async def main() -> None:
        async with simulator(http_port=0) as server:
            assert server.http is not None
            listed = await fetch_device_list(server.http.url, ACCOUNT, Network("none"))
            assert len(listed.devices) == 4
            server.http.fault = "slow"
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await fetch_device_list(server.http.url, ACCOUNT, Network("none"))

    on_our_loop(main())


def test_certificate_is_verified_on_the_loop_of_the_window(
    on_our_loop: Run, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)

    async def main() -> None:
        async with answering({}, authority.server()) as url:
            listed = await fetch_device_list(url, ACCOUNT, Network("none", authority.file))
            assert listed.devices == []
            with pytest.raises(FetchError, match="unknown authority"):
                await fetch_device_list(url, ACCOUNT, Network("none"))

    on_our_loop(main())


def test_host_of_the_command_line_holds_for_names_too(qtbot: QtBot) -> None:
    given = GivenServers("wss://given.example:9")
    sheet = SignInSheet(Settings(fetch_names=True, http_url="https://names.example"), given)
    qtbot.addWidget(sheet)
    assert not sheet.http_url.isEnabled()
    assert sheet.http_url.text() == "https://given.example"
    assert "given.example:443" in sheet.destination.text()
    assert "names.example" not in sheet.destination.text()
