"""The tab of tyre sensors: their pressures in a unit of choice, and the wheels they sit on."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QComboBox, QHBoxLayout
from typing_extensions import override

from tftmonitor.model.fields.formatting import UNKNOWN_TEXT
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.records import RecordTable
from tftmonitor.ui.detail.page import DetailContext
from tftmonitor.ui.detail.record_model import MOST_ROWS, PRESSURE_UNITS, TextTable
from tftmonitor.ui.detail.tabs.records import RecordsPage
from tftmonitor.ui.detail.tyres.air_out import AirOutLine
from tftmonitor.ui.detail.tyres.axle_view import AxleView
from tftmonitor.ui.detail.tyres.wheel_positions import is_sensor_id
from tftmonitor.ui.detail.tyres.wheel_slots import Tyre, plan_of, slot_name, tyre_of
from tftmonitor.ui.widgets.labels import plain_label

_SENSOR = "sensor"
_HINT = "Drag a tyre to its wheel, or double-click a cell under Wheel to write where its sensor is."


class TyresPage(RecordsPage):
    """Tyre sensors of all transports; the user enters the wheel of each."""

    title = "Tyres"

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        self.unit = QComboBox()
        self.unit.addItems(list(PRESSURE_UNITS))
        self.unit.setAccessibleName("Unit of pressure")
        label = plain_label("Pressure in")
        label.setWordWrap(False)
        label.setBuddy(self.unit)
        line = QHBoxLayout()
        line.addWidget(label)
        line.addWidget(self.unit)
        line.addStretch(1)
        self.column.insertLayout(0, line)
        self.axles = AxleView()
        self.axles.moved.connect(self._bind)
        self.air_out = AirOutLine(self._bind)
        self.air_out.button.clicked.connect(self._let_air_out)
        self.column.insertWidget(1, self.axles)
        self.column.insertWidget(2, self.air_out)
        self.column.insertWidget(self.column.count() - 1, plain_label(_HINT, muted=True))
        self.unit.textActivated.connect(partial(context.settings.set, "pressure_unit"))
        for section in self.sections.values():
            section.records.edited = self._set_wheel

    @classmethod
    @override
    def why_empty(cls, context: DetailContext, device: Device) -> str:
        reason = super().why_empty(context, device)
        return "This device has sent no tyre data." if reason else ""

    @override
    def _fill(self, device: Device, *, is_new: bool) -> None:
        unit = self.context.settings.values.pressure_unit
        self.unit.setCurrentText(unit)
        if is_new:
            self.air_out.stop()
        tyres = self._tyres(device)
        plan = plan_of(tyres, self.context.wheels.of(device))
        self.axles.show_plan(plan, unit)
        self.air_out.offer(plan.axles)
        self.air_out.follow(tyres, self.context.now_ms)
        super()._fill(device, is_new=is_new)

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

    def _tyres(self, device: Device) -> list[Tyre]:
        """The last reading of each sensor of all kinds of sensors."""
        return [
            tyre_of(record)
            for table in self.tables
            if (received := device.records.get(table.kind)) is not None
            for record in received.event.records[:MOST_ROWS]
            if is_sensor_id(record.get(_SENSOR))
        ]

    def _let_air_out(self) -> None:
        if self.device is not None:
            self.air_out.start(self._tyres(self.device), self.context.now_ms)

    def _bind(self, sensor: str, slot: int) -> None:
        """Keep the wheel of a sensor; the one that was there before loses it."""
        if self.device is None:
            return
        wheels = self.context.wheels
        for other, name in wheels.of(self.device).items():
            if name == slot_name(slot) and other != sensor:
                wheels.set_wheel(self.device, other, "")
        self._set_wheel(sensor, slot_name(slot))
        self._fill(self.device, is_new=False)

    def _set_wheel(self, sensor: str, wheel: str) -> None:
        if self.device is not None:
            self.context.wheels.set_wheel(self.device, sensor, wheel)
