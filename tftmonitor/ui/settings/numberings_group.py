"""Which list the alarm numbers of each model come from: the operator's word over the rule's."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGroupBox, QWidget

from tftmonitor.model.alarms.codes import Numbering
from tftmonitor.model.fields.formatting import clip
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.settings.group import make_form, name_label
from tftmonitor.ui.widgets.labels import plain_label
from tftmonitor.ui.widgets.wheel_guard import guard_wheel

# The feed names the models, and need not be sane.
MODEL_LIMIT = 60
_MODEL_TEXT_LIMIT = 22
_WHY = (
    "The feed does not say which list numbers its alarms. Choose one where alarms of a model"
    " have the wrong names; it counts for those that come from now on."
)
_EMPTY = "No device has reported its model yet."
_NO_MODEL = "(no model reported)"

# value, words, what it is
CHOICES = (
    ("", "Automatic", "What the numbers and the alarm bits of the model prove"),
    (Numbering.BITS.value, "A alarm bits", "One bit an alarm, as in the word of active alarms"),
    (Numbering.VEHICLE.value, "B vehicle byte", "The alarm byte that vehicle trackers send"),
    (Numbering.ASSET.value, "B asset byte", "The alarm byte that asset trackers send"),
    (Numbering.EVENT.value, "C codec event", "The codec's own list, in which 1 is no alarm"),
)


class NumberingsGroup(QGroupBox):
    """A row a model.

    ``added`` tells of new rows, whose widgets stand last in the order of keys.
    """

    added = Signal()

    def __init__(self, settings: SettingsStore) -> None:
        super().__init__("Alarm numbers")
        self._settings = settings
        self.boxes: dict[str, QComboBox] = {}
        self._models: dict[str, str] = {}
        self._form = make_form(self)
        self._form.addRow(plain_label(_WHY, muted=True))
        self._note = plain_label(_EMPTY)
        self._form.addRow(self._note)
        self.show_values()

    def show_models(self, models: Iterable[str | None]) -> None:
        """Add a row for each model that has none yet; cheap when there is nothing new."""
        found: dict[str, str] = {}
        for model in dict.fromkeys(models):
            found.setdefault(_key(model), (model or "").strip())
        new = sorted(found.keys() - self._models.keys())
        for key in new:
            self._models[key] = found[key]
            if len(self.boxes) < MODEL_LIMIT:
                self._add(key)
        if new:
            self.added.emit()
        left = len(self._models) - len(self.boxes)
        self._note.setVisible(left > 0 or not self.boxes)
        self._note.setText(f"{left} more models are not shown." if left else _EMPTY)

    def order_keys(self, before: QWidget) -> None:
        """Let the Tab key go through the rows after this widget, in the order seen."""
        for key in sorted(self.boxes):
            QWidget.setTabOrder(before, self.boxes[key])
            before = self.boxes[key]

    def show_values(self) -> None:
        """Show what the settings are now."""
        numberings = self._settings.values.numberings
        self.show_models(model for model, value in numberings.items() if value)
        chosen = {_key(model): value for model, value in numberings.items()}
        for key, box in self.boxes.items():
            box.blockSignals(True)
            # A choice of a newer version is not understood, and so not followed.
            box.setCurrentIndex(max(0, box.findData(chosen.get(key, ""))))
            box.blockSignals(False)

    def _add(self, key: str) -> None:
        box = QComboBox()
        for place, (value, words, what) in enumerate(CHOICES):
            box.addItem(words, value)
            box.setItemData(place, what, Qt.ItemDataRole.ToolTipRole)
        guard_wheel(box)
        shown = clip(self._models[key], _MODEL_TEXT_LIMIT) or _NO_MODEL
        box.setAccessibleName(f"Alarm numbers of {shown}")
        label = name_label(shown, box)
        label.setToolTip(shown)
        self.boxes[key] = box
        # In the order of the alphabet, without moving what somebody is using.
        place = sorted(self.boxes).index(key)
        self._form.insertRow(1 + place, label, box)
        box.currentIndexChanged.connect(lambda: self._choose(key))

    def _choose(self, key: str) -> None:
        numberings = dict(self._settings.values.numberings)
        for model in [model for model in numberings if _key(model) == key]:
            del numberings[model]
        # "" stays in the list too: that is how the reader of alarms learns to forget a pin.
        numberings[self._models[key]] = self.boxes[key].currentData()
        self._settings.set("numberings", numberings)


def _key(model: str | None) -> str:
    return (model or "").strip().casefold()
