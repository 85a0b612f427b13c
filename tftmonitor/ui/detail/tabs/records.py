"""The tabs of the other events: tyres, driver and fuel probes."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.model.fields.formatting import UNKNOWN_TEXT
from tftmonitor.model.fleet.device import Device
from tftmonitor.protocol.records import RECORD_TABLES
from tftmonitor.ui.detail.event_section import EventSection
from tftmonitor.ui.detail.page import DetailContext, DetailPage
from tftmonitor.ui.detail.record_model import EMPTY, PRESSURE_UNITS, TextTable, record_table
from tftmonitor.ui.widgets.labels import column_of, plain_label, scrolled


class RecordsPage(DetailPage):
    """The last push of each of some kinds of event."""

    kinds: Sequence[str] = ()
    nothing = ""

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        self.sections = {
            kind: EventSection(RECORD_TABLES[kind].title, context) for kind in self.kinds
        }
        body = QWidget()
        self.column: QVBoxLayout = column_of(body)
        for section in self.sections.values():
            self.column.addWidget(section)
        self.column.addStretch(1)
        self.set_body(scrolled(body))

    @classmethod
    @override
    def why_empty(cls, context: DetailContext, device: Device) -> str:
        return "" if any(kind in device.records for kind in cls.kinds) else cls.nothing

    @override
    def tick(self) -> None:
        for section in self.sections.values():
            section.tick()

    @override
    def apply_theme(self) -> None:
        super().apply_theme()
        for section in self.sections.values():
            section.table.viewport().update()

    @override
    def _fill(self, device: Device, fresh: bool) -> None:
        for kind, section in self.sections.items():
            kept = device.records.get(kind)
            section.show_push(kept, self.table_of(kind, device) if kept else EMPTY)

    def table_of(self, kind: str, device: Device) -> TextTable:
        """The records of a kind's last push as texts."""
        push = device.records[kind][0]
        unit = self.context.settings.values.pressure_unit
        return record_table(RECORD_TABLES[kind], push.records, unit)


class DriverPage(RecordsPage):
    """Who drives."""

    title = "Driver"
    kinds = ("driver",)
    nothing = "This device has sent no driver data."


class FuelPage(RecordsPage):
    """Fuel probes; the level that the engine's computer reports stands under OBD."""

    title = "Fuel"
    kinds = ("rs232Fuel",)
    nothing = "This device has sent no data of a fuel probe."


class TyresPage(RecordsPage):
    """Tyre sensors of both transports, each bound to a wheel by its user."""

    title = "Tyres"
    kinds = ("bleTire", "rs232Tire")
    nothing = "This device has sent no tyre data."

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        self.unit = QComboBox()
        self.unit.addItems(list(PRESSURE_UNITS))
        self.unit.setCurrentText(context.settings.values.pressure_unit)
        self.unit.setAccessibleName("Unit of pressure")
        label = plain_label("Pressure in")
        label.setWordWrap(False)
        label.setBuddy(self.unit)
        line = QHBoxLayout()
        line.addWidget(label)
        line.addWidget(self.unit)
        line.addStretch(1)
        self.column.insertLayout(0, line)
        hint = plain_label("Double-click Wheel to say where a sensor sits.", muted=True)
        self.column.insertWidget(self.column.count() - 1, hint)
        self.unit.currentTextChanged.connect(self._set_unit)
        for kind, section in self.sections.items():
            section.records.edited = self._binder(kind)

    @override
    def _fill(self, device: Device, fresh: bool) -> None:
        self.unit.setCurrentText(self.context.settings.values.pressure_unit)
        super()._fill(device, fresh)

    @override
    def table_of(self, kind: str, device: Device) -> TextTable:
        table = super().table_of(kind, device)
        if "Sensor" not in table.headers:
            return table
        wheels = self.context.wheels.get(device.key, {})
        sensor = table.headers.index("Sensor")
        place = sensor + 1
        rows = tuple(
            (*row[:place], wheels.get(row[sensor], UNKNOWN_TEXT), *row[place:])
            for row in table.rows
        )
        headers = (*table.headers[:place], "Wheel", *table.headers[place:])
        right = frozenset(n + (n >= place) for n in table.right)
        self.sections[kind].records.editable = place
        return replace(table, headers=headers, rows=rows, right=right)

    def _binder(self, kind: str) -> "_Binder":
        return _Binder(self, kind)

    def _set_unit(self, unit: str) -> None:
        settings = self.context.settings
        if unit != settings.values.pressure_unit and unit in PRESSURE_UNITS:
            settings.set("pressure_unit", unit)
        if self.device is not None:
            self.show_device(self.device)


class _Binder:
    """Takes what was typed into the wheel of a row."""

    def __init__(self, page: TyresPage, kind: str) -> None:
        self._page = page
        self._kind = kind

    def __call__(self, row: int, wheel: str) -> None:
        page = self._page
        device = page.device
        table = page.sections[self._kind].records.table
        if device is None or row >= len(table.rows):
            return
        sensor = table.rows[row][table.headers.index("Sensor")]
        page.context.bind_wheel(device.key, sensor, wheel[:40])
        page.show_device(device)
