"""Adds to the line of the preview what is recorded, while its editor shows the same rule."""

import asyncio
from collections.abc import AsyncIterator, Callable

from PySide6.QtCore import QObject

from tftmonitor.base.tasks import TaskScope
from tftmonitor.monitor.past.rule_preview import RecordedPreview
from tftmonitor.ui.rules.preview_line import PreviewLine

Answers = Callable[[], AsyncIterator[RecordedPreview]]
"""What is known of the rule that is in the editor now."""


class RecordedLine(QObject):
    """Asks when memory has answered, and stops asking when the rule is another."""

    def __init__(self, line: PreviewLine, answers: Answers, scope: TaskScope) -> None:
        super().__init__(line)
        self._line, self._answers, self._scope = line, answers, scope
        self._asking: asyncio.Task[None] | None = None
        line.finished.connect(self._ask)
        line.dropped.connect(self._stop)

    def _ask(self) -> None:
        self._stop()
        self._asking = self._scope.start_task("preview of a rule", self._tell())

    def _stop(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    async def _tell(self) -> None:
        last = ""
        async for found in self._answers():
            last = found.text
            self._line.add(f"{last} Still reading what is recorded…")
        self._line.add(last)
