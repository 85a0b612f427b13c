"""Builds the panes, places them in the window, and connects them with the monitor."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMenuBar

from tftmonitor.base.clock import Clock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.outage_summary import OutageSummary
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.settings.rules_file import RulesFile
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.alarms.pane import AlarmsPane
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.devices.pane import DevicesPane
from tftmonitor.ui.inbox.pane import InboxPane
from tftmonitor.ui.plots.file_export import PlotExport
from tftmonitor.ui.plots.follower import PlotFollower
from tftmonitor.ui.sign_in.sheet import SignInSheet
from tftmonitor.ui.widgets.lazy import LazyPane
from tftmonitor.ui.widgets.note_bar import NoteBar
from tftmonitor.ui.window.actions import fill_menus, make_actions
from tftmonitor.ui.window.banner import Banner
from tftmonitor.ui.window.diagnostics import DiagnosticsPane
from tftmonitor.ui.window.frame_clock import FrameClock
from tftmonitor.ui.window.link_strip import LinkStrip
from tftmonitor.ui.window.main_window import DockSpec, MainWindow
from tftmonitor.ui.window.palette import Palette
from tftmonitor.ui.window.top_bar import TopBar, link_text

if TYPE_CHECKING:
    from tftmonitor.ui.rules.pane import RulesPane
    from tftmonitor.ui.settings.pane import SettingsPane

_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
_NOTE_MS = 20_000
# When nothing has been listed by then, and how soon after the first list, which is painted before.
_PLOTS_AFTER_MS = 1_000
_PLOTS_AFTER_LIST_MS = 30


class Shell(QObject):
    """All that is seen. It reads the model on frames and beats, and acts through the monitor."""

    quit_requested = Signal()
    beaten = Signal()
    sign_out_requested = Signal()

    def __init__(
        self,
        monitor: Monitor,
        settings: SettingsStore,
        rules_file: RulesFile,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        super().__init__()
        self.monitor = monitor
        self._settings = settings
        self._rules_file = rules_file
        self._clock = clock
        self._plots_due = QTimer(self)
        self._plots_due.setSingleShot(True)
        self._plots_due.timeout.connect(self.load_plots)
        self.plots = PlotFollower(monitor, settings, clock)
        self._palette: Palette | None = None
        self._wanted = ""
        self._meanwhile = OutageSummary(monitor, clock)
        zone = zone_of(settings.values)
        self.menus = QMenuBar()
        self.top_bar = TopBar(monitor, clock, self.menus, zone)
        self.link_strip = LinkStrip(monitor, clock, zone)
        self.banner = Banner(clock, zone)
        self.sheet = SignInSheet(settings.values)
        self.devices = DevicesPane(monitor.fleet, clock, settings, self._alarm_of)
        self.detail = DetailPane(monitor.fleet, clock, settings)
        self.inbox = InboxPane(monitor.inbox, clock, settings)
        self.alarms = AlarmsPane(monitor.desk, monitor.desk.alarms, clock, settings, scope=scope)
        self.rules = LazyPane(self._make_rules)
        self.diagnostics = DiagnosticsPane()
        self.settings = LazyPane(self._make_settings)
        self.window = MainWindow(
            [self.top_bar, self.link_strip, self.banner],
            self.detail,
            self.sheet,
            [
                DockSpec("devices", "Devices", self.devices, _LEFT, 572, fixed=True),
                DockSpec("inbox", "Messages", self.inbox, _RIGHT, 234),
                DockSpec("alarms", "Alarms", self.alarms, _BOTTOM, 160),
                DockSpec("rules", "Alarm rules", self.rules, _BOTTOM, 300, shown=False),
                DockSpec("settings", "Settings", self.settings, _RIGHT, 320, shown=False),
                DockSpec("diagnostics", "Diagnostics", self.diagnostics, _RIGHT, 260, shown=False),
            ],
        )
        self.frame_clock = FrameClock(
            monitor.fleet.changes, self._frame, self._list_frame, self._tick_second, self
        )
        self.note = NoteBar(self.window)
        self._export = PlotExport(self.plots, self.window, self.tell)
        self._connect()

    def add_actions(self, handlers: dict[str, Callable[[], None]]) -> None:
        """Fill menus and keys from the table of actions; docks join the View menu."""
        own: dict[str, Callable[[], None]] = {
            "search": self.devices.focus_search,
            "star": self.devices.toggle_star,
            "raw": self.detail.toggle_raw,
            "reset_layout": self.window.reset_layout,
            "full_screen": self._toggle_full_screen,
            "reconnect": self.monitor.try_now,
            "palette": self._open_palette,
            "shortcuts": partial(self._open_palette, keys_only=True),
            "copy_imei": self.detail.copy_imei,
            "live": self.plots.back_to_live,
            "pause": self.plots.pause,
            "save_picture": self._export.save_picture,
            "save_table": self._export.save_table,
            "settings": self._show_settings,
        }
        actions = make_actions(self.window, own | handlers)
        self._palette = Palette(actions, self._device_entries, self.window)
        menus = fill_menus(self.menus, actions)
        menus["View"].addSeparator()
        menus["View"].addActions(self.window.dock_actions())

    def load_plots(self) -> None:
        """Build the plots; their library is the slowest import, so the window comes first."""
        self._plots_due.stop()
        if self.plots.stack is None:
            self.detail.set_plots(self.plots.load())

    def select(self, key: str) -> None:
        """Show this device in list and detail, as soon as the list has it."""
        self._wanted = key
        self.devices.select(key)

    def start(self) -> None:
        """Begin to follow the model."""
        self.frame_clock.start()
        # Until they are loaded nothing else moves, so the list is painted first where it can be.
        self._plots_due.start(_PLOTS_AFTER_MS)

    def stop(self) -> None:
        """No more frames."""
        self.frame_clock.stop()

    def come_forward(self) -> None:
        """Show and raise the window, also out of the tray."""
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def tell(self, words: str) -> None:
        """Say something that needs no answer, at the lower edge, for a while."""
        if words:
            self.note.show_text(words, _NOTE_MS)

    def plotted_samples(self) -> int:
        """How many samples the plots hold; picks the first device when none is chosen."""
        if self.plots.stack is None:
            self.load_plots()
        if not self.devices.selected_key() and len(self.monitor.fleet):
            self.select(self.monitor.fleet.devices[0].key)
        device = self.monitor.fleet.find(self.devices.selected_key())
        return len(device.series) if device else 0

    def apply_theme(self) -> None:
        """The theme changed."""
        self.devices.apply_theme()
        self.detail.apply_theme()

    def take_zone(self) -> None:
        """Times are shown in another zone from now on."""
        zone = zone_of(self._settings.values)
        for bar in (self.top_bar, self.link_strip, self.banner):
            bar.set_zone(zone)
        self.devices.apply_theme()
        self.detail.refresh_texts()
        self.inbox.refresh()
        self.alarms.tick()
        self.plots.show(self.devices.selected_key() or "")

    def link_is_down(self) -> bool:
        """True while the devices channel cannot tell us anything."""
        return not self.monitor.link_status(Channel.DEVICES).is_up

    def _connect(self) -> None:
        self.devices.device_selected.connect(self._select)
        self.devices.alarms_requested.connect(self._show_alarms_of)
        self.devices.device_opened.connect(self._open)
        self.inbox.device_requested.connect(self.select)
        self.alarms.device_requested.connect(self.select)
        self.link_strip.try_now_requested.connect(self.monitor.try_now)
        self.window.welcome_shown.connect(self.link_strip.set_asked)
        self.inbox.unread_changed.connect(self._title_inbox)
        self.monitor.inbox.changed = self.inbox.refresh
        self.monitor.link_changed.append(self._note_link)

    def _make_rules(self) -> "RulesPane":
        from tftmonitor.ui.rules.pane import RulesPane

        monitor = self.monitor
        pane = RulesPane(monitor.rules, self._rules_file, monitor.fleet, self._clock)
        pane.told.connect(self.tell)
        return pane

    def _make_settings(self) -> "SettingsPane":
        from tftmonitor.ui.settings.pane import SettingsPane

        pane = SettingsPane(self._settings, self.monitor.fleet)
        pane.zone_changed.connect(self.take_zone)
        pane.units_changed.connect(self.detail.refresh_texts)
        return pane

    def _title_inbox(self, unread: int) -> None:
        title = f"Messages ({unread} unread)" if unread else "Messages"
        self.window.docks["inbox"].setWindowTitle(title)

    def _show_alarms_of(self, key: str) -> None:
        alarms = self.monitor.desk.alarms.by_device(key)
        if alarms:
            self.alarms.select_alarm(alarms[0].id)

    def _device_entries(self) -> list[tuple[str, Callable[[], None]]]:
        return [
            (f"{device.label}  {device.model or ''}", partial(self.select, device.key))
            for device in self.monitor.fleet
        ]

    def _open_palette(self, *, keys_only: bool = False) -> None:
        if self._palette is not None:
            self._palette.open(keys_only=keys_only)

    def _alarm_of(self, key: str) -> tuple[Severity | None, int]:
        counts_of = self.monitor.desk.alarms.counts_of(key)
        return counts_of.worst, counts_of.count

    def _select(self, key: str) -> None:
        self.detail.show_device(key or None)
        self.plots.show(key)

    def _open(self, _key: str) -> None:
        """Enter or a double click: the plots, with the keyboard in them."""
        self.detail.show_tab("Overview")
        if self.plots.stack is not None:
            self.plots.stack.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_settings(self) -> None:
        dock = self.window.docks["settings"]
        dock.show()
        dock.raise_()
        self.settings.get().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _frame(self, rows: set[int]) -> None:
        self.detail.refresh(rows)
        self.plots.frame(rows)

    def _list_frame(self, rows: set[int], added: bool) -> None:
        self.devices.refresh(rows, added)
        if self._plots_due.isActive():
            self._plots_due.start(_PLOTS_AFTER_LIST_MS)
        if added and not self.devices.selected_key():
            # An empty middle tells nobody anything.
            self.devices.select(self._wanted or self.monitor.fleet.devices[0].key)

    def _tick_second(self) -> None:
        self.beaten.emit()
        self.tell(self._meanwhile.tick())
        if not self.window.isVisible():
            return
        self.top_bar.tick()
        self.link_strip.tick()
        self.banner.tick()
        self.devices.tick()
        self.detail.tick()
        self.alarms.tick()
        self.plots.tick()
        for lazy in (self.settings, self.rules):
            if lazy.pane is not None:
                lazy.pane.tick()
        self._tell_empty_text()

    def _note_link(self, status: LinkStatus) -> None:
        self._meanwhile.note_link(status)
        self.top_bar.tick()
        self.link_strip.tick()
        for pane in (self.devices, self.detail):
            pane.set_link_down(self.link_is_down())
        self.plots.show_blind()
        self._tell_empty_text()

    def _tell_empty_text(self) -> None:
        now_ms = self._clock.now_ms()
        status = self.monitor.link_status(Channel.MESSAGES)
        words = link_text(status, self.monitor.last_frame_ms(Channel.MESSAGES), now_ms)
        if status.state is LinkState.LIVE:
            words = f"{words.lower()} ago"
        self.inbox.set_empty_text(f"No messages yet. Messages channel {words}.")
        self.alarms.set_empty_text(f"No alarms. Messages channel {words}.")
        if self.link_is_down():
            self.devices.set_empty_text("Not connected: no device can report.")
        else:
            self.devices.set_empty_text("Signed in; no device has reported yet.")

    def _toggle_full_screen(self) -> None:
        if self.window.isFullScreen():
            self.window.showNormal()
        else:
            self.window.showFullScreen()
