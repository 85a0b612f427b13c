"""Local names of devices: how many there are, from a file and into one."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QGroupBox,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.settings.names import decode_csv, names_to_csv, parse_names_csv
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.widgets.labels import plain_label

# A list of names for 500,000 devices is smaller; anything larger is another file.
SIZE_LIMIT = 50_000_000
_PROBLEM_LINES = 6
_FILTERS = ("Tables (*.csv *.txt *.tsv)", "All files (*)")
_WHAT = "The feed carries no names. A file has a line for each device: imei,name"


class NamesGroup(QGroupBox):
    """Import, export, forget, and back."""

    def __init__(self, settings: SettingsStore, fleet: Fleet, scope: TaskScope) -> None:
        super().__init__("Names")
        self._settings = settings
        self._scope = scope
        self._fleet = fleet
        # What was there, and what was put in its place; a later change elsewhere ends the undo.
        self._change: tuple[dict[str, str], dict[str, str]] | None = None
        self._counted = (-1, -1)
        self.count = plain_label()
        self.result = plain_label()
        self.problems = QPlainTextEdit()
        self.problems.setReadOnly(True)
        self.problems.setTabChangesFocus(True)
        self.problems.setAccessibleName("Problems of the import")
        height = self.problems.fontMetrics().lineSpacing() * _PROBLEM_LINES + 12
        self.problems.setFixedHeight(height)
        self.bring = self._button("Import…", self._ask_import)
        self.give = self._button("Export…", self._ask_export)
        self.forget = self._button("Forget all", self._forget)
        self.undo = self._button("Undo", self._undo)
        self._lay_out()
        self._say("")
        self.show_values()

    def show_values(self) -> None:
        """Show how many names there are now."""
        names = self._settings.values.names
        self._counted = (len(names), len(self._fleet))
        if names:
            there = sum(self._fleet.find(ident) is not None for ident in names)
            plural = "s" if len(names) != 1 else ""
            self.count.setText(f"{len(names)} name{plural}, {there} of devices seen so far.")
        else:
            self.count.setText("No names yet.")
        self.give.setEnabled(bool(names))
        self.forget.setEnabled(bool(names))
        self._show_undo()

    def tick(self) -> None:
        """Count again when devices were added."""
        if self._counted != (len(self._settings.values.names), len(self._fleet)):
            self.show_values()

    def import_file(self, path: str) -> None:
        """Add the names of a file to those that are there."""
        self._scope.start("import of names", self._import(Path(path)))

    def export_file(self, path: str) -> None:
        """Write the names to a file."""
        self._scope.start("export of names", self._export(Path(path)))

    async def _import(self, path: Path) -> None:
        # A hundred thousand lines take a third of a second.
        try:
            found, problems = await asyncio.to_thread(_read, path)
        except OSError as error:
            self._say(f"The file could not be read: {error.strerror}")
            return
        except _TooLargeError:
            self._say(f"Nothing was imported: a list of names has no {SIZE_LIMIT:,} bytes.")
            return
        if not found:
            why = "" if problems else ": the file has no line with an id and a name"
            self._say(f"Nothing was imported{why}.", problems)
            return
        old = self._settings.values.names
        added = len(found.keys() - old.keys())
        changed = sum(old.get(ident, name) != name for ident, name in found.items())
        same = len(found) - added - changed
        words = f"{added} added, {changed} changed, {same} as before."
        if len(self._fleet) and not any(self._fleet.find(ident) for ident in found):
            words += " None is of a device seen so far: is it the right column of ids?"
        self._put({**old, **found})
        self._say(words, problems)

    async def _export(self, path: Path) -> None:
        names = dict(self._settings.values.names)
        try:
            await asyncio.to_thread(lambda: path.write_bytes(names_to_csv(names)))
        except OSError as error:
            self._say(f"The file could not be written: {error.strerror}")
        else:
            self._say(f"{len(names)} written to {path.name}.")

    def _put(self, names: dict[str, str]) -> None:
        if names != self._settings.values.names:
            self._change = (dict(self._settings.values.names), dict(names))
            self._settings.set("names", names)
        self.show_values()

    def _forget(self) -> None:
        count = len(self._settings.values.names)
        self._put({})
        self._say(f"{count} forgotten.")

    def _undo(self) -> None:
        if self._change is None:
            return
        self._put(self._change[0])
        self._change = None
        self._say("The names are as they were.")
        self.bring.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, words: str, problems: list[str] | None = None) -> None:
        self.result.setText(words)
        self.result.setVisible(bool(words))
        self.problems.setPlainText("\n".join(problems or ()))
        self.problems.setVisible(bool(problems))
        self._show_undo()

    def _show_undo(self) -> None:
        change = self._change
        self.undo.setVisible(change is not None and change[1] == self._settings.values.names)

    def _ask_import(self) -> None:
        dialog = self._dialog("Import names")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.import_file)
        dialog.open()

    def _ask_export(self) -> None:
        dialog = self._dialog("Export names")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("names.csv")
        dialog.fileSelected.connect(self.export_file)
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        # Opened and never exec()uted, which would stop the feed.
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters(list(_FILTERS))
        return dialog

    def _button(self, words: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setAccessibleName(f"{words.rstrip('…')} names")
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.bring)
        buttons.addWidget(self.give)
        buttons.addStretch(1)
        known = QHBoxLayout()
        known.addWidget(self.count, 1)
        known.addWidget(self.forget, 0, Qt.AlignmentFlag.AlignTop)
        answer = QHBoxLayout()
        answer.addWidget(self.result, 1)
        answer.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 10)
        column.addWidget(plain_label(_WHAT, muted=True))
        column.addLayout(buttons)
        column.addLayout(known)
        column.addLayout(answer)
        column.addWidget(self.problems)


class _TooLargeError(Exception):
    """The file is too large to be a list of names."""


def _read(path: Path) -> tuple[dict[str, str], list[str]]:
    """Names and problems of a file. Raises OSError and _TooLargeError."""
    with path.open("rb") as file:
        content = file.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise _TooLargeError
    return parse_names_csv(decode_csv(content))
