"""The composition root of the window: settings, monitor, panes, run, in that order."""

import argparse
import asyncio
import contextlib
import logging
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from tftmonitor.base.clock import SystemClock
from tftmonitor.base.logs import start_logging
from tftmonitor.base.tasks import TaskScope
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.demo_server import DEMO_PASSWORD, DEMO_USER, DemoServer
from tftmonitor.monitor.diagnostics import Diagnostics
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.rule_engine import RuleEngine
from tftmonitor.monitor.state_store import StateStore
from tftmonitor.protocol.channels import Credential, urls_from
from tftmonitor.settings import credentials
from tftmonitor.settings.numberings import apply_numberings
from tftmonitor.settings.rules_file import RulesFile
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alerts.alarm_outputs import AlarmOutputs
from tftmonitor.ui.platform import event_loop as loop
from tftmonitor.ui.platform.network_watch import NetworkWatch
from tftmonitor.ui.platform.single_instance import SingleInstance
from tftmonitor.ui.sign_in.flow import SignInFlow
from tftmonitor.ui.theme.theme import DARK, LIGHT, install_theme, system_theme
from tftmonitor.ui.window.loop_monitor import LoopMonitor
from tftmonitor.ui.window.screenshot import PICTURE_SIZE, smoke, take_picture
from tftmonitor.ui.window.shell import Shell

if TYPE_CHECKING:
    from tftmonitor.ui.settings.pane import SettingsPane

_log = logging.getLogger(__name__)

Script = Callable[["Program"], Coroutine[Any, Any, None]]


def run_window(options: argparse.Namespace, script: Script | None = None) -> int:
    """Open the window and stay until it is closed; the process' exit code.

    ``script`` is run beside it, for tests that use the window as a person would.
    """
    with _profile(options) as profile:
        return _run_window_on(profile, options, script)


def _run_window_on(profile: Path, options: argparse.Namespace, script: Script | None) -> int:
    start_logging(file=profile / "tftmonitor.log")
    settings = SettingsStore(profile)
    app = loop.make_application()
    choose_theme(app, options.theme or settings.values.theme)
    instance = SingleInstance(profile, app)
    if instance.raise_other():
        return 0
    instance.listen()

    def main() -> Coroutine[Any, Any, int]:
        return Program(app, options, settings, profile, instance).run(script)

    return loop.run(app, main)


@contextlib.contextmanager
def _profile(options: argparse.Namespace) -> Iterator[Path]:
    """Where everything is kept; the demo has a place of its own, a picture none that lasts."""
    if options.profile:
        yield Path(options.profile)
    elif options.smoke or options.screenshot:
        # The log's file is still open, which keeps Windows from removing it.
        with tempfile.TemporaryDirectory(
            prefix="tftmonitor-", ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)
    else:
        import platformdirs

        home = Path(platformdirs.user_data_dir("tftmonitor", appauthor=False))
        yield home / ("demo" if options.demo else "profile")


def choose_theme(app: QApplication, name: str) -> None:
    """Put on the colours of this name: light, dark, or the system's."""
    install_theme(app, {"light": LIGHT, "dark": DARK}.get(name) or system_theme())


