"""Saves day sheets to files that the user names, and opens what was saved."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from tftmonitor.base.files import write_whole
from tftmonitor.model.fields.formatting import format_time
from tftmonitor.ui.day_sheet.files.pdf import make_pdf
from tftmonitor.ui.day_sheet.files.tables import sheet_csv
from tftmonitor.ui.day_sheet.sources import DaySources, ShownDay
from tftmonitor.ui.platform.child_process import open_url
from tftmonitor.ui.widgets.save_dialog import SaveDialog

_NAME: Final = 40
Report = Callable[[str], object]


class SheetSaving(QWidget):
    """The buttons beside a sheet. What became of a file is said by ``report``."""

    def __init__(self, sources: DaySources, report: Report, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources, self._report = sources, report
        self._shown: ShownDay | None = None
        self._saved: Path | None = None
        self._pdf = SaveDialog(self, "Save the day sheet for printing", "PDF (*.pdf)", "pdf")
        self._csv = SaveDialog(self, "Save the day sheet as a table", "CSV tables (*.csv)", "csv")
        self.pdf = QPushButton("Save as PDF…")
        self.pdf.setAccessibleName("Save the day sheet as PDF for printing")
        self.pdf.clicked.connect(lambda _on: self._ask(self._pdf, self.save_pdf))
        self.with_table = QCheckBox("with its table")
        self.with_table.setAccessibleName("Save the table (CSV) beside the PDF")
        self.with_table.setToolTip("A CSV of the same name beside the PDF: no paper without data")
        self.with_table.setChecked(True)
        self.csv = QPushButton("Save as table…")
        self.csv.setAccessibleName("Save the day sheet as a table")
        self.csv.clicked.connect(lambda _on: self._ask(self._csv, self.save_csv))
        self.open = QPushButton("Open")
        self.open.clicked.connect(lambda _on: self._open())
        self.open.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for widget in (self.open, self.pdf, self.with_table, self.csv):
            row.addWidget(widget)
        for button in (self.open, self.pdf, self.csv):
            button.setAutoDefault(False)
        self.show_day(None)

    def show_day(self, shown: ShownDay | None) -> None:
        """What is saved from now on; nothing for None."""
        self._shown = shown
        for button in (self.pdf, self.with_table, self.csv):
            button.setEnabled(shown is not None)

    def save_pdf(self, file: Path) -> None:
        """Write the paper, and its table beside it where that is ticked."""
        if self._shown is None:
            return
        zone = self._shown.record.zone
        made = make_pdf(self._shown, format_time(self._sources.clock.now_ms(), zone))
        contents = {file: made}
        if self.with_table.isChecked():
            contents[file.with_suffix(".csv")] = sheet_csv(self._shown)
        self._sources.start("day sheet to a file", self._write(contents, file))

    def save_csv(self, file: Path) -> None:
        """Write the table alone."""
        if self._shown is not None:
            contents = {file: sheet_csv(self._shown)}
            self._sources.start("day sheet to a file", self._write(contents, file))

    async def _write(self, contents: dict[Path, bytes], first: Path) -> None:
        def write() -> None:
            for file, content in contents.items():
                write_whole(file, content)

        try:
            await asyncio.to_thread(write)
        except OSError as error:
            self._report(f"{first.name} could not be written: {error.strerror}.")
            return
        self._saved = first
        self.open.setText(f"Open {first.suffix.removeprefix('.').upper()}")
        self.open.setToolTip(str(first))
        self.open.show()
        self._report(f"Saved {' and '.join(file.name for file in contents)}.")

    def _open(self) -> None:
        if self._saved is not None and not open_url(QUrl.fromLocalFile(str(self._saved))):
            self._report(f"The desktop has nothing that shows {self._saved.name}.")

    def _ask(self, dialog: SaveDialog, write: Callable[[Path], None]) -> None:
        if self._shown is not None:
            label = "".join(c if c.isalnum() or c in "-_" else "-" for c in self._shown.label)
            dialog.ask(f"{label[:_NAME]}-{self._shown.record.sheet.day.isoformat()}", write)
