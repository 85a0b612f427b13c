"""What the tabs of the detail pane have in common."""

from dataclasses import dataclass, field
from datetime import tzinfo

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Signal
from PySide6.QtWidgets import (
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.fields.field import FieldTable
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.activity import Staleness, staleness_of
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.where.zones import zone_note, zone_of_device, zones_differ
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.detail.code_history import CodeHistory
from tftmonitor.ui.detail.confirmed_meanings import ConfirmedMeanings
from tftmonitor.ui.detail.frame_history import FrameHistory
from tftmonitor.ui.detail.tyres.wheel_positions import WheelPositions
from tftmonitor.ui.widgets.labels import plain_label

# Between the rows of a tree, in pixels.
_ROW_PADDING = 5


@dataclass(slots=True)
class DetailContext:
    """What every tab works with."""

    fleet: Fleet
    clock: Clock
    settings: SettingsStore
    table: FieldTable = STATUS_FIELDS
    frame_history: FrameHistory = field(default_factory=FrameHistory)
    code_history: CodeHistory = field(default_factory=CodeHistory)
    # While our own link is down nothing shown is live.
    link_down: bool = False
    # The one that is shown, by whose place its times may be.
    device: Device | None = None

    @property
    def wheels(self) -> WheelPositions:
        """The wheels that tyre sensors sit on."""
        return WheelPositions(self.settings)

    @property
    def meanings(self) -> ConfirmedMeanings:
        """The guessed meanings of fields that somebody has checked."""
        return ConfirmedMeanings(self.settings)

    @property
    def now_ms(self) -> int:
        """Wall time."""
        return self.clock.now_ms()

    @property
    def zone(self) -> tzinfo:
        """The zone in which times of the device are shown."""
        values = self.settings.values
        return zone_of_device(values, self.device) or zone_of(values)

    @property
    def zone_note(self) -> str:
        """Which zone that is, where it is not the same for all."""
        values = self.settings.values
        return zone_note(zone_of_device(values, self.device)) if zones_differ(values) else ""

    def interval_ms(self, device: Device) -> int:
        """The usual reporting interval of a device."""
        return int(self.fleet.intervals_ms[device.row])

    def staleness(self, device: Device) -> Staleness:
        """How old the live values of a device are; FRESH before there are any."""
        if device.data_ms is None:
            return Staleness.FRESH
        rows = slice(device.row, device.row + 1)
        ages_ms = self.now_ms - self.fleet.data_ms[rows]
        return Staleness(int(staleness_of(ages_ms, self.fleet.intervals_ms[rows])[0]))


class DetailPage(QWidget):
    """One tab. The pane calls it only while it is on top, and once when it comes there.

    A subclass builds its body and fills it in ``_fill``; the text of ``why_empty`` stands in
    place of the body while there is nothing to show. It is asked before there is a page, which
    is built when its tab first comes to the front. ``tab_requested`` carries the title of another
    tab that is to come there.
    """

    tab_requested = Signal(str)
    title = ""

    def __init__(self, context: DetailContext) -> None:
        super().__init__()
        self.context = context
        self.device: Device | None = None
        self.setAccessibleName(self.title)
        self._empty_text = plain_label(centred=True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty_text)

    def set_body(self, body: QWidget) -> None:
        """The widget that is shown when there is something to show."""
        self._stack.addWidget(body)

    @classmethod
    def why_empty(cls, context: DetailContext, device: Device) -> str:
        """A sentence when this tab has nothing to show of the device, else nothing."""
        raise NotImplementedError

    def show_device(self, device: Device) -> None:
        """Show a device from the start."""
        is_new, self.device = device is not self.device, device
        reason = self.why_empty(self.context, device)
        self._empty_text.setText(reason)
        self._stack.setCurrentIndex(0 if reason else 1)
        if not reason:
            self._fill(device, is_new=is_new)

    def tick(self) -> None:
        """A second has gone by: ages run on."""

    def apply_theme(self) -> None:
        """Another theme is on."""
        self.update()

    def _fill(self, device: Device, *, is_new: bool) -> None:
        """Show the values of now; ``is_new`` when another device was shown before."""
        raise NotImplementedError


class AgingPage(DetailPage):
    """One that is filled again with each second, because how old its values are is in it."""

    @override
    def tick(self) -> None:
        if self.device is not None and not self.why_empty(self.context, self.device):
            self._fill(self.device, is_new=False)


class PaddedRowDelegate(QStyledItemDelegate):
    """Sets the rows of a tree apart; one column of it is enough."""

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), size.height() + _ROW_PADDING)
