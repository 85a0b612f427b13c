"""What stands below the settings of streets: a button for a file, and texts that say what holds."""

import asyncio
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from tftmonitor.base.tasks import TaskScope
from tftmonitor.settings.store import SettingsStore
from tftmonitor.tiles.address import AddressError, TileAddress
from tftmonitor.tiles.cache import CacheError, cache_file, clear_cache, kept_bytes
from tftmonitor.tiles.opening import open_tile_file
from tftmonitor.tiles.tile_file import TileFileError
from tftmonitor.ui.widgets.labels import plain_label

_FILTERS: Final = ("Tiles (*.mbtiles *.pmtiles)", "All files (*)")
_MEGABYTE: Final = 1_000_000


class StreetsLines:
    """Three lines, by the names of the settings that they stand below."""

    def __init__(self, settings: SettingsStore, scope: TaskScope) -> None:
        self._settings, self._scope = settings, scope
        self._kept_in = cache_file(settings.path.parent)
        self._checked = ""
        self.file_text, self.address_text = plain_label(muted=True), plain_label(muted=True)
        self.kept_text = plain_label(muted=True)
        self.choose = _button("Choose…", "Choose a file of tiles")
        self.choose.clicked.connect(self._ask_file)
        self.clear = _button("Clear", "Clear the kept tiles")
        self.clear.clicked.connect(self._clear)
        self.lines: dict[str, QWidget] = {
            "streets_file": _line(self.choose, self.file_text),
            "streets_address": self.address_text,
            "streets_cache_mb": _line(self.clear, self.kept_text),
        }

    def show_values(self) -> None:
        """Show what the settings are now."""
        values = self._settings.values
        self.address_text.setText(_where_from(values.streets_address))
        self.address_text.setVisible(bool(self.address_text.text()))
        if values.streets_file != self._checked:
            self._checked = values.streets_file
            self._scope.start("look at the file of tiles", self._check(values.streets_file))

    def show_kept(self) -> None:
        """Show how much is kept now."""
        self._scope.start("kept tiles", self._count())

    async def _check(self, name: str) -> None:
        words = await asyncio.to_thread(_file_words, name) if name else ""
        if name == self._settings.values.streets_file:
            self.file_text.setText(words)

    async def _count(self) -> None:
        try:
            kept = await asyncio.to_thread(kept_bytes, self._kept_in)
        except CacheError as error:
            self.kept_text.setText(f"What is kept cannot be read: {error}")
            return
        self.kept_text.setText(f"{kept / _MEGABYTE:,.1f} MB are kept." if kept else "None is kept.")
        self.clear.setEnabled(kept > 0)

    def _clear(self) -> None:
        self._scope.start("clear the kept tiles", self._clear_them())

    async def _clear_them(self) -> None:
        try:
            size = await asyncio.to_thread(clear_cache, self._kept_in)
        except CacheError as error:
            self.kept_text.setText(f"Nothing was cleared: {error}")
            return
        self.kept_text.setText(f"{size / _MEGABYTE:,.1f} MB were cleared.")
        self.clear.setEnabled(False)

    def _ask_file(self) -> None:
        # Opened and never exec()uted, which would stop the feed.
        dialog = QFileDialog(self.choose.window(), "Choose a file of tiles")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(list(_FILTERS))
        dialog.fileSelected.connect(self.choose_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def choose_file(self, name: str) -> None:
        """Take this file, and show it at once: that is what it was chosen for."""
        self._settings.update(streets_file=name, streets="file")


def _file_words(name: str) -> str:
    """What a file of tiles says of itself, or why it cannot be used."""
    path = Path(name).expanduser()
    try:
        file = open_tile_file(path)
    except TileFileError as error:
        return str(error)
    facts = file.facts
    file.close()
    credit = f", {facts.credit}" if facts.credit else ""
    return f"{path.name}: zoom {facts.least_zoom} to {facts.largest_zoom}{credit}."


def _where_from(template: str) -> str:
    """A sentence on whom this address asks."""
    if not template:
        return ""
    try:
        address = TileAddress(template)
    except AddressError as error:
        return str(error)
    if address.is_here:
        return f"The tiles come from this computer ({address.place})."
    return f"The tiles come from {address.place}, encrypted on the way."


def _button(words: str, name: str) -> QPushButton:
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.setAccessibleName(name)
    return button


def _line(button: QPushButton, text: QLabel) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(button)
    row.addWidget(text, 1)
    return line
