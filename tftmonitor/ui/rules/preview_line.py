"""The line under the editor that says how often a rule would have raised: worked out in slices."""

import time
from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from tftmonitor.model.rules.backtest.preview import Preview
from tftmonitor.ui.widgets.single_shot import single_shot

# A preview begins once the inputs have come to rest, and gives the loop a turn after each slice.
_AFTER_MS: Final = 250
_SLICE_S: Final = 0.015


class PreviewLine(QLabel):
    """``begin`` with what makes the slices; a new beginning drops the former.

    ``finished`` when what is in memory was looked at: ``add`` then says what else is known.
    """

    finished = Signal()
    dropped = Signal()

    def __init__(self, slices: Callable[[], Iterator[Preview]]) -> None:
        super().__init__()
        self._make = slices
        self._of_memory = ""
        self._slices: Iterator[Preview] | None = None
        self._settle = single_shot(self, self._begin, _AFTER_MS)
        self._work = single_shot(self, self._go_on)

    def begin(self) -> None:
        """The rule is another: answer for it, soon."""
        self.stop()
        self.setText("Checking the data in memory…")
        self._settle.start()

    def stop(self) -> None:
        """Nobody asks any more."""
        self._settle.stop()
        self._work.stop()
        self._slices = None
        self.dropped.emit()

    def add(self, words: str) -> None:
        """Put this behind what memory says."""
        self.setText(f"{self._of_memory} {words}".strip())

    def _begin(self) -> None:
        self._slices = self._make()
        self._go_on()

    def _go_on(self) -> None:
        """Go on for some milliseconds; say the answer when it is there."""
        end_s = time.perf_counter() + _SLICE_S
        found: Preview | None = None
        for found in self._slices or ():
            if time.perf_counter() >= end_s:
                self.setText(f"{found.text} Still checking…")
                self._work.start()
                return
        self._slices = None
        if found is not None:
            self._of_memory = found.text
            self.setText(found.text)
            self.finished.emit()
