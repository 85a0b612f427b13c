"""What each action of the menus and keys does."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtWidgets import QApplication

from tftmonitor.app.core import Core
from tftmonitor.app.parts import Parts
from tftmonitor.base.tasks import TaskScope
from tftmonitor.ui.plots.file_export import PlotExport
from tftmonitor.ui.tables.row_text import copy_chosen_rows
from tftmonitor.ui.window.actions import fill_menus, make_actions
from tftmonitor.ui.window.command_palette import Palette


def make_menus(
    core: Core, parts: Parts, scope: TaskScope, quit_program: Callable[[], None]
) -> Palette:
    """Fill menus and keys from the table of actions; the palette holds them all."""
    shell, window = parts.shell, parts.shell.window

    # The palette needs the actions, and two of the actions need the palette.
    def open_palette() -> None:
        palette.open()

    def open_shortcuts() -> None:
        palette.open(keys_only=True)

    def copy_rows() -> None:
        shell.show_note(copy_chosen_rows(QApplication.focusWidget()))

    export = PlotExport(parts.plots, window, shell.show_note, scope)
    handlers: dict[str, Callable[[], None]] = {
        "sign_in": parts.flow.show_sheet,
        "sign_out": parts.flow.sign_out,
        "reconnect": core.monitor.try_now,
        "fetch_names": core.monitor.ask_account_list,
        "settings": partial(shell.show_pane, "settings"),
        "quit": quit_program,
        "search": parts.devices.focus_search,
        "star": parts.devices.toggle_star,
        "copy_imei": parts.detail.copy_imei,
        "raw": parts.detail.toggle_raw,
        "live": parts.plots.back_to_live,
        "pause": parts.plots.pause,
        "save_picture": export.save_picture,
        "save_table": export.save_table,
        "acknowledge": parts.keys.acknowledge,
        "silence": parts.keys.silence,
        "shelve": parts.alarms.start_shelving,
        "next_alarm": parts.keys.show_next,
        "drill": parts.keys.drill,
        "copy_rows": copy_rows,
        "reset_layout": window.reset_layout,
        "full_screen": window.toggle_full_screen,
        "palette": open_palette,
        "shortcuts": open_shortcuts,
    }
    actions = make_actions(window, handlers, core.settings)
    palette = Palette(actions, partial(_device_entries, core), parts.devices.select, window)
    menus = fill_menus(parts.menus, actions)
    menus["View"].addSeparator()
    menus["View"].addActions(window.dock_actions())
    return palette


def _device_entries(core: Core) -> Iterator[tuple[str, str]]:
    return ((f"{device.label}  {device.model or ''}", device.key) for device in core.monitor.fleet)
