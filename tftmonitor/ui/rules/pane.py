"""The user's alarm rules: a table and, in the same pane, the editor of one rule."""

import secrets
from typing import Final

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.kinds import CONDITIONS, kind_of
from tftmonitor.model.rules.rule import Rule, from_disk, to_disk
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.settings.rules_file import RulesFile
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.rules.editor import RuleEditor
from tftmonitor.ui.rules.inputs import ConditionInputs
from tftmonitor.ui.rules.table_model import RuleTableModel, rule_text
from tftmonitor.ui.rules.view import RuleView
from tftmonitor.ui.theme.theme import THEME, current_theme
from tftmonitor.ui.widgets.draft import Draft
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.widgets.undo_line import UndoLine

_EMPTY: Final = "No rules. Alarms sent by the devices are shown anyway."
_DRAFT: Final = "rule"
# Where the editor finds room beside the table.
_WIDE: Final = 900


class RulesPane(Pane):
    """Every change is at once in force and on disk. Call ``tick`` once a second.

    ``reported`` carries what went wrong with the file; it also stands in the pane.
    """

    reported = Signal(str)

    def __init__(
        self,
        engine: RuleEngine,
        rules_file: RulesFile,
        fleet: Fleet,
        clock: Clock,
        settings: SettingsStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._draft = Draft(settings, self)
        self._engine = engine
        self._file = rules_file
        self.model = RuleTableModel(engine, clock, self)
        self.editor = RuleEditor(fleet, clock)
        self._make_buttons()
        self._make_lines()
        self._make_table()
        self._make_layout()
        self._connect()
        self._show_rules(rules_file.rules)
        self._show_problem()
        self.editor.hide()
        self._arrange()
        self._restore_draft()

    @override
    def tick(self) -> None:
        """Time went on."""
        if self.isVisible():
            self.model.tick()

    def add(self) -> None:
        """Open the editor with a new rule."""
        self.edit(
            Rule(id=secrets.token_hex(6), condition=ConditionInputs(CONDITIONS[0]).condition())
        )

    def duplicate(self) -> None:
        """Open the editor with a copy of the selected rule; nothing is added before it is saved."""
        rule = self.selected()
        if rule is not None:
            name = f"{rule.name} (copy)" if rule.name else ""
            self.edit(replace(rule, id=secrets.token_hex(6), name=name))

    def delete(self) -> None:
        """Delete the selected rule; a line offers to undo it."""
        rule = self.selected()
        if rule is None:
            return
        before = list(self.model.rules)
        self._apply([other for other in before if other.id != rule.id])
        self.undo_line.offer(f"Deleted: {rule_text(rule)}", lambda: self._apply(before))

    def edit(self, rule: Rule) -> None:
        """Open the editor with this rule."""
        self.undo_line.forget()
        self.editor.show()
        self._arrange()
        self.editor.edit(rule)

    def show_rule(self, number: str) -> None:
        """Select the rule of this id and open the editor with it."""
        for row, rule in enumerate(self.model.rules):
            if rule.id == number:
                self.view.select_row(row)
                self.edit_selected()

    def edit_selected(self) -> None:
        """Open the editor with the selected rule."""
        rule = self.selected()
        if rule is not None and kind_of(rule.condition) is not None:
            self.edit(rule)

    def selected(self) -> Rule | None:
        """The rule of the current row."""
        index = self.view.currentIndex()
        return self.model.rules[index.row()] if index.isValid() else None

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.tick()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _make_buttons(self) -> None:
        self.add_button = QPushButton("Add rule")
        self.edit_button = QPushButton("Edit")
        self.duplicate_button = QPushButton("Duplicate")
        self.delete_button = QPushButton("Delete")
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(0, 0, 0, 0)
        for button, command in (
            (self.add_button, self.add),
            (self.edit_button, self.edit_selected),
            (self.duplicate_button, self.duplicate),
            (self.delete_button, self.delete),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(command)
            row.addWidget(button)
        row.addStretch()

    def _make_lines(self) -> None:
        self.problem = QLabel()
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.undo_line = UndoLine()

    def _make_table(self) -> None:
        self.view = RuleView(self.model)
        self._nothing = QLabel(_EMPTY)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._nothing)

    def _make_layout(self) -> None:
        self._left = QWidget()
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        for widget in (self._bar, self.undo_line):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)
        both = QHBoxLayout()
        both.setSpacing(10)
        both.addWidget(self._left, 1)
        both.addWidget(self.editor, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(5)
        layout.addWidget(self.problem)
        layout.addLayout(both, 1)

    def _connect(self) -> None:
        self.model.toggled.connect(self._toggle)
        self.view.selectionModel().currentChanged.connect(self._show_state)
        self.view.edit_requested.connect(self.edit_selected)
        self.view.delete_requested.connect(self.delete)
        self.editor.saved.connect(self._save)
        self.editor.changed.connect(self._keep_draft)
        self.editor.cancelled.connect(self._leave_editor)
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()

    def _arrange(self) -> None:
        """The editor stands beside the table where there is room, else in its place."""
        editing = not self.editor.isHidden()
        self._left.setVisible(not editing or self.width() >= _WIDE)

    def _toggle(self, row: int, on: bool) -> None:
        rules = list(self.model.rules)
        rules[row] = replace(rules[row], enabled=on)
        self._apply(rules)

    def _save(self, rule: Rule) -> None:
        rules = list(self.model.rules)
        places = [place for place, other in enumerate(rules) if other.id == rule.id]
        if places:
            # Whether it is on may have been changed beside the editor.
            rules[places[0]] = replace(rule, enabled=rules[places[0]].enabled)
        else:
            rules.append(rule)
        self._leave_editor()
        self._apply(rules)
        row = places[0] if places else len(rules) - 1
        self.view.select_row(row)

    def _keep_draft(self) -> None:
        """The rule as it stands in the editor: no end of the program takes it away."""
        if not self.editor.isHidden():
            raw = msgspec.json.encode(to_disk(self.editor.rule()))
            self._draft.keep(_DRAFT, raw.decode())

    def _restore_draft(self) -> None:
        """Go on where the last run was ended in the middle of a rule."""
        text = self._draft.text(_DRAFT)
        try:
            rule = from_disk(msgspec.json.decode(text)) if text else None
        except msgspec.MsgspecError:
            rule = None
        if rule is not None and kind_of(rule.condition) is not None:
            self.edit(rule)

    def _leave_editor(self) -> None:
        self._draft.forget(_DRAFT)
        self.editor.hide()
        self._arrange()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _apply(self, rules: list[Rule]) -> None:
        """In force first: a full disk must not keep a rule from working."""
        self._engine.set_rules(rules)
        self._file.save(rules)
        self.undo_line.forget()
        self._show_rules(rules)
        self._show_problem()

    def _show_rules(self, rules: list[Rule]) -> None:
        row = self.view.currentIndex().row()
        self.model.set_rules(rules)
        if rules and not self.view.currentIndex().isValid():
            self.view.select_row(min(max(row, 0), len(rules) - 1))
        self._show_state()

    def _show_problem(self) -> None:
        text = self._file.problem
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        if text:
            self.reported.emit(text)

    def _show_state(self) -> None:
        rule = self.selected()
        self._stack.setCurrentIndex(0 if self.model.rules else 1)
        self.edit_button.setEnabled(rule is not None and kind_of(rule.condition) is not None)
        self.duplicate_button.setEnabled(self.edit_button.isEnabled())
        self.delete_button.setEnabled(rule is not None)

    def _apply_theme(self) -> None:
        self.problem.setStyleSheet(f"color: {current_theme().error}")
        self._nothing.setStyleSheet(f"color: {current_theme().muted_text}")
        self.model.refresh()
