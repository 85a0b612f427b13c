"""The window: it places bars, panes and docks, keeps their layout, and decides nothing."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.settings.schema import Settings
from tftmonitor.ui.theme.icons import app_icon
from tftmonitor.ui.window.dock_spec import DockSpec
from tftmonitor.ui.window.screen_fit import ScreenFit, fit_window

_DEFAULT_SIZE = QSize(1280, 800)
# Of the layout of docks; raise it when their names change.
_LAYOUT_VERSION = 1


class MainWindow(QMainWindow):
    """Bars on top, docks around the detail; ``close_requested`` instead of closing itself."""

    close_requested = Signal()
    welcome_shown = Signal(bool)

    def __init__(
        self,
        bars: Sequence[QWidget],
        center: QWidget,
        welcome: QWidget,
        docks: Mapping[DockSpec, QWidget],
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowIcon(app_icon())
        self.setDockNestingEnabled(True)
        self._may_close = False
        self._specs = tuple(docks)
        self.docks = {spec.name: self._add_dock(spec, pane) for spec, pane in docks.items()}
        self._welcome = welcome
        self._pages = QStackedWidget()
        self._pages.addWidget(center)
        self._pages.addWidget(welcome)
        # It has the window for itself: the panes may be narrower than its sheet.
        welcome.setMinimumSize(1, 1)
        self.setCentralWidget(self._pages)
        self.setMenuWidget(_stacked(bars))
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.resize(_DEFAULT_SIZE)
        self._shown_docks: list[QDockWidget] = []
        self._is_restored = self._was_shown = False
        self._screen_fit = ScreenFit(self)
        fit_window(self)
        self.reset_layout()

    @property
    def center(self) -> QWidget:
        """What the docks lie around."""
        return self._pages

    def dock_actions(self) -> list[QAction]:
        """One checkable action a dock, for the View menu."""
        return [dock.toggleViewAction() for dock in self.docks.values()]

    def show_welcome(self, shown: bool) -> None:
        """The sign-in sheet alone, or the panes."""
        if shown == (self._pages.currentWidget() is self._welcome):
            return
        if shown:
            self._shown_docks = [dock for dock in self.docks.values() if dock.isVisibleTo(self)]
        for dock in self._shown_docks:
            dock.setVisible(not shown)
        self._pages.setCurrentIndex(1 if shown else 0)
        self.welcome_shown.emit(shown)
        if not shown:
            self._share_room()

    def reset_layout(self) -> None:
        """The docks as they are at the first start."""
        for spec in self._specs:
            dock = self.docks[spec.name]
            dock.setFloating(False)
            self.removeDockWidget(dock)
            self.addDockWidget(spec.area, dock)
        for spec in self._specs:
            if not spec.shown:
                # Once shown, a tab beside what is always there, and not a strip of its own.
                self.tabifyDockWidget(self.docks[self._first_in(spec.area)], self.docks[spec.name])
            self.docks[spec.name].setVisible(spec.shown)
        self._share_room()

    def restore(self, settings: Settings) -> str:
        """Put back what was saved; words for the user when that is not possible."""
        if not settings.window_geometry:
            return ""
        geometry = QByteArray.fromBase64(settings.window_geometry.encode())
        layout = QByteArray.fromBase64(settings.window_layout.encode())
        # A geometry that is none, or of a screen that is gone, is no reason to lose the docks.
        self.restoreGeometry(geometry)
        if self.restoreState(layout, _LAYOUT_VERSION):
            self._is_restored = True
            return ""
        self.reset_layout()
        return "The saved layout could not be read: the default one is back."

    def layout_settings(self) -> dict[str, str]:
        """The settings from which ``restore`` makes geometry and docks again."""
        if self._pages.currentWidget() is self._welcome:
            return {}
        geometry, layout = self.saveGeometry(), self.saveState(_LAYOUT_VERSION)
        return {
            "window_geometry": bytes(geometry.toBase64().data()).decode(),
            "window_layout": bytes(layout.toBase64().data()).decode(),
        }

    def raise_dock(self, name: str) -> None:
        """Show this dock and bring it to the front."""
        self.docks[name].show()
        self.docks[name].raise_()

    def come_forward(self) -> None:
        """Show and raise the window, also out of the tray."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def toggle_full_screen(self) -> None:
        """The whole screen, or as it was before."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.show()

    def close_for_good(self) -> None:
        """Close without asking anybody."""
        self._may_close = True
        self.close()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self._screen_fit.start()
            if not self._is_restored:
                # The sizes of docks that were never on the screen are only wishes.
                QTimer.singleShot(0, self._share_room)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()

    def _add_dock(self, spec: DockSpec, pane: QWidget) -> QDockWidget:
        dock = QDockWidget(spec.title, self)
        dock.setObjectName(spec.name)
        dock.setWidget(pane)
        # One that is a tab behind another is shown only when it comes to the front.
        dock.toggleViewAction().triggered.connect(lambda on: dock.raise_() if on else None)
        return dock

    def _first_in(self, area: Qt.DockWidgetArea) -> str:
        return next(spec.name for spec in self._specs if spec.area is area)

    def _share_room(self) -> None:
        for orientation, areas in _SIDES.items():
            specs = [spec for spec in self._specs if spec.area in areas and spec.shown]
            docks = [self.docks[spec.name] for spec in specs]
            shares = [
                spec.share if spec.fixed else self._grown(spec.share, orientation) for spec in specs
            ]
            self.resizeDocks(docks, shares, orientation)

    def _grown(self, share: int, orientation: Qt.Orientation) -> int:
        if orientation is Qt.Orientation.Horizontal:
            return share * self.width() // _DEFAULT_SIZE.width()
        return share * self.height() // _DEFAULT_SIZE.height()


_SIDES = {
    Qt.Orientation.Horizontal: {
        Qt.DockWidgetArea.LeftDockWidgetArea,
        Qt.DockWidgetArea.RightDockWidgetArea,
    },
    Qt.Orientation.Vertical: {Qt.DockWidgetArea.BottomDockWidgetArea},
}


def _stacked(bars: Sequence[QWidget]) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for bar in bars:
        column.addWidget(bar)
    return holder
