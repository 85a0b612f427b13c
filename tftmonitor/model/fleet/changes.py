"""What moved since the last frame of the window."""

from collections.abc import Callable


class Changes:
    """Collects dirty rows; the first dirt after ``take`` calls ``wake`` once."""

    __slots__ = ("_armed", "added", "rows", "wake")

    def __init__(self) -> None:
        self.rows: set[int] = set()
        self.added = False
        self.wake: Callable[[], None] | None = None
        self._armed = False

    def touch(self, row: int) -> None:
        """A device has something new."""
        self.rows.add(row)
        if not self._armed:
            self._arm()

    def add(self, row: int) -> None:
        """A device has appeared."""
        self.added = True
        self.touch(row)

    def take(self) -> tuple[set[int], bool]:
        """Rows touched, and whether any of them is new; starts the next collection."""
        rows, added = self.rows, self.added
        self.rows, self.added, self._armed = set(), False, False
        return rows, added

    def _arm(self) -> None:
        self._armed = True
        if self.wake is not None:
            self.wake()
