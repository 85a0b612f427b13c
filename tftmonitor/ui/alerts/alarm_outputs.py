"""The last steps of an alarm: model, banner, sound, tray - and the operator's keys for them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from tftmonitor.base.clock import HOUR_MS, Clock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange, StepFailed
from tftmonitor.model.fields.formatting import format_clock
from tftmonitor.monitor.alarm_service import AlarmService, AlarmStep
from tftmonitor.protocol.link_status import LinkStatus
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.alerts.keep_awake import KeepAwake
from tftmonitor.ui.alerts.notify import DesktopNotifier
from tftmonitor.ui.alerts.sound import AlarmSound
from tftmonitor.ui.alerts.tray import Tray
from tftmonitor.ui.theme.icons import tray_icon
from tftmonitor.ui.window.shell import Shell

if TYPE_CHECKING:
    from tftmonitor.ui.settings.pane import SettingsPane

_HIDDEN = "It is in the tray now. Quit from its menu, or with Ctrl+Q in the window."
# Alarms are numbered from 1 on, so this opens none.
_HINT = -1
_NO_TRAY = "This desktop has no tray: alarms show in the window, and closing it ends the program."


class AlarmOutputs(QObject):
    """Subscribes each step to the desk; the order of the steps is the desk's."""

    def __init__(
        self,
        desk: AlarmService,
        shell: Shell,
        settings: SettingsStore,
        scope: TaskScope,
        clock: Clock,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._shell = shell
        self._settings = settings
        self._clock = clock
        self.title = "tftmonitor"
        self._face: tuple[Severity | None, int] | None = None
        self.tray = Tray(self)
        self.sound = AlarmSound(settings, clock, parent=self)
        self.awake = KeepAwake(scope, parent=self)
        self.notifier = DesktopNotifier(
            scope, clock, self._open_alarm, self._note_notifications, tray=self.tray
        )
        desk.subscribe(AlarmStep.MODEL, self._show_in_model)
        desk.subscribe(AlarmStep.BANNER, self._show_in_banner)
        desk.subscribe(AlarmStep.SOUND, self._sound)
        desk.subscribe(AlarmStep.TRAY, self._show_in_tray)
        desk.path.trouble = self._tell_trouble
        self._connect()

    def handlers(self) -> dict[str, Callable[[], None]]:
        """What the actions of the alarms do."""
        return {
            "acknowledge": self.acknowledge,
            "silence": self.silence,
            "shelve": self._shell.alarms.start_shelving,
            "next_alarm": self._show_next,
            "drill": self._drill,
            "sound": self._toggle_sound,
        }

    def start(self) -> None:
        """Begin, on the running loop."""
        self.tray.start()
        self.notifier.start()
        self._tell_sound(self.sound.state)
        self.tick()
        if not self.tray.available and not self._settings.values.no_tray_hint_shown:
            self._settings.set("no_tray_hint_shown", True)
            self._shell.tell(_NO_TRAY)

    def hide_to_tray(self) -> bool:
        """Hide the window where a tray icon can bring it back; False where none can."""
        values = self._settings.values
        if not self.tray.available or not values.close_to_tray:
            return False
        self._shell.window.hide()
        if not values.tray_hint_shown:
            self._settings.set("tray_hint_shown", True)
            self.notifier.show(_HINT, "tftmonitor goes on watching", _HIDDEN, Severity.NOTICE)
        return True

    async def stop(self) -> None:
        """Take icon, sound and notifications away."""
        self.sound.close()
        self.awake.set(False)
        await self.notifier.close()
        self.tray.stop()

    def acknowledge(self) -> None:
        """F8: what is chosen in the table of alarms, else the one in the banner."""
        chosen = self._shell.alarms.selected_ids()
        top = self._desk.book.unacknowledged()
        ids = [number for number in chosen if self._needs_ack(number)]
        if not ids and top:
            ids = [top[0].id]
        self._acknowledge(ids)

    def silence(self) -> None:
        """F9: quiet at once, even if the disk is slow to take down that it was asked for."""
        self.sound.silence()
        self._desk.silence()

    def tick(self) -> None:
        """Whether the alarm path was proven and works, and what is put aside."""
        failing = ", ".join(step.value for step in self._desk.path.failing)
        why = " ".join(self._desk.path.failing.values())
        self._shell.top_bar.show_trouble(f"NOT WORKING: {failing}" if failing else "", why)
        self._shell.top_bar.show_shelved(len(self._desk.book.shelved()))
        proven_ms = self._desk.proven_ms
        if proven_ms is None:
            self._shell.top_bar.show_drill("Drill due", "The alarm path was never proven here.")
            return
        zone = zone_of(self._settings.values)
        words = f"Proven {format_clock(proven_ms, zone)[:5]}"
        age_ms = self._clock.now_ms() - proven_ms
        if age_ms > self._settings.values.drill_hours * HOUR_MS:
            words = "Drill due"
        self._shell.top_bar.show_drill(
            words, f"Alarm path proven {format_clock(proven_ms, zone)}. Click for a drill."
        )

    def _connect(self) -> None:
        shell, tray = self._shell, self.tray
        tray.show_requested.connect(shell.come_forward)
        tray.acknowledge_requested.connect(self.acknowledge)
        tray.silence_requested.connect(self.silence)
        tray.alarm_opened.connect(self._open_alarm)
        tray.sign_out_requested.connect(shell.sign_out_requested)
        tray.quit_requested.connect(shell.quit_requested)
        shell.banner.acknowledge_requested.connect(self._acknowledge_one)
        shell.banner.silence_requested.connect(self.silence)
        shell.banner.show_requested.connect(self._open_alarm)
        shell.top_bar.sound_toggled.connect(self._toggle_sound)
        shell.top_bar.drill_requested.connect(self._drill)
        self.sound.state_changed.connect(self._tell_sound)
        shell.beaten.connect(self._follow_awake)
        shell.beaten.connect(self.tick)
        shell.settings.when_built(self._connect_settings)
        shell.monitor.link_changed.append(self._note_link)

    def _connect_settings(self, pane: "SettingsPane") -> None:
        pane.sound_test_requested.connect(self.sound.test)
        pane.drill_changed.connect(self.tick)
        pane.zone_changed.connect(self.tick)
        pane.awake_changed.connect(self._follow_awake)
        self.awake.state_changed.connect(pane.show_awake_state)
        pane.show_awake_state(self.awake.state)
        pane.show_sound_state(self.sound.state)

    def _acknowledge_one(self, number: int) -> None:
        self._acknowledge([number])

    def _acknowledge(self, numbers: list[int]) -> None:
        alarms = [alarm for number in numbers if (alarm := self._desk.book.get(number))]
        if any(alarm.drill for alarm in alarms):
            self._desk.confirm_drill()
        seen = [alarm.id for alarm in alarms if not alarm.drill]
        if seen:
            self._desk.acknowledge(seen)

    def _needs_ack(self, number: int) -> bool:
        alarm = self._desk.book.get(number)
        return alarm is not None and alarm.needs_ack

    def _show_in_model(self, changes: list[AlarmChange]) -> None:
        self._shell.alarms.take(changes)
        devices = {change.alarm.device for change in changes if change.alarm.device}
        self._shell.devices.alarms_changed(devices)
        self._shell.plots.show_marks(devices)
        self.tick()

    def _show_in_banner(self, _changes: list[AlarmChange]) -> None:
        self._shell.banner.show_alarms(self._desk.book.unacknowledged())

    def _sound(self, changes: list[AlarmChange]) -> None:
        self.sound.apply_changes(changes, self._desk.book)

    def _show_in_tray(self, changes: list[AlarmChange]) -> None:
        self._paint_tray()
        for change in changes:
            alarm = change.alarm
            if not alarm.needs_ack:
                self.notifier.withdraw(alarm.id)
            elif change.rings and self._settings.values.notifications:
                self.notifier.show(alarm.id, *self._text(alarm), alarm.severity)

    def _text(self, alarm: Alarm) -> tuple[str, str]:
        zone = zone_of(self._settings.values)
        when = format_clock(alarm.event_ms, zone)
        late = " LATE" if alarm.late else ""
        told = alarm.text if alarm.text.casefold() != alarm.name.casefold() else ""
        return (
            f"{alarm.device_name or 'tftmonitor'}: {alarm.name}",
            f"{when}{late}  {told}".rstrip(),
        )

    def _paint_tray(self) -> None:
        total = self._desk.book.total
        self.tray.set_state(
            total.worst,
            total.count,
            link_ok=not self._shell.link_is_down(),
            waiting=total.waiting > 0,
            signed_in=self._shell.monitor.user is not None,
        )
        window = self._shell.window
        face = (total.worst, min(total.count, 10))
        if face != self._face:
            self._face = face
            # All widgets of the window are told.
            window.setWindowIcon(tray_icon(*face, True))
        window.setWindowTitle(f"({total.waiting}) {self.title}" if total.waiting else self.title)

    def _note_link(self, _status: LinkStatus) -> None:
        self._paint_tray()

    def _open_alarm(self, number: int) -> None:
        self._shell.come_forward()
        self._shell.alarms.select_alarm(number)
        alarm = self._desk.book.get(number)
        if alarm is not None and alarm.device:
            self._shell.select(alarm.device)

    def _show_next(self) -> None:
        waiting = self._desk.book.unacknowledged()
        if not waiting:
            return
        chosen = self._shell.alarms.selected_ids()
        numbers = [alarm.id for alarm in waiting]
        place = numbers.index(chosen[0]) + 1 if chosen and chosen[0] in numbers else 0
        self._open_alarm(numbers[place % len(numbers)])

    def _drill(self) -> None:
        self._desk.drill()
        self._shell.tell("Drill sent. Acknowledge it (F8) when you have seen and heard it.")

    def _toggle_sound(self) -> None:
        self._settings.set("sound", not self._settings.values.sound)

    def _follow_awake(self) -> None:
        watching = self._shell.monitor.user is not None
        self.awake.set(watching and self._settings.values.keep_awake)

    def _tell_sound(self, words: str) -> None:
        short, _, why = words.partition(":")
        tip = "Click to turn the alarm sound on or off"
        if pane := self._shell.settings.pane:
            pane.show_sound_state(words)
        self._shell.top_bar.show_sound(short, f"{why.strip()}. {tip}" if why else tip)

    def _note_notifications(self, words: str) -> None:
        if words:
            # What follows in brackets is for the log.
            self._shell.tell(words.partition(" (")[0].capitalize() + ".")

    def _tell_trouble(self, failed: StepFailed) -> None:
        self._shell.tell(f"Alarm step {failed.step} failed: {failed.words}")
