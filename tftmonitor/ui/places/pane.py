"""The user's places: a table and, on the same page, the editor of one place."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.fields.units import CHOICES
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.places.files import SUFFIXES
from tftmonitor.model.places.place import Place
from tftmonitor.settings.places_file import PlacesFile
from tftmonitor.settings.rules_file import RulesFile
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.places.buttons import PlacesButtons
from tftmonitor.ui.places.editor import PlaceEditor
from tftmonitor.ui.places.occupancy import Occupancy
from tftmonitor.ui.places.table_model import PlacesModel
from tftmonitor.ui.places.transfer import PlacesTransfer, new_key
from tftmonitor.ui.places.view import PlacesView
from tftmonitor.ui.tables.editor_beside import EditorBeside
from tftmonitor.ui.tables.row_menu import RowMenu
from tftmonitor.ui.tables.rows_or_word import RowsOrWord
from tftmonitor.ui.widgets.labels import plain_label
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.widgets.undo_line import UndoLine

# Seconds; ten thousand devices take some milliseconds.
_COUNTED_EVERY: Final = 3
_EMPTY: Final = (
    "No places yet. Add a circle or a polygon by its coordinates, or import a file: GeoJSON, KML "
    "or GPX. Rules can then wait for who comes in, goes out or stays, and sleep in depots."
)
_UNSAVED: Final = "Save or cancel the place that is being edited first."


class PlacesPane(Pane):
    """Every change is at once in force and on disk. Call ``tick`` once a second."""

    def __init__(
        self,
        places_file: PlacesFile,
        rules_file: RulesFile,
        fleet: Fleet,
        settings: SettingsStore,
        scope: TaskScope,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._file, self._rules = places_file, rules_file
        self.places = places_file.places
        self._ticks = 0
        self.model = PlacesModel(self.places, Occupancy(fleet), self)
        self.view = PlacesView(self.model)
        self.editor = PlaceEditor()
        self.buttons = PlacesButtons()
        self.problem = plain_label()
        self.problem.setObjectName("error")
        self.result = plain_label()
        self.undo_line = UndoLine()
        self.transfer = PlacesTransfer(self, self.places, scope, self._say)
        self.menu = RowMenu(self.view, lambda _index: self.buttons.commands())
        self._lay_out()
        self._connect()
        self.editor.hide()
        self._say("", None)
        self._show_rules()
        self._show_places()
        self.places.on_change.add(self._show_places)
        rules_file.on_change.add(self._show_rules)
        settings.on_change(self._show_units, *CHOICES)

    @override
    def tick(self) -> None:
        """Time went on."""
        self._ticks += 1
        if self.isVisible() and self._ticks % _COUNTED_EVERY == 0:
            self.model.tick()

    def add_circle(self) -> None:
        """Open the editor with a new circle."""
        if self._may_leave():
            self._open(lambda: self.editor.add_circle(new_key()))

    def add_polygon(self) -> None:
        """Open the editor with a new polygon."""
        if self._may_leave():
            self._open(lambda: self.editor.add_polygon(new_key()))

    def edit_selected(self) -> None:
        """Open the editor with the current place."""
        place = self.selected()
        if place is not None and self._may_leave():
            self._open(lambda: self.editor.edit(place))

    def show_place(self, key: str) -> None:
        """Select the place of this key and open the editor with it."""
        row = self.model.row_of(key)
        if row >= 0:
            self.view.select_row(row)
            self.edit_selected()

    def delete(self) -> None:
        """Delete the current place; a line offers to undo it, and names the rules that use it."""
        place = self.selected()
        if place is None:
            return
        before = self.places.items
        waiting, sleeping = self._users(place)
        self.places.remove(place.key)

        def undo() -> None:
            at = before.index(place)
            items = list(self.places.items)
            items.insert(min(at, len(items)), place)
            self.places.set(items)
            self.view.select_row(self.model.row_of(place.key))

        self._say(f"Deleted: {place.name}.{waiting}{sleeping}", undo)

    def selected(self) -> Place | None:
        """The place of the current row."""
        index = self.view.currentIndex()
        return self.model.rows[index.row()] if index.isValid() else None

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files_of(event):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        files = _files_of(event)
        if files:
            event.acceptProposedAction()
            self.transfer.import_files(files)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.tick()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._beside.arrange()

    def _open(self, show: Callable[[], None]) -> None:
        self._say("", None)
        self.editor.show()
        self._beside.arrange()
        show()

    def _may_leave(self) -> bool:
        """False, with a word, while something typed would be lost."""
        if self.editor.isHidden() or not self.editor.is_changed:
            return True
        self._say(_UNSAVED, None)
        self.editor.name.setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    def _save(self, place: Place) -> None:
        try:
            if self.places.find(place.key) is None:
                self.places.add(place)
            else:
                self.places.replace(place)
        except ValueError as error:
            self._say(str(error), None)
            return
        self._leave_editor()
        self.view.select_row(self.model.row_of(place.key))

    def _leave_editor(self) -> None:
        self._say("", None)
        self.editor.is_changed = False
        self.editor.hide()
        self._beside.arrange()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _users(self, place: Place) -> tuple[str, str]:
        """Which rules cannot work without it, and which slept in it, as sentences."""
        keys = [
            ({ref.key for ref in rule.condition.place_refs}, {ref.key for ref in rule.sleeps_in})
            for rule in self._rules.rules
        ]
        waiting = sum(place.key in about for about, _asleep in keys)
        sleeping = sum(place.key in asleep for _about, asleep in keys)
        words = f" {_rules(waiting)} no longer {'works' if waiting == 1 else 'work'}."
        asleep = f" {_rules(sleeping)} no longer {'sleeps' if sleeping == 1 else 'sleep'} there."
        return words if waiting else "", asleep if sleeping else ""

    def _say(self, text: str, undo: Callable[[], None] | None) -> None:
        """Say what came of something, with a way back where there is one."""
        self.undo_line.forget()
        if undo is not None:
            self.undo_line.offer(text, undo)
        self.result.setText("" if undo is not None else text)
        self.result.setVisible(bool(self.result.text()))

    def _show_places(self) -> None:
        with self.view.place_kept():
            self.model.show_places()
        self._list.show_empty(not self.places.items)
        self.problem.setText(self._file.problem)
        self.problem.setVisible(bool(self._file.problem))
        self._show_state()

    def _show_rules(self) -> None:
        self.model.show_rules(self._rules.rules)

    def _show_units(self) -> None:
        self.model.refresh()
        self.editor.refresh_units()

    def _show_state(self) -> None:
        has_any = bool(self.places.items)
        self.buttons.allow(has_place=self.selected() is not None, has_any=has_any)

    def _connect(self) -> None:
        self.buttons.circle.clicked.connect(self.add_circle)
        self.buttons.polygon.clicked.connect(self.add_polygon)
        self.buttons.edit.clicked.connect(self.edit_selected)
        self.buttons.delete.clicked.connect(self.delete)
        self.buttons.bring.clicked.connect(self.transfer.ask_import)
        self.buttons.give.clicked.connect(self.transfer.ask_export)
        self.view.edit_requested.connect(self.edit_selected)
        self.view.delete_requested.connect(self.delete)
        self.view.selectionModel().currentChanged.connect(self._show_state)
        self.editor.saved.connect(self._save)
        self.editor.cancelled.connect(self._leave_editor)

    def _lay_out(self) -> None:
        self._list = RowsOrWord(self.view, _EMPTY)
        self._beside = EditorBeside(self, (self.buttons, self._list), self.editor, (3, 2))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        for widget in (self.problem, self.result, self.undo_line):
            layout.addWidget(widget)
        layout.addLayout(self._beside, 1)


def _rules(count: int) -> str:
    return "1 rule" if count == 1 else f"{count} rules"


def _files_of(event: QDropEvent) -> list[str]:
    """The files of places that are dragged, by their names."""
    paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if Path(path).suffix[1:].casefold() in SUFFIXES]
