"""The pane that shows the program's own figures."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from tftmonitor.ui.theme.theme import tabular
from tftmonitor.ui.widgets.pane import Pane

_ROWS = {
    "messages": "Messages",
    "messages_per_s": "Messages per second",
    "frames": "Frames painted",
    "lateness_ms": "Event-loop lateness p50 / p99 / max",
    "devices": "Devices",
    "open_alarms": "Open alarms",
    "invalid": "Frames that could not be used",
    "late": "Late uploads",
    "cpu_percent": "Processor, of one core",
    "rss_mb": "Memory",
    "recording": "History",
    "recording_waiting": "Pushes that wait for the disk",
    "recording_lost": "Pushes lost",
    "history_unsealed": "Pushes not sealed yet",
    "history_mb": "Recorded history",
    "history_log_mb": "Log beside it",
    "sqlite": "SQLite",
    "threads": "Threads",
    "tasks": "Tasks",
    "own_percent": "Processor for these figures",
}
_UNITS = {
    "lateness_ms": " ms",
    "rss_mb": " MB",
    "history_mb": " MB",
    "history_log_mb": " MB",
    "cpu_percent": " %",
    "own_percent": " %",
}


class DiagnosticsPane(Pane):
    """One row a figure."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = QFormLayout(self)
        form.setContentsMargins(12, 10, 12, 10)
        self._labels: dict[str, QLabel] = {}
        for key, name in _ROWS.items():
            label = QLabel("—")
            label.setFont(tabular(label.font()))
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(name, label)
            self._labels[key] = label

    def show_line(self, line: dict[str, Any]) -> None:
        """The newest figures."""
        if not self.isVisible():
            return
        for key, label in self._labels.items():
            value = line.get(key)
            if isinstance(value, dict):
                value = " / ".join(f"{number:g}" for number in value.values())
            label.setText(f"{value}{_UNITS.get(key, '')}")
