"""The tab of trouble codes: each with its standard, and when it was first and last seen."""

from typing_extensions import override

from tftmonitor.model.fields.formatting import UNKNOWN_TEXT, format_time, one_line
from tftmonitor.model.fleet.device import Device
from tftmonitor.ui.detail.frame_history import TROUBLE, CodeList
from tftmonitor.ui.detail.page import DetailContext
from tftmonitor.ui.detail.reading import TO_THE_MINUTE
from tftmonitor.ui.detail.record_model import TextTable
from tftmonitor.ui.detail.tabs.records import RecordsPage
from tftmonitor.ui.widgets.labels import heading, plain_label

# The first letter of a code says which part of the vehicle speaks.
_PARTS = {"P": "powertrain", "C": "chassis", "B": "body", "U": "network"}
_HEADERS = ("Code", "Part", "Standard", "First seen", "Last seen", "In last report")


class TroubleCodesPage(RecordsPage):
    """Codes gather while the program runs; the last report says which of them are there now."""

    title = "Codes"
    kinds = (TROUBLE,)
    nothing = "This device has sent no trouble codes."

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        self.vin = heading("")
        self.vin.setAccessibleName("Vehicle identification number")
        self._hint = plain_label("First and last seen since this program was started.", muted=True)
        self.column.insertWidget(0, self.vin)
        self.column.insertWidget(self.column.count() - 1, self._hint)

    @override
    def _fill(self, device: Device, fresh: bool) -> None:
        codes = self.context.codes.of(device)
        self.vin.setText(f"VIN {one_line(codes.vin)}" if codes.vin else "VIN not reported")
        note = "" if codes.codes else _no_codes(codes)
        kept = device.records.get(TROUBLE)
        if kept is not None and not kept[0].records:
            note = ""
        self._hint.setVisible(bool(codes.codes))
        self.sections[TROUBLE].show_push(kept, self._table(codes), self._note(device, note))

    def _note(self, device: Device, note: str) -> str:
        """The last report may tell of a clearing as well."""
        kept = device.records.get(TROUBLE)
        cleared = [r.get("cleared") for r in kept[0].records] if kept else []
        if True in cleared:
            return f"Codes were cleared. {note}".strip()
        return f"Clearing the codes failed. {note}".strip() if False in cleared else note

    def _table(self, codes: CodeList) -> TextTable:
        zone = self.context.zone
        rows = tuple(
            (
                one_line(seen.code),
                _PARTS.get(seen.code[:1].upper(), UNKNOWN_TEXT),
                one_line(seen.standard) or UNKNOWN_TEXT,
                format_time(seen.first_ms, zone)[:TO_THE_MINUTE],
                format_time(seen.last_ms, zone)[:TO_THE_MINUTE],
                "yes" if seen.code in codes.present else "no",
            )
            for seen in sorted(codes.codes.values(), key=lambda seen: seen.code)
        )
        return TextTable(_HEADERS, rows)


def _no_codes(codes: CodeList) -> str:
    if codes.reported:
        return "The last report held no trouble codes."
    return "No report of trouble codes yet, only of the vehicle."
