"""Saves what the plots show as a picture or as a table, to a file that the user names."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from tftmonitor.base.files import write_whole
from tftmonitor.base.tasks import TaskScope
from tftmonitor.ui.plots.follower import PlotFollower


class PlotExport:
    """Asks for a file, writes it on a thread, and reports how that went."""

    def __init__(
        self,
        plots: PlotFollower,
        window: QWidget,
        report: Callable[[str], object],
        scope: TaskScope,
    ) -> None:
        self._plots = plots
        self._window = window
        self._report = report
        self._scope = scope
        self._dialog: QFileDialog | None = None

    def save_picture(self) -> None:
        """A PNG of the plots as they are seen."""
        self._ask("Save the plots as a picture", "PNG pictures (*.png)", "png", self.write_picture)

    def save_table(self) -> None:
        """A CSV of the samples that are seen, and of the stretches in which nothing was known."""
        self._ask("Save the samples as a table", "CSV tables (*.csv)", "csv", self.write_table)

    def write_picture(self, file: Path) -> None:
        """Write the PNG; a refusal is reported in words."""
        stack = self._plots.stack
        if stack is None:
            self._report(f"The picture could not be written to {file.name}.")
        else:
            picture = stack.grab_png()
            self._scope.start("picture of the plots", self._write_picture(picture, file))

    def write_table(self, file: Path) -> None:
        """Write the CSV; a refusal is reported in words."""
        table = self._plots.table()
        if table is None:
            self._report("The plots show no samples to save.")
        else:
            self._scope.start("table of the plots", self._write_table(table, file))

    async def _write_picture(self, picture: QImage, file: Path) -> None:
        if await asyncio.to_thread(picture.save, str(file)):
            self._report(f"Saved {file.name}.")
        else:
            self._report(f"The picture could not be written to {file.name}.")

    async def _write_table(self, table: Callable[[], str], file: Path) -> None:
        try:
            await asyncio.to_thread(lambda: write_whole(file, table().encode("utf-8")))
        except OSError as error:
            self._report(f"The table could not be written to {file.name}: {error.strerror}.")
        else:
            self._report(f"Saved {file.name}.")

    def _ask(self, title: str, kinds: str, suffix: str, write: Callable[[Path], None]) -> None:
        if self._plots.stack is None:
            return
        dialog = QFileDialog(self._window, title, "", kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(f"{self._plots.file_stem()}.{suffix}")
        dialog.fileSelected.connect(lambda name: write(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()
