"""The tab of drivers: who was reported, in sentences."""

from dataclasses import replace

from typing_extensions import override

from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.records import RecordTable
from tftmonitor.ui.detail.record_model import TextTable
from tftmonitor.ui.detail.record_words.sentences import driver_sentences
from tftmonitor.ui.detail.tabs.records import RecordsPage


class DriverPage(RecordsPage):
    """Sentences above the table of each event."""

    title = "Driver"

    @override
    def texts_of(self, table: RecordTable, event: Records) -> TextTable:
        texts = super().texts_of(table, event)
        return replace(texts, note=driver_sentences(event.records, event.other))
