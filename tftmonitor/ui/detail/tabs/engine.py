"""The tab of the engine: what the vehicle's own computer reports, as tiles."""

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from tftmonitor.model.fields.field import Group
from tftmonitor.model.fleet.activity import Staleness, ignition
from tftmonitor.model.fleet.device import Device
from tftmonitor.ui.detail.page import AgingPage, DetailContext
from tftmonitor.ui.detail.reading import describe, has_nothing, read_field
from tftmonitor.ui.detail.tile import Tile, TileGrid
from tftmonitor.ui.widgets.labels import column_of, plain_label, scrolled

_GROUPS = (Group.ENGINE, Group.FUEL)
_OFF_TEXT = "The ignition is off: a zero may mean that there is no data."
_ZERO_NOTE = "no data?"


class EnginePage(AgingPage):
    """All fields of the groups engine and fuel."""

    title = "OBD"

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        self._fields = [field for group in _GROUPS for field in context.table.in_group(group)]
        self._tiles = [Tile(field.spec.label, describe(field)) for field in self._fields]
        self._grid = TileGrid(self._tiles)
        self.caution = plain_label(muted=True)
        body = QWidget()
        column = column_of(body)
        column.addWidget(self.caution)
        column.addWidget(self._grid)
        column.addStretch(1)
        self.set_body(scrolled(body))

    @classmethod
    @override
    def why_empty(cls, context: DetailContext, device: Device) -> str:
        now_ms, zone = context.now_ms, context.zone
        for group in _GROUPS:
            fields = context.table.in_group(group)
            readings = [read_field(field, device.status, now_ms, zone) for field in fields]
            if not has_nothing(group, readings):
                return ""
        return "This device has reported no engine data. It may have no OBD unit."

    @override
    def apply_theme(self) -> None:
        super().apply_theme()
        self._grid.update()

    @override
    def _fill(self, device: Device, *, is_new: bool) -> None:
        now_ms, zone = self.context.now_ms, self.context.zone
        off = ignition(device.status) is False
        self.caution.setText(_OFF_TEXT)
        self.caution.setVisible(off)
        stale = self.context.staleness(device) >= Staleness.OVERDUE
        for field, tile in zip(self._fields, self._tiles, strict=True):
            reading = read_field(field, device.status, now_ms, zone)
            doubtful = reading.known and reading.nothing and off
            note = _ZERO_NOTE if doubtful and not reading.note else reading.note
            tile.show_value(
                reading.text,
                reading.unit,
                note,
                muted=not reading.known or doubtful,
                stale=stale and reading.known,
            )
