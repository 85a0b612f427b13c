"""What can be done with the selected alarms: buttons, a menu with the rest, and their states."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.ui.alarms.all_button import AllButton
from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.theme.theme import THEME
from tftmonitor.ui.widgets.alarm_text import what_text
from tftmonitor.ui.widgets.tooltip import plain_tip


@dataclass(frozen=True, slots=True)
class AlarmAction:
    """One action; ``allowed`` says whether it makes sense for the selected alarms."""

    key: str
    text: str
    allowed: Callable[[Sequence[Alarm]], bool]


def _one_device(alarms: Sequence[Alarm]) -> bool:
    return len({alarm.device for alarm in alarms}) == 1 and alarms[0].device is not None


ACTIONS = (
    AlarmAction("acknowledge", "Acknowledge", lambda a: any(x.needs_ack for x in a)),
    AlarmAction("shelve", "Shelve…", lambda a: any(not x.suppressed and not x.drill for x in a)),
    AlarmAction("unshelve", "Unshelve", lambda a: any(x.shelved_until_ms is not None for x in a)),
    AlarmAction("note", "Note…", bool),
    AlarmAction("copy", "Copy", bool),
    AlarmAction(
        "close",
        "Close: condition has ended",
        lambda a: any(x.acknowledged_ms is not None for x in a),
    ),
    AlarmAction("show_device", "Show device", _one_device),
    AlarmAction("show_in_plots", "Show in the plots", _one_device),
    AlarmAction("show_on_map", "Show on the map", _one_device),
    AlarmAction("show_day", "Day sheet", _one_device),
    AlarmAction("evidence", "Save evidence…", lambda a: len(a) == 1 and _one_device(a)),
    AlarmAction("out_of_service", "Take device out of service…", _one_device),
    AlarmAction(
        "in_service",
        "Put device back into service",
        lambda a: _one_device(a) and any(x.out_of_service_until_ms is not None for x in a),
    ),
)
_ACKNOWLEDGE = "Acknowledge F8"
# Of what is chosen, on the button: in a pane of this width, and in a narrower one, where more
# would push the tabs away.
_ROOMY, _WIDEST_NAME, _NARROW_NAME = 1_080, 190, 80
_KEYS = {"acknowledge": "F8", "copy": "Ctrl+C", "shelve": "Ctrl+F9", "show_device": "Enter"}


class AlarmActionBar(QWidget):
    """Buttons for the usual actions, the menu for all of them; also the table's own menu."""

    def __init__(
        self, handlers: Mapping[str, Callable[[], None]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._menu = QMenu(self)
        self.actions_by_key: dict[str, QAction] = {}
        self._heading = self._menu.addAction("")
        self._heading.setEnabled(False)
        self._widest_name = _WIDEST_NAME
        self._alarms: Sequence[Alarm] = ()
        self._menu.addSeparator()
        for spec in ACTIONS:
            # The keys themselves belong to the window; here they are only shown.
            key = _KEYS.get(spec.key, "")
            action = self._menu.addAction(f"{spec.text}\t{key}" if key else spec.text)
            action.triggered.connect(_calling(handlers[spec.key]))
            self.actions_by_key[spec.key] = action
            if spec.key in {"unshelve", "close"}:
                self._menu.addSeparator()
        self.acknowledge = self._button(_ACKNOWLEDGE, handlers["acknowledge"])
        self.all = AllButton()
        self.shelve = self._button("Shelve…", handlers["shelve"])
        self.shelve.setAccessibleName("Shelve the selected alarms (Ctrl+F9)")
        self.unshelve = self._button("Unshelve", handlers["unshelve"])
        self.more = self._button("More", self._pop_up)
        self.more.setAccessibleName("More actions for the selected alarms")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addStretch()
        for button in (self.all, self.acknowledge, self.shelve, self.unshelve, self.more):
            row.addWidget(button)
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()
        self.allow([], shelf=False)

    def allow(self, alarms: Sequence[Alarm], *, shelf: bool) -> None:
        """Enable what makes sense for these alarms; ``shelf``: the shelved ones are shown."""
        for spec in ACTIONS:
            self.actions_by_key[spec.key].setEnabled(bool(alarms) and spec.allowed(alarms))
        for key, button in (
            ("acknowledge", self.acknowledge),
            ("shelve", self.shelve),
            ("unshelve", self.unshelve),
        ):
            button.setEnabled(self.actions_by_key[key].isEnabled())
        self.more.setEnabled(bool(alarms))
        self._name(alarms)
        self.acknowledge.setVisible(not shelf)
        self.all.setVisible(not shelf and self.all.count > 1)
        self.shelve.setVisible(not shelf)
        self.unshelve.setVisible(shelf)

    def fit_into(self, width: int) -> None:
        """The pane has this width, in pixels."""
        widest = _WIDEST_NAME if width >= _ROOMY else _NARROW_NAME
        if widest != self._widest_name:
            self._widest_name = widest
            self._name(self._alarms)

    def _name(self, alarms: Sequence[Alarm]) -> None:
        """Say on the button and above the menu what they will act on."""
        self._alarms = alarms
        what = what_text(alarms)
        waiting = what_text([alarm for alarm in alarms if alarm.needs_ack])
        self._heading.setText(what.replace("&", "&&"))
        self._heading.setVisible(bool(what))
        metrics = self.acknowledge.fontMetrics()
        short = metrics.elidedText(waiting, Qt.TextElideMode.ElideMiddle, self._widest_name)
        text = f"Acknowledge {short}  F8" if waiting else _ACKNOWLEDGE
        self.acknowledge.setText(text.replace("&", "&&"))
        self.acknowledge.setAccessibleName(f"Acknowledge {waiting} (F8)" if waiting else "")
        self.acknowledge.setToolTip(plain_tip(f"Acknowledge {waiting}") if waiting else "")

    def pop_up(self, where: QPoint) -> None:
        """Open the menu at a place of the screen; returns at once."""
        self._menu.popup(where)

    def _pop_up(self) -> None:
        self.pop_up(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _button(self, text: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(_calling(action))
        return button

    def _apply_theme(self) -> None:
        self.acknowledge.setIcon(action_icon("check"))
        self.shelve.setIcon(action_icon("pause"))
        self.more.setIcon(action_icon("chevron-down"))


def _calling(action: Callable[[], None]) -> Callable[[bool], None]:
    def call(_checked: bool = False) -> None:
        action()

    return call
