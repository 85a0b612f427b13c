"""The button that acknowledges all that is listed: it asks once more, in its own place."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.widgets.single_shot import single_shot

# Long enough to read the question, too short to be hit by a click of later.
ASKS_FOR_MS = 5_000


class AllButton(QPushButton):
    """``confirmed`` carries the numbers of the alarms that were listed at the first click.

    What comes between the two clicks is not among them.
    """

    confirmed = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoDefault(False)
        self._count = 0
        self._listed: Callable[[], Sequence[Alarm]] = tuple
        self._asked: tuple[Alarm, ...] = ()
        self._timer = single_shot(self, self._stop_asking, ASKS_FOR_MS)
        self.clicked.connect(self._click)
        self._show()

    @property
    def count(self) -> int:
        """How many alarms it would acknowledge now."""
        return len(self._asked) or self._count

    def offer(self, count: int, listed: Callable[[], Sequence[Alarm]]) -> None:
        """So many are listed and wait, and ``listed`` gives them; of use for two and more."""
        if count != self._count:
            self._count = count
            self._show()
        self._listed = listed

    def _click(self) -> None:
        if self._asked:
            numbers = [alarm.id for alarm in self._asked]
            self._stop_asking()
            self.confirmed.emit(numbers)
            return
        self._asked = tuple(alarm for alarm in self._listed() if alarm.needs_ack)
        self._timer.start()
        self._show()

    def _stop_asking(self) -> None:
        self._timer.stop()
        self._asked = ()
        self._show()

    def _show(self) -> None:
        if not self._asked:
            self.setText(f"Acknowledge all {self._count:,}")
            self.setToolTip("Acknowledges every alarm that is listed here; asks once more")
            return
        count = len(self._asked)
        critical = sum(alarm.severity is Severity.CRITICAL for alarm in self._asked)
        grave = f", {critical:,} critical" if critical else ""
        self.setText(f"Really all {count:,}{grave}? Click again")
