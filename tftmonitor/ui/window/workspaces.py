"""The workspaces: which docks stand where for which work. A workspace is one row."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import Qt

from tftmonitor.ui.window.dock_spec import DockPlace

_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


@dataclass(frozen=True, slots=True)
class Workspace:
    """A name, its key, and the docks that it shows; None: each where its own row says."""

    name: str
    title: str
    shortcut: str = ""
    docks: Mapping[str, DockPlace] | None = field(default=None, hash=False)


WATCH = Workspace("watch", "Watch", "Ctrl+1")
MAP = Workspace(
    "map",
    "Map",
    "Ctrl+2",
    {
        "devices": DockPlace(_LEFT, 330, fixed=True),
        "map": DockPlace(_RIGHT, 560),
        "alarms": DockPlace(_BOTTOM, 190),
    },
)
INSTALL = Workspace(
    "install",
    "Install",
    "Ctrl+3",
    {
        "devices": DockPlace(_LEFT, 330, fixed=True),
        "checks": DockPlace(_RIGHT, 360, fixed=True),
        "alarms": DockPlace(_BOTTOM, 190),
    },
)
WORKSPACES = (WATCH, MAP, INSTALL)


def workspace_of(name: str) -> Workspace:
    """The workspace of this name; the first for a name that there is not."""
    return next((each for each in WORKSPACES if each.name == name), WORKSPACES[0])
