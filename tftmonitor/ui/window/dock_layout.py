"""Where the docks stand: arranged by a workspace, saved and put back as Qt's own text."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from tftmonitor.ui.window.dock_spec import DockPlace, DockSpec
from tftmonitor.ui.window.workspaces import Workspace

DEFAULT_SIZE = QSize(1280, 800)
# Of the layout of docks; raise it when their names change.
_VERSION = 3
_SIDES = {
    Qt.Orientation.Horizontal: {
        Qt.DockWidgetArea.LeftDockWidgetArea,
        Qt.DockWidgetArea.RightDockWidgetArea,
    },
    Qt.Orientation.Vertical: {Qt.DockWidgetArea.BottomDockWidgetArea},
}


class DockLayout:
    """Places the docks of one window; it knows nothing of what is in them."""

    def __init__(
        self,
        window: QMainWindow,
        specs: Sequence[DockSpec],
        docks: Mapping[str, QDockWidget],
    ) -> None:
        self._window = window
        self._specs = tuple(specs)
        self._docks = docks

    def arrange(self, workspace: Workspace) -> None:
        """As this workspace is at the first start."""
        places = self.places_of(workspace)
        first: dict[Qt.DockWidgetArea, QDockWidget] = {}
        for spec in self._specs:
            dock = self._docks[spec.name]
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
            area = places.get(spec.name, spec.place).area
            self._window.addDockWidget(area, dock)
            if spec.name in places:
                first.setdefault(area, dock)
        for spec in self._specs:
            if spec.name not in places and (beside := first.get(spec.area)) is not None:
                # Once shown, a tab beside what is always there, and not a strip of its own.
                self._window.tabifyDockWidget(beside, self._docks[spec.name])
            self._docks[spec.name].setVisible(spec.name in places)
        self.share_room(workspace)

    def share_room(self, workspace: Workspace) -> None:
        """Give each dock its share of the window as large as it is now."""
        places = self.places_of(workspace)
        for orientation, areas in _SIDES.items():
            docks, shares = [], []
            for name, place in places.items():
                if place.area in areas:
                    docks.append(self._docks[name])
                    shares.append(self._share(place, orientation))
            self._window.resizeDocks(docks, shares, orientation)
        parted = {name: place.part for name, place in places.items() if place.part}
        self._window.resizeDocks(
            [self._docks[name] for name in parted], [*parted.values()], Qt.Orientation.Vertical
        )

    def places_of(self, workspace: Workspace) -> Mapping[str, DockPlace]:
        """The docks that this workspace shows, by name."""
        if workspace.docks is None:
            return {spec.name: spec.place for spec in self._specs if spec.shown}
        return {name: place for name, place in workspace.docks.items() if name in self._docks}

    def save(self) -> str:
        """Where they are now, for ``restore``."""
        return bytes(self._window.saveState(_VERSION).toBase64().data()).decode()

    def restore(self, text: str) -> bool:
        """Put them where ``save`` said that they were; False when that cannot be read."""
        return self._window.restoreState(QByteArray.fromBase64(text.encode()), _VERSION)

    def _share(self, place: DockPlace, orientation: Qt.Orientation) -> int:
        if place.fixed:
            return place.share
        if orientation is Qt.Orientation.Horizontal:
            return place.share * self._window.width() // DEFAULT_SIZE.width()
        return place.share * self._window.height() // DEFAULT_SIZE.height()
