"""The one way in which an object of the program lets others know that something changed.

Qt's signals stay for changes between widgets; everything below the window uses this.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Generic, ParamSpec

_log = logging.getLogger(__name__)

P = ParamSpec("P")


class Listeners(Generic[P]):
    """Callables that are called, in the order in which they were added, with what happened.

    One that raises is logged and does not keep the others from being called. Adding and removing
    while they are called takes effect with the next call.
    """

    __slots__ = ("_added",)

    def __init__(self) -> None:
        self._added: tuple[Callable[P, object], ...] = ()

    def __bool__(self) -> bool:
        return bool(self._added)

    def add(self, listener: Callable[P, object]) -> None:
        """Call this from now on; twice when it is added twice."""
        self._added = (*self._added, listener)

    def remove(self, listener: Callable[P, object]) -> None:
        """Call this no more. Raises ValueError when it is not there."""
        added = list(self._added)
        added.remove(listener)
        self._added = tuple(added)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[Exception]:
        """Call them all; the errors of those that failed, which are logged already."""
        return [error for error in self.each(*args, **kwargs) if error is not None]

    def each(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[Exception | None]:
        """Call one with each step, so that others may have a turn between; its error, if any."""
        for listener in self._added:
            error: Exception | None = None
            try:
                listener(*args, **kwargs)
            except Exception as raised:  # noqa: BLE001 - one listener must not silence the others
                _log.exception("listener %r failed", listener)
                error = raised
            yield error
