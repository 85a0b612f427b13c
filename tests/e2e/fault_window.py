"""What the scripts within the window share: telling, waiting, and reading off what is painted.

A script tells one JSON object a step on standard output; ``fault_run`` beside it reads them, and
hands the step "fault" on to the server.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QListView,
    QTableView,
    QTreeView,
    QWidget,
)

from tftmonitor.app.program import Program
from tftmonitor.app.run import run_window
from tftmonitor.cli import build_parser
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState
from tftmonitor.ui.detail.tile import Tile
from tftmonitor.ui.plots.pane import PlotStack
from tftmonitor.ui.theme.theme import current_theme

LIMIT_S = 25.0
_ROWS_LOOKED_AT = 200


def tell(step: str, **facts: Any) -> None:
    print(json.dumps({"step": step, **facts}), flush=True)


def ask(fault: str) -> None:
    """Have the server do this now."""
    tell("fault", words=fault)


async def until(fact: Callable[[], Any], what: str, limit_s: float = LIMIT_S) -> None:
    end = time.monotonic() + limit_s
    while not fact():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {limit_s:g} s for {what}")
        await asyncio.sleep(0.03)


def shown_text(widget: QWidget) -> list[str]:
    """The texts that can be read in a widget now; a label too narrow for its text says so."""
    found = []
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    for part in widget.findChildren(QWidget):
        if not part.isVisible() or part.visibleRegion().isEmpty():
            continue
        if isinstance(part, Tile):
            found.append(part.accessibleName())
        elif isinstance(part, QLabel | QAbstractButton | QLineEdit) and part.text():
            found.append(f"{part.text()} (cut)" if _is_cut(part) else part.text())
    return found


def _is_cut(part: QLabel | QAbstractButton | QLineEdit) -> bool:
    if isinstance(part, QLineEdit) or (isinstance(part, QLabel) and part.wordWrap()):
        return False
    return part.width() < part.fontMetrics().horizontalAdvance(part.text())


def shown_cells(view: QAbstractItemView) -> list[list[str]]:
    """The texts of the rows that are within the viewport, by row, hidden columns left out."""
    height = view.viewport().height()
    rows: list[list[str]] = []
    at = view.indexAt(QPoint(2, 2))
    while at.isValid() and len(rows) < _ROWS_LOOKED_AT and view.visualRect(at).top() < height:
        indexes = [at.siblingAtColumn(n) for n in _columns(view)]
        rows.append([str(i.data(Qt.ItemDataRole.DisplayRole) or "") for i in indexes])
        at = _below(view, at)
    return rows


def _columns(view: QAbstractItemView) -> list[int]:
    if not isinstance(view, QTableView | QTreeView):
        return [0]
    every = range(view.model().columnCount())
    return [column for column in every if not view.isColumnHidden(column)]


def _below(view: QAbstractItemView, index: QModelIndex) -> QModelIndex:
    if isinstance(view, QTreeView):
        return view.indexBelow(index)
    return index.siblingAtRow(index.row() + 1)


def scroll_to(view: QAbstractItemView, text: str) -> list[str]:
    """Bring the first row with this text into sight; its cells as they are shown then."""
    pending = [QModelIndex()]
    model = view.model()
    while pending:
        parent = pending.pop()
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            cells = [str(index.siblingAtColumn(column).data() or "") for column in _columns(view)]
            if text in cells:
                view.scrollTo(index)
                return next((row for row in shown_cells(view) if text in row), [])
            pending.append(index)
    return []


def all_shown(widget: QWidget) -> list[str]:
    """Labels and cells alike."""
    words = shown_text(widget)
    for kind in (QTableView, QTreeView, QListView):
        for view in widget.findChildren(kind):
            if view.isVisible() and not view.visibleRegion().isEmpty():
                words += [text for row in shown_cells(view) for text in row]
    return words


def hatch_pixels(widget: QWidget) -> int:
    """How many pixels of a picture of the widget have the colour of the hatching."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32) & 0xFF_FFFF
    wanted = QColor(current_theme().hatch).rgb() & 0xFF_FFFF
    return int(np.count_nonzero(pixels == wanted))


def chips(program: Program) -> dict[str, str]:
    """What the top bar says of each channel, by the channel's value."""
    texts = shown_text(program.parts.top_bar)
    return {
        channel.value: next((t for t in texts if t.startswith(channel.value.capitalize())), "")
        for channel in Channel
    }


def plots_of(program: Program) -> PlotStack:
    """The plots; they come a moment after the window."""
    stack = program.parts.plots.stack
    assert stack is not None
    return stack


def note(program: Program) -> str:
    """The sentences that stand."""
    return "\n".join(note.words for note in program.shell.note.notes.standing())


def column_of(program: Program, key: str) -> list[str]:
    """The cells of one column of the device list that are in sight."""
    view = program.parts.devices.view
    place = [column.key for column in program.parts.devices.model.columns].index(key)
    index = program.parts.devices.model.index
    return [str(index(row, place).data()) for row in view.visible_rows()]


def is_up(program: Program, *channels: Channel) -> bool:
    return all(program.monitor.link_status(channel).is_up for channel in channels or Channel)


def is_waiting(program: Program, *channels: Channel) -> bool:
    links = [program.monitor.link_status(channel) for channel in channels or Channel]
    return all(link.state is LinkState.WAITING for link in links)


async def come_forward(program: Program) -> None:
    """Without a window manager the request comes to nothing while the window is being mapped."""

    def forward() -> bool:
        program.window.come_forward()
        return program.window.isActiveWindow()

    await until(forward, "the window to come forward")


def main(use: Callable[[Program], Coroutine[Any, Any, None]]) -> int:
    """Run the program with this script beside it, and end it after the script."""

    async def script(program: Program) -> None:
        try:
            await use(program)
        except Exception as error:
            tell("failed", words=repr(error), seen=all_shown(program.window))
            raise
        finally:
            program.request_exit()

    code = run_window(build_parser().parse_args(sys.argv[1:]), script)
    tell("ended", code=code)
    return code
