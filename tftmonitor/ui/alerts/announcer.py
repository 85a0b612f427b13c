"""Says new alarms to a screen reader, where one listens."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.ui.widgets.alarm_text import device_text, name_text, place_text

# A screen reader that is given a hundred sentences says them for ten minutes.
_MOST: Final = 3


class Announcer:
    """The gravest of what rings, at once and before what is being said."""

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def apply_changes(self, changes: Sequence[AlarmChange]) -> None:
        """Alarms changed; nothing is done while no screen reader listens."""
        if not QAccessible.isActive():
            return
        ringing = [change.alarm for change in changes if change.rings]
        ringing.sort(key=lambda alarm: -alarm.severity)
        for alarm in ringing[:_MOST]:
            said = (device_text(alarm), name_text(alarm), place_text(alarm))
            self._say(f"{alarm.severity.word} alarm: {', '.join(filter(None, said))}")
        more = len(ringing) - _MOST
        if more > 0:
            self._say(f"and {more} more alarms")

    def _say(self, text: str) -> None:
        event = QAccessibleAnnouncementEvent(self._window, text)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)
