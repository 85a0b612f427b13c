"""What keeps the computer awake: the base of ``inhibit_dbus``, ``_process`` and ``_windows``."""

from collections.abc import Callable
from typing import Protocol

InhibitReport = Callable[[bool, str], None]
"""Takes whether the computer is kept awake, and a remark or the reason why not."""


class SleepInhibitor(Protocol):
    """One platform's means; neither method blocks or raises, the outcome is reported."""

    def inhibit(self, report: InhibitReport) -> None:
        """Keep awake from now on; ``report`` may be called at once, later, and again."""
        ...

    def release(self) -> None:
        """Let the computer sleep again."""
        ...
