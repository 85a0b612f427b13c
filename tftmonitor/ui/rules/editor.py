"""The editor of one rule: part of the pane, never a box in front of it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.backtest.preview import Preview, preview_slices
from tftmonitor.model.rules.kinds import CONDITIONS, kind_of
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.surroundings import NOWHERE, Surroundings
from tftmonitor.ui.rules.inputs import ConditionInputs, caption, new_combo
from tftmonitor.ui.rules.place_combo import SleepChoice
from tftmonitor.ui.rules.preview_line import PreviewLine
from tftmonitor.ui.rules.scope import RuleScope
from tftmonitor.ui.theme.icons import severity_icon
from tftmonitor.ui.theme.theme import THEME, current_theme
from tftmonitor.ui.widgets.form_keys import ends_form
from tftmonitor.ui.widgets.labels import heading
from tftmonitor.ui.widgets.wheel_guard import guard_wheel

_NAME_LIMIT: Final = 80
_IGNITION: Final = (("on or off", None), ("only while on", True), ("only while off", False))


class RuleEditor(QWidget):
    """Edits a copy; ``saved`` carries the rule, ``cancelled`` when it is left as it was.

    ``changed`` after each change by the user, before it is saved.
    """

    saved = Signal(object)
    changed = Signal()
    cancelled = Signal()

    def __init__(
        self,
        fleet: Fleet,
        clock: Clock,
        surroundings: Surroundings = NOWHERE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._surroundings = surroundings
        self._fleet = fleet
        self._clock = clock
        self._id = ""
        self._is_shown_a_rule = False
        self._enabled = True
        self.inputs = ConditionInputs(CONDITIONS[0])
        self._make_inputs()
        self._make_text()
        self._make_layout()
        self._connect()

    def edit(self, rule: Rule, *, take_keyboard: bool = True, is_new: bool = False) -> None:
        """Show a rule; one whose condition is not known here begins with the first kind.

        One that ``is_new`` is said to be in no list yet.
        """
        self.heading.setVisible(is_new)
        self._is_shown_a_rule = True
        self._id, self._enabled = rule.id, rule.enabled
        row = kind_of(rule.condition)
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(CONDITIONS.index(row) if row else 0)
        self.kind.blockSignals(False)
        self._swap_inputs()
        if row is not None:
            self.inputs.show_condition(rule.condition)
        self.name.setText(rule.name)
        self.ignition.setCurrentIndex(self.ignition.findData(rule.while_ignition))
        self.severity.setCurrentIndex(self.severity.findData(rule.severity))
        self.sleep.show_places(rule.sleeps_in)
        self.scope.show_scope(rule.only_models, rule.only_devices, rule.only_named)
        self._refresh()
        self._is_shown_a_rule = False
        self._scroll.verticalScrollBar().setValue(0)
        if take_keyboard:
            self.kind.setFocus(Qt.FocusReason.OtherFocusReason)

    def rule(self) -> Rule:
        """The rule as the inputs say it now."""
        of_devices = self.inputs.row.of_devices
        return Rule(
            id=self._id,
            name=" ".join(self.name.text().split()),
            enabled=self._enabled,
            severity=self.severity.currentData(),
            only_devices=self.scope.devices if of_devices else (),
            only_models=self.scope.models if of_devices else (),
            only_named=self.scope.named if of_devices else "",
            while_ignition=self.ignition.currentData() if of_devices else None,
            sleeps_in=self.sleep.chosen if of_devices else (),
            condition=self.inputs.condition(),
        )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not ends_form(event, self._save, self.cancelled.emit):
            super().keyPressEvent(event)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.preview.stop()

    def _make_inputs(self) -> None:
        self.name = QLineEdit()
        self.name.setMaxLength(_NAME_LIMIT)
        self.name.setAccessibleName("Name")
        self.kind = new_combo()
        self.kind.setAccessibleName("Condition")
        for row in CONDITIONS:
            self.kind.addItem(row.label)
        self.ignition = new_combo()
        self.ignition.setAccessibleName("Ignition")
        for text, value in _IGNITION:
            self.ignition.addItem(text, value)
        self.severity = new_combo()
        self.severity.setAccessibleName("Severity")
        for severity in sorted(Severity, reverse=True):
            self.severity.addItem(severity_icon(severity), severity.word, severity)
        self.scope = RuleScope(self._fleet)
        self.sleep = SleepChoice(self._surroundings.places)
        choices = (self.kind, self.ignition, self.severity, self.scope.choice, self.sleep.choice)
        for widget in choices:
            guard_wheel(widget)

    def _make_text(self) -> None:
        self.sentence, self.problem = QLabel(), QLabel()
        self.preview = PreviewLine(self._preview_slices)
        for label in (self.sentence, self.problem, self.preview):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        font = self.sentence.font()
        font.setBold(True)
        self.sentence.setFont(font)
        self.heading = heading("New rule, in force once it is saved")
        self.save = QPushButton("Save rule")
        self.cancel = QPushButton("Cancel")
        for button in (self.save, self.cancel):
            button.setAutoDefault(False)

    def _make_layout(self) -> None:
        body = QWidget()
        self._form = QVBoxLayout(body)
        self._form.setContentsMargins(0, 0, 4, 0)
        self._form.addLayout(_form(("Name", self.name), ("When", self.kind)))
        self._form.addWidget(self.inputs)
        self._form.addLayout(
            _form(
                ("Ignition", self.ignition),
                ("Severity", self.severity),
                ("Scope", self.scope),
                ("Sleeps", self.sleep),
            )
        )
        self._form.addStretch()
        self._scroll = QScrollArea()
        self._scroll.setWidget(body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.save)
        buttons.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.heading)
        column.addWidget(self._scroll, 1)
        for label in (self.sentence, self.problem, self.preview):
            column.addWidget(label)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.name.textChanged.connect(self._refresh)
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self.ignition.currentIndexChanged.connect(self._refresh)
        self.severity.currentIndexChanged.connect(self._refresh)
        self.scope.changed.connect(self._refresh)
        self.sleep.changed.connect(self._refresh)
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self.cancelled)
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()

    def _kind_chosen(self) -> None:
        self._swap_inputs()
        self._refresh()

    def _swap_inputs(self) -> None:
        row = CONDITIONS[self.kind.currentIndex()]
        inputs = ConditionInputs(row, self._surroundings.places)
        self._form.replaceWidget(self.inputs, inputs)
        self.inputs.hide()
        self.inputs.deleteLater()
        self.inputs = inputs
        for widget in (self.ignition, self.scope, self.sleep):
            widget.setEnabled(inputs.row.of_devices)
        inputs.changed.connect(self._refresh)
        _in_tab_order(self.kind, inputs.widgets(), self.ignition)

    def refresh_units(self) -> None:
        """Other units are in force: the same rule in them."""
        if not self.isHidden():
            self._is_shown_a_rule = True
            self.inputs.refresh_units()
            self._refresh()
            self._is_shown_a_rule = False

    def refresh_places(self) -> None:
        """There are other places now: the same rule among them."""
        if not self.isHidden():
            self.edit(self.rule().among(self._surroundings.places), take_keyboard=False)

    def _refresh(self) -> None:
        """The inputs changed: say what the rule says now, or why it is none."""
        rule = self.rule()
        of_devices = self.inputs.row.of_devices
        of_scope = self.scope.problem() or self.sleep.problem() if of_devices else ""
        problem = rule.problem or of_scope
        self.name.setPlaceholderText(rule.condition.describe())
        scope = self.scope.words() if of_devices else ""
        self.sentence.setText(f"{rule.sentence}{scope and f', {scope}'}: {rule.severity.word}")
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.save.setEnabled(not problem)
        self.preview.setVisible(not problem)
        self.preview.stop()
        if not self._is_shown_a_rule:
            self.changed.emit()
        if not problem:
            self.preview.begin()

    def _preview_slices(self) -> Iterator[Preview]:
        now_ms = self._clock.now_ms()
        return preview_slices(self.rule(), self._fleet, now_ms, self._surroundings)

    def _save(self) -> None:
        if self.save.isEnabled():
            self.saved.emit(self.rule())

    def _apply_theme(self) -> None:
        theme = current_theme()
        self.problem.setStyleSheet(f"color: {theme.error}")
        self.preview.setStyleSheet(f"color: {theme.muted_text}")
        for place in range(self.severity.count()):
            self.severity.setItemIcon(place, severity_icon(self.severity.itemData(place)))


def _form(*rows: tuple[str, QWidget]) -> QFormLayout:
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for text, widget in rows:
        form.addRow(caption(text), widget)
    return form


def _in_tab_order(first: QWidget, middle: list[QWidget], last: QComboBox) -> None:
    order = [first, *middle, last]
    for before, after in pairwise(order):
        QWidget.setTabOrder(before, after)
