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
from tftmonitor.ui.detail.wheel_positions import is_sensor_id
from tftmonitor.ui.widgets.labels import plain_label

_SENSOR = "sensor"
_HINT = "Double-click a cell under Wheel to enter where its sensor is mounted."


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
        self.unit.setCurrentText(self.context.settings.values.pressure_unit)
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

    def _set_wheel(self, sensor: str, wheel: str) -> None:
        if self.device is not None:
            self.context.wheels.set_wheel(self.device, sensor, wheel)
