"""Places and rules: one place chosen by its name, and those in which a rule sleeps, ticked."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QListView, QVBoxLayout, QWidget

from tftmonitor.base.text_search import folded
from tftmonitor.model.places.store import Places
from tftmonitor.model.rules.surroundings import PlaceRef
from tftmonitor.ui.rules.tick_list import TickList
from tftmonitor.ui.tables.tick_delegate import TickDelegate

NOWHERE, IN_PLACES = range(2)
_CHOICES: Final = ("In no place", "In selected places")
_LIST_HEIGHT: Final = 84
_NONE_YET: Final = "no places yet: draw one on the map, with the pin"


def place_choices(places: Places) -> list[tuple[str, str]]:
    """Keys and names, in the order of the names."""
    named = [(place.key, place.name) for place in places.items]
    return sorted(named, key=lambda pair: folded(pair[1]))


def fill_places(combo: QComboBox, places: Places, none_text: str) -> None:
    """Offer the places; the first entry is no place, where that has a text or there is none."""
    choices = place_choices(places)
    if none_text or not choices:
        combo.addItem(none_text or _NONE_YET, "")
    for key, name in choices:
        combo.addItem(name, key)


class SleepChoice(QWidget):
    """A choice of two, and the list of places that belongs to it."""

    changed = Signal()

    def __init__(self, places: Places, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self._before: dict[str, PlaceRef] = {}
        self.choice = QComboBox()
        self.choice.addItems(_CHOICES)
        self.choice.setAccessibleName("Sleeps")
        self.choice.setToolTip("Where the rule raises nothing, such as in depots.")
        self.list = TickList()
        self.view = QListView()
        self.view.setModel(self.list)
        self.view.setUniformItemSizes(True)
        self.view.setItemDelegate(TickDelegate(self.view))
        self.view.setAccessibleName("Places in which the rule sleeps")
        self.view.setFixedHeight(_LIST_HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.choice)
        column.addWidget(self.view)
        self.choice.currentIndexChanged.connect(self._switch)
        self.list.ticked.connect(self.changed)
        self.show_places(())

    @property
    def chosen(self) -> tuple[PlaceRef, ...]:
        """The places that are ticked, those that are gone too: in the order that they had."""
        if self.choice.currentIndex() == NOWHERE:
            return ()
        keys = [*self._before, *(key for key, _name in place_choices(self._places))]
        refs = (self._before.get(key, PlaceRef(key)) for key in dict.fromkeys(keys))
        return tuple(ref.as_now(self._places) for ref in refs if ref.key in self.list.chosen)

    def show_places(self, refs: tuple[PlaceRef, ...]) -> None:
        """Put those of a rule into the list."""
        self._before = {ref.key: ref for ref in refs}
        choices = place_choices(self._places)
        known = {key for key, _name in choices}
        gone = [(ref.key, f"{ref.name} (no longer exists)") for ref in refs if ref.key not in known]
        self.choice.blockSignals(True)
        self.choice.setCurrentIndex(IN_PLACES if refs else NOWHERE)
        self.choice.blockSignals(False)
        self.list.set_choices([*gone, *choices], set(self._before))
        self._show_list()

    def problem(self) -> str:
        """Why this is no choice; empty when it is one."""
        if self.choice.currentIndex() == NOWHERE or self.list.chosen:
            return ""
        if not self._places.items:
            return "There are no places yet: draw one on the map, with the pin."
        return "Select at least one place in which the rule sleeps."

    def _switch(self) -> None:
        self._show_list()
        self.changed.emit()

    def _show_list(self) -> None:
        self.view.setVisible(self.choice.currentIndex() == IN_PLACES)
