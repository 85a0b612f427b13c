"""The tab of tyre sensors: the vehicle from above, and below it all that they sent."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QComboBox, QHBoxLayout
from typing_extensions import override

from tftmonitor.model.fields.formatting import UNKNOWN_TEXT
from tftmonitor.model.fields.units import CHOICES
from tftmonitor.model.fleet.activity import Staleness
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.records import RecordTable
from tftmonitor.ui.detail.page import DetailContext
from tftmonitor.ui.detail.record_model import MOST_ROWS, TextTable
from tftmonitor.ui.detail.tabs.records import RecordsPage
from tftmonitor.ui.detail.tyres.air_line import AirLine
from tftmonitor.ui.detail.tyres.axles import LAYOUTS, likely_layout
from tftmonitor.ui.detail.tyres.board import TyreBoard
from tftmonitor.ui.detail.tyres.readings import TyreReading, tyre_readings
from tftmonitor.ui.detail.tyres.wheel_positions import is_sensor_id
from tftmonitor.ui.widgets.labels import plain_label

_SENSOR = "sensor"
_HINT = "A cell under Wheel can be double-clicked, to enter another place than one of the picture."


class TyresPage(RecordsPage):
    """Tyre sensors of all transports; the user enters the wheel of each."""

    title = "Tyres"

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        self.unit = QComboBox()
        self.unit.addItems(list(CHOICES["pressure_unit"]))
        self.unit.setAccessibleName("Unit of pressure")
        label = plain_label("Pressure in")
        label.setWordWrap(False)
        label.setBuddy(self.unit)
        line = QHBoxLayout()
        self.axles = QComboBox()
        self.axles.addItems(list(LAYOUTS))
        self.axles.setAccessibleName("Wheels of each axle, front axle first")
        axles_label = plain_label("Wheels by axle")
        axles_label.setWordWrap(False)
        axles_label.setBuddy(self.axles)
        for part in (label, self.unit, axles_label, self.axles):
            line.addWidget(part)
        line.addStretch(1)
        self.board = TyreBoard()
        self.air = AirLine()
        self.column.insertLayout(0, line)
        self.column.insertWidget(1, self.board)
        self.column.insertWidget(2, self.air)
        self.column.insertWidget(self.column.count() - 1, plain_label(_HINT, muted=True))
        self.unit.textActivated.connect(partial(context.settings.set, "pressure_unit"))
        self.axles.textActivated.connect(self._set_layout)
        self.board.wheel_chosen.connect(self.air.choose)
        self.board.placed.connect(self._place)
        self.air.found.connect(self._place)
        for section in self.sections.values():
            section.records.edited = self._set_wheel

    @classmethod
    @override
    def why_empty(cls, context: DetailContext, device: Device) -> str:
        reason = super().why_empty(context, device)
        return "This device has sent no tyre data." if reason else ""

    @override
    def _fill(self, device: Device, *, is_new: bool) -> None:
        now_ms = self.context.now_ms
        self.unit.setCurrentText(self.context.settings.values.pressure_unit)
        if is_new:
            self.board.cancel()
            self.air.reset()
        super()._fill(device, is_new=is_new)
        readings = tyre_readings(device, self.sections)
        layout = self.context.wheels.layout_of(device)
        if layout not in LAYOUTS:
            layout = likely_layout(len(readings))
        self.axles.setCurrentText(layout)
        self.board.set_layout_name(layout)
        self._show_board(readings)
        self.air.update_readings(readings, now_ms)

    @override
    def tick(self) -> None:
        super().tick()
        if self.device is not None:
            self._show_board(tyre_readings(self.device, self.sections))
            self.air.tick(self.context.now_ms)

    @override
    def apply_theme(self) -> None:
        super().apply_theme()
        self.board.update()

    @override
    def texts_of(self, table: RecordTable, event: Records) -> TextTable:
        """With a column of wheels behind that of the sensors."""
        texts = super().texts_of(table, event)
        header = next((column.label for column in table.columns if column.name == _SENSOR), None)
        device = self.device
        if device is None or header is None or header not in texts.headers:
            return texts
        sensors = [record.get(_SENSOR) for record in event.records[:MOST_ROWS]]
        keys = tuple(str(sensor) if is_sensor_id(sensor) else "" for sensor in sensors)
        wheels = self.context.wheels.of(device)
        place = texts.headers.index(header) + 1
        rows = tuple(
            (*row[:place], wheels.get(key, UNKNOWN_TEXT), *row[place:])
            for key, row in zip(keys, texts.rows, strict=True)
        )
        headers = (*texts.headers[:place], "Wheel", *texts.headers[place:])
        right = frozenset(number + (number >= place) for number in texts.right)
        return replace(texts, headers=headers, rows=rows, right=right, keys=keys, editable=place)

    def _show_board(self, readings: list[TyreReading]) -> None:
        if self.device is None:
            return
        context = self.context
        self.board.show_readings(
            readings,
            context.wheels.of(self.device),
            context.now_ms,
            stale=context.link_down or context.staleness(self.device) >= Staleness.OVERDUE,
        )

    def _place(self, sensor: str, wheel: str) -> None:
        if self.device is not None:
            self.context.wheels.set_wheel(self.device, sensor, wheel, is_sole=True)

    def _set_layout(self, layout: str) -> None:
        if self.device is not None:
            self.context.wheels.set_layout(self.device, layout)
            self.air.reset()

    def _set_wheel(self, sensor: str, wheel: str) -> None:
        if self.device is not None:
            self.context.wheels.set_wheel(self.device, sensor, wheel)
