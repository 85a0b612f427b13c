"""The icon in the desktop's tray, where there is one; without one everything else works."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.formatting import clip
from tftmonitor.ui.theme.icons import tray_icon

# A panel that is restarted takes its tray along for a moment, and no signal says so.
CHECK_MS = 5_000
_MESSAGE_MS = 30_000

_MESSAGE_ICONS = {
    Severity.CRITICAL: QSystemTrayIcon.MessageIcon.Critical,
    Severity.HIGH: QSystemTrayIcon.MessageIcon.Critical,
    Severity.WARNING: QSystemTrayIcon.MessageIcon.Warning,
    Severity.NOTICE: QSystemTrayIcon.MessageIcon.Information,
}


class Tray(QObject):
    """Icon with the worst severity and the count, a menu, and messages off Linux.

    ``start`` shows it as soon as there is a tray; ``available_changed`` follows trays that come
    and go later. ``alarm_opened`` carries the alarm of the message that was clicked.
    """

    show_requested = Signal()
    acknowledge_requested = Signal()
    silence_requested = Signal()
    sign_out_requested = Signal()
    quit_requested = Signal()
    alarm_opened = Signal(object)
    available_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.available = False
        self._icon: QSystemTrayIcon | None = None
        self._state: tuple[Severity | None, int, bool, bool] = (None, 0, True, False)
        self._tip = "tftmonitor"
        self._message_alarm: int | None = None
        self.menu = QMenu()
        self._summary = self.menu.addAction("No open alarms")
        self._summary.setEnabled(False)
        self.menu.addSeparator()
        self._add("Show window", self.show_requested)
        self._acknowledge = self._add("Acknowledge top alarm", self.acknowledge_requested)
        self._silence = self._add("Silence", self.silence_requested)
        self.menu.addSeparator()
        self._sign_out = self._add("Sign out", self.sign_out_requested)
        self._add("Quit", self.quit_requested)
        self._check_timer = QTimer(self)
        self._check_timer.setInterval(CHECK_MS)
        self._check_timer.timeout.connect(self.check_available)
        self.set_state(None, 0)

    def start(self) -> None:
        """Show the icon where there is a tray, and watch for one from now on."""
        self.check_available()
        self._check_timer.start()

    def stop(self) -> None:
        """Take the icon away; for the end of the program."""
        self._check_timer.stop()
        self._drop()
        self.menu.close()

    def check_available(self) -> None:
        """Show the icon if there is a tray now, drop it if there is none any more."""
        there = QSystemTrayIcon.isSystemTrayAvailable()
        if there and self._icon is None:
            self._dock()
        elif not there:
            self._drop()
        if there != self.available:
            self.available = there
            self.available_changed.emit(there)

    def set_state(
        self,
        worst: Severity | None,
        count: int,
        *,
        link_ok: bool = True,
        waiting: bool = False,
        signed_in: bool = True,
        is_over: bool = False,
    ) -> None:
        """What icon, tooltip and menu show: open alarms, our own link, and what can be done.

        ``waiting`` says that an alarm waits to be acknowledged, ``is_over`` that all of the worst
        severity have ended.
        """
        summary = _alarm_text(worst, count, is_over=is_over)
        self._summary.setText(summary)
        self._acknowledge.setEnabled(waiting)
        self._silence.setEnabled(waiting)
        self._sign_out.setEnabled(signed_in)
        self._tip = "\n".join(["tftmonitor", summary, *_link_text(link_ok, signed_in)])
        # Above 9 the icon shows "9+": no new drawing for each further alarm.
        self._state = (worst, min(count, 10), link_ok, is_over)
        if self._icon is not None:
            self._icon.setToolTip(self._tip)
            self._icon.setIcon(tray_icon(*self._state))

    def show_message(self, title: str, body: str, severity: Severity, alarm: int) -> bool:
        """A balloon of the tray; False when there is no tray to show it.

        Qt does not say which balloon was clicked: the latest one counts.
        """
        # WORKAROUND PySide6 6.11: ``supportsMessages`` is True even without a tray; remove when it
        # is not.
        if self._icon is None or not self.available:
            return False
        self._message_alarm = alarm
        self._icon.showMessage(_plain(title), _plain(body), _MESSAGE_ICONS[severity], _MESSAGE_MS)
        return True

    def _add(self, text: str, signal: object) -> QAction:
        action = self.menu.addAction(text)
        action.triggered.connect(lambda _checked=False: signal.emit())  # type: ignore[attr-defined]
        return action

    def _dock(self) -> None:
        self._icon = QSystemTrayIcon(tray_icon(*self._state), self)
        self._icon.setToolTip(self._tip)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self._open_message)
        self._icon.show()

    def _drop(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.show_requested.emit()

    def _open_message(self) -> None:
        if self._message_alarm is not None:
            self.alarm_opened.emit(self._message_alarm)


def _alarm_text(worst: Severity | None, count: int, *, is_over: bool) -> str:
    if worst is None or count == 0:
        return "No open alarms"
    noun = "alarm" if count == 1 else "alarms"
    ended = ", ended and not acknowledged" if is_over else ""
    return f"{count} open {noun}, worst {worst.word}{ended}"


def _link_text(link_ok: bool, signed_in: bool) -> list[str]:
    if not signed_in:
        return ["Not signed in"]
    return [] if link_ok else ["No connection: device data is old"]


def _plain(text: str) -> str:
    """Text that no desktop takes for markup; trays differ in whether they would."""
    return clip(text).replace("<", "‹").replace(">", "›")
