"""What moved since the last frame of the window."""

from tftmonitor.base.listeners import Listeners


class Changes:
    """Collects changed rows; the first change after ``drain`` calls ``woken`` once."""

    __slots__ = ("_armed", "added", "rows", "woken")

    def __init__(self) -> None:
        self.rows: set[int] = set()
        self.added = False
        self.woken: Listeners[[]] = Listeners()
        self._armed = False

    def touch(self, row: int) -> None:
        """A device has something new."""
        self.rows.add(row)
        if not self._armed:
            self._armed = True
            self.woken()

    def add(self, row: int) -> None:
        """A device has appeared."""
        self.added = True
        self.touch(row)

    def drain(self) -> tuple[set[int], bool]:
        """Rows touched, and whether any of them is new; starts the next collection."""
        rows, added = self.rows, self.added
        self.rows, self.added, self._armed = set(), False, False
        return rows, added
