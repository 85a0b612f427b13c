"""What each action of the menus and keys does: a function a subject, one row an action."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from tftmonitor.app.core import Core
from tftmonitor.app.manual_door import ManualDoor
from tftmonitor.app.parts import Parts
from tftmonitor.base.tasks import TaskScope
from tftmonitor.ui.help.whats_this import WhatsThis
from tftmonitor.ui.platform.child_process import open_folder
from tftmonitor.ui.plots.file_export import PlotExport
from tftmonitor.ui.tables.row_text import copy_chosen_rows
from tftmonitor.ui.widgets.page_search import focus_page_search
from tftmonitor.ui.window.main_window import MainWindow
from tftmonitor.ui.window.page_stack import CENTER

if TYPE_CHECKING:
    from tftmonitor.ui.map.camera import Camera

Handlers = dict[str, Callable[[], None]]
"""By the key of the action."""


def account_handlers(core: Core, parts: Parts, quit_program: Callable[[], None]) -> Handlers:
    """Sign-in, the links, and the end."""
    return {
        "sign_in": parts.flow.show_sheet,
        "sign_out": parts.flow.sign_out,
        "reconnect": core.monitor.try_now,
        "fetch_names": core.monitor.ask_account_list,
        "settings": partial(parts.shell.show_pane, "settings"),
        "quit": quit_program,
    }


def device_handlers(parts: Parts) -> Handlers:
    """The list of devices, and the one that is shown."""
    seen = partial(_where_seen, parts.shell.window)

    def search() -> None:
        shown = parts.shell.window.pages.shown
        if shown != CENTER and focus_page_search(parts.shell.page(shown)):
            return
        parts.shell.show_pane("devices")
        parts.devices.focus_search()

    return {
        "search": search,
        "star": seen(parts.devices.toggle_star),
        "copy_imei": seen(parts.detail.copy_imei),
        "raw": seen(parts.detail.toggle_raw),
        "day_sheet": partial(parts.shell.show_pane, "day_sheet"),
    }


def plot_handlers(parts: Parts, scope: TaskScope) -> Handlers:
    """The plots of the device that is shown."""
    window = parts.shell.window
    seen = partial(_where_seen, window)
    export = PlotExport(parts.plots, window, parts.shell.show_note, scope)
    return {
        "live": seen(parts.plots.back_to_live),
        "pause": seen(parts.plots.pause),
        "go_to": seen(parts.plots.ask_go_to),
        "save_picture": seen(export.save_picture),
        "save_table": seen(export.save_table),
    }


def map_handlers(parts: Parts, scope: TaskScope) -> Handlers:
    """What the map shows; it comes into sight with each of them."""
    shell = parts.shell

    def on_map(act: Callable[["Camera"], object]) -> Callable[[], None]:
        def work() -> None:
            shell.show_pane("map")
            act(parts.map.get().camera)

        return work

    def save_map() -> None:
        from tftmonitor.ui.map.picture_export import MapPictureExport

        MapPictureExport(parts.map.get(), shell.show_note, scope).save()

    return {
        "centre_map": on_map(lambda camera: camera.centre()),
        "follow_on_map": on_map(lambda camera: camera.set_following(on=True)),
        "whole_map": on_map(lambda camera: camera.show_all()),
        "save_map": on_map(lambda _camera: save_map()),
    }


def alarm_handlers(parts: Parts) -> Handlers:
    """The operator's commands, and the pages about alarms."""
    show_pane = parts.shell.show_pane
    return {
        "acknowledge": parts.keys.acknowledge,
        "silence": parts.keys.silence,
        "shelve": parts.keys.shelve,
        "next_alarm": parts.keys.show_next,
        "evidence": partial(_save_evidence, parts),
        "drill": parts.keys.drill,
        "journal": partial(show_pane, "journal"),
        "statistics": partial(show_pane, "statistics"),
        "rules": partial(show_pane, "rules"),
        "places": partial(show_pane, "places"),
    }


def view_handlers(parts: Parts) -> Handlers:
    """How the window stands, and what is copied out of it."""
    shell, window = parts.shell, parts.shell.window

    def copy_rows() -> None:
        shell.show_note(copy_chosen_rows(QApplication.focusWidget()))

    return {
        "watch": partial(window.show_workspace, "watch"),
        "map": partial(window.show_workspace, "map"),
        "install": partial(window.show_workspace, "install"),
        "copy_rows": copy_rows,
        "reset_layout": window.reset_layout,
        "full_screen": window.toggle_full_screen,
    }


def help_handlers(core: Core, parts: Parts) -> Handlers:
    """What explains the window, and what is handed in with a report of a fault."""
    shell = parts.shell
    manual = ManualDoor(shell)
    folder = core.settings.path.parent

    def copy_diagnostics() -> None:
        from tftmonitor.ui.help.pages import AboutPage

        page = shell.page("about")
        assert isinstance(page, AboutPage)
        page.copy_diagnostics()
        shell.show_note("The diagnostics are on the clipboard.")

    def open_log_folder() -> None:
        if not open_folder(folder):
            shell.show_note(f"The desktop shows no folders. The log is in {folder}.")

    return {
        "manual": manual.open,
        "words": partial(shell.show_pane, "words"),
        "about": partial(shell.show_pane, "about"),
        "whats_this": WhatsThis(shell.window, manual.open).enter,
        "copy_diagnostics": copy_diagnostics,
        "log_folder": open_log_folder,
    }


def _save_evidence(parts: Parts) -> None:
    """Of the chosen alarm; without one the list of alarms comes into sight, to choose."""
    if len(parts.alarms.view.selected_alarms()) != 1:
        parts.shell.show_pane("alarms")
        parts.shell.show_note("Choose one alarm, then save its evidence.")
    else:
        parts.alarms.commands.save_evidence()


def _where_seen(window: MainWindow, act: Callable[[], None]) -> Callable[[], None]:
    """What acts on the device that is shown; from a page it only shows it."""

    def work() -> None:
        if window.pages.shown == CENTER:
            act()
        else:
            window.leave_page()

    return work
