"""The plots pane's widget: plots of one device over one time axis, with state lanes beneath.

The frame clock calls ``refresh``; samples are read from the ring and never copied or dropped.
"""

from collections.abc import Sequence
from datetime import UTC, tzinfo

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.model.fields.plot import PLOTS, SERIES, PlotSpec, SeriesLayout
from tftmonitor.model.fleet.cadence import UsualIntervals
from tftmonitor.model.fleet.series import SampleRing
from tftmonitor.ui.plots.board import Board
from tftmonitor.ui.plots.export import SeenTable
from tftmonitor.ui.plots.header import Header
from tftmonitor.ui.plots.navigator import Navigator
from tftmonitor.ui.plots.numbers.arrays import NO_SPANS
from tftmonitor.ui.plots.past.go_to import GoTo, GoToFacts
from tftmonitor.ui.plots.past.shown import NO_PAST, PastShown
from tftmonitor.ui.plots.time_scale import NO_INTERVALS, PlotMark, View
from tftmonitor.ui.plots.time_window import LONG_WINDOWS_S, WINDOWS_S
from tftmonitor.ui.theme.theme import THEME


class PlotStack(QWidget):
    """All plots of the device that is looked at; see ``set_device`` and ``refresh``.

    ``cursor_moved`` carries the moment of the crosshair, None where there is none. ``seen_changed``
    when another stretch of time, or as much on other pixels, was drawn.
    """

    cursor_moved = Signal(object)
    seen_changed = Signal()

    def __init__(
        self,
        plots: Sequence[PlotSpec] = PLOTS,
        layout: SeriesLayout = SERIES,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._layout = layout
        self._zone: tzinfo = UTC
        self._intervals = NO_INTERVALS
        self._blind = NO_SPANS
        self._marks: Sequence[PlotMark] = ()
        self._behind = True
        self._past = NO_PAST
        self._seen: object = None
        self._header = self.header = Header(WINDOWS_S, LONG_WINDOWS_S)
        self._go_to = GoTo(self, self.header, self._facts_of_go_to)
        self._board = Board(plots, layout)
        self._message = QLabel("No device selected")
        self._navigator = Navigator(self)
        self._build()
        self._connect()
        self._apply_theme()

    def _build(self) -> None:
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._message)
        self._pages.addWidget(self._board)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self._board)
        self.setAccessibleName("Plots")

    def _connect(self) -> None:
        navigator, board = self._navigator, self._board
        self._header.show_span(navigator.window.span)
        self._header.window_chosen.connect(self.set_window)
        self._go_to.chosen.connect(navigator.go_to)
        navigator.changed.connect(self._redraw)
        navigator.window_changed.connect(self._show_span)
        navigator.cursor_moved.connect(self.cursor_moved)
        board.pill.clicked.connect(navigator.resume)
        board.hovered.connect(navigator.hover)
        board.left.connect(navigator.hide_cursor)
        board.zoomed.connect(navigator.zoom_at_pixel)
        board.panned.connect(navigator.pan)
        board.key_pressed.connect(navigator.press)
        board.resized.connect(self._redraw)
        board.toggled.connect(self._redraw)
        THEME.changed.connect(self._apply_theme)

    def set_device(
        self, title: str, ring: SampleRing | None, zone: tzinfo, intervals: UsualIntervals
    ) -> None:
        """Show a device, live if it is another one; an empty title: none is selected.

        A line breaks where the device was overdue by the interval that was usual then.
        """
        self._zone, self._intervals = zone, intervals
        self._header.title.setText(title)
        self._board.setAccessibleName(f"Plots of {title}" if title else "Plots")
        self._pages.setCurrentWidget(self._board if title else self._message)
        if ring is not self._navigator.shown.ring or ring is None:
            self._board.reset()
            self._navigator.set_ring(ring)
        else:
            self._redraw()

    def set_added(self, layout: SeriesLayout) -> None:
        """Show the plots that were added to this layout below the built-in ones."""
        self._layout = layout
        self._navigator.set_extra(layout.extra)
        self._board.set_added(layout)
        self._redraw()

    def refresh_units(self) -> None:
        """Show the same in the units that are in force now."""
        self._board.refresh_units()
        self._redraw()

    def set_blind(self, intervals: Sequence[tuple[float, float]]) -> None:
        """Times (seconds since 1970) in which we could not have known; inf for still open."""
        self._blind = np.array(sorted(intervals), np.float64).reshape(-1, 2)
        self._redraw()

    def set_marks(self, marks: Sequence[PlotMark]) -> None:
        """Alarms for the top edge."""
        self._marks = tuple(marks)
        self._redraw()

    def set_past(self, past: PastShown) -> None:
        """Show what was recorded beside what memory has."""
        self._past = past
        self._navigator.shown.set_past(past.part)
        self._redraw()

    def go_to(self, moment_s: float) -> None:
        """Hold the window with this moment in its middle."""
        self._navigator.go_to(moment_s)

    def set_cursor(self, moment_s: float) -> None:
        """Put the crosshair on a moment, and bring it into the window."""
        self._navigator.look_at(moment_s)

    def refresh(self, now_s: float) -> None:
        """Show what the ring has by now; when hidden, catch up once when shown."""
        self._navigator.now = now_s
        self._navigator.shown.keep()
        self._redraw()

    @property
    def is_live(self) -> bool:
        """True while the window follows the time."""
        return self._navigator.window.live

    @property
    def window_s(self) -> tuple[float, float]:
        """Start and end of what is seen, seconds since 1970."""
        return self._navigator.window.start, self._navigator.window.end

    @property
    def pixels(self) -> int:
        """How many pixels of the screen the window is shown on."""
        left, right = self._board.horizontal_bounds()
        return max(0, int((right - left) * self.devicePixelRatioF()))

    @property
    def readout_text(self) -> str:
        """What the crosshair reads, empty while it is hidden."""
        return "" if self._board.readout.isHidden() else self._board.readout.text

    def set_window(self, seconds: float) -> None:
        """Another length of the window; it stays live or held."""
        self._navigator.resize(seconds)

    def pause(self) -> None:
        """Hold the window where it is; samples go on being kept."""
        self._navigator.hold()

    def back_to_live(self) -> None:
        """Follow the newest sample again."""
        self._navigator.resume()
        self._header.show_span(self._navigator.window.span)

    def grab_png(self) -> QImage:
        """A picture of the plots as they are."""
        return self.grab().toImage()

    def seen_table(self) -> SeenTable | None:
        """The samples that are seen, to be saved; None without a device.

        Hidden curves and absent lanes are left out.
        """
        samples, board, view = self._navigator.shown.read(), self._board, self._view()
        if samples is None:
            return None
        part, _ = view.seen(samples.times, samples.usual)
        places = np.arange(part.start, part.stop)
        times = samples.times[places]
        channels = board.shown_channels
        return SeenTable(
            samples.pick(places[(times >= view.start) & (times <= view.end)]),
            samples.pick(places[times < view.start]),
            [(channel, self._layout.channels[channel]) for channel in channels],
            tuple(board.lanes),
            self._zone,
            self._past.is_thinned,
        )

    def _facts_of_go_to(self) -> GoToFacts:
        navigator = self._navigator
        middle = navigator.window.end - navigator.window.span / 2
        moment = navigator.cursor or (navigator.now if self.is_live else middle)
        return GoToFacts(moment, navigator.now, self._past.since_s, self._zone)

    def _show_span(self) -> None:
        self._header.show_span(self._navigator.window.span)

    def _redraw(self) -> None:
        self._behind = not self.isVisible()
        if self._behind:
            return
        navigator = self._navigator
        navigator.window.follow(navigator.now)
        self._board.draw(navigator.shown.read(), navigator.follow_cursor(self._view()))
        self._board.show_pill(None if self.is_live else navigator.new_samples)
        seen = (*self.window_s, self.pixels)
        if seen != self._seen:
            self._seen = seen
            self.seen_changed.emit()

    def _view(self) -> View:
        """The frame as it is now, without a crosshair."""
        window = self._navigator.window
        left, right = self._board.horizontal_bounds()
        return View(
            start=window.start,
            end=window.end,
            now=self._navigator.now,
            intervals=self._intervals,
            zone=self._zone,
            blind=self._blind,
            marks=self._marks,
            left=left,
            right=right,
            live=window.live,
            recorded_since=self._past.since_s,
        )

    def _apply_theme(self) -> None:
        self._board.apply_theme()
        self._redraw()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._behind:
            self._redraw()
