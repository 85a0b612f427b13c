"""What the operator does with the alarms selected in the table: from the buttons to the service."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alarms.action_bar import AlarmActionBar
from tftmonitor.ui.alarms.note_line import NoteLine
from tftmonitor.ui.alarms.shelve_sheet import ShelveSheet
from tftmonitor.ui.alarms.view import AlarmView
from tftmonitor.ui.tables.row_text import copy_chosen_rows
from tftmonitor.ui.widgets.alarm_text import device_text, name_text


class AlarmCommands(QObject):
    """Owns buttons and sheets; what they do goes to the service, which journals it first."""

    device_requested = Signal(str)
    map_requested = Signal(str)
    # The device, and the time of the alarm in ms since 1970.
    day_requested = Signal(str, object)
    plots_requested = Signal(str, float)
    # The alarm.
    evidence_requested = Signal(object)

    def __init__(
        self,
        service: AlarmService,
        alarms: OpenAlarms,
        view: AlarmView,
        clock: Clock,
        settings: SettingsStore,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._service = service
        self._alarms = alarms
        self._view = view
        self.sheet = ShelveSheet(clock, settings)
        self.note = NoteLine(settings)
        self.bar = AlarmActionBar(
            {
                "acknowledge": self.acknowledge,
                "shelve": self.start_shelving,
                "unshelve": lambda: service.unshelve(self._ids()),
                "note": self._start_note,
                "copy": self._copy,
                "close": lambda: service.close_alarms(self._ids()),
                "show_device": self._show_device,
                "show_in_plots": self._show_in_plots,
                "show_on_map": self._show_on_map,
                "show_day": self._show_day,
                "evidence": self.save_evidence,
                "out_of_service": self._start_out_of_service,
                "in_service": self._put_in_service,
            }
        )
        self.bar.all.confirmed.connect(self._acknowledge_these)
        self.sheet.closed.connect(view.setFocus)
        self.note.closed.connect(view.setFocus)

    def leave_sheets(self) -> None:
        """Close what is open, without doing it."""
        for sheet in (self.sheet, self.note):
            if not sheet.isHidden():
                sheet.leave()

    def acknowledge(self) -> None:
        """Acknowledge what is selected; that confirms a drill."""
        self._acknowledge([a for a in self._view.selected_alarms() if a.needs_ack])

    def _acknowledge_these(self, numbers: list[int]) -> None:
        found = (self._alarms.get(number) for number in numbers)
        self._acknowledge([alarm for alarm in found if alarm is not None and alarm.needs_ack])

    def _acknowledge(self, alarms: Sequence[Alarm]) -> None:
        if any(alarm.drill for alarm in alarms):
            self._service.confirm_drill()
        ids = [alarm.id for alarm in alarms if not alarm.drill]
        if ids:
            self._service.acknowledge(ids)

    def start_shelving(self) -> None:
        """Open the sheet for what is selected."""
        self.shelve_these(self._ids())

    def shelve_these(self, numbers: Sequence[int]) -> None:
        """Open the sheet for those of these alarms that can be shelved."""
        found = (self._alarms.get(number) for number in numbers)
        alarms = [a for a in found if a is not None and not a.suppressed and not a.drill]
        if alarms:
            self.note.hide()
            ids = [alarm.id for alarm in alarms]
            self.sheet.ask_shelve(
                alarms, lambda until_ms, reason: self._service.shelve(ids, until_ms, reason)
            )

    def _copy(self) -> None:
        copy_chosen_rows(self._view)

    def _start_note(self) -> None:
        alarms = self._view.selected_alarms()
        if alarms:
            self.sheet.hide()
            ids = [alarm.id for alarm in alarms]
            first = f"{device_text(alarms[0])} · {name_text(alarms[0])}"
            what = first if len(ids) == 1 else f"{len(ids)} alarms"
            self.note.ask(
                what, alarms[0].note, lambda text: self._service.note(ids, text), f"note {ids[0]}"
            )

    def _start_out_of_service(self) -> None:
        alarm = self._first()
        if alarm is not None and (device := alarm.device):
            self.note.hide()
            self.sheet.ask_out_of_service(
                device_text(alarm),
                lambda until_ms, _: self._service.out_of_service(device, until_ms),
            )

    def _put_in_service(self) -> None:
        alarm = self._first()
        if alarm is not None and alarm.device:
            self._service.out_of_service(alarm.device, None)

    def _show_device(self) -> None:
        alarm = self._first()
        if alarm is not None and alarm.device:
            self.device_requested.emit(alarm.device)

    def save_evidence(self) -> None:
        """Ask for a file of what is known of the first of the selected alarms."""
        alarm = self._first()
        if alarm is not None and alarm.device:
            self.evidence_requested.emit(alarm)

    def _show_in_plots(self) -> None:
        alarm = self._first()
        if alarm is not None and alarm.device:
            self.plots_requested.emit(alarm.device, alarm.event_ms / SECOND_MS)

    def _show_on_map(self) -> None:
        alarm = self._first()
        if alarm is not None and alarm.device:
            self.map_requested.emit(alarm.device)

    def _show_day(self) -> None:
        alarm = self._first()
        if alarm is not None and alarm.device:
            self.day_requested.emit(alarm.device, alarm.event_ms)

    def _first(self) -> Alarm | None:
        return next(iter(self._view.selected_alarms()), None)

    def _ids(self) -> list[int]:
        return [alarm.id for alarm in self._view.selected_alarms()]
