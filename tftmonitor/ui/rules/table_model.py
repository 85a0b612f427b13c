"""The user's rules as a table: on or off, severity, sentence, for whom, how often it fired."""

from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.fields.formatting import clip, format_age
from tftmonitor.model.rules.rule import Rule
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.ui.theme.icons import severity_icon
from tftmonitor.ui.theme.theme import current_theme

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

ON, SEVERITY, RULE, SCOPE, FIRED = range(5)
_HEADERS: Final = ("On", "Severity", "Rule", "Scope", "Fired")
_HEADER_TIPS: Final = ("", "", "", "", "since the program was started")
_CHECKED = Qt.CheckState.Checked
_ROLE = Qt.ItemDataRole


class RuleTableModel(QAbstractTableModel):
    """Shows rules; ``toggled`` asks to switch one on or off, by its row."""

    toggled = Signal(int, bool)

    def __init__(self, engine: RuleEngine, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._clock = clock
        self._rules: list[Rule] = []
        self._fired: list[str] = []

    @property
    def rules(self) -> list[Rule]:
        """What is shown, in order; do not change it."""
        return self._rules

    def set_rules(self, rules: list[Rule]) -> None:
        """Show these; only a changed number or order of rules is a reset."""
        if [rule.id for rule in rules] != [rule.id for rule in self._rules]:
            self.beginResetModel()
            self._rules = list(rules)
            self._fired = [self._fired_text(rule) for rule in rules]
            self.endResetModel()
            return
        self._rules = list(rules)
        self.refresh()

    def tick(self) -> None:
        """Time went on: the age of a rule's last firing may read otherwise now."""
        before, self._fired = self._fired, [self._fired_text(rule) for rule in self._rules]
        changed = [n for n, text in enumerate(self._fired) if text != before[n]]
        if changed:
            # One signal for all: each costs the view more than a row does.
            first, last = self.index(changed[0], FIRED), self.index(changed[-1], FIRED)
            self.dataChanged.emit(first, last, [_ROLE.DisplayRole])

    def refresh(self) -> None:
        """Colours and signs are others now."""
        if self._rules:
            self.dataChanged.emit(self.index(0, ON), self.index(len(self._rules) - 1, FIRED))

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rules)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_HEADERS)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(_HEADERS):
            return None
        if role == _ROLE.DisplayRole:
            return _HEADERS[section]
        if role == _ROLE.ToolTipRole:
            return _HEADER_TIPS[section] or None
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and index.column() == ON and not self._rules[index.row()].problem:
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
        rule, column = self._rules[index.row()], index.column()
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
        rule = self._rules[row]
        if column == SEVERITY:
            return rule.severity.word
        if column == RULE:
            return rule_text(rule)
        if column == SCOPE:
            return clip(rule.scope_text)
        return self._fired[row] if column == FIRED else None

    def _fired_text(self, rule: Rule) -> str:
        fired = self._engine.fired.get(rule.id)
        if fired is None:
            return ""
        return f"{fired.count}×, {format_age(self._clock.now_ms() - fired.last_ms)} ago"


def rule_text(rule: Rule) -> str:
    """Name and sentence, and why it does not work if it does not."""
    text = (
        f"{rule.name}: {rule.sentence}" if rule.name not in {"", rule.sentence} else rule.sentence
    )
    return clip(f"{text}. Does not work: {rule.problem}" if rule.problem else text)
