"""Saves what the map shows as a picture, with scale and credit, to a file that the user names."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QImage

from tftmonitor.base.tasks import TaskScope
from tftmonitor.ui.map.pane import MapPane
from tftmonitor.ui.widgets.save_dialog import SaveDialog


class MapPictureExport:
    """Asks for a file, writes it on a thread, and reports how that went."""

    def __init__(self, pane: MapPane, report: Callable[[str], object], scope: TaskScope) -> None:
        self._pane, self._report, self._scope = pane, report, scope
        self._dialog = SaveDialog(pane, "Save the map as a picture", "PNG pictures (*.png)", "png")

    def save(self) -> None:
        """Ask where to, and write it."""
        self._dialog.ask("map", self.write)

    def write(self, file: Path) -> None:
        """Write the PNG; a refusal is reported in words."""
        self._scope.start("picture of the map", self._write(self._pane.grab_picture(), file))

    async def _write(self, picture: QImage, file: Path) -> None:
        if await asyncio.to_thread(picture.save, str(file)):
            self._report(f"Saved {file.name}.")
        else:
            self._report(f"The picture could not be written to {file.name}.")
