"""A row of the table of docks: which pane stands where in the window."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class DockPlace:
    """Where a dock stands. ``share`` is its width or height in a window of the default size.

    A larger window gives more, unless it is ``fixed`` because its columns fit already. ``part`` is
    what it has of the other direction beside docks of the same side, 0 for an even part.
    """

    area: Qt.DockWidgetArea
    share: int
    fixed: bool = False
    part: int = 0


@dataclass(frozen=True, slots=True)
class DockSpec:
    """One pane and where it is docked by default.

    ``build`` makes the pane; one that is not ``shown`` at first is built when it is. ``share``,
    ``fixed`` and ``part`` are those of ``DockPlace``.
    """

    name: str
    title: str
    build: Callable[[], QWidget]
    area: Qt.DockWidgetArea
    share: int
    shown: bool = True
    fixed: bool = False
    part: int = 0

    @property
    def place(self) -> DockPlace:
        """Its own place, where no workspace says another."""
        return DockPlace(self.area, self.share, self.fixed, self.part)


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A room of its own, in place of the panes; ``build`` makes it when it is first shown."""

    name: str
    title: str
    build: Callable[[], QWidget]
