"""Where in time the plots are, and what gestures and keys do to it."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from tftmonitor.model.fleet.series import SampleRing
from tftmonitor.ui.plots.shown_samples import ShownSamples
from tftmonitor.ui.plots.time_scale import View
from tftmonitor.ui.plots.time_window import TimeWindow

# A key moves by this share of the window, or zooms by this factor.
_KEY_PAN = 0.2
_KEY_ZOOM = 0.7
_SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Navigator(QObject):
    """Owns the time window and the crosshair's place; the stack keeps ``view`` up to date."""

    changed = Signal()
    window_changed = Signal()
    cursor_moved = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.window = TimeWindow()
        self.cursor: float | None = None
        self.shown = ShownSamples(None)
        self.view = View()
        self.now = 0.0
        self._added_at_hold = 0
        self._extra: tuple[str, ...] = ()
        # The pixel under the pointer, None where the crosshair was put by keys.
        self._pointed_x: float | None = None

    @property
    def new_samples(self) -> int:
        """How many samples came since the window was held."""
        return 0 if self.window.live else self.shown.added - self._added_at_hold

    def set_ring(self, ring: SampleRing | None) -> None:
        """Another device: live again, without a crosshair."""
        self.shown, self.cursor, self._pointed_x = ShownSamples(ring, self._extra), None, None
        self.resume()

    def set_extra(self, extra: tuple[str, ...]) -> None:
        """Which fields the samples have behind the built-in ones."""
        self._extra = extra
        self.shown.set_extra(extra)

    def hold(self) -> None:
        """Leave live mode."""
        if self.window.live:
            self._added_at_hold = self.shown.added
            self.shown.hold()
            self.window.hold()
        self.changed.emit()

    def resume(self) -> None:
        """Back to live mode."""
        self.window.resume(self.now)
        self.shown.release()
        self.changed.emit()

    def resize(self, seconds: float) -> None:
        """Another length of the window."""
        self.window.resize(seconds)
        self._moved()

    def zoom_at_pixel(self, factor: float, x: float) -> None:
        """Zoom around the pointer."""
        self.zoom(factor, self.view.time_at(x))

    def zoom(self, factor: float, moment: float) -> None:
        """Zoom around a moment."""
        self.hold()
        self.window.zoom(factor, moment)
        self._moved()

    def pan(self, pixels: float) -> None:
        """Drag the plots to the right (into the past) or to the left."""
        self.hold()
        self.window.pan(-pixels / self.view.width * self.window.span)
        self._moved()

    def _moved(self) -> None:
        self.changed.emit()
        self.window_changed.emit()

    def hover(self, x: float) -> None:
        """The pointer is at this pixel."""
        self._pointed_x = x if self.view.left <= x <= self.view.right else None
        moment = None if self._pointed_x is None else self.view.time_at(x)
        if moment != self.cursor:
            self.cursor = moment
            self.changed.emit()
            self.cursor_moved.emit(moment)

    def follow_cursor(self, view: View) -> View:
        """The frame with its crosshair: under the pointer, or on its sample while that is seen."""
        if self._pointed_x is not None:
            self.cursor = view.time_at(self._pointed_x)
        elif self.cursor is not None and not view.start <= self.cursor <= view.end:
            self.cursor = None
        self.view = replace(view, cursor=self.cursor)
        return self.view

    def set_cursor(self, moment: float | None) -> None:
        """Put the crosshair there, whatever is under the pointer, or hide it."""
        self._pointed_x = None
        if moment != self.cursor:
            self.cursor = moment
            self.changed.emit()
            self.cursor_moved.emit(moment)

    def look_at(self, moment: float) -> None:
        """The crosshair on this moment, and the window around it where it shows another time."""
        if not self.view.start <= moment <= self.view.end:
            self.go_to(moment)
        else:
            self.set_cursor(moment)

    def go_to(self, moment: float) -> None:
        """The crosshair on this moment in the middle of the window, which is held."""
        self.hold()
        self.window.end = moment + self.window.span / 2
        self._moved()
        self.set_cursor(moment)

    def hide_cursor(self) -> None:
        """The pointer has left."""
        self.set_cursor(None)

    def press(self, event: QKeyEvent) -> None:
        """Arrows move the crosshair, with Shift the window; + - zoom; L, Space, Esc."""
        key = Qt.Key(event.key())
        if key in _SIDEWAYS:
            self._press_sideways(_SIDEWAYS[key], event.modifiers())
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self._press_zoom(_KEY_ZOOM)
        elif key == Qt.Key.Key_Minus:
            self._press_zoom(1 / _KEY_ZOOM)
        elif key == Qt.Key.Key_L or (key == Qt.Key.Key_Space and not self.window.live):
            self.resume()
        elif key == Qt.Key.Key_Space:
            self.hold()
        elif key == Qt.Key.Key_Escape and self.cursor is not None:
            self.hide_cursor()
        else:
            return
        event.accept()

    def _press_sideways(self, way: int, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.pan(-way * _KEY_PAN * self.view.width)
        else:
            self.step_cursor(way)

    def _press_zoom(self, factor: float) -> None:
        self.zoom(factor, self.cursor if self.cursor is not None else self.window.end)

    def step_cursor(self, way: int) -> None:
        """Put the crosshair on the next sample seen to the left (-1) or right (1)."""
        samples = self.shown.read()
        times = samples.times if samples is not None else np.empty(0)
        first = int(np.searchsorted(times, self.window.start))
        last = int(np.searchsorted(times, self.window.end, side="right")) - 1
        if last < first:
            return
        if self.cursor is None:
            place = last
        elif way > 0:
            place = int(np.searchsorted(times, self.cursor, side="right"))
        else:
            place = int(np.searchsorted(times, self.cursor)) - 1
        self.set_cursor(float(times[min(max(place, first), last)]))
