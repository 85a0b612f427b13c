"""The trail on one map: what is shown of it, how it is chosen, and the moment it shares."""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtWidgets import QMenu

from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.samples.joining import PastPart
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.map.gestures import MapSurface
from tftmonitor.ui.map.trail.layer import TrailLayer
from tftmonitor.ui.map.trail.source import TrailSource

LENGTHS: Final = {
    0: "No trail",
    15: "Trail of 15 minutes",
    60: "Of an hour",
    360: "Of six hours",
    1_440: "Of 24 hours",
    -1: "Of what the plots show",
}
COLOURS: Final = {"speed": "Coloured by speed", "ignition": "Coloured by ignition"}


class TrailTool(QObject):
    """``moment_chosen`` is a moment of the trail, in seconds since 1970."""

    moment_chosen = Signal(float)

    def __init__(self, canvas: MapSurface, fleet: Fleet, settings: SettingsStore) -> None:
        super().__init__(canvas)
        self._canvas, self._settings = canvas, settings
        self.source = TrailSource(lambda: fleet.layout)
        self.layer = TrailLayer(self.source)
        canvas.above.append(self.layer)
        canvas.takers.append(self.layer.boxes)
        canvas.ground_clicked.connect(self._choose_moment)
        settings.on_change(self._follow_settings, "trail_minutes", "trail_colours")
        self._follow_settings()

    def set_past(self, past: PastPart | None) -> None:
        """What was recorded of the shown device before memory, or nothing of it."""
        self.source.past = past
        self.follow_plots()

    def follow_plots(self) -> None:
        """The plots show another stretch, or more is known of it."""
        if self.source.update():
            self._canvas.note_change()

    def set_moment(self, moment_s: float | None) -> None:
        """What the crosshair of the plots looks at: a dot on the trail."""
        if moment_s != self.layer.cursor_s:
            self.layer.cursor_s = moment_s
            self._canvas.update()

    def open_menu(self, place: QPoint) -> QMenu:
        """How long the trail is, and what its colours say."""
        values = self._settings.values
        menu = QMenu(self._canvas)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for minutes, text in LENGTHS.items():
            chosen = menu.addAction(text, partial(self._settings.set, "trail_minutes", minutes))
            chosen.setCheckable(True)
            chosen.setChecked(minutes == values.trail_minutes)
        menu.addSeparator()
        for name, text in COLOURS.items():
            chosen = menu.addAction(text, partial(self._settings.set, "trail_colours", name))
            chosen.setCheckable(True)
            chosen.setChecked(name == values.trail_colours)
        menu.popup(self._canvas.mapToGlobal(place))
        return menu

    def _follow_settings(self) -> None:
        values = self._settings.values
        self.source.length_s = values.trail_minutes * 60.0
        self.layer.by_ignition = values.trail_colours == "ignition"
        self.source.update()
        self._canvas.note_change()

    def _choose_moment(self, place: QPointF) -> None:
        moment = self.layer.time_at(place.x(), place.y())
        if moment is not None:
            self.set_moment(moment)
            self.moment_chosen.emit(moment)
