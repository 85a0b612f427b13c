"""The page of day sheets: one device, or all of them."""

import threading
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.history.samples.stored import DeviceSpan, HistoryError
from tftmonitor.monitor.days.source import ReadingStopped
from tftmonitor.ui.day_sheet.asking import Asking, answer
from tftmonitor.ui.day_sheet.files.saving import SheetSaving
from tftmonitor.ui.day_sheet.fleet.view import FleetView
from tftmonitor.ui.day_sheet.sheet_view import SheetView
from tftmonitor.ui.day_sheet.sources import DaySources
from tftmonitor.ui.widgets.pane import Pane


class DaySheetPage(Pane):
    """``plots_requested`` and ``map_requested`` are those of the sheet."""

    plots_requested = Signal(str, object, object)
    map_requested = Signal(str, object, object, object)

    def __init__(
        self, sources: DaySources, report: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._sources = sources
        self._asking = Asking()
        self.sheet = SheetView(sources)
        self.saving = SheetSaving(sources, report)
        self.sheet.line.addWidget(self.saving)
        self.sheet.shown_changed.connect(lambda: self.saving.show_day(self.sheet.shown))
        self.sheet.plots_requested.connect(self.plots_requested)
        self.sheet.map_requested.connect(self.map_requested)
        self.fleet = FleetView(sources, report)
        self.fleet.sheet_requested.connect(self._show_sheet)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.sheet, "One device")
        self.tabs.addTab(self.fleet, "All devices")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 8)
        column.addWidget(self.tabs)
        self.setFocusProxy(self.sheet)
        self._recorded: tuple[DeviceSpan, ...] = ()

    def show_device(self, key: str) -> None:
        """The sheet of this device; the one that is shown stays for an empty key."""
        if key:
            self.sheet.show_device(key)

    def show_moment(self, time_ms: int) -> None:
        """The sheet of the day of this moment, in ms since 1970."""
        self.show_one()
        self.sheet.show_moment(time_ms)

    def show_one(self) -> None:
        """Bring the sheet of one device to the front."""
        self.tabs.setCurrentWidget(self.sheet)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._offer()
        if self._sources.reading.exists:
            self._sources.start("recorded devices", self._read_devices(self._asking.begin()))

    async def _read_devices(self, stop: threading.Event) -> None:
        try:
            found = await answer(self._sources.reading.devices, stop)
        except (ReadingStopped, HistoryError):
            return  # the sheet says it
        self._recorded = tuple(span for span in found if span.key)
        self._offer()

    def _offer(self) -> None:
        """Devices that report, and those that once did, by name."""
        names = {device.key: device.label for device in self._sources.fleet}
        for span in self._recorded:
            names.setdefault(span.key, span.key)
        by_name = sorted(((name, key) for key, name in names.items()), key=_by_name)
        self.sheet.head.devices.show_devices(by_name)
        self.fleet.show_devices([key for _, key in by_name])

    def _show_sheet(self, key: str, day: object) -> None:
        self.show_one()
        self.sheet.show_device(key)
        self.sheet.show_day(day)  # type: ignore[arg-type]


def _by_name(device: tuple[str, str]) -> tuple[str, str]:
    return device[0].casefold(), device[1]
