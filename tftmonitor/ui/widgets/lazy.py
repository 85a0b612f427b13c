"""A place for a pane that few look at: it is built when it is first shown."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.base.listeners import Listeners

P = TypeVar("P", bound=QWidget)


class LazyPane(QWidget, Generic[P]):
    """Holds what ``build`` makes; ``pane`` is None before, and ``built`` tells of it."""

    def __init__(self, build: Callable[[], P], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pane: P | None = None
        self.built: Listeners[[P]] = Listeners()
        self._build = build
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def get(self) -> P:
        """The pane; builds it if need be."""
        if self.pane is None:
            self.pane = pane = self._build()
            self.built(pane)
            self._column.addWidget(pane)
            self.setFocusProxy(pane)
            # Else it comes with the next turn of the loop, and cannot take the keyboard before.
            pane.show()
        return self.pane

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self.get()
        super().showEvent(event)
