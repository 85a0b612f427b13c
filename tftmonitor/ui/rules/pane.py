"""The user's alarm rules: a table and, in the same pane, the editor of one rule."""

import secrets
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.fields.units import CHOICES
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.kinds import CONDITIONS, kind_of
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.surroundings import NOWHERE, Surroundings
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.settings.rules_file import RulesFile
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.rules.buttons import RuleButtons
from tftmonitor.ui.rules.draft import RuleDraft
from tftmonitor.ui.rules.editor import RuleEditor
from tftmonitor.ui.rules.inputs import ConditionInputs
from tftmonitor.ui.rules.table_model import RuleTableModel, rule_text
from tftmonitor.ui.rules.unsaved_question import UnsavedQuestion
from tftmonitor.ui.rules.view import RuleView
from tftmonitor.ui.tables.editor_beside import EditorBeside
from tftmonitor.ui.tables.row_menu import RowMenu
from tftmonitor.ui.tables.rows_or_word import RowsOrWord
from tftmonitor.ui.theme.theme import THEME
from tftmonitor.ui.widgets.draft import Draft
from tftmonitor.ui.widgets.labels import plain_label
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.widgets.undo_line import UndoLine

_EMPTY: Final = "No rules. Alarms sent by the devices are shown anyway."


class RulesPane(Pane):
    """Every change is at once in force and on disk. Call ``tick`` once a second.

    ``reported`` says what was saved, or what went wrong with the file, as the pane does too.
    """

    reported = Signal(str)

    def __init__(
        self,
        engine: RuleEngine,
        rules_file: RulesFile,
        fleet: Fleet,
        clock: Clock,
        settings: SettingsStore,
        surroundings: Surroundings = NOWHERE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._draft = RuleDraft(Draft(settings, self))
        # What the editor holds, and whether it says something else by now.
        self._edited: Rule | None = None
        self._is_changed = False
        self._engine = engine
        self._file = rules_file
        self.model = RuleTableModel(engine, clock, self)
        self.editor = RuleEditor(fleet, clock, surroundings)
        self.buttons = RuleButtons()
        self.problem = plain_label()
        self.problem.setObjectName("error")
        self.undo_line = UndoLine()
        self.question = UnsavedQuestion()
        self.view = RuleView(self.model)
        self._list = RowsOrWord(self.view, _EMPTY)
        self.menu = RowMenu(self.view, lambda _index: self.buttons.commands())
        self._make_layout()
        self._connect()
        self._show_rules(rules_file.rules)
        self._show_problem()
        self.editor.hide()
        self._beside.arrange()
        self._restore_draft()
        for follow in (self.model.refresh, self.editor.refresh_units):
            settings.on_change(follow, *CHOICES)
        surroundings.places.on_change.add(self.editor.refresh_places)
        rules_file.on_change.add(lambda: self._show_rules(rules_file.rules))

    @override
    def tick(self) -> None:
        """Time went on."""
        if self.isVisible():
            self.model.tick()

    def add(self) -> None:
        """Open the editor with a new rule."""
        condition = ConditionInputs(CONDITIONS[0]).condition()
        self.edit(Rule(id=secrets.token_hex(6), condition=condition))

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

    def edit(self, rule: Rule, *, take_keyboard: bool = True) -> None:
        """Open the editor with this rule."""
        self.undo_line.forget()
        self.question.hide()
        self.editor.show()
        self._beside.arrange()
        is_new = self.model.row_of(rule.id) < 0
        self.editor.edit(rule, take_keyboard=take_keyboard, is_new=is_new)
        self._is_changed, self._edited = False, rule

    def show_rule(self, number: str) -> None:
        """Select the rule of this id and open the editor with it."""
        row = self.model.row_of(number)
        if row >= 0:
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
        self._follow()
        self._beside.arrange()

    def _make_layout(self) -> None:
        column = (self.buttons, self.undo_line, self.question, self._list)
        self._beside = EditorBeside(self, column, self.editor, (1, 1))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self.problem)
        layout.addLayout(self._beside, 1)

    def _connect(self) -> None:
        self.model.toggled.connect(self._toggle)
        self.buttons.add.clicked.connect(self.add)
        self.buttons.edit.clicked.connect(self.edit_selected)
        self.buttons.duplicate.clicked.connect(self.duplicate)
        self.buttons.delete.clicked.connect(self.delete)
        for follow in (self._show_state, self._follow):
            self.view.selectionModel().currentChanged.connect(follow)
        self.question.save_chosen.connect(lambda: self._save(self.editor.rule(), and_leave=True))
        self.question.discard_chosen.connect(self._discard)
        self.question.stay_chosen.connect(self._stay)
        self.view.edit_requested.connect(self.edit_selected)
        self.view.delete_requested.connect(self.delete)
        self.editor.saved.connect(self._save)
        self.editor.changed.connect(self._keep_draft)
        self.editor.cancelled.connect(self._leave_editor)
        THEME.changed.connect(self.model.refresh)

    def _follow(self) -> None:
        """Beside the table the form shows the chosen rule; a changed one is asked about first."""
        if not self._beside.is_wide:
            return
        rule = self.selected()
        if self._edited is not None and rule is not None and rule.id == self._edited.id:
            self.question.hide()
        elif self._is_changed:
            self.question.ask(self.editor.rule())
        elif rule is not None and kind_of(rule.condition) is not None:
            self.edit(rule, take_keyboard=False)
        else:
            self._edited = None
            self.editor.hide()

    def _discard(self) -> None:
        self._forget_edited()
        self._follow()

    def _stay(self) -> None:
        self.question.hide()
        row = -1 if self._edited is None else self.model.row_of(self._edited.id)
        if row >= 0:
            self.view.select_row(row)
        self.editor.kind.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget_edited(self) -> None:
        self._draft.forget()
        self._is_changed, self._edited = False, None
        self.question.hide()

    def _toggle(self, row: int, on: bool) -> None:
        rules = list(self.model.rules)
        rules[row] = replace(rules[row], enabled=on)
        self._apply(rules)

    def _save(self, rule: Rule, *, and_leave: bool = False) -> None:
        chosen = self.selected()
        rules = list(self.model.rules)
        row = self.model.row_of(rule.id)
        if row >= 0:
            # Whether it is on may have been changed beside the editor.
            rules[row] = replace(rule, enabled=rules[row].enabled)
        else:
            rules.append(rule)
        self._leave_editor()
        self._apply(rules, f"Rule saved: {rule_text(rule)}")
        shown = chosen.id if and_leave and chosen is not None else rule.id
        self.view.select_row(self.model.row_of(shown))
        self._follow()

    def _keep_draft(self) -> None:
        """The rule as it stands in the editor: no end of the program takes it away."""
        self._is_changed = True
        if not self.editor.isHidden():
            self._draft.keep(self.editor.rule())

    def _restore_draft(self) -> None:
        """Go on where the last run was ended in the middle of a rule."""
        if (rule := self._draft.restored()) is not None:
            self.edit(rule)
            self._is_changed = True

    def _leave_editor(self) -> None:
        self._forget_edited()
        self.editor.hide()
        self._follow()
        self._beside.arrange()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _apply(self, rules: list[Rule], done: str = "") -> None:
        """In force first: a full disk must not keep a rule from working."""
        self._engine.set_rules(rules)
        self._file.save(rules)
        self.undo_line.forget()
        self._show_problem(done)

    def _show_rules(self, rules: list[Rule]) -> None:
        with self.view.place_kept():
            self.model.set_rows(rules)
        self._show_state()

    def _show_problem(self, done: str = "") -> None:
        text = self._file.problem
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        if text or done:
            self.reported.emit(text or done)

    def _show_state(self) -> None:
        rule = self.selected()
        self._list.show_empty(not self.model.rules)
        self.buttons.allow(rule)
