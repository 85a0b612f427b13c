"""The buttons above the table of rules."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from tftmonitor.model.rules.kinds import kind_of
from tftmonitor.model.rules.rule import Rule
from tftmonitor.ui.tables.row_menu import Commands


class RuleButtons(QWidget):
    """``add`` is always of use, the others as ``allow`` says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add = QPushButton("Add rule")
        self.edit = QPushButton("Edit")
        self.duplicate = QPushButton("Duplicate")
        self.delete = QPushButton("Delete")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self.add, self.edit, self.duplicate, self.delete):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch()

    def commands(self) -> Commands:
        """Those that can be done now, for the menu of a rule."""
        buttons = (self.edit, self.duplicate, self.delete)
        return [(button.text(), button.click) for button in buttons if button.isEnabled()]

    def allow(self, rule: Rule | None) -> None:
        """Enable what can be done with the chosen rule."""
        known = rule is not None and kind_of(rule.condition) is not None
        self.edit.setEnabled(known)
        self.duplicate.setEnabled(known)
        self.delete.setEnabled(rule is not None)
