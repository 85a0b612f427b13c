"""The window's parts, each built once, with what it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenuBar, QWidget

from tftmonitor.app.core import Core
from tftmonitor.app.docks import dock_table
from tftmonitor.app.map import LateMap
from tftmonitor.app.navigation import MomentShown, show_device, show_rule
from tftmonitor.app.pages import page_table
from tftmonitor.base.listeners import Listeners
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarm_statistics import AlarmRate
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fields.formatting import format_clock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.diagnostics import Diagnostics
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.outage_summary import OutageSummary
from tftmonitor.protocol.channels import Channel
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.alarms.operator_keys import OperatorKeys
from tftmonitor.ui.alarms.pane import AlarmsPane
from tftmonitor.ui.alerts.alarm_outputs import AlarmOutputs
from tftmonitor.ui.bars.banner import Banner
from tftmonitor.ui.bars.link_strip import LinkStrip
from tftmonitor.ui.bars.notice_row import NoticeRow
from tftmonitor.ui.bars.top_bar import TopBar
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.devices.pane import DevicesPane
from tftmonitor.ui.devices.table.facts import AlarmMark
from tftmonitor.ui.inbox.pane import InboxPane
from tftmonitor.ui.plots.follower import PlotFollower
from tftmonitor.ui.plots.loader import PlotLoader
from tftmonitor.ui.plots.past.of_device import PastOfDevice
from tftmonitor.ui.sign_in.flow import SignInFlow
from tftmonitor.ui.sign_in.sheet import SignInSheet
from tftmonitor.ui.window.frame_clock import FrameClock
from tftmonitor.ui.window.loop_monitor import LoopMonitor
from tftmonitor.ui.window.shell import Shell
from tftmonitor.ui.window.title import WindowTitle


@dataclass(frozen=True)
class Parts:
    """All that is seen or heard, for ``connections`` and ``program`` alone."""

    menus: QMenuBar
    top_bar: TopBar
    rate: AlarmRate
    link_strip: LinkStrip
    banner: Banner
    notice_row: NoticeRow
    title: WindowTitle
    shell: Shell
    devices: DevicesPane
    detail: DetailPane
    plots: PlotFollower
    plot_loader: PlotLoader
    map: LateMap
    inbox: InboxPane
    alarms: AlarmsPane
    keys: OperatorKeys
    outputs: AlarmOutputs
    sheet: SignInSheet
    flow: SignInFlow
    outage: OutageSummary
    diagnostics: Diagnostics
    loop_monitor: LoopMonitor


def make_parts(
    core: Core,
    scope: TaskScope,
    report: Listeners[[str]],
    diagnostics: Diagnostics,
    bars: Sequence[QWidget] = (),
) -> Parts:
    """Build the window; nothing is shown yet. ``report`` says what needs no answer.

    ``bars`` stand above all others.
    """
    monitor, settings, clock = core.monitor, core.settings, core.clock
    devices, detail, inbox, alarms, plots = _make_panes(core, scope)
    map_pane = LateMap(core)
    outputs = AlarmOutputs(monitor, settings, scope, clock, report)
    loop_monitor = LoopMonitor(diagnostics, monitor, clock)
    menus, rate, top_bar, link_strip, banner = _make_bars(core)
    notice_row = NoticeRow(banner, link_strip)
    sheet = SignInSheet(settings.values, core.given)

    # The shell needs the pages, and pages send the shell elsewhere.
    def to_device(key: str) -> None:
        show_device(shell, devices, key)

    def to_rule(number: str) -> None:
        show_rule(shell, number)

    def to_moment(key: str, moment_s: float) -> None:
        moments.show(shell, key, moment_s)

    def save_evidence(alarm: Alarm) -> None:
        from tftmonitor.ui.alarms.evidence_export import EvidenceExport

        EvidenceExport(shell.window, core.recorded, clock, settings, report, scope).save(alarm)

    def show_keys() -> None:
        action = shell.window.findChild(QAction, "shortcuts")
        assert isinstance(action, QAction)
        action.trigger()

    moments = MomentShown(monitor.fleet, devices, detail, plots)
    for source in (alarms.commands, alarms.journal):
        source.plots_requested.connect(to_moment)
        source.evidence_requested.connect(save_evidence)
    figures = partial(_figures, monitor, diagnostics)
    docks = dock_table(core, devices, map_pane, inbox, alarms, loop_monitor)
    pages = page_table(
        core,
        scope,
        outputs,
        report,
        to_device,
        to_moment,
        to_rule,
        save_evidence,
        figures,
        show_keys,
        diagnostics,
    )
    above = [*bars, top_bar, notice_row]
    shell = Shell(
        FrameClock(monitor.fleet.changes), above, detail, sheet, docks, pages, partial(_stamp, core)
    )
    window, service = shell.window, monitor.alarm_service
    show_alarms = partial(shell.show_pane, "alarms")
    silence = outputs.sound.silence
    return Parts(
        menus=menus,
        top_bar=top_bar,
        rate=rate,
        link_strip=link_strip,
        banner=banner,
        notice_row=notice_row,
        title=WindowTitle(window, service.alarms),
        shell=shell,
        devices=devices,
        detail=detail,
        plots=plots,
        plot_loader=PlotLoader(plots, detail.set_plots),
        map=map_pane,
        inbox=inbox,
        alarms=alarms,
        keys=OperatorKeys(
            service, alarms, silence, to_device, show_alarms, lambda: banner.named, report
        ),
        outputs=outputs,
        sheet=sheet,
        flow=SignInFlow(monitor, sheet, window.show_welcome, settings, scope, report, core.given),
        outage=OutageSummary(monitor, clock),
        diagnostics=diagnostics,
        loop_monitor=loop_monitor,
    )


def _make_panes(
    core: Core, scope: TaskScope
) -> tuple[DevicesPane, DetailPane, InboxPane, AlarmsPane, PlotFollower]:
    """The panes that are there from the start, and what feeds the plots."""
    monitor, settings, clock = core.monitor, core.settings, core.clock
    service = monitor.alarm_service
    counts = partial(_alarm_mark, service.alarms)
    return (
        DevicesPane(monitor.fleet, clock, settings, counts),
        DetailPane(monitor.fleet, clock, settings),
        InboxPane(
            monitor.inbox,
            clock,
            settings,
            name_of=partial(_name_of, monitor.fleet),
            device_of=monitor.fleet.find,
        ),
        AlarmsPane(service, service.alarms, clock, settings, scope=scope),
        PlotFollower(monitor, settings, clock, PastOfDevice(monitor, clock, core.past, scope)),
    )


def _make_bars(core: Core) -> tuple[QMenuBar, AlarmRate, TopBar, LinkStrip, Banner]:
    """What stands above all panes, and the rate of alarms that is shown there."""
    monitor, settings, clock = core.monitor, core.settings, core.clock
    menus, rate = QMenuBar(), AlarmRate()
    top_bar = TopBar(monitor, clock, settings, menus, rate)
    return menus, rate, top_bar, LinkStrip(monitor, clock, settings), Banner(clock, settings)


def _figures(monitor: Monitor, diagnostics: Diagnostics) -> str:
    """How the links and the program do, a line each."""
    links = [f"{channel.value}: {monitor.link_status(channel).state.value}" for channel in Channel]
    counts = [f"{name}: {value}" for name, value in diagnostics.line().items()]
    return "\n".join((*links, *counts))


def _stamp(core: Core) -> str:
    return format_clock(core.clock.now_ms(), zone_of(core.settings.values))


def _name_of(fleet: Fleet, key: str) -> str:
    device = fleet.find(key)
    return device.label if device is not None else key


def _alarm_mark(alarms: OpenAlarms, key: str) -> AlarmMark:
    counts = alarms.counts_of(key)
    return AlarmMark(counts.worst, counts.count, counts.worst_is_over)
