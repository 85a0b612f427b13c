"""The first tab: big numbers that never pretend, and the plots below."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.fields.field import Quality
from tftmonitor.model.fields.formatting import UNKNOWN_TEXT, format_old
from tftmonitor.model.fleet.activity import Staleness, has_fix
from tftmonitor.model.fleet.clocks import age_text, clock_note, clocks_of
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import value_age
from tftmonitor.ui.detail.page import DetailContext, DetailPage
from tftmonitor.ui.detail.reading import describe, moment_text, read_field
from tftmonitor.ui.detail.tile import Tile, TileGrid
from tftmonitor.ui.widgets.labels import column_of, scrolled
from tftmonitor.ui.widgets.steady_label import SteadyLabel

# By name, because no property of a field says that it describes the report itself.
_REPORT_TIME = "date"
_FIX_TIME = "location_date"
_SIGNAL = "network_signal"
_SATELLITES = "satellite_count"
_SMALL = ("mileage",)
_PLACE = ("lat", "lng")
# Below this height a second row of numbers leaves the plots no room.
_LOW = 430


class OverviewPage(DetailPage):
    """The fields that are columns of the list by default, the age, and the plots."""

    title = "Overview"

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        self._fields = [field for field in context.table if field.spec.column]
        self._tiles = [Tile(field.spec.label, describe(field)) for field in self._fields]
        self._age = Tile("Age")
        self._signal = Tile("Signal")
        self._grid = TileGrid([*self._tiles, self._age, self._signal])
        self._line = SteadyLabel()
        self._line.setAccessibleName("Place")
        self._plots: QWidget | None = None
        self._is_low = False
        self._shown_look: tuple[bool, str, int] | None = None
        body = QWidget()
        self._column = column_of(body)
        self._column.addWidget(self._grid)
        self._column.addWidget(self._line)
        self._column.addStretch(1)
        # A low window scrolls instead of growing.
        self.set_body(scrolled(body))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # In a low window the plots need the room more; the head has the age as well.
        self._is_low = event.size().height() < _LOW
        self._grid.leave_out((self._age, self._signal) if self._is_low else ())
        self._line.let_shrink()
        if self.device is not None:
            self._line.setText(self._small_text(self.device))

    def set_plots(self, plots: QWidget) -> None:
        """Put the plots below the numbers, in all the room that is left."""
        self._column.takeAt(self._column.count() - 1)
        if self._plots is not None:
            self._plots.setParent(None)
        self._plots = plots
        self._column.addWidget(plots, 1)

    @classmethod
    @override
    def why_empty(cls, context: DetailContext, device: Device) -> str:
        return ""

    @override
    def tick(self) -> None:
        if self.device is None:
            return
        look = self._look(self.device)
        if look != self._shown_look:
            self._show_values(self.device)
            return
        # The values are those of the last report still; only the age runs on.
        self._show_age(self.device, look[0])
        self._line.setText(self._small_text(self.device))

    @override
    def apply_theme(self) -> None:
        super().apply_theme()
        self._grid.update()

    @override
    def _fill(self, device: Device, *, is_new: bool) -> None:
        if is_new:
            self._line.let_shrink()
        self._show_values(device)

    def _show_values(self, device: Device) -> None:
        now_ms, zone = self.context.now_ms, self.context.zone
        self._shown_look = self._look(device)
        stale, as_of, _minute = self._shown_look
        for field, tile in zip(self._fields, self._tiles, strict=True):
            reading = read_field(field, device.status, now_ms, zone)
            age = value_age(device, field.name, now_ms)
            as_known = reading.note or age.own_text(now_ms) or as_of
            note = "no data yet" if device.status is None else as_known
            tile.show_value(
                reading.text,
                reading.unit,
                note,
                muted=not reading.known,
                stale=(stale or age.is_old) and reading.known,
            )
        self._show_age(device, stale)
        self._show_signal(device, stale)
        self._line.setText(self._small_text(device))

    def _look(self, device: Device) -> tuple[bool, str, int]:
        """All that the tiles depend on but the status, which comes by ``show_device``.

        Whether they are stale, since when as a text, and the minute.
        """
        # From overdue on a value must not look live.
        stale = self.context.link_down or self.context.staleness(device) >= Staleness.OVERDUE
        as_of = ""
        if stale and device.data_ms:
            # The head has the minute too.
            as_of = f"as of {self._moment(device.data_ms).split()[0]}"
        # A clock ahead may become plausible.
        return stale, as_of, self.context.now_ms // MINUTE_MS

    def _show_age(self, device: Device, stale: bool) -> None:
        if device.data_ms is None:
            self._age.show_value(UNKNOWN_TEXT, "", "no data yet", muted=True)
            return
        age = age_text(device, self.context.now_ms)
        self._age.show_value(age, "", self._time_text(device), stale=stale)

    def _show_signal(self, device: Device, stale: bool) -> None:
        by_name, now_ms, zone = self.context.table.by_name, self.context.now_ms, self.context.zone
        signal, satellites = by_name.get(_SIGNAL), by_name.get(_SATELLITES)
        if signal is None or satellites is None:
            return
        reading = read_field(signal, device.status, now_ms, zone)
        count = read_field(satellites, device.status, now_ms, zone)
        age = value_age(device, signal.name, now_ms)
        counted_age = value_age(device, satellites.name, now_ms)
        note = reading.note or age.own_text(now_ms)
        if count.known and not counted_age.own_text(now_ms):
            note = ", ".join(part for part in (note, f"{count.text} satellites") if part)
        self._signal.show_value(
            reading.text,
            reading.unit,
            note if device.status is not None else "no data yet",
            muted=not reading.known,
            stale=(stale or age.is_old) and reading.known,
        )

    def _time_text(self, device: Device) -> str:
        """How old the fix is; that the device's clock is not right outweighs it."""
        status, by_name = device.status, self.context.table.by_name
        now_ms = self.context.now_ms
        report = by_name.get(_REPORT_TIME)
        if report and report.examine(status, now_ms).quality is Quality.INVALID:
            return "clock not set"
        if note := clock_note(device):
            return note
        if not has_fix(status):
            return "no fix"
        fix = by_name.get(_FIX_TIME)
        fix_ms = fix.read(status, now_ms) if fix else None
        return f"fix {self._moment(int(fix_ms))}" if fix_ms is not None else "fix time not reported"

    def _moment(self, time_ms: int) -> str:
        return moment_text(time_ms, self.context.now_ms, self.context.zone)

    def _small_text(self, device: Device) -> str:
        if device.status is None:
            return ""
        now_ms, zone = self.context.now_ms, self.context.zone
        by_name = self.context.table.by_name
        parts = []
        for name in _SMALL:
            if field := by_name.get(name):
                reading = read_field(field, device.status, now_ms, zone)
                old = value_age(device, name, now_ms).own_text(now_ms) if reading.known else ""
                text = f"{field.spec.label} {reading.with_unit}{old and f', {old}'}"
                parts.append(text.replace(" ", "\u00a0"))
        if not has_fix(device.status):
            parts.append("No\u00a0fix")
        if self._is_low:
            # What the tile of the age would say.
            parts.append(self._time_text(device).replace(" ", "\u00a0"))
        parts.append(self._place_text(device).replace(" ", "\u00a0"))
        parts.append(clocks_of(device, now_ms).text().replace(" ", "\u00a0"))
        parts = [part for part in parts if part]
        return "  ·  ".join(parts)

    def _place_text(self, device: Device) -> str:
        """Where it is; where it was last, and how long ago, when that is not known of now."""
        now_ms, zone = self.context.now_ms, self.context.zone
        fields = [f for name in _PLACE if (f := self.context.table.by_name.get(name))]
        readings = [read_field(field, device.status, now_ms, zone) for field in fields]
        if not readings or not all(reading.known for reading in readings):
            return ""
        place = ", ".join(reading.with_unit for reading in readings)
        age = value_age(device, fields[0].name, now_ms)
        if not (age.is_old and age.is_own):
            return place
        old = "" if age.since_ms is None else f", {format_old(now_ms - age.since_ms)}"
        return f"last known {place}{old}"
