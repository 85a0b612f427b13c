"""The lines above the tabs: whose data it is, the state of the device, and how old that is."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.model.fields.formatting import clip, format_age, one_line
from tftmonitor.model.fleet.activity import Activity, Staleness, due_text, state_text
from tftmonitor.model.fleet.clocks import clock_note
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.times import in_doubt_ms
from tftmonitor.monitor.where.device_place import device_place_text
from tftmonitor.monitor.where.places import COMPUTED
from tftmonitor.ui.detail.page import DetailContext
from tftmonitor.ui.detail.reading import moment_text, sentence
from tftmonitor.ui.theme.icons import action_icon, state_icon
from tftmonitor.ui.widgets.elided_label import ElidedLabel
from tftmonitor.ui.widgets.labels import mute, plain_label
from tftmonitor.ui.widgets.tooltip import plain_tip

_NAME_LIMIT = 80
_IDENT_LIMIT = 24
_SIGN = 18
_NAME_SCALE = 1.35
# In a narrower one the button to rename and the model give way.
_ROOMY = 470


class DetailHead(QWidget):
    """Name with rename, model and IMEI with copy; state, age and when the next report is due."""

    renamed = Signal(str)

    def __init__(self, context: DetailContext) -> None:
        super().__init__()
        self.context = context
        self.device: Device | None = None
        self.name = _NameLabel()
        self.editor = _Editor()
        self.editor.setMaxLength(_NAME_LIMIT)
        self.editor.setAccessibleName("Name of the device")
        self.rename_button = _button("Rename…", "Give this device a name of your own")
        self.copy_button = _button("Copy", "Copy the IMEI (Ctrl+Shift+C)")
        self.model = ElidedLabel("Model", elide=Qt.TextElideMode.ElideMiddle)
        self.model.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        mute(self.model)
        self.imei = plain_label(muted=True)
        self.imei.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.place = ElidedLabel("Place")
        mute(self.place)
        self.sign = QLabel()
        self.state = plain_label()
        self.age = ElidedLabel()
        mute(self.age)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.age.setAlignment(right)
        self._icon_name = ""
        self._lay_out()
        self.rename_button.clicked.connect(self.start_rename)
        self.name.double_clicked.connect(self.start_rename)
        self.copy_button.clicked.connect(self.copy_imei)
        self.editor.returnPressed.connect(self._finish)
        self.editor.cancelled.connect(self._stop)

    def show_device(self, device: Device) -> None:
        """Show a device; a rename of another one is dropped."""
        if device is not self.device:
            self._stop()
        self.device = device
        self.name.setText(one_line(device.label))
        self.model.setText(one_line(device.model or "unknown model"))
        self.imei.setText(f"IMEI {clip(one_line(self._imei()), _IDENT_LIMIT)}")
        self.imei.setAccessibleName(self.imei.text())
        idents = {"Server id": device.id, "Factory IMEI": device.device_key}
        lines = [f"{name}: {one_line(ident)}" for name, ident in idents.items() if ident]
        lines += [one_line(device.trouble)] if device.trouble else []
        self.imei.setToolTip(plain_tip("\n".join(lines)))
        self.tick()

    def tick(self) -> None:
        """State, age and when the next report is due, as of now."""
        device = self.device
        if device is None:
            return
        context = self.context
        self._show_place(device)
        if device.data_ms is None:
            self._show_state(
                "no_data", state_text(Activity.NO_DATA, 0, 0, 0), self._last_event_text(device)
            )
            return
        age_ms = context.now_ms - device.data_ms - in_doubt_ms(device)
        interval_ms = context.interval_ms(device)
        staleness = context.staleness(device)
        activity = Activity(int(context.fleet.activities[device.row]))
        icon = activity.name.lower()
        if staleness >= Staleness.OVERDUE:
            icon = staleness.name.lower()
        state = state_text(activity, staleness, age_ms, interval_ms)
        if staleness >= Staleness.OVERDUE:
            # How long ago stands in the state.
            age = f"as of {moment_text(device.data_ms, context.now_ms, context.zone)}"
        else:
            due = due_text(staleness, age_ms, interval_ms)
            due = "link lost" if context.link_down else due
            heard = "received " if in_doubt_ms(device) else ""
            age = f"{heard}{format_age(age_ms)} ago · {due}"
        for note in (clock_note(device), device.trouble.partition(" (")[0]):
            age = f"{age} · {note}" if note else age
        self._show_state(icon, sentence(state), age)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # A double click on the name renames too; place and age cannot be had otherwise.
        self.rename_button.setVisible(self.width() >= _ROOMY)
        self.model.setVisible(self.width() >= _ROOMY)

    def apply_theme(self) -> None:
        """Draw the signs in the colours of the theme that is on."""
        self.copy_button.setIcon(action_icon("copy"))
        icon, self._icon_name = self._icon_name, ""
        if icon:
            self._show_sign(icon)

    def copy_imei(self) -> None:
        """The IMEI to the clipboard."""
        if self.device is not None:
            QGuiApplication.clipboard().setText(self._imei())

    def start_rename(self) -> None:
        """A line edit in place of the name; Enter keeps, Esc drops."""
        if self.device is None:
            return
        self.editor.setText(self.device.name or "")
        self.editor.setPlaceholderText(one_line(self.device.key))
        self._show_in_place(self.editor)
        self.rename_button.setEnabled(False)
        self.editor.selectAll()
        self.editor.setFocus()

    def _finish(self) -> None:
        text = self.editor.text().strip()
        self._stop()
        self.renamed.emit(text)

    def _stop(self) -> None:
        self._show_in_place(self.name)
        self.rename_button.setEnabled(True)

    def _show_in_place(self, shown: QWidget) -> None:
        """Name and editor share a place; what is not shown asks for no width."""
        for part in (self.name, self.editor):
            policy = part.sizePolicy()
            wanted = QSizePolicy.Policy.Preferred if part is shown else QSizePolicy.Policy.Ignored
            policy.setHorizontalPolicy(wanted)
            part.setSizePolicy(policy)
        self._names.setCurrentWidget(shown)

    def _imei(self) -> str:
        device = self.device
        return (device.imei or device.device_key or device.key) if device else ""

    def _last_event_text(self, device: Device) -> str:
        times = [received_ms for _, received_ms in device.records.values()]
        if not times:
            return ""
        return f"last event {format_age(self.context.now_ms - max(times))} ago"

    def _show_place(self, device: Device) -> None:
        words = device_place_text(device, self.context.now_ms)
        zone = self.context.zone_note
        self.place.setText(" · ".join(part for part in (words, zone) if part))
        lines = [f"{sentence(words)}: {COMPUTED}"] if words else []
        lines += [f"{sentence(zone)}, computed from the place"] if zone else []
        self.place.setToolTip(plain_tip("\n".join(lines)) if lines else "")

    def _show_state(self, icon: str, state: str, age: str) -> None:
        self._show_sign(icon)
        self.state.setText(state)
        self.state.setAccessibleName(f"State: {state}")
        self.age.setText(age)

    def _show_sign(self, icon: str) -> None:
        if icon != self._icon_name:
            self._icon_name = icon
            size, scale = QSize(_SIGN, _SIGN), self.devicePixelRatioF()
            self.sign.setPixmap(state_icon(icon, _SIGN).pixmap(size, scale))

    def _lay_out(self) -> None:
        bold = self.state.font()
        bold.setBold(True)
        self.state.setFont(bold)
        self._names = QStackedWidget()
        self._names.addWidget(self.name)
        self._names.addWidget(self.editor)
        self._names.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.copy_button.setIcon(action_icon("copy"))
        self.copy_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        for label in (self.state, self.imei):
            label.setWordWrap(False)
            # The model gives way; these are short and say what nothing else does.
            label.setMinimumWidth(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 6)
        column.setSpacing(2)
        first = _row(self._names, self.rename_button)
        # In room that nothing else needs: the numbers of the place stand below.
        first.addWidget(self.place, 1)
        first.addLayout(_row(self.sign, self.state))
        second = _row(self.model, self.imei, self.copy_button)
        # It gives way: a head that widened the pane would move the list beside it.
        second.addWidget(self.age, 1)
        column.addLayout(first)
        column.addLayout(second)


class _NameLabel(ElidedLabel):
    """The name of the device, which a double click edits."""

    double_clicked = Signal()

    def __init__(self) -> None:
        super().__init__("Device", elide=Qt.TextElideMode.ElideMiddle)
        font = self.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * _NAME_SCALE)
        self.setFont(font)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()


class _Editor(QLineEdit):
    """The line edit of a rename."""

    cancelled = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return
        super().keyPressEvent(event)


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip.partition(" (")[0])
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    mute(button)
    return button


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    return row
