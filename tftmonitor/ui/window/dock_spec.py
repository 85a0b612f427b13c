"""A row of the table of docks: which pane stands where in the window."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class DockSpec:
    """One pane and where it is docked by default.

    ``build`` makes the pane; one that is not ``shown`` at first is built when it is. ``share`` is
    its width or height in a window of the default size; a larger window gives more, unless the
    pane is ``fixed`` because its columns fit already.
    """

    name: str
    title: str
    build: Callable[[], QWidget]
    area: Qt.DockWidgetArea
    share: int
    shown: bool = True
    fixed: bool = False
