"""The table of actions: menus, keys, palette and shortcut sheet all come from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from tftmonitor.settings.store import SettingsStore


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action; ``key`` names its handler. An empty menu keeps it out of the menus.

    ``sets`` makes it a choice: triggered, it gives that setting that value, and it carries a
    mark while the setting has it. Such an action needs no handler.
    """

    key: str
    text: str
    menu: str
    shortcut: str = ""
    sets: tuple[str, str] | None = None


ACTIONS = (
    ActionSpec("sign_in", "Sign in…", "Account"),
    ActionSpec("sign_out", "Sign out", "Account"),
    ActionSpec("reconnect", "Reconnect now", "Account", "Ctrl+R"),
    ActionSpec("fetch_names", "Fetch names and last reports", "Account"),
    ActionSpec("settings", "Settings…", "Account", "Ctrl+,"),
    ActionSpec("quit", "Quit", "Account", "Ctrl+Q"),
    ActionSpec("search", "Find a device", "Device", "Ctrl+F"),
    ActionSpec("star", "Star the device", "Device"),
    ActionSpec("copy_imei", "Copy IMEI", "Device", "Ctrl+Shift+C"),
    ActionSpec("raw", "Raw frame", "Device", "Ctrl+J"),
    ActionSpec("day_sheet", "Day sheet…", "Device", "Ctrl+D"),
    ActionSpec("live", "Plots back to live", "Device", "L"),
    ActionSpec("pause", "Pause plots", "Device"),
    ActionSpec("go_to", "Plots: go to a day and time…", "Device", "Ctrl+G"),
    ActionSpec("replay", "Replay…", "Device"),
    ActionSpec("centre_map", "Show on the map", "Device", "M"),
    ActionSpec("follow_on_map", "Follow on the map", "Device", "Shift+M"),
    ActionSpec("whole_map", "All devices on the map", "Device", "Ctrl+0"),
    ActionSpec("save_map", "Save map as picture…", "Device"),
    ActionSpec("save_picture", "Save plots as picture…", "Device"),
    ActionSpec("save_table", "Save samples as table…", "Device"),
    ActionSpec("acknowledge", "Acknowledge", "Alarms", "F8"),
    ActionSpec("silence", "Silence the sound", "Alarms", "F9"),
    ActionSpec("shelve", "Shelve…", "Alarms", "Ctrl+F9"),
    ActionSpec("next_alarm", "Next unacknowledged", "Alarms", "F7"),
    ActionSpec("evidence", "Save evidence…", "Alarms"),
    ActionSpec("drill", "Alarm drill", "Alarms"),
    ActionSpec("journal", "Alarm journal…", "Alarms", "Ctrl+Shift+J"),
    ActionSpec("statistics", "Alarm statistics…", "Alarms"),
    ActionSpec("rules", "Alarm rules…", "Alarms", "Ctrl+Shift+R"),
    ActionSpec("places", "Places…", "Alarms", "Ctrl+Shift+P"),
    ActionSpec("watch", "Watch", "View", "Ctrl+1"),
    ActionSpec("map", "Map", "View", "Ctrl+2"),
    ActionSpec("install", "Install", "View", "Ctrl+3"),
    ActionSpec("palette", "All actions…", "View", "Ctrl+K"),
    ActionSpec("copy_rows", "Copy chosen rows", "View", "Ctrl+C"),
    ActionSpec("reset_layout", "Reset layout", "View"),
    ActionSpec("theme_system", "Colours of the system", "View", sets=("theme", "system")),
    ActionSpec("theme_light", "Light", "View", sets=("theme", "light")),
    ActionSpec("theme_dark", "Dark", "View", sets=("theme", "dark")),
    ActionSpec("full_screen", "Full screen", "View", "F11"),
    ActionSpec("manual", "Manual…", "Help", "F1"),
    ActionSpec("shortcuts", "Keys", "Help", "?"),
    ActionSpec("words", "Words and signs…", "Help"),
    ActionSpec("whats_this", "What is this?", "Help", "Shift+F1"),
    ActionSpec("copy_diagnostics", "Copy diagnostics", "Help"),
    ActionSpec("log_folder", "Open the folder of the log", "Help"),
    ActionSpec("about", "About tftmonitor…", "Help"),
)

# What begins another group of its menu.
_AFTER_A_LINE = frozenset(
    {
        "reconnect",
        "quit",
        "copy_imei",
        "live",
        "centre_map",
        "drill",
        "journal",
        "palette",
        "theme_system",
        "full_screen",
        "copy_diagnostics",
        "about",
    }
)

Handlers = Mapping[str, Callable[[], None]]


def make_actions(owner: QWidget, handlers: Handlers, settings: SettingsStore) -> dict[str, QAction]:
    """A QAction for each row that has a handler or sets something.

    Its key is active in the whole window.
    """
    actions: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for spec in ACTIONS:
        if spec.key not in handlers and spec.sets is None:
            continue
        action = QAction(spec.text, owner)
        action.setObjectName(spec.key)
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut))
            action.setShortcutContext(_context(spec.shortcut))
        if spec.sets is None:
            action.triggered.connect(_calling(handlers[spec.key]))
        else:
            name, value = spec.sets
            action.setActionGroup(groups.setdefault(name, QActionGroup(owner)))
            _follow_setting(action, settings, name, value)
        owner.addAction(action)
        actions[spec.key] = action
    return actions


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction]) -> dict[str, QMenu]:
    """The menus of the table, in its order; returned by title so that more can be added."""
    menus: dict[str, QMenu] = {}
    for spec in ACTIONS:
        action = actions.get(spec.key)
        if action is None or not spec.menu:
            continue
        if spec.menu not in menus:
            menus[spec.menu] = bar.addMenu(spec.menu)
        if spec.key in _AFTER_A_LINE:
            menus[spec.menu].addSeparator()
        menus[spec.menu].addAction(action)
    return menus


def _context(shortcut: str) -> Qt.ShortcutContext:
    # Single letters would be swallowed while somebody types; those belong to plots and map.
    if shortcut in {"L", "Space", "M", "Shift+M"}:
        return Qt.ShortcutContext.WidgetShortcut
    return Qt.ShortcutContext.WindowShortcut


def _follow_setting(action: QAction, settings: SettingsStore, name: str, value: str) -> None:
    """Let the action choose this value, and mark it while the setting has it."""

    def mark() -> None:
        action.setChecked(getattr(settings.values, name) == value)

    action.setCheckable(True)
    mark()
    settings.on_change(mark, name)
    action.triggered.connect(_calling(lambda: settings.set(name, value)))


def _calling(handler: Callable[[], object]) -> Callable[[bool], None]:
    def call(_checked: bool) -> None:
        handler()

    return call
