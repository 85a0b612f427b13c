"""The editor of one rule: part of the pane, never a box in front of it."""

import time
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
from tftmonitor.model.rules.kinds import CONDITIONS, kind_of
from tftmonitor.model.rules.preview import Preview, preview_slices
from tftmonitor.model.rules.rule import Rule
from tftmonitor.ui.rules.inputs import ConditionInputs, caption, new_combo
from tftmonitor.ui.rules.scope import RuleScope
from tftmonitor.ui.theme.icons import severity_icon
from tftmonitor.ui.theme.theme import THEME, current_theme
from tftmonitor.ui.widgets.labels import heading
from tftmonitor.ui.widgets.single_shot import single_shot
from tftmonitor.ui.widgets.wheel_guard import guard_wheel

_NAME_LIMIT: Final = 80
# Typing a number is one change and not five.
_PREVIEW_AFTER_MS: Final = 250
# Of the window's time at once.
_SLICE_S: Final = 0.015
_IGNITION: Final = (("on or off", None), ("only while on", True), ("only while off", False))


class RuleEditor(QWidget):
    """Edits a copy; ``saved`` carries the rule, ``cancelled`` when it is left as it was.

    ``changed`` after each change by the user, before it is saved.
    """

    saved = Signal(object)
    changed = Signal()
    cancelled = Signal()

    def __init__(self, fleet: Fleet, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fleet = fleet
        self._clock = clock
        self._id = ""
        self._is_shown_a_rule = False
        self._enabled = True
        self._slices: Iterator[Preview] | None = None
        self.inputs = ConditionInputs(CONDITIONS[0])
        self._make_inputs()
        self._make_text()
        self._make_layout()
        self._settle = single_shot(self, self._begin_preview, _PREVIEW_AFTER_MS)
        self._work = single_shot(self, self._preview_slice)
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
        self.scope.show_scope(rule.only_models, rule.only_devices)
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
            while_ignition=self.ignition.currentData() if of_devices else None,
            condition=self.inputs.condition(),
        )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._save()
        else:
            super().keyPressEvent(event)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop_preview()

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
        for widget in (self.kind, self.ignition, self.severity, self.scope.choice):
            guard_wheel(widget)

    def _make_text(self) -> None:
        self.sentence, self.problem, self.preview = QLabel(), QLabel(), QLabel()
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
            _form(("Ignition", self.ignition), ("Severity", self.severity), ("Scope", self.scope))
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
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self.cancelled)
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()

    def _kind_chosen(self) -> None:
        self._swap_inputs()
        self._refresh()

    def _swap_inputs(self) -> None:
        inputs = ConditionInputs(CONDITIONS[self.kind.currentIndex()])
        self._form.replaceWidget(self.inputs, inputs)
        self.inputs.hide()
        self.inputs.deleteLater()
        self.inputs = inputs
        for widget in (self.ignition, self.scope):
            widget.setEnabled(inputs.row.of_devices)
        inputs.changed.connect(self._refresh)
        _in_tab_order(self.kind, inputs.widgets(), self.ignition)

    def _refresh(self) -> None:
        """The inputs changed: say what the rule says now, or why it is none."""
        rule = self.rule()
        of_devices = self.inputs.row.of_devices
        problem = rule.problem or (self.scope.problem() if of_devices else "")
        self.name.setPlaceholderText(rule.condition.describe())
        scope = self.scope.words() if of_devices else ""
        self.sentence.setText(f"{rule.sentence}{scope and f', {scope}'}: {rule.severity.word}")
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.save.setEnabled(not problem)
        self.preview.setVisible(not problem)
        self._stop_preview()
        if not self._is_shown_a_rule:
            self.changed.emit()
        if not problem:
            self.preview.setText("Checking the data in memory…")
            self._settle.start()

    def _begin_preview(self) -> None:
        self._slices = preview_slices(self.rule(), self._fleet, self._clock.now_ms())
        self._preview_slice()

    def _preview_slice(self) -> None:
        """Go on for some milliseconds; say the answer when it is there."""
        end_s = time.perf_counter() + _SLICE_S
        found: Preview | None = None
        for found in self._slices or ():
            if time.perf_counter() >= end_s:
                self.preview.setText(f"{found.text} Still checking…")
                self._work.start()
                return
        self._slices = None
        if found is not None:
            self.preview.setText(found.text)

    def _stop_preview(self) -> None:
        self._settle.stop()
        self._work.stop()
        self._slices = None

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
