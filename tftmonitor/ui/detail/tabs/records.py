"""The tab of a group of records: the last event of each of its kinds, as tables."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.records import RecordTable
from tftmonitor.ui.detail.event_section import EventSection
from tftmonitor.ui.detail.page import DetailContext, DetailPage
from tftmonitor.ui.detail.record_model import EMPTY, TextTable, record_table
from tftmonitor.ui.widgets.labels import column_of, scrolled


class RecordsPage(DetailPage):
    """A section for each of ``tables``, hidden until an event of its kind has come in.

    ``records_page`` makes the class of a group; a subclass adds to what every group has.
    """

    tables: tuple[RecordTable, ...] = ()

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        self.sections = {table.kind: EventSection(table.title, context) for table in self.tables}
        body = QWidget()
        self.column: QVBoxLayout = column_of(body)
        for section in self.sections.values():
            self.column.addWidget(section)
        self.column.addStretch(1)
        self.set_body(scrolled(body))

    @classmethod
    @override
    def why_empty(cls, context: DetailContext, device: Device) -> str:
        if any(table.kind in device.records for table in cls.tables):
            return ""
        titles = ", ".join(table.title[:1].lower() + table.title[1:] for table in cls.tables)
        return f"This device has sent no data of this kind: {titles}."

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
    def _fill(self, device: Device, *, is_new: bool) -> None:
        for table in self.tables:
            received = device.records.get(table.kind)
            texts = self.texts_of(table, received.event) if received else EMPTY
            self.sections[table.kind].show_event(received, texts, device.clock)

    def texts_of(self, table: RecordTable, event: Records) -> TextTable:
        """The records of the last event of a kind as texts."""
        return record_table(table, event.records)


def records_page(
    group: str, tables: tuple[RecordTable, ...], base: type[RecordsPage] = RecordsPage
) -> type[RecordsPage]:
    """The class of the tab that shows these tables."""
    return type(f"{base.__name__}[{group}]", (base,), {"title": group, "tables": tables})
