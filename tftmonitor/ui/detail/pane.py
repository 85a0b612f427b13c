"""The pane of the selected device: its head line and one tab a point of view."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.fields.field import FieldTable
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fields.units import CHOICES
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.detail.code_history import TROUBLE_CODES
from tftmonitor.ui.detail.head import DetailHead
from tftmonitor.ui.detail.page import DetailContext, DetailPage
from tftmonitor.ui.detail.tab_bar import DetailTabs
from tftmonitor.ui.detail.tabs.fields import FieldsPage
from tftmonitor.ui.detail.tabs.raw_frame import RawPage
from tftmonitor.ui.widgets.labels import plain_label
from tftmonitor.ui.widgets.pane import Pane

_NO_DEVICE = "No device selected. Pick one in the list."
# What is shown otherwise once one of these has changed.
_SETTINGS = ("zone", *CHOICES, "names", "wheels", "axles", "confirmed_fields")


class DetailPane(Pane):
    """Shows one device. Work is done only for the tab on top; others catch up when shown.

    ``refresh`` belongs to the frame clock, ``tick`` to the clock of seconds. It follows theme and
    settings by itself.
    """

    def __init__(
        self,
        fleet: Fleet,
        clock: Clock,
        settings: SettingsStore,
        plots: QWidget | None = None,
        parent: QWidget | None = None,
        *,
        table: FieldTable = STATUS_FIELDS,
    ) -> None:
        super().__init__(parent)
        self._fleet = fleet
        self._settings = settings
        self._device: Device | None = None
        self._former_tab = ""
        self._missed = False
        self.context = DetailContext(fleet, clock, settings, table)
        self.head = DetailHead(self.context)
        self.tabs = DetailTabs(self.context)
        self.setAccessibleName("Selected device")
        self._lay_out()
        self.head.renamed.connect(self._rename)
        stop = settings.on_change(self._show, *_SETTINGS)
        # The settings may live longer than the pane.
        self.destroyed.connect(stop)
        if plots is not None:
            self.set_plots(plots)

    @property
    def device_key(self) -> str | None:
        """The key of the device shown."""
        return self._device.key if self._device else None

    def set_plots(self, plots: QWidget) -> None:
        """Put the plots into the overview; they may come after the first paint."""
        self.tabs.overview.set_plots(plots)

    def show_device(self, key: str | None) -> None:
        """Show the device that any of its ids names, or that none is selected."""
        device = self._fleet.find(key)
        if device is self._device:
            return
        self._device = self.context.device = device
        self.context.frame_history.start(device)
        self._stack.setCurrentIndex(0 if device is None else 1)
        self._show(even_hidden=True)

    def refresh(self, rows: set[int]) -> None:
        """Show what has changed since the last frame in these rows of the fleet."""
        for row in rows & self._fleet.rows_with_records:
            changed = self._fleet.devices[row]
            if TROUBLE_CODES in changed.records:
                self.context.code_history.update(changed)
        if self._device is not None and self._device.is_hidden:
            # It turned out to be another one, which has all that was known of it.
            self.show_device(self._device.key)
        device = self._device
        if device is None or device.row not in rows:
            return
        self.context.frame_history.update()
        self._show()

    @override
    def tick(self) -> None:
        """A second has gone by."""
        if self._device is None or not self.isVisible():
            return
        self.head.tick()
        self.tabs.page.tick()

    def set_link_down(self, down: bool) -> None:
        """Mark all values as old while we cannot know; ages run on."""
        self.context.link_down = down
        self.tick()

    @override
    def apply_theme(self) -> None:
        """Draw in the colours of the theme that is on."""
        self.head.apply_theme()
        self.tabs.apply_theme()
        if self._device is not None:
            self.tabs.mark(self._device)

    def show_tab(self, name: str) -> None:
        """Bring a tab to the front by its title; an unknown one is ignored."""
        self.tabs.show_tab(name)

    def show_field(self, label: str) -> None:
        """Bring the tab of all fields to the front, with the field of this label chosen."""
        self.tabs.show_tab(FieldsPage.title)
        page = self.tabs.page
        if isinstance(page, FieldsPage):
            page.show_field(label)

    def tab_names(self) -> list[str]:
        """The titles of all tabs, in their order."""
        return [self.tabs.tabText(place) for place in range(self.tabs.count())]

    def toggle_raw(self) -> None:
        """The raw tab, and at the next call the tab from before."""
        raw, now = RawPage.title, self.tabs.page.title
        self.show_tab(self._former_tab if now == raw else raw)
        self._former_tab = now

    def copy_imei(self) -> None:
        """The IMEI of the device shown to the clipboard."""
        self.head.copy_imei()

    def start_rename(self) -> None:
        """Edit the name in place."""
        self.head.start_rename()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._missed:
            self._show()

    def _show(self, *, even_hidden: bool = False) -> None:
        device = self._device
        self._missed = not self.isVisible() and not even_hidden
        if device is None or self._missed:
            return
        self.head.show_device(device)
        self.tabs.show_device(device)

    def _rename(self, name: str) -> None:
        device = self._device
        if device is None:
            return
        names = dict(self._settings.values.names)
        for ident in device.names:
            if ident != device.key:
                names.pop(ident, None)
        if name:
            names[device.key] = name
        else:
            names.pop(device.key, None)
        # From there the fleet has it, and this pane.
        self._settings.set("names", names)

    def _lay_out(self) -> None:
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.tabs, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(plain_label(_NO_DEVICE, centred=True))
        self._stack.addWidget(shown)

    @property
    def page(self) -> DetailPage:
        """The tab on top."""
        return self.tabs.page
