"""The user's rules as a table: on or off, severity, sentence, for whom, how often it fired."""

from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QBrush, QColor
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.fields.formatting import clip, format_age
from tftmonitor.model.rules.rule import Rule
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.ui.tables.kept_rows import KeptRows
from tftmonitor.ui.tables.rows_model import Index
from tftmonitor.ui.theme.icons import severity_icon
from tftmonitor.ui.theme.theme import current_theme

ON, SEVERITY, RULE, SCOPE, FIRED = range(5)
_TITLES: Final = ("On", "Severity", "Rule", "Scope", "Fired")
_TIPS: Final = {FIRED: "since the program was started"}
_CHECKED = Qt.CheckState.Checked
_ROLE = Qt.ItemDataRole


class RuleTableModel(KeptRows[Rule]):
    """Shows rules; ``toggled`` asks to switch one on or off, by its row."""

    toggled = Signal(int, bool)

    def __init__(self, engine: RuleEngine, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(_TITLES, lambda rule: rule.id, FIRED, parent, tips=_TIPS)
        self._engine = engine
        self._clock = clock

    @property
    def rules(self) -> list[Rule]:
        """What is shown, in order; do not change it."""
        return self._rows

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and index.column() == ON and not self._rows[index.row()].problem:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    @override
    def setData(self, index: Index, value: Any, role: int = _ROLE.EditRole) -> bool:
        if not index.isValid() or index.column() != ON or role != _ROLE.CheckStateRole:
            return False
        self.toggled.emit(index.row(), Qt.CheckState(value) is _CHECKED)
        return True

    @override
    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        rule, column = self._rows[index.row()], index.column()
        if role == _ROLE.DisplayRole:
            return self._text(index.row(), column)
        if role == _ROLE.CheckStateRole and column == ON:
            return _CHECKED if rule.works else Qt.CheckState.Unchecked
        if role == _ROLE.DecorationRole and column == SEVERITY:
            return severity_icon(rule.severity)
        if role == _ROLE.ToolTipRole:
            return rule.problem or None
        if role == _ROLE.ForegroundRole and not rule.works:
            return QBrush(QColor(current_theme().muted_text))
        if role == _ROLE.AccessibleTextRole and column == ON:
            return f"{'on' if rule.works else 'off'}: {rule_text(rule)}"
        return None

    def _text(self, row: int, column: int) -> str | None:
        rule = self._rows[row]
        if column == SEVERITY:
            return rule.severity.word
        if column == RULE:
            return rule_text(rule)
        if column == SCOPE:
            return clip(rule.scope_text)
        return self._lively_texts[row] if column == FIRED else None

    @override
    def _lively_text(self, row: Rule) -> str:
        fired = self._engine.fired.get(row.id)
        if fired is None:
            return ""
        return f"{fired.count}×, {format_age(self._clock.now_ms() - fired.last_ms)} ago"


def rule_text(rule: Rule) -> str:
    """Name and sentence, and why it does not work if it does not."""
    text = (
        f"{rule.name}: {rule.sentence}" if rule.name not in {"", rule.sentence} else rule.sentence
    )
    return clip(f"{text}. Does not work: {rule.problem}" if rule.problem else text)
