"""What each action of the menus and keys does."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication

from tftmonitor.app.core import Core
from tftmonitor.app.manual_door import ManualDoor
from tftmonitor.app.palette_entries import palette_entries
from tftmonitor.app.parts import Parts
from tftmonitor.base.tasks import TaskScope
from tftmonitor.ui.help.whats_this import WhatsThis
from tftmonitor.ui.platform.child_process import open_folder
from tftmonitor.ui.plots.file_export import PlotExport
from tftmonitor.ui.tables.row_text import copy_chosen_rows
from tftmonitor.ui.window.actions import fill_menus, make_actions
from tftmonitor.ui.window.command_palette import Palette
from tftmonitor.ui.window.main_window import MainWindow
from tftmonitor.ui.window.page_stack import CENTER
from tftmonitor.ui.window.palette_order import Uses
from tftmonitor.ui.window.workspaces import WORKSPACES

if TYPE_CHECKING:
    from tftmonitor.ui.map.camera import Camera


def make_menus(
    core: Core, parts: Parts, scope: TaskScope, quit_program: Callable[[], None]
) -> Palette:
    """Fill menus and keys from the table of actions; the palette holds them all."""
    shell, window = parts.shell, parts.shell.window
    manual = ManualDoor(shell)

    # The palette needs the actions, and two of the actions need the palette.
    def open_palette() -> None:
        palette.open()

    def open_shortcuts() -> None:
        palette.open(keys_only=True)

    def search() -> None:
        if manual.is_shown():
            manual.search()
            return
        shell.show_pane("devices")
        parts.devices.focus_search()

    seen = partial(_where_seen, window)

    def on_map(act: Callable[["Camera"], object]) -> Callable[[], None]:
        def work() -> None:
            shell.show_pane("map")
            act(parts.map.get().camera)

        return work

    def save_map() -> None:
        from tftmonitor.ui.map.picture_export import MapPictureExport

        MapPictureExport(parts.map.get(), shell.show_note, scope).save()

    def copy_rows() -> None:
        shell.show_note(copy_chosen_rows(QApplication.focusWidget()))

    def copy_diagnostics() -> None:
        from tftmonitor.ui.help.pages import AboutPage

        page = shell.page("about")
        assert isinstance(page, AboutPage)
        page.copy_diagnostics()
        shell.show_note("The diagnostics are on the clipboard.")

    def open_log_folder() -> None:
        if not open_folder(core.settings.path.parent):
            shell.show_note(
                f"The desktop shows no folders. The log is in {core.settings.path.parent}."
            )

    what = WhatsThis(window, manual.open)
    export = PlotExport(parts.plots, window, shell.show_note, scope)
    handlers: dict[str, Callable[[], None]] = {
        "sign_in": parts.flow.show_sheet,
        "sign_out": parts.flow.sign_out,
        "reconnect": core.monitor.try_now,
        "fetch_names": core.monitor.ask_account_list,
        "settings": partial(shell.show_pane, "settings"),
        "statistics": partial(shell.show_pane, "statistics"),
        "journal": partial(shell.show_pane, "journal"),
        "rules": partial(shell.show_pane, "rules"),
        "places": partial(shell.show_pane, "places"),
        "watch": partial(window.show_workspace, "watch"),
        "map": partial(window.show_workspace, "map"),
        "install": partial(window.show_workspace, "install"),
        "quit": quit_program,
        "search": search,
        "star": seen(parts.devices.toggle_star),
        "copy_imei": seen(parts.detail.copy_imei),
        "raw": seen(parts.detail.toggle_raw),
        "live": seen(parts.plots.back_to_live),
        "pause": seen(parts.plots.pause),
        "centre_map": on_map(lambda camera: camera.centre()),
        "follow_on_map": on_map(lambda camera: camera.set_following(on=True)),
        "whole_map": on_map(lambda camera: camera.show_all()),
        "save_map": on_map(lambda _camera: save_map()),
        "save_picture": seen(export.save_picture),
        "save_table": seen(export.save_table),
        "acknowledge": parts.keys.acknowledge,
        "silence": parts.keys.silence,
        "shelve": parts.keys.shelve,
        "next_alarm": parts.keys.show_next,
        "drill": parts.keys.drill,
        "copy_rows": copy_rows,
        "reset_layout": window.reset_layout,
        "full_screen": window.toggle_full_screen,
        "palette": open_palette,
        "manual": manual.open,
        "shortcuts": open_shortcuts,
        "words": partial(shell.show_pane, "words"),
        "about": partial(shell.show_pane, "about"),
        "whats_this": what.enter,
        "copy_diagnostics": copy_diagnostics,
        "log_folder": open_log_folder,
    }
    actions = make_actions(window, handlers, core.settings)
    palette = Palette(
        actions,
        partial(_device_entries, core),
        parts.devices.select,
        window,
        partial(palette_entries, core, parts),
        Uses(core.settings),
    )
    menus = fill_menus(parts.menus, actions)
    _mark_workspace(window, actions)
    menus["View"].addSeparator()
    menus["View"].addActions(window.dock_actions())
    return palette


def _where_seen(window: MainWindow, act: Callable[[], None]) -> Callable[[], None]:
    """What acts on the device that is shown; from a page it only shows it."""

    def work() -> None:
        if window.pages.shown == CENTER:
            act()
        else:
            window.leave_page()

    return work


def _mark_workspace(window: MainWindow, actions: Mapping[str, QAction]) -> None:
    """The workspace that is shown carries a mark."""
    group = QActionGroup(window)
    for workspace in WORKSPACES:
        actions[workspace.name].setCheckable(True)
        group.addAction(actions[workspace.name])

    def mark(name: str) -> None:
        actions[name].setChecked(True)

    window.workspace_shown.connect(mark)
    mark(window.workspace.name)


def _device_entries(core: Core) -> Iterator[tuple[str, str]]:
    return ((f"{device.label}  {device.model or ''}", device.key) for device in core.monitor.fleet)
