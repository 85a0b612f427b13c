"""The tabs of the pane of alarms, each with how many it has."""

from collections.abc import Sequence

from PySide6.QtWidgets import QTabBar, QWidget

OPEN, ACKNOWLEDGED, SHELVED, JOURNAL = range(4)
_TITLES = ("Open", "Acknowledged", "Shelved", "Journal")
_NARROW_TITLES = ("Open", "Ack’d", "Shelved", "Journal")


class AlarmTabs(QTabBar):
    """One tab a list; the journal is a page of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Alarm lists")
        self.setDrawBase(False)
        self.setExpanding(False)
        for title in _TITLES:
            self.addTab(title)

    def show_counts(self, counts: Sequence[int], *, narrow: bool) -> None:
        """A number behind each title, none for 0; ``narrow`` shortens the titles."""
        titles = _NARROW_TITLES if narrow else _TITLES
        for tab, (title, count) in enumerate(zip(titles, counts, strict=True)):
            text = f"{title} {count}" if count else title
            # Each text that is set lays the tabs out again.
            if self.tabText(tab) != text:
                self.setTabText(tab, text)
