"""What the tabs of the detail pane have in common."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
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
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.detail.frame_history import CodeLog, FrameHistory
from tftmonitor.ui.widgets.labels import plain_label

# Between the rows of a tree, in pixels.
_AIR = 5

BindWheel = Callable[[str, str, str], None]


@dataclass(slots=True)
class DetailContext:
    """What every tab works with. ``wheels`` is device key -> sensor -> wheel."""

    fleet: Fleet
    clock: Clock
    settings: SettingsStore
    bind_wheel: BindWheel
    table: FieldTable = STATUS_FIELDS
    watch: FrameHistory = field(default_factory=FrameHistory)
    codes: CodeLog = field(default_factory=CodeLog)
    wheels: dict[str, dict[str, str]] = field(default_factory=dict)
    # While our own link is down nothing shown is live.
    link_down: bool = False

    @property
    def now_ms(self) -> int:
        """Wall time."""
        return self.clock.now_ms()

    @property
    def zone(self) -> tzinfo:
        """The zone in which times are shown."""
        return zone_of(self.settings.values)

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

    A subclass builds its ``body`` and fills it in ``_fill``; ``why_empty`` says in words that
    there is nothing to show, and then stands in place of the body. It is asked before there is a
    page, which is built when its tab first comes to the front.
    """

    title = ""

    def __init__(self, context: DetailContext) -> None:
        super().__init__()
        self.context = context
        self.device: Device | None = None
        self.setAccessibleName(self.title)
        self._sentence = plain_label(centred=True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._sentence)

    def set_body(self, body: QWidget) -> None:
        """The widget that is shown when there is something to show."""
        self._stack.addWidget(body)

    @classmethod
    def why_empty(cls, context: DetailContext, device: Device) -> str:
        """A sentence when this tab has nothing to show of the device, else nothing."""
        raise NotImplementedError

    def show_device(self, device: Device) -> None:
        """Show a device from the start."""
        fresh, self.device = device is not self.device, device
        sentence = self.why_empty(self.context, device)
        self._sentence.setText(sentence)
        self._stack.setCurrentIndex(0 if sentence else 1)
        if not sentence:
            self._fill(device, fresh)

    def tick(self) -> None:
        """A second has gone by: ages run on."""

    def apply_theme(self) -> None:
        """Another theme is on."""
        self.update()

    def _fill(self, device: Device, fresh: bool) -> None:
        raise NotImplementedError


class AiryDelegate(QStyledItemDelegate):
    """Gives the rows of a tree some air; one column of it is enough."""

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), size.height() + _AIR)
