"""The menus and keys, and the palette that holds all of their actions."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from PySide6.QtGui import QAction, QActionGroup

from tftmonitor.app.core import Core
from tftmonitor.app.handlers import (
    account_handlers,
    alarm_handlers,
    device_handlers,
    help_handlers,
    map_handlers,
    plot_handlers,
    view_handlers,
)
from tftmonitor.app.palette_entries import palette_entries
from tftmonitor.app.parts import Parts
from tftmonitor.app.replay_action import replay_opener
from tftmonitor.base.tasks import TaskScope
from tftmonitor.ui.window.actions import fill_menus, make_actions
from tftmonitor.ui.window.command_palette import Palette
from tftmonitor.ui.window.main_window import MainWindow
from tftmonitor.ui.window.palette_order import Uses
from tftmonitor.ui.window.workspaces import WORKSPACES


def make_menus(
    core: Core,
    parts: Parts,
    scope: TaskScope,
    quit_program: Callable[[], None],
    without: Collection[str] = (),
) -> Palette:
    """Fill menus and keys from the table of actions; the palette holds them all.

    Actions of the names ``without`` are left out.
    """
    window = parts.shell.window

    # The palette needs the actions, and two of the actions need the palette.
    def open_palette() -> None:
        palette.open()

    def open_shortcuts() -> None:
        palette.open(keys_only=True)

    handlers = {
        **account_handlers(core, parts, quit_program),
        **device_handlers(parts),
        **plot_handlers(parts, scope),
        **map_handlers(parts, scope),
        **alarm_handlers(parts),
        **view_handlers(parts),
        **help_handlers(core, parts),
        "replay": replay_opener(core, parts, scope),
        "palette": open_palette,
        "shortcuts": open_shortcuts,
    }
    for name in without:
        handlers.pop(name, None)
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
