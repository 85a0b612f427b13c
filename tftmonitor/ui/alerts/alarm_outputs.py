"""The outputs of an alarm beyond the window: sound, tray icon, notification, a computer awake."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from tftmonitor.base.clock import Clock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.fields.formatting import format_clock
from tftmonitor.monitor.alarm_service import AlarmStep
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.where.zones import shown_zone_at
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkStatus
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alerts.keep_awake import KeepAwake
from tftmonitor.ui.alerts.notify import DesktopNotifier
from tftmonitor.ui.alerts.sound import AlarmSound
from tftmonitor.ui.alerts.tray import Tray
from tftmonitor.ui.widgets.alarm_text import DOUBTFUL, place_text

_HIDDEN = "It is in the tray now. Quit from its menu, or with Ctrl+Q in the window."
# Alarms are numbered from 1 on, so this opens none.
_HINT = -1
_NO_TRAY = "This desktop has no tray: alarms show in the window, and closing it ends the program."
_TRAY_GONE = (
    "This desktop's tray is gone: alarms show in the window, and closing it ends the program."
)
_TRAY_CAME = "This desktop has a tray now: alarms show there as well."
_TRAY_CAME_TO_CLOSE = "This desktop has a tray now: closing the window goes on watching there."


class AlarmOutputs(QObject):
    """Subscribes the steps SOUND and TRAY; the order of the steps is the pipeline's.

    ``alarm_opened`` carries the number of an alarm that was clicked on the desktop. ``report``
    says something that needs no answer.
    """

    alarm_opened = Signal(object)

    def __init__(
        self,
        monitor: Monitor,
        settings: SettingsStore,
        scope: TaskScope,
        clock: Clock,
        report: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._monitor = monitor
        self._alarms = monitor.alarm_service.alarms
        self._settings = settings
        self._report = report
        self.tray = Tray(self)
        self.sound = AlarmSound(settings, clock, parent=self)
        self.awake = KeepAwake(scope, parent=self)
        self.notifier = DesktopNotifier(
            scope, clock, self.alarm_opened.emit, self._note_notifications, tray=self.tray
        )
        self.tray.alarm_opened.connect(self.alarm_opened)
        monitor.alarm_service.steps[AlarmStep.SOUND].add(self._sound)
        monitor.alarm_service.steps[AlarmStep.TRAY].add(self._show_on_desktop)
        monitor.link_changed.add(self._note_link)
        settings.on_change(self.tick, "keep_awake")

    def start(self) -> None:
        """Begin, on the running loop."""
        self.tray.start()
        self.notifier.start()
        if not self.tray.available and not self._settings.values.no_tray_hint_shown:
            self._settings.set("no_tray_hint_shown", True)
            self._report(_NO_TRAY)
        # From here on it is a change, and what was said is no longer true.
        self.tray.available_changed.connect(self._note_tray)

    async def stop(self) -> None:
        """Take icon, sound and notifications away."""
        self.sound.close()
        self.awake.set(False)
        await self.notifier.close()
        self.tray.stop()

    def tick(self) -> None:
        """Once a second: the computer is kept awake while somebody is signed in and wants it."""
        self.awake.set(self._monitor.user is not None and self._settings.values.keep_awake)

    def hide_to_tray(self, window: QWidget) -> bool:
        """Hide the window where a tray icon can bring it back; False where none can."""
        values = self._settings.values
        if not self.tray.available or not values.close_to_tray:
            return False
        window.hide()
        if not values.tray_hint_shown:
            self._settings.set("tray_hint_shown", True)
            self.notifier.show(_HINT, "tftmonitor goes on watching", _HIDDEN, Severity.NOTICE)
        return True

    def toggle_sound(self) -> None:
        """Turn the alarm sound on or off."""
        self._settings.set("sound", not self._settings.values.sound)

    def _sound(self, changes: list[AlarmChange]) -> None:
        self.sound.apply_changes(changes, self._alarms)

    def _show_on_desktop(self, changes: list[AlarmChange]) -> None:
        self._show_in_tray()
        for change in changes:
            alarm = change.alarm
            if not alarm.needs_ack:
                self.notifier.withdraw(alarm.id)
            elif change.rings and self._settings.values.notifications:
                self.notifier.show(
                    alarm.id, *notification_text(alarm, self._settings.values), alarm.severity
                )

    def _show_in_tray(self) -> None:
        total = self._alarms.total
        self.tray.set_state(
            total.worst,
            total.count,
            link_ok=self._monitor.link_status(Channel.DEVICES).is_up,
            waiting=total.waiting > 0,
            is_over=total.worst_is_over,
            signed_in=self._monitor.user is not None,
        )

    def _note_link(self, _status: LinkStatus) -> None:
        self._show_in_tray()

    def _note_tray(self, available: bool) -> None:
        if not available:
            self._report(_TRAY_GONE)
        else:
            closes = self._settings.values.close_to_tray
            self._report(_TRAY_CAME_TO_CLOSE if closes else _TRAY_CAME)

    def _note_notifications(self, problem: str) -> None:
        if problem:
            # What follows in brackets is for the log.
            self._report(problem.partition(" (")[0].capitalize() + ".")


def notification_text(alarm: Alarm, values: Settings) -> tuple[str, str]:
    """Title and body of a notification: what, then when and where, then the message's own text."""
    shown = shown_zone_at(values, alarm.lat, alarm.lng)
    when = shown.said(format_clock(alarm.event_ms, shown.zone), alarm.event_ms)
    late = " LATE" if alarm.late else f" {DOUBTFUL}" if alarm.doubtful else ""
    own = alarm.text if alarm.text.casefold() != alarm.name.casefold() else ""
    said = [f"{when}{late}", place_text(alarm), own]
    title = f"{alarm.device_name or 'tftmonitor'}: {alarm.name}"
    return title, "  ".join(part for part in said if part)
