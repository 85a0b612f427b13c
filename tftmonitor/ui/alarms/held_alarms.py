"""The rows of alarms while somebody is in the table: where they stand, and what waits."""

from PySide6.QtGui import QIcon

from tftmonitor.base.clock import Clock
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.ui.alarms.rows import AlarmRow, RowKey, left_behind
from tftmonitor.ui.alarms.table_model import AlarmTableModel
from tftmonitor.ui.tables.held_button import HeldButton
from tftmonitor.ui.tables.held_rows import hold_rows
from tftmonitor.ui.theme.icons import severity_icon


class HeldAlarms:
    """Puts rows into the model; the button says what waits, with the sign of the gravest."""

    def __init__(
        self, model: AlarmTableModel, button: HeldButton, alarms: OpenAlarms, clock: Clock
    ) -> None:
        self._model = model
        self._button = button
        self._alarms = alarms
        self._clock = clock

    def show(self, rows: list[AlarmRow], *, hold: bool) -> int:
        """Show these, and while they are held none that is new; how many alarms wait for that."""
        if not hold:
            self._model.set_rows(rows)
            self._button.show_held(False)
            return 0
        held = hold_rows(self._model.rows, rows, _key_of, self._left_behind)
        self._model.set_rows(held.rows)
        worst = max(held.waiting, key=lambda row: row.severity, default=None)
        icon = QIcon() if worst is None else severity_icon(worst.severity)
        self._button.show_held(held.is_other, len(held.waiting), icon)
        return sum(len(row.alarms) for row in held.waiting)

    def _left_behind(self, row: AlarmRow) -> AlarmRow:
        return left_behind(row, self._alarms, self._clock.now_ms())


def _key_of(row: AlarmRow) -> RowKey:
    return row.key
