"""Asks where to write a file, without holding up anything else."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


class SaveDialog:
    """One kind of file. The dialog is opened and not executed: the loop goes on."""

    def __init__(self, owner: QWidget, title: str, kinds: str, suffix: str) -> None:
        self._owner = owner
        self._title, self._kinds, self._suffix = title, kinds, suffix
        self._dialog: QFileDialog | None = None

    def ask(self, stem: str, write: Callable[[Path], None]) -> None:
        """Ask, and call ``write`` with the file where one is chosen."""
        dialog = QFileDialog(self._owner.window(), self._title, "", self._kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(self._suffix)
        dialog.selectFile(f"{stem}.{self._suffix}")
        dialog.fileSelected.connect(lambda name: write(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()
