"""The event loop of the window: qasync's, with what happens hundreds of times a second made cheap.

WORKAROUND qasync 0.28: it starts a Qt timer for each callback and makes a socket notifier for each
pause in reading, which costs more than decoding the messages that a read brings, and its cancelled
timers run on. Remove when it queues callbacks and keeps its notifiers.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any

import qasync
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSocketNotifier, QTimerEvent
from typing_extensions import override


class ReadyLoop(qasync.QEventLoop):  # type: ignore[misc] # qasync has no types
    """Callbacks that are due wait in a queue that is worked off in batches, as asyncio does.

    A socket that is read in turns keeps its notifier, and its reader runs within the
    notification. A batch ends where it stood at its beginning, so that Qt always has its turn.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        # Before the base class, which adds the reader of asyncio's self-pipe at once.
        self._queue = _Queue()
        self._timers = _Timers()
        self._readers: dict[int, asyncio.Handle] = {}
        self._notifiers: dict[int, QSocketNotifier] = {}
        super().__init__(*arguments, **named)

    @override
    def call_soon(
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Run the callback in the next batch."""
        # Without it a callback of a closed loop would vanish, where asyncio raises.
        self._check_closed()
        handle = asyncio.Handle(callback, args, self, context)
        self._queue.add(handle)
        return handle

    @override
    def call_later(
        self,
        delay: float,
        callback: Callable[..., Any],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Run the callback in ``delay`` seconds: short ones to the millisecond, others to 5 %."""
        # ``call_at`` of the base class comes here too, with times that may be past.
        if delay <= 0:
            return self.call_soon(callback, *args, context=context)
        self._check_closed()
        handle = asyncio.TimerHandle(self.time() + delay, callback, args, self, context)
        self._timers.add(handle, delay)
        return handle

    # asyncio calls it from the handle's ``cancel``. Time limits are set and cancelled all the time:
    # as timers that run on, they would pile up until their time.
    @override
    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        self._timers.drop(handle)

    @override
    def close(self) -> None:
        self._queue.close()
        self._timers.close()
        # Before the base class, which closes the sockets that they watch.
        for fd in list(self._readers):
            self._remove_reader(fd)
        self._notifiers.clear()
        super().close()

    # What asyncio's transports and its own self-pipe call; ``fd`` is a number or has one. The
    # links pause reading after each read and resume it a moment later, so both must be cheap:
    # the notifier of a number is made once, and switched on and off.

    @override
    def _add_reader(self, fd: Any, callback: Callable[..., Any], *args: Any) -> asyncio.Handle:
        self._check_closed()
        number = _number(fd)
        handle = asyncio.Handle(callback, args, self, None)
        # The notifier looks the reader up when it fires, so a new one simply takes the place.
        self._readers[number] = handle
        notifier = self._notifiers.get(number)
        if notifier is None:
            notifier = self._notifiers[number] = _notifier(number, self._readers)
        notifier.setEnabled(True)
        return handle

    @override
    def _remove_reader(self, fd: Any) -> bool:
        if self.is_closed():
            return False
        number = _number(fd)
        handle = self._readers.pop(number, None)
        if handle is None:
            return False
        handle.cancel()
        # Kept for the next reader of this number, be it another socket's: Qt forgets a disabled
        # notifier's number, and watches it anew when it is enabled.
        self._notifiers[number].setEnabled(False)
        return True


def _number(fd: Any) -> int:
    return fd if isinstance(fd, int) else int(fd.fileno())


def _notifier(number: int, readers: dict[int, asyncio.Handle]) -> QSocketNotifier:
    notifier = QSocketNotifier(number, QSocketNotifier.Type.Read)

    def read() -> None:
        # At once, where qasync switches the notifier off and queues the reader. It may be gone:
        # Qt delivers what was ready also when an earlier reader of this turn removed it.
        handle = readers.get(number)
        if handle is not None:
            _run(handle)

    notifier.activated.connect(read)
    return notifier


def _run(handle: asyncio.Handle) -> None:
    # What asyncio's own loops do: in the handle's context, and errors go to the loop's handler.
    handle._run()  # noqa: SLF001


class _Queue(QObject):
    """Handles that are due, run in batches by a posted event.

    Not by a timer of no time: Qt serves that after the sockets, and a socket that is always ready
    would keep the callbacks waiting.
    """

    def __init__(self) -> None:
        super().__init__()
        self._due: deque[asyncio.Handle] = deque()
        self._is_posted = False

    def add(self, handle: asyncio.Handle) -> None:
        """Run this handle with the next batch."""
        self._due.append(handle)
        if not self._is_posted:
            self._post()

    def close(self) -> None:
        """Forget what is due."""
        self._due.clear()

    @override
    def customEvent(self, event: QEvent) -> None:
        # First of all, so that an event loop within a callback can post again and go on with what
        # is due.
        self._is_posted = False
        due = self._due
        try:
            # The length of now: what callbacks add comes in the next batch, after Qt had its turn.
            for _ in range(len(due)):
                # An event loop within a callback may have worked off the rest.
                if not due:
                    break
                handle = due.popleft()
                if not handle.cancelled():
                    _run(handle)
        finally:
            # Only after a callback that ended the batch, as SystemExit does: the rest must not
            # wait for the next ``call_soon``.
            if due and not self._is_posted:
                self._post()

    def _post(self) -> None:
        self._is_posted = True
        QCoreApplication.postEvent(self, QEvent(QEvent.Type.User))


class _Timers(QObject):
    """A Qt timer for each handle, killed with it."""

    def __init__(self) -> None:
        super().__init__()
        self._handles: dict[int, asyncio.TimerHandle] = {}
        # By identity, because handles are equal when their times are.
        self._numbers: dict[int, int] = {}

    def add(self, handle: asyncio.TimerHandle, delay_s: float) -> None:
        """Run this handle once in so many seconds."""
        # Rounded up: who is woken too early looks at the clock and has to wait once more.
        number = self.startTimer(math.ceil(delay_s * 1_000))
        self._handles[number] = handle
        self._numbers[id(handle)] = number

    def drop(self, handle: asyncio.TimerHandle) -> None:
        """Run this handle no more; one that has run is none of ours."""
        number = self._numbers.pop(id(handle), None)
        if number is not None:
            self.killTimer(number)
            del self._handles[number]

    def close(self) -> None:
        """Run none."""
        for handle in list(self._handles.values()):
            self.drop(handle)

    @override
    def timerEvent(self, event: QTimerEvent) -> None:
        # None when an event that Qt had queued already outlived its timer.
        handle = self._handles.get(event.timerId())
        if handle is not None:
            self.drop(handle)
            _run(handle)
