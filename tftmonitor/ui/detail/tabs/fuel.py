"""The tab of fuel probes: bars and sentences."""

from dataclasses import replace

from typing_extensions import override

from tftmonitor.model.fleet.activity import Staleness
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.records import RecordTable
from tftmonitor.ui.detail.page import DetailContext
from tftmonitor.ui.detail.record_model import TextTable
from tftmonitor.ui.detail.record_words.gauge import MOST_TANKS, FuelGauge, Tank
from tftmonitor.ui.detail.record_words.sentences import fuel_sentences, probe_text
from tftmonitor.ui.detail.tabs.records import RecordsPage


class FuelPage(RecordsPage):
    """A bar for each tank whose level is known, and sentences above the table of each event."""

    title = "Fuel"

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        self.gauge = FuelGauge()
        self.column.insertWidget(0, self.gauge)

    @override
    def texts_of(self, table: RecordTable, event: Records) -> TextTable:
        return replace(super().texts_of(table, event), note=fuel_sentences(event.records))

    @override
    def tick(self) -> None:
        super().tick()
        if self.device is not None:
            self._show_gauge(self.device)

    @override
    def _fill(self, device: Device, *, is_new: bool) -> None:
        super()._fill(device, is_new=is_new)
        self._show_gauge(device)

    def _show_gauge(self, device: Device) -> None:
        kinds = (device.records.get(table.kind) for table in self.tables)
        records = [record for received in kinds if received for record in received.event.records]
        tanks = [
            Tank(probe_text(record.get("sensor")), float(percent))
            for record in records
            if isinstance(percent := record.get("level_percent"), int | float)
        ]
        context = self.context
        stale = context.link_down or context.staleness(device) >= Staleness.OVERDUE
        tanks = tanks[:MOST_TANKS]
        if (tuple(tanks), stale) != (self.gauge.tanks, self.gauge.stale):
            self.gauge.show_tanks(tanks, stale=stale)
