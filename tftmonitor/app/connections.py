"""Who hears of what: the subjects of the window know nothing of each other."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tftmonitor.app.core import Core
from tftmonitor.app.day_sheets import connect_day_sheets
from tftmonitor.app.map import connect_map, connect_trail
from tftmonitor.app.parts import Parts
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.monitor.alarm_service import AlarmStep
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.ui.alerts.announcer import Announcer
from tftmonitor.ui.bars.link_text import link_text
from tftmonitor.ui.window.page_stack import WELCOME

if TYPE_CHECKING:
    from tftmonitor.ui.map.pane import MapPane


def connect(core: Core, parts: Parts, scope: TaskScope) -> None:
    """Connect everything with everything that it has to tell, one subject after the other."""
    _connect_selection(core, parts)
    parts.map.built.add(partial(_connect_map, core, parts, scope))
    _connect_alarms(core, parts)
    _connect_links(core, parts)
    _connect_clock(core, parts)
    connect_day_sheets(core, parts)
    core.monitor.inbox.changed.add(parts.inbox.refresh)
    parts.inbox.unread_changed.connect(partial(_title_inbox, parts))


def _connect_selection(core: Core, parts: Parts) -> None:
    """One selected device for the list, the detail and the plots."""
    alarms = core.monitor.alarm_service.alarms

    def show(key: str) -> None:
        parts.detail.show_device(key or None)
        parts.plots.show(key)
        device = core.monitor.fleet.find(key)
        parts.alarms.journal.bar.set_device(key or None, device.label if device else key)

    def show_alarms_of(key: str) -> None:
        parts.shell.show_pane("alarms")
        if found := alarms.by_device(key):
            parts.alarms.select_alarm(found[0].id)
        else:
            parts.shell.show_note("This device has no open alarm.")

    def open_plots(_key: str) -> None:
        # Enter or a double click: the plots, with the keyboard in them.
        parts.detail.show_tab("Overview")
        if parts.plots.stack is not None:
            parts.plots.stack.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_on_map(key: str) -> None:
        parts.devices.select(key)
        parts.shell.show_pane("map")
        parts.map.get().camera.centre()

    def follow_alarm() -> None:
        """The device of the alarm that somebody has chosen, where the list shows it."""
        view = parts.alarms.view
        chosen = {alarm.device for alarm in view.selected_alarms()} if view.hasFocus() else set()
        key = chosen.pop() if len(chosen) == 1 else None
        device = core.monitor.fleet.find(key) if key else None
        if device is not None and parts.devices.model.place_of(device.key) >= 0:
            parts.devices.select(device.key)

    parts.alarms.chosen_changed.connect(follow_alarm)
    for pane in (parts.devices, parts.alarms, parts.inbox):
        pane.map_requested.connect(show_on_map)
    parts.devices.device_selected.connect(show)
    parts.devices.device_opened.connect(open_plots)
    parts.devices.alarms_requested.connect(show_alarms_of)
    parts.inbox.device_requested.connect(parts.devices.select)
    parts.inbox.alarms_requested.connect(show_alarms_of)
    parts.alarms.device_requested.connect(parts.devices.select)


def _connect_map(core: Core, parts: Parts, scope: TaskScope, map_pane: "MapPane") -> None:
    """The map, once it is there: the same devices, the same selection, the same moment."""
    connect_map(map_pane, parts.devices, parts.shell.frame_clock)
    connect_trail(core, map_pane, parts.plots, scope)
    map_pane.streets_requested.connect(partial(parts.shell.show_pane, "settings"))
    open_page = partial(parts.shell.show_pane, "places")
    map_pane.add_places(core.places_file.places, parts.shell.show_note, open_page)
    map_pane.set_link_down(not core.monitor.link_status(Channel.DEVICES).is_up)


def _connect_alarms(core: Core, parts: Parts) -> None:
    """The steps MODEL and BANNER of the alarm pipeline, and what the operator does."""
    service = core.monitor.alarm_service
    keys, outputs, banner, tray = parts.keys, parts.outputs, parts.banner, parts.outputs.tray

    def show_in_panes(changes: list[AlarmChange]) -> None:
        for change in changes:
            # What asks nobody to act is an event and no alarm.
            if change.is_new and change.rings and not change.alarm.drill:
                parts.rate.note(change.event.at_ms)
        parts.alarms.apply_changes(changes)
        devices = {change.alarm.device for change in changes if change.alarm.device}
        parts.devices.alarms_changed(devices)
        if parts.map.pane is not None:
            parts.map.pane.alarms_changed(devices)
        parts.plots.show_marks(devices)
        parts.top_bar.tick()

    def show_in_frame(_changes: list[AlarmChange]) -> None:
        banner.show_alarms(service.alarms.unacknowledged())
        parts.title.show_alarms()

    service.steps[AlarmStep.MODEL].add(show_in_panes)
    service.steps[AlarmStep.BANNER].add(show_in_frame)
    service.steps[AlarmStep.BANNER].add(Announcer(parts.shell.window).apply_changes)
    banner.set_key_target(keys.takes)
    parts.alarms.chosen_changed.connect(banner.show_key)
    banner.acknowledge_requested.connect(keys.acknowledge_one)
    banner.silence_requested.connect(keys.silence)
    banner.show_requested.connect(keys.show)
    banner.all_requested.connect(keys.show_all)
    tray.acknowledge_requested.connect(keys.acknowledge)
    tray.silence_requested.connect(keys.silence)
    tray.show_requested.connect(parts.shell.window.come_forward)
    tray.available_changed.connect(partial(_come_back, parts))
    outputs.alarm_opened.connect(keys.show)
    outputs.sound.state_changed.connect(parts.top_bar.show_sound)
    parts.top_bar.show_sound(outputs.sound.state)
    parts.top_bar.sound_toggled.connect(outputs.toggle_sound)
    parts.top_bar.drill_requested.connect(keys.drill)
    parts.top_bar.statistics_requested.connect(partial(parts.shell.show_pane, "statistics"))


def _connect_links(core: Core, parts: Parts) -> None:
    """What is shown of the links, and what is not live without them."""
    monitor = core.monitor

    def show(status: LinkStatus) -> None:
        parts.outage.note_link(status)
        parts.top_bar.tick()
        parts.link_strip.tick()
        down = not monitor.link_status(Channel.DEVICES).is_up
        parts.devices.set_link_down(down)
        parts.detail.set_link_down(down)
        if parts.map.pane is not None:
            parts.map.pane.set_link_down(down)
        parts.plots.show_blind()
        _show_empty_text(core, parts)

    monitor.link_changed.add(show)
    monitor.account_list.reported.add(parts.shell.show_note)
    parts.link_strip.try_now_requested.connect(monitor.try_now)
    parts.link_strip.sign_in_requested.connect(parts.flow.show_sheet)
    parts.shell.window.place_shown.connect(lambda name: parts.link_strip.set_asked(name == WELCOME))


def _connect_clock(core: Core, parts: Parts) -> None:
    """What follows the frames and the seconds without being a pane of a dock."""
    clock, window = parts.shell.frame_clock, parts.shell.window

    def show_list(rows: set[int], added: bool) -> None:
        parts.devices.refresh(rows, added)
        parts.plot_loader.note_list()
        if added and not parts.devices.selected_key() and not parts.devices.selection.awaited:
            # An empty middle tells nobody anything.
            parts.devices.selection.offer()

    def while_seen(act: Callable[[], None]) -> Callable[[], None]:
        return lambda: act() if window.isVisible() else None

    clock.on_frame.add(parts.detail.refresh)
    clock.on_frame.add(parts.plots.frame)
    clock.on_list.add(show_list)
    clock.on_second.add(parts.outputs.tick)
    clock.on_second.add(lambda: parts.shell.show_note(parts.outage.tick()))
    for act in (parts.top_bar.tick, parts.link_strip.tick, parts.banner.tick, parts.plots.tick):
        clock.on_second.add(while_seen(act))
    clock.on_second.add(while_seen(partial(_show_empty_text, core, parts)))
    clock.on_second.add(partial(_save_again, core, parts))


def _save_again(core: Core, parts: Parts) -> None:
    """What the disk refused is written when it takes it, and stands in the top bar until then."""
    files = (core.settings.file, core.rules_file.file, core.places_file.file)
    for file in files:
        file.try_again()
    parts.top_bar.show_unsaved([file.problem for file in files if file.is_unsaved])


def _show_empty_text(core: Core, parts: Parts) -> None:
    """What the empty lists say: why there is nothing, and whether we could know."""
    monitor = core.monitor
    status = monitor.link_status(Channel.MESSAGES)
    live = "REPLAY" if monitor.is_replay else "LIVE"
    last_ms, now_ms = monitor.last_frame_ms(Channel.MESSAGES), core.clock.now_ms()
    text = link_text(status, last_ms, now_ms, live)
    if status.state is LinkState.LIVE:
        text = f"{text.lower()} ago"
    parts.inbox.set_empty_text(f"No messages yet. Messages channel {text}.")
    parts.alarms.set_empty_text(f"No alarms. Messages channel {text}.")
    could_know = all(monitor.link_status(channel).is_up for channel in Channel)
    parts.notice_row.set_calm_text("No alarm is waiting." if could_know else "")
    if monitor.link_status(Channel.DEVICES).is_up:
        parts.devices.set_empty_text("Signed in; no device has reported yet.")
    else:
        parts.devices.set_empty_text("Not connected: no device can report.")


def _come_back(parts: Parts, there_is_a_tray: bool) -> None:
    """A window that is hidden in a tray which is gone could not be reached any more."""
    if not there_is_a_tray and not parts.shell.window.isVisible():
        parts.shell.window.come_forward()


def _title_inbox(parts: Parts, unread: int) -> None:
    title = f"Messages ({unread} unread)" if unread else "Messages"
    parts.shell.window.docks["inbox"].setWindowTitle(title)
