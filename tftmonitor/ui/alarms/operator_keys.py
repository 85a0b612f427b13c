"""What the operator's keys do to alarms: F8 acknowledges, F9 silences, F7 shows the next."""

from collections.abc import Callable

from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.ui.alarms.pane import AlarmsPane

_DRILL_SENT = "Drill sent. Acknowledge it (F8) when you have seen and heard it."


class OperatorKeys:
    """Acts on what is seen: the alarm chosen in the table, else the one that the banner names.

    ``named`` is the number of that one, None while there is no banner. ``hush`` stops the sound at
    once, ``show`` brings the window forward with the device of the alarm, ``reveal`` the pane of
    alarms, ``report`` says something that needs no answer.
    """

    def __init__(
        self,
        service: AlarmService,
        pane: AlarmsPane,
        hush: Callable[[], None],
        show: Callable[[str], None],
        reveal: Callable[[], None],
        named: Callable[[], int | None],
        report: Callable[[str], object],
    ) -> None:
        self._service = service
        self._pane = pane
        self._hush = hush
        self._show = show
        self._reveal = reveal
        self._named = named
        self._report = report

    def acknowledge(self) -> None:
        """F8: what is chosen in the table of alarms, else the one in the banner."""
        self.acknowledge_these(self._targets())

    def takes(self, number: int) -> bool:
        """Whether F8 would acknowledge this one."""
        return number in self._targets()

    def _targets(self) -> list[int]:
        chosen = [number for number in self._pane.selected_ids() if self._needs_ack(number)]
        named = self._named()
        # Not the worst of now: one that came a moment ago is named nowhere yet.
        if not chosen and named is not None and self._needs_ack(named):
            chosen = [named]
        return chosen

    def acknowledge_one(self, number: int) -> None:
        """The alarm of this number, wherever it stands."""
        self.acknowledge_these([number])

    def acknowledge_these(self, numbers: list[int]) -> None:
        """A drill among them is confirmed, the others are acknowledged."""
        alarms = [alarm for n in numbers if (alarm := self._service.alarms.get(n)) is not None]
        if any(alarm.drill for alarm in alarms):
            self._service.confirm_drill()
        seen = [alarm.id for alarm in alarms if not alarm.drill]
        if seen:
            self._service.acknowledge(seen)

    def shelve(self) -> None:
        """Ctrl+F9: the sheet for what is chosen in the table, else for the one in the banner."""
        chosen = self._pane.selected_ids()
        named = self._named()
        if not chosen and named is not None:
            chosen = [named]
        self._reveal()
        self._pane.start_shelving(chosen)

    def silence(self) -> None:
        """F9: quiet at once, even if the disk is slow to take down that it was asked for."""
        self._hush()
        self._service.silence()

    def show_next(self) -> None:
        """F7: the next alarm that waits, after the chosen one."""
        numbers = [alarm.id for alarm in self._service.alarms.unacknowledged()]
        if not numbers:
            return
        chosen = self._pane.selected_ids()
        place = numbers.index(chosen[0]) + 1 if chosen and chosen[0] in numbers else 0
        self.show(numbers[place % len(numbers)])

    def show(self, number: int) -> None:
        """Show the alarm in the table, and its device."""
        alarm = self._service.alarms.get(number)
        self._show(alarm.device or "" if alarm is not None else "")
        self._reveal()
        self._pane.select_alarm(number)

    def show_all(self) -> None:
        """All that waits, in the table."""
        self._show("")
        self._reveal()

    def drill(self) -> None:
        """Send a marked test alarm down the whole path."""
        self._service.drill()
        self._report(_DRILL_SENT)

    def _needs_ack(self, number: int) -> bool:
        alarm = self._service.alarms.get(number)
        return alarm is not None and alarm.needs_ack
