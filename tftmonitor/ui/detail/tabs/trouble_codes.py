"""The tab of trouble codes: what each means, and when it was first and last seen."""

from typing_extensions import override

from tftmonitor.model.fields.formatting import UNKNOWN_TEXT, one_line
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.records import RecordTable
from tftmonitor.ui.detail.code_history import TROUBLE_CODES, DeviceCodes, SeenCode
from tftmonitor.ui.detail.codes.meanings import meaning
from tftmonitor.ui.detail.page import DetailContext
from tftmonitor.ui.detail.record_model import TextTable
from tftmonitor.ui.detail.tabs.records import RecordsPage
from tftmonitor.ui.widgets.labels import heading, plain_label
from tftmonitor.ui.widgets.short_time import short_time

# The first letter of a code says which part of the vehicle speaks.
_PARTS = {"P": "powertrain", "C": "chassis", "B": "body", "U": "network"}
# What is asked first stands first: a narrow table shows no more without scrolling.
_HEADERS = ("Code", "Meaning", "Now", "Last seen", "First seen", "Part")
# As many are read out above the table; the others stand in it alone.
_MOST_SENTENCES = 12


class TroubleCodesPage(RecordsPage):
    """Codes gather while the program runs; the last report says which of them are there now."""

    title = "Codes"

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        self.vin = heading("")
        self.vin.setAccessibleName("Vehicle identification number")
        self._hint = plain_label("First and last seen since this program was started.", muted=True)
        self.column.insertWidget(0, self.vin)
        self.column.insertWidget(self.column.count() - 1, self._hint)

    @classmethod
    @override
    def why_empty(cls, context: DetailContext, device: Device) -> str:
        reason = super().why_empty(context, device)
        return "This device has sent no trouble codes." if reason else ""

    @override
    def _fill(self, device: Device, *, is_new: bool) -> None:
        codes = self.context.code_history.of(device)
        self.vin.setText(f"VIN {one_line(codes.vin)}" if codes.vin else "VIN not reported")
        self._hint.setVisible(bool(codes.codes))
        super()._fill(device, is_new=is_new)

    @override
    def texts_of(self, table: RecordTable, event: Records) -> TextTable:
        """Of trouble codes those of all reports so far."""
        if table.kind != TROUBLE_CODES or self.device is None:
            return super().texts_of(table, event)
        zone, now_ms = self.context.zone, self.context.now_ms
        codes = self.context.code_history.of(self.device)
        rows = tuple(
            (
                one_line(seen.code),
                meaning(seen.code, seen.standard),
                "yes" if seen.code in codes.present else "no",
                short_time(seen.last_ms, now_ms, zone),
                short_time(seen.first_ms, now_ms, zone),
                _of_what(seen),
            )
            for seen in sorted(codes.codes.values(), key=lambda seen: seen.code)
        )
        return TextTable(_HEADERS, rows, note=_note(codes, event))


def _of_what(seen: SeenCode) -> str:
    """The part of the vehicle and the standard, as far as they are known."""
    part = _PARTS.get(seen.code[:1].upper(), "")
    return ", ".join(filter(None, (part, one_line(seen.standard)))) or UNKNOWN_TEXT


def _note(codes: DeviceCodes, event: Records) -> str:
    """What is there now in words, or that there is nothing, and what became of clearing."""
    note = _present_text(codes)
    if not codes.codes and event.records:
        note = _no_codes_text(codes)
    cleared = [record.get("cleared") for record in event.records]
    if True in cleared:
        return f"Codes were cleared. {note}".strip()
    return f"Clearing the codes failed. {note}".strip() if False in cleared else note


def _present_text(codes: DeviceCodes) -> str:
    """The codes of the last report with their meanings, a line each: a table would cut them."""
    present = sorted(codes.present & codes.codes.keys())
    lines = [_sentence(codes.codes[code]) for code in present[:_MOST_SENTENCES]]
    more = len(present) - len(lines)
    if more:
        lines.append(f"and {more} more in the table below")
    return "\n".join(lines)


def _sentence(seen: SeenCode) -> str:
    return f"{one_line(seen.code)}: {meaning(seen.code, seen.standard)}"


def _no_codes_text(codes: DeviceCodes) -> str:
    if codes.reported:
        return "The last report contained no trouble codes."
    return "No report of trouble codes yet, only vehicle data."
