"""The window: bars above, docks around the detail, a line of notes below; it decides nothing."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.settings.schema import Settings
from tftmonitor.ui.theme.icons import app_icon
from tftmonitor.ui.window.dock_layout import DEFAULT_SIZE, DockLayout
from tftmonitor.ui.window.dock_spec import DockSpec, PageSpec
from tftmonitor.ui.window.page_stack import CENTER, WELCOME, PageStack
from tftmonitor.ui.window.screen_fit import ScreenFit, fit_window, usual_size
from tftmonitor.ui.window.workspaces import WATCH, workspace_of


class MainWindow(QMainWindow):
    """Docks as the workspace has them, or a page; ``close_requested`` instead of closing itself.

    ``place_shown`` carries the name of the page that is shown instead of the docks, "" for them.
    """

    close_requested = Signal()
    place_shown = Signal(str)
    workspace_shown = Signal(str)

    def __init__(
        self,
        bars: Sequence[QWidget],
        center: QWidget,
        welcome: QWidget,
        docks: Mapping[DockSpec, QWidget],
        pages: Mapping[PageSpec, QWidget],
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowIcon(app_icon())
        self.setDockNestingEnabled(True)
        self._may_close = False
        self.docks = {spec.name: self._add_dock(spec, pane) for spec, pane in docks.items()}
        self._layout = DockLayout(self, tuple(docks), self.docks)
        self.workspace = WATCH
        self._layouts: dict[str, str] = {}
        self.pages = PageStack(center, welcome, pages)
        self.pages.left.connect(self.leave_page)
        self.setCentralWidget(self.pages)
        self.setMenuWidget(_stacked(bars))
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        # The map beside needs the height more than the table of alarms the width.
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.resize(usual_size(DEFAULT_SIZE))
        # Of the docks while a page is in their place: which were shown, and where.
        self._shown_docks: list[QDockWidget] = []
        self._layout_kept = ""
        self._is_restored = self._was_shown = False
        self._screen_fit = ScreenFit(self)
        fit_window(self)
        self.reset_layout()

    @property
    def center(self) -> QWidget:
        """What the docks lie around."""
        return self.pages

    def dock_actions(self) -> list[QAction]:
        """One checkable action a dock, for the View menu."""
        return [dock.toggleViewAction() for dock in self.docks.values()]

    def show_welcome(self, shown: bool) -> None:
        """The sign-in sheet alone, or the panes."""
        if shown or self.pages.shown == WELCOME:
            self._show_place(WELCOME if shown else CENTER)

    def show_page(self, name: str) -> None:
        """Show a page in place of the panes."""
        self._show_place(name)

    def leave_page(self) -> None:
        """Back to the panes, where a page is shown; the sign-in sheet stays."""
        if self.pages.has_page(self.pages.shown):
            self._show_place(CENTER)

    def show_workspace(self, name: str) -> None:
        """Put the docks as they were last in this workspace."""
        self.leave_page()
        wanted = workspace_of(name)
        if wanted is self.workspace:
            return
        self._layouts[self.workspace.name] = self._layout_now()
        self.workspace = wanted
        self.workspace_shown.emit(wanted.name)
        if self.pages.shown != CENTER:
            self._layout_kept = self._layouts.get(name, "")
            return
        self._restore_docks(self._layouts.get(name, ""))

    def reset_layout(self) -> None:
        """The docks as this workspace has them at the first start."""
        self.leave_page()
        self._layout.arrange(self.workspace)

    def restore(self, settings: Settings) -> str:
        """Put back what was saved; words for the user when that is not possible."""
        self.workspace = workspace_of(settings.workspace)
        self._layouts = dict(settings.layouts)
        self.workspace_shown.emit(self.workspace.name)
        # A geometry that is none, or of a screen that is gone, is no reason to lose the docks.
        self.restoreGeometry(QByteArray.fromBase64(settings.window_geometry.encode()))
        saved = self._layouts.get(self.workspace.name, "")
        if saved and self._layout.restore(saved):
            self._is_restored = True
            return ""
        self._layout.arrange(self.workspace)
        return "The saved layout could not be read: the default one is back." if saved else ""

    def layout_settings(self) -> dict[str, object]:
        """The settings from which ``restore`` makes geometry and docks again."""
        if self.pages.shown == WELCOME:
            return {}
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        layouts = {**self._layouts, self.workspace.name: self._layout_now()}
        return {
            "window_geometry": geometry,
            "workspace": self.workspace.name,
            "layouts": layouts,
        }

    def raise_dock(self, name: str) -> None:
        """Show this dock and bring it to the front."""
        self.leave_page()
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
                QTimer.singleShot(0, lambda: self._layout.share_room(self.workspace))

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
        dock.visibilityChanged.connect(partial(self._leave_unseen, dock))
        dock.toggleViewAction().triggered.connect(lambda on: dock.raise_() if on else None)
        return dock

    def _leave_unseen(self, dock: QDockWidget, seen: bool) -> None:
        """The keyboard never stays in what went behind another: keys would act there unseen."""
        focused = QApplication.focusWidget()
        if not seen and focused is not None and dock.isAncestorOf(focused):
            self.pages.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_place(self, name: str) -> None:
        before = self.pages.shown
        if name == before:
            return
        if before == CENTER:
            # Docks that were never on the screen have no sizes yet that are worth keeping.
            is_first = name == WELCOME and not self._is_restored
            self._layout_kept = "" if is_first else self._layout.save()
            self._shown_docks = [dock for dock in self.docks.values() if dock.isVisibleTo(self)]
        for dock in self._shown_docks:
            dock.setVisible(name == CENTER)
        self.pages.show_place(name)
        if name == CENTER:
            self._restore_docks(self._layout_kept)
            self._is_restored = True
        self.place_shown.emit(name)

    def _restore_docks(self, saved: str) -> None:
        if not saved or not self._layout.restore(saved):
            self._layout.arrange(self.workspace)

    def _layout_now(self) -> str:
        return self._layout.save() if self.pages.shown == CENTER else self._layout_kept


def _stacked(bars: Sequence[QWidget]) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for bar in bars:
        column.addWidget(bar)
    return holder