class Program:
    """One run of the window: builds everything once, and takes it apart in reverse order."""

    def __init__(
        self,
        app: QApplication,
        options: argparse.Namespace,
        settings: SettingsStore,
        profile: Path,
        instance: SingleInstance,
    ) -> None:
        self._app = app
        self._options = options
        self._settings = settings
        self._profile = profile
        self._exit = asyncio.Event()
        self._code = 0
        self._clock = SystemClock()
        self._demo: DemoServer | None = None
        self._scope = TaskScope(self._report)
        self._notes: list[str] = [settings.problem]
        rules_file = RulesFile(profile)
        self._notes.append(rules_file.problem)
        self._reader = CodeResolver()
        apply_numberings(self._reader, settings.values)
        self.monitor = self._make_monitor(rules_file)
        self.desk, fleet = self.monitor.desk, self.monitor.fleet
        self._keeper = StateStore(
            self.desk.pipeline, fleet, self.monitor.inbox, self.monitor.coverage, self._clock
        )
        self.shell = Shell(self.monitor, settings, rules_file, self._clock, self._scope)
        shell = self.shell
        self._flow = SignInFlow(
            self.monitor, shell.sheet, shell.window.show_welcome, settings, self._scope, shell.tell
        )
        self.alerts = AlarmOutputs(self.desk, self.shell, settings, self._scope, self._clock)
        self._diagnostics = Diagnostics(
            self.monitor,
            self._clock,
            lambda: self.shell.frame_clock.frames,
            options.diagnostics,
        )
        self._pulse = LoopMonitor(
            self._diagnostics, self.shell.diagnostics, self.monitor, self._clock
        )
        instance.raised.connect(self.shell.come_forward)
        self._keeper.trouble = self.shell.tell
        self._network: NetworkWatch | None = None
        self._connect()

    def _make_monitor(self, rules_file: RulesFile) -> Monitor:
        """The headless half: what is known, and what fills it."""
        options, values = self._options, self._settings.values
        fleet = Fleet()
        fleet.set_names(values.names)
        journal = self._open_journal()
        desk = AlarmService(OpenAlarms(), journal, self._reader, self._clock, fleet.find)
        rules = RuleEngine(fleet, desk, self._clock, rules_file.rules)
        urls = urls_from(
            options.device_url or values.device_url, options.message_url or values.message_url
        )
        return Monitor(urls, self._clock, fleet, desk, rules)

    async def run(self, script: Script | None = None) -> int:
        """Show the window, work until the exit request, leave nothing behind."""
        loop.request_exit_on_signals(self._exit.set, self._app)
        await self._keeper.restore()
        self._scope.keep("alarm desk", self.desk.run)
        self._scope.keep("keeper", self._keeper.run)
        self._scope.keep("rules", self.monitor.rules.run)
        self._place_window()
        self.shell.start()
        self._sign_in_at_start()
        # What else there is can wait until something is to be seen.
        await loop.first_paint(self.shell.window)
        self.alerts.start()
        self._pulse.start()
        self._network = NetworkWatch(self.monitor.try_now)
        self._plan_end()
        if script is not None:
            self._scope.start("script", script(self))
        await self._exit.wait()
        await self._end()
        return self._code

    def _connect(self) -> None:
        self.shell.window.close_requested.connect(self._close)
        self.shell.quit_requested.connect(self._exit.set)
        self.shell.settings.when_built(self._connect_settings)
        self.shell.sign_out_requested.connect(self._flow.sign_out)
        self.shell.sheet.demo_requested.connect(self._start_demo)
        self.shell.link_strip.sign_in_requested.connect(self._flow.show_sheet)
        self.shell.add_actions(
            {
                "quit": self._exit.set,
                "sign_in": self._flow.show_sheet,
                "sign_out": self._flow.sign_out,
                "theme_system": lambda: self._set_theme("system"),
                "theme_light": lambda: self._set_theme("light"),
                "theme_dark": lambda: self._set_theme("dark"),
            }
            | self.alerts.handlers()
        )

    def _connect_settings(self, pane: "SettingsPane") -> None:
        pane.theme_changed.connect(self._set_theme)
        pane.numberings_changed.connect(
            lambda: apply_numberings(self._reader, self._settings.values)
        )
        pane.names_changed.connect(self._set_names)

    def _place_window(self) -> None:
        window = self.shell.window
        words = window.restore(self._settings.values)
        if self._options.size or self._options.screenshot:
            window.resize(*(self._options.size or PICTURE_SIZE))
        self.shell.tell(" ".join(filter(None, (words, *self._notes))))
        window.show()

    def _sign_in_at_start(self) -> None:
        options, values = self._options, self._settings.values
        if options.demo or options.smoke:
            self._start_demo()
            return
        user = options.user or values.user
        credential = credentials.from_environment(user) if user else None
        if credential is not None:
            self._flow.start(credential)
        elif user and (options.user or values.keep_signed_in):
            self._scope.start("credential", self._sign_in_with_stored(user))
        else:
            self._flow.show_sheet()

    async def _sign_in_with_stored(self, user: str) -> None:
        credential = await asyncio.to_thread(credentials.load, user)
        if credential is None:
            self._flow.show_sheet(f"No password is stored for {user}: enter it.", user)
        else:
            self._flow.start(credential)

    def _start_demo(self) -> None:
        self._demo = DemoServer(self._options.demo_devices)
        urls, self.monitor.fleet.default_names = self._demo.start()
        self.monitor.urls = urls
        self._set_names(self._settings.values.names)
        self.alerts.title = "tftmonitor - DEMO"
        self._flow.start(Credential.from_password(DEMO_USER, DEMO_PASSWORD))

    def _set_names(self, names: dict[str, str]) -> None:
        self.monitor.fleet.set_names(names)
        self.shell.inbox.refresh()
        self.shell.plots.show(self.shell.devices.selected_key() or "")

    def _plan_end(self) -> None:
        options = self._options
        if options.smoke:
            self._scope.start("smoke", self._end_with(smoke(self.shell, options.screenshot)))
        elif options.screenshot:
            work = take_picture(self.shell.window, options.screenshot, options.exit_after)
            self._scope.start("screenshot", self._end_with(work))
        elif options.exit_after:
            asyncio.get_running_loop().call_later(options.exit_after, self._exit.set)

    async def _end_with(self, work: Coroutine[Any, Any, int]) -> None:
        """Run what the program was started for, and end with its exit code."""
        self._code = 1
        try:
            self._code = await work
        finally:
            self._exit.set()

    async def _end(self) -> None:
        self.shell.stop()
        await self.alerts.stop()
        self._pulse.stop()
        self._settings.update(**self.shell.window.layout_settings())
        await self.monitor.sign_out()
        await self._scope.close()
        await self._keeper.keep(with_cadence=True)
        await self.desk.close()
        self.shell.window.close_for_good()
        if self._demo is not None:
            await asyncio.to_thread(self._demo.stop)

    def _close(self) -> None:
        if not self.alerts.hide_to_tray():
            self._exit.set()

    def _set_theme(self, name: str) -> None:
        self._settings.set("theme", name)
        choose_theme(self._app, name)
        self.shell.apply_theme()

    def _open_journal(self) -> Journal | None:
        try:
            journal = Journal.open(self._profile / FILE_NAME, self._clock)
        except JournalError as error:
            self._notes.append(f"{error} Alarms are shown, and not kept.")
            return None
        self._notes.append(journal.notice)
        return journal

    def _report(self, name: str, error: BaseException) -> None:
        self.shell.tell(f"{name} failed: {error}")
