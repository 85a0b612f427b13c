"""The question about a rule that was changed and not saved: in the pane, and never a box."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from tftmonitor.model.rules.rule import Rule
from tftmonitor.ui.rules.table_model import rule_text


class UnsavedQuestion(QWidget):
    """Hidden until ``ask``; one of the signals is the answer."""

    save_chosen = Signal()
    discard_chosen = Signal()
    stay_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.save = QPushButton("Save it")
        self.discard = QPushButton("Discard")
        self.stay = QPushButton("Go on editing")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label, 1)
        for button, signal in (
            (self.save, self.save_chosen),
            (self.discard, self.discard_chosen),
            (self.stay, self.stay_chosen),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(signal)
            row.addWidget(button)
        self.hide()

    def ask(self, rule: Rule) -> None:
        """Ask about this rule, as it stands in the editor; what is none cannot be saved."""
        self.label.setText(f"Not saved yet: {rule_text(rule)}")
        self.save.setEnabled(not rule.problem)
        self.show()
