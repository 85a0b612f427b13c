"""Places in and out of files: read and written beside the loop, and what came of it in words."""

import asyncio
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QWidget

from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.places.exchange import SIZE_LIMIT, Found, PlacesFileError
from tftmonitor.model.places.files import FORMS, SUFFIXES, form_of, read_places
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.store import Places

_KINDS: Final = (
    f"Places ({' '.join(f'*.{suffix}' for suffix in SUFFIXES)})",
    "All files (*)",
)
_STEM: Final = "places"


class PlacesTransfer:
    """Asks for files and does the work; ``say`` is told what came of it, and what undoes it."""

    def __init__(
        self,
        owner: QWidget,
        places: Places,
        scope: TaskScope,
        say: Callable[[str, Callable[[], None] | None], None],
    ) -> None:
        self._owner = owner
        self._places = places
        self._scope = scope
        self._say = say

    def ask_import(self) -> None:
        """Ask which files to read."""
        dialog = self._dialog("Import places")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(list(_KINDS))
        dialog.filesSelected.connect(self.import_files)
        dialog.open()

    def ask_export(self) -> None:
        """Ask which file to write."""
        dialog = self._dialog("Export places")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        filters = {f"{form.name} (*.{form.suffix})": form for form in FORMS}
        dialog.setNameFilters(list(filters))
        dialog.setDefaultSuffix(FORMS[0].suffix)
        dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(filters[text].suffix))
        dialog.selectFile(_STEM)
        dialog.fileSelected.connect(self.export_file)
        dialog.open()

    def import_files(self, names: list[str]) -> None:
        """Add the places of these files to those that are there."""
        self._scope.start("import of places", self._import([Path(name) for name in names]))

    def export_file(self, name: str) -> None:
        """Write all places to a file, in the form that its name asks for."""
        self._scope.start("export of places", self._export(Path(name)))

    async def _import(self, paths: list[Path]) -> None:
        before = self._places.items
        words = []
        for path in paths:
            try:
                found = await asyncio.to_thread(_read, path)
                text = self._take(found)
            except OSError as error:
                text = f"could not be read: {error.strerror}."
            except ValueError as error:  # of the file as a whole, or too many
                text = f"nothing was imported. {error}"
            words.append(f"{path.name}: {text}")
        after = self._places.items

        def undo() -> None:
            # What was done since is not to be lost by it.
            added = {place.key for place in after} - {place.key for place in before}
            self._places.set(place for place in self._places.items if place.key not in added)

        self._say(" ".join(words), undo if after != before else None)

    def _take(self, found: Found) -> str:
        known = {(place.name, place.shape) for place in self._places.items}
        new = [place for place in found.places if (place.name, place.shape) not in known]
        self._places.add(
            *(
                Place(key=new_key(), name=place.name, colour=place.colour, shape=place.shape)
                for place in new
            )
        )
        same = len(found.places) - len(new)
        words = [f"{_counted(len(new))} added"]
        if same:
            words.append(f"{same} {'was' if same == 1 else 'were'} there already")
        return f"{', '.join(words)}. {found.text}".strip()

    async def _export(self, path: Path) -> None:
        places = self._places.items
        form = form_of(path.name)
        try:
            await asyncio.to_thread(_write, path, form.write, places)
        except OSError as error:
            self._say(f"{path.name} could not be written: {error.strerror}.", None)
        else:
            self._say(f"{_counted(len(places))} written to {path.name} as {form.name}.", None)

    def _dialog(self, title: str) -> QFileDialog:
        # Opened and never exec()uted, which would stop the feed.
        dialog = QFileDialog(self._owner, title)
        dialog.finished.connect(dialog.deleteLater)
        return dialog


def new_key() -> str:
    """A key that no other place has."""
    return secrets.token_hex(6)


def _counted(count: int) -> str:
    return "1 place" if count == 1 else f"{count:,} places"


def _read(path: Path) -> Found:
    """Raises OSError and PlacesFileError."""
    with path.open("rb") as file:
        content = file.read(SIZE_LIMIT + 1)
    if not content:
        raise PlacesFileError("The file is empty.")
    return read_places(content)


def _write(
    path: Path, write: Callable[[Iterable[Place]], bytes], places: tuple[Place, ...]
) -> None:
    path.write_bytes(write(places))
