"""Places the panes in the window and lets each be ticked, themed and told of the end."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from tftmonitor.ui.notes.note_line import NoteLine
from tftmonitor.ui.notes.notes import Gravity
from tftmonitor.ui.widgets.lazy import LazyPane
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.window.dock_spec import DockSpec, PageSpec
from tftmonitor.ui.window.frame_clock import FrameClock
from tftmonitor.ui.window.main_window import MainWindow


class Shell(QObject):
    """The layout: bars on top, the center, a dock or a page a row of the tables, notes below.

    ``frame_clock`` is the one ticker. A pane that is a ``Pane`` is ticked while it is seen;
    anything else that has to follow the seconds or the frames adds itself there. ``stamp`` gives
    the time of now as the window writes it.
    """

    def __init__(
        self,
        frame_clock: FrameClock,
        bars: Sequence[QWidget],
        center: QWidget,
        welcome: QWidget,
        docks: Iterable[DockSpec],
        pages: Iterable[PageSpec] = (),
        stamp: Callable[[], str] = str,
    ) -> None:
        super().__init__()
        self.frame_clock = frame_clock
        self._panes: list[Pane] = []
        placed = {spec: self._make(spec) for spec in docks}
        bodies = {spec: self._make_lazy(spec.build) for spec in pages}
        self._pages = {spec.name: body for spec, body in bodies.items()}
        self.window = MainWindow(bars, center, welcome, placed, bodies)
        self.note = NoteLine(stamp)
        foot = self.window.statusBar()
        foot.setSizeGripEnabled(False)
        foot.addWidget(self.note, 1)
        self._adopt(center)

    def show_note(self, text: str, gravity: Gravity = Gravity.INFO) -> None:
        """Say something that needs no answer, on the line of notes and in the log."""
        if text:
            self.note.say(text, gravity)

    def warn(self, text: str) -> None:
        """Say what somebody has to read: it stays until then."""
        self.show_note(text, Gravity.WARNING)

    def show_pane(self, name: str) -> None:
        """Bring the dock or the page of this name to the front, with the keyboard in it."""
        if self.window.pages.has_page(name):
            self.window.show_page(name)
            return
        self.window.raise_dock(name)
        pane = self.window.docks[name].widget()
        if pane is not None:
            pane.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def page(self, name: str) -> QWidget:
        """The page of this name, built if need be."""
        return self._pages[name].get()

    def when_built(self, name: str, then: Callable[[QWidget], object]) -> None:
        """Call this with the page of this name once it is built."""
        self._pages[name].built.add(then)

    def start(self) -> None:
        """Begin to follow the model."""
        self.frame_clock.start()

    def stop(self) -> None:
        """No more frames; each pane stores what is not stored yet."""
        self.frame_clock.stop()
        self.finish()

    def finish(self) -> None:
        """Each pane stores what is not stored yet."""
        for pane in self._panes:
            pane.finish()

    def _make(self, spec: DockSpec) -> QWidget:
        if spec.shown:
            return self._adopt(spec.build())
        return self._make_lazy(spec.build)

    def _make_lazy(self, build: Callable[[], QWidget]) -> LazyPane[QWidget]:
        lazy = LazyPane(build)
        lazy.built.add(self._adopt)
        return lazy

    def _adopt(self, pane: QWidget) -> QWidget:
        if isinstance(pane, Pane):
            self._panes.append(pane)
            # One by one, so that a pane that fails keeps no other from its tick.
            self.frame_clock.on_second.add(partial(_tick_if_seen, pane))
        return pane


def _tick_if_seen(pane: Pane) -> None:
    if pane.isVisible():
        pane.tick()
