"""What of the journal is shown: words, kind, time and device, in one line of controls."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton, QWidget

from tftmonitor.base.clock import DAY_MS, HOUR_MS, Clock
from tftmonitor.history.journal_query import JournalFilter
from tftmonitor.model.fields.formatting import clip, one_line
from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.theme.theme import THEME
from tftmonitor.ui.widgets.flow_layout import FlowLayout
from tftmonitor.ui.widgets.page_search import mark_page_search
from tftmonitor.ui.widgets.single_shot import single_shot
from tftmonitor.ui.widgets.wheel_guard import guard_wheel

# Typing a word is one search and not five.
SEARCH_AFTER_MS: Final = 300
_SEARCH_WIDTH: Final = 190
_LONGEST: Final = 80
_KINDS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("All events", ()),
    ("Raised", ("raised",)),
    ("Ended", ("returned", "cleared")),
    ("Acknowledged", ("acknowledged", "drill_confirmed")),
    ("Silenced, shelved", ("silenced", "shelved", "unshelved", "out_of_service", "expired")),
    ("Notes", ("noted",)),
    ("No data", ("blind",)),
    ("The program", ("restored", "step_failed", "joined", "time_known")),
)
_SPANS: Final[tuple[tuple[str, int | None], ...]] = (
    ("Any time", None),
    ("Last hour", HOUR_MS),
    ("Last 24 hours", DAY_MS),
    ("Last 7 days", 7 * DAY_MS),
    ("Last 30 days", 30 * DAY_MS),
)


class JournalBar(QWidget):
    """``changed`` when another filter is wanted; ``wanted`` gives it."""

    changed = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._device: str | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search the journal")
        self.search.setAccessibleName("Search the journal")
        self.search.setClearButtonEnabled(True)
        self.search.setMaxLength(_LONGEST)
        mark_page_search(self.search)
        self.search.setFixedWidth(_SEARCH_WIDTH)
        self._icon = self.search.addAction(
            action_icon("search"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.kind = _combo("Kind of event", [text for text, _kinds in _KINDS])
        self.span = _combo("Time", [text for text, _span in _SPANS])
        self.only = QToolButton()
        self.only.setCheckable(True)
        self.only.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.only.hide()
        flow = FlowLayout(self)
        for part in (self.search, self.kind, self.span, self.only):
            flow.addWidget(part)
        self._typed = single_shot(self, self.changed.emit, SEARCH_AFTER_MS)
        self.search.textChanged.connect(lambda _text: self._typed.start())
        self.kind.currentIndexChanged.connect(lambda _place: self.changed.emit())
        self.span.currentIndexChanged.connect(lambda _place: self.changed.emit())
        self.only.toggled.connect(lambda _on: self.changed.emit())
        THEME.changed.connect(self._apply_theme)

    def set_device(self, key: str | None, name: str) -> None:
        """The device that is chosen in the window, to which the journal can be narrowed."""
        if key == self._device:
            return
        self._device = key
        self.only.setText(f"Only {clip(one_line(name), 24)}")
        self.only.setVisible(key is not None)
        if self.only.isChecked():
            self.changed.emit()

    def narrow_to_device(self) -> None:
        """Show the journal of the chosen device alone."""
        self.only.setChecked(True)

    def wanted(self) -> JournalFilter:
        """The filter as the controls stand now."""
        span = _SPANS[self.span.currentIndex()][1]
        return JournalFilter(
            device=self._device if self.only.isChecked() else None,
            kinds=_KINDS[self.kind.currentIndex()][1],
            from_ms=None if span is None else self._clock.now_ms() - span,
            words=tuple(self.search.text().split()),
        )

    def clear(self) -> None:
        """Narrow nothing."""
        self.search.clear()
        self.kind.setCurrentIndex(0)
        self.span.setCurrentIndex(0)
        self.only.setChecked(False)

    def _apply_theme(self) -> None:
        self._icon.setIcon(action_icon("search"))


def _combo(name: str, texts: list[str]) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.addItems(texts)
    guard_wheel(combo)
    return combo
