"""The tables of docks and pages: a pane is its package, and one row here."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tftmonitor.app.core import Core
from tftmonitor.base.listeners import Listeners
from tftmonitor.base.tasks import TaskScope
from tftmonitor.monitor.alarm_service import AlarmStep
from tftmonitor.ui.alerts.alarm_outputs import AlarmOutputs
from tftmonitor.ui.devices.pane import DevicesPane
from tftmonitor.ui.platform.child_process import open_folder
from tftmonitor.ui.window.diagnostics import DiagnosticsPane
from tftmonitor.ui.window.dock_spec import DockSpec, PageSpec
from tftmonitor.ui.window.loop_monitor import LoopMonitor

if TYPE_CHECKING:
    from tftmonitor.ui.alarms.journal_page import JournalPage
    from tftmonitor.ui.help.manual import ManualPage
    from tftmonitor.ui.help.pages import AboutPage, WordsPage
    from tftmonitor.ui.install.pane import InstallPane
    from tftmonitor.ui.places.pane import PlacesPane
    from tftmonitor.ui.rules.pane import RulesPane
    from tftmonitor.ui.settings.pane import SettingsPane
    from tftmonitor.ui.statistics.page import StatisticsPage

_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


def dock_table(
    core: Core,
    devices: DevicesPane,
    map_pane: QWidget,
    inbox: QWidget,
    alarms: QWidget,
    loop_monitor: LoopMonitor,
) -> tuple[DockSpec, ...]:
    """What stands around the detail. What is not shown at first is built when it is."""

    def diagnostics() -> DiagnosticsPane:
        pane = DiagnosticsPane()
        loop_monitor.show_on(pane)
        return pane

    def checks() -> "InstallPane":
        from tftmonitor.ui.install.pane import InstallPane

        pane = InstallPane(core.monitor.fleet, core.clock, core.settings)
        devices.device_selected.connect(pane.show_device)
        pane.show_device(devices.selected_key() or "")
        return pane

    return (
        DockSpec("devices", "Devices", lambda: devices, _LEFT, 548, fixed=True),
        DockSpec("map", "Map", lambda: map_pane, _RIGHT, 244, part=360),
        DockSpec("inbox", "Messages", lambda: inbox, _RIGHT, 244, part=300),
        DockSpec("alarms", "Alarms", lambda: alarms, _BOTTOM, 218),
        DockSpec("checks", "Installation check", checks, _RIGHT, 320, shown=False),
        DockSpec("diagnostics", "Diagnostics", diagnostics, _RIGHT, 260, shown=False),
    )


def page_table(
    core: Core,
    scope: TaskScope,
    outputs: AlarmOutputs,
    report: Listeners[[str]],
    show_device: Callable[[str], None],
    show_rule: Callable[[str], None],
    figures: Callable[[], str],
    show_keys: Callable[[], None],
) -> tuple[PageSpec, ...]:
    """Rooms of their own, each built, and imported, when it is first shown."""

    def rules() -> "RulesPane":
        from tftmonitor.ui.rules.pane import RulesPane

        monitor = core.monitor
        pane = RulesPane(
            monitor.rules,
            core.rules_file,
            monitor.fleet,
            core.clock,
            core.settings,
            core.surroundings,
        )
        pane.reported.connect(report)
        return pane

    def places() -> "PlacesPane":
        from tftmonitor.ui.places.pane import PlacesPane

        return PlacesPane(
            core.places_file, core.rules_file, core.monitor.fleet, core.settings, scope
        )

    def settings() -> "SettingsPane":
        from tftmonitor.ui.alerts.sound_devices import sound_devices
        from tftmonitor.ui.settings.pane import SettingsPane

        pane = SettingsPane(
            core.settings, core.monitor.fleet, scope=scope, sound_devices=sound_devices
        )
        pane.sound_test_requested.connect(outputs.sound.test)
        outputs.sound.state_changed.connect(pane.show_sound_state)
        outputs.awake.state_changed.connect(pane.show_awake_state)
        pane.show_sound_state(outputs.sound.state)
        pane.show_awake_state(outputs.awake.state)
        return pane

    def journal() -> "JournalPage":
        from tftmonitor.ui.alarms.journal_page import JournalPage

        service = core.monitor.alarm_service
        page = JournalPage(service.read_journal, scope.start, core.clock, core.settings)
        service.steps[AlarmStep.MODEL].add(lambda _changes: page.note_change())
        page.device_requested.connect(show_device)
        return page

    def statistics() -> "StatisticsPage":
        from tftmonitor.ui.statistics.page import StatisticsPage

        service = core.monitor.alarm_service
        page = StatisticsPage(
            service.read_journal, service.alarms, scope.start, core.clock, core.settings
        )
        page.device_requested.connect(show_device)
        page.rule_requested.connect(show_rule)
        return page

    def manual() -> "ManualPage":
        from tftmonitor.ui.help.manual import ManualPage

        return ManualPage(show_keys)

    def words() -> "WordsPage":
        from tftmonitor.ui.help.pages import WordsPage

        return WordsPage()

    def about() -> "AboutPage":
        from tftmonitor.ui.help.pages import AboutPage

        return AboutPage(core.settings.path.parent, open_folder, figures)

    return (
        PageSpec("manual", "Manual", manual),
        PageSpec("words", "Words and signs", words),
        PageSpec("about", "About tftmonitor", about),
        PageSpec("statistics", "Alarm statistics", statistics),
        PageSpec("journal", "Alarm journal", journal),
        PageSpec("rules", "Alarm rules", rules),
        PageSpec("places", "Places", places),
        PageSpec("settings", "Settings", settings),
    )
