import asyncio
import contextvars
import socket
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from pytestqt.qtbot import QtBot

from tftmonitor.ui.platform import event_loop as loop
from tftmonitor.ui.platform.ready_loop import ReadyLoop

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def run(qtbot: QtBot) -> Run:
    """Runs a coroutine on the window's loop, which must end within a minute."""
    app = loop.make_application()

    def run_it(work: Coroutine[Any, Any, Any]) -> Any:
        with asyncio.Runner(loop_factory=lambda: ReadyLoop(app)) as runner:
            return runner.run(asyncio.wait_for(work, 60))

    return run_it


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    yield ends
    for end in ends:
        end.close()


def test_callbacks_run_in_order_and_in_their_context_but_not_cancelled_ones(run: Run) -> None:
    word: contextvars.ContextVar[str] = contextvars.ContextVar("word", default="none")
    seen: list[str] = []

    async def work() -> None:
        running = asyncio.get_running_loop()
        context = contextvars.copy_context()
        context.run(word.set, "own")
        running.call_soon(lambda: seen.append(word.get()))
        running.call_soon(seen.append, "dropped").cancel()
        running.call_soon(lambda: seen.append(word.get()), context=context)
        await asyncio.sleep(0)

    run(work())
    assert seen == ["none", "own"]


def test_what_a_callback_asks_for_comes_in_the_next_batch(run: Run) -> None:
    seen: list[str] = []

    async def work() -> None:
        running = asyncio.get_running_loop()

        def first() -> None:
            seen.append("first")
            running.call_soon(seen.append, "third")

        running.call_soon(first)
        running.call_soon(seen.append, "second")
        await asyncio.sleep(0.01)

    run(work())
    assert seen == ["first", "second", "third"]


def test_a_task_that_never_rests_leaves_qt_and_others_their_turn(run: Run) -> None:
    fired: list[str] = []

    async def work() -> None:
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: fired.append("timer"))
        timer.start(5)
        turns = 0
        while not fired:
            await asyncio.sleep(0)
            turns += 1
        assert turns > 1

    run(work())
    assert fired == ["timer"]


def test_a_socket_that_is_always_ready_does_not_keep_callbacks_waiting(
    run: Run, pair: tuple[socket.socket, socket.socket]
) -> None:
    reads: list[int] = []

    async def work() -> None:
        running = asyncio.get_running_loop()
        pair[1].send(b"never taken out")
        running.add_reader(pair[0], lambda: reads.append(1))
        for _ in range(50):
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        running.remove_reader(pair[0])

    run(work())
    assert len(reads) > 10


def test_reading_can_be_paused_and_resumed_and_the_reader_exchanged(
    run: Run, pair: tuple[socket.socket, socket.socket]
) -> None:
    seen: list[str] = []

    async def work() -> None:
        running = asyncio.get_running_loop()
        near, far = pair

        def reader(word: str) -> Callable[[], None]:
            return lambda: seen.append(f"{word} {near.recv(100).decode()}")

        for turn in range(3):
            running.add_reader(near, reader("one"))
            far.send(b"%d" % turn)
            await asyncio.sleep(0.01)
            assert running.remove_reader(near)
            assert not running.remove_reader(near)
        far.send(b"3")
        await asyncio.sleep(0.01)
        assert len(seen) == 3
        running.add_reader(near, reader("lost"))
        running.add_reader(near, reader("two"))
        await asyncio.sleep(0.01)
        running.remove_reader(near)

    run(work())
    assert seen == ["one 0", "one 1", "one 2", "two 3"]


def test_another_socket_of_the_same_number_is_read(run: Run) -> None:
    async def work() -> list[bytes]:
        running = asyncio.get_running_loop()
        seen: list[bytes] = []
        numbers = set()

        def read(end: socket.socket) -> None:
            seen.append(end.recv(100))

        for turn in range(3):
            near, far = socket.socketpair()
            near.setblocking(False)
            numbers.add(near.fileno())
            running.add_reader(near, read, near)
            far.send(b"%d" % turn)
            await asyncio.sleep(0.01)
            running.remove_reader(near)
            near.close()
            far.close()
        assert len(numbers) == 1
        return seen

    assert run(work()) == [b"0", b"1", b"2"]


def test_errors_of_callbacks_and_readers_go_to_the_loops_handler(
    run: Run, pair: tuple[socket.socket, socket.socket]
) -> None:
    errors: list[str] = []

    async def work() -> None:
        running = asyncio.get_running_loop()
        running.set_exception_handler(
            lambda _loop, context: errors.append(str(context["exception"]))
        )

        def fail(text: str) -> None:
            pair[0].setblocking(False)
            running.remove_reader(pair[0])
            raise ValueError(text)

        running.call_soon(fail, "callback")
        await asyncio.sleep(0.01)
        pair[1].send(b"x")
        running.add_reader(pair[0], fail, "reader")
        await asyncio.sleep(0.01)

    run(work())
    assert errors == ["callback", "reader"]


def test_threads_and_timers_work_as_ever(run: Run) -> None:
    async def work() -> tuple[int, list[int]]:
        running = asyncio.get_running_loop()
        seen: list[int] = []
        running.call_later(0.02, seen.append, 2)
        running.call_later(0.01, seen.append, 1)
        found = await asyncio.to_thread(lambda: 7)
        await asyncio.sleep(0.05)
        return found, seen

    assert run(work()) == (7, [1, 2])


def test_a_cancelled_timer_is_gone_at_once_and_never_runs(run: Run) -> None:
    async def work() -> None:
        running = asyncio.get_running_loop()
        assert isinstance(running, ReadyLoop)
        before = len(running._timers._handles)
        handles = [running.call_later(0.005, pytest.fail, "ran") for _ in range(100)]
        assert len(running._timers._handles) == before + 100
        for handle in handles:
            handle.cancel()
            handle.cancel()
        assert len(running._timers._handles) == before
        await asyncio.sleep(0.02)
        for _ in range(100):
            async with asyncio.timeout(100):
                await asyncio.sleep(0)
        assert len(running._timers._handles) == before

    run(work())


@pytest.mark.parametrize("delay", [0.0012, 0.0049, 0.0101])
def test_a_timer_does_not_run_before_its_time(run: Run, delay: float) -> None:
    async def work() -> float:
        running = asyncio.get_running_loop()
        start = running.time()
        await asyncio.sleep(delay)
        return running.time() - start

    assert run(work()) >= delay - 0.001


def test_nothing_is_accepted_after_the_end(qtbot: QtBot) -> None:
    running = ReadyLoop(loop.make_application())
    running.call_soon(pytest.fail, "ran after the end")
    running.close()
    with pytest.raises(RuntimeError):
        running.call_soon(print)
    qtbot.wait(20)


def test_close_ends_readers_and_timers_and_may_be_called_twice(
    qtbot: QtBot, pair: tuple[socket.socket, socket.socket]
) -> None:
    running = ReadyLoop(loop.make_application())
    running.call_later(0.01, pytest.fail, "timer ran after the end")
    running.add_reader(pair[0], pytest.fail, "reader ran after the end")
    pair[1].send(b"x")
    running.close()
    running.close()
    qtbot.wait(40)
    assert running.is_closed()
    assert not running._remove_reader(pair[0])


def test_a_time_that_is_past_is_the_next_batch(run: Run) -> None:
    seen: list[str] = []

    async def work() -> None:
        running = asyncio.get_running_loop()
        running.call_at(running.time() - 5, seen.append, "past")
        running.call_soon(seen.append, "soon")
        await asyncio.sleep(0.01)

    run(work())
    assert seen == ["past", "soon"]


def test_an_event_loop_within_a_callback_works_off_what_is_due(run: Run) -> None:
    seen: list[str] = []

    async def work() -> None:
        running = asyncio.get_running_loop()

        def nested() -> None:
            seen.append("nested")
            running.call_soon(seen.append, "added")
            QCoreApplication.processEvents()
            seen.append("back")

        running.call_soon(nested)
        running.call_soon(seen.append, "second")
        await asyncio.sleep(0.02)

    run(work())
    assert seen == ["nested", "second", "added", "back"]


def test_a_callback_that_ends_the_batch_does_not_strand_the_rest(qtbot: QtBot) -> None:
    running = ReadyLoop(loop.make_application())
    seen: list[str] = []

    def leave() -> None:
        raise SystemExit(3)

    running.call_soon(leave)
    running.call_soon(seen.append, "rest")
    # As Qt delivers the posted event, without a frame of Qt that would swallow the exception.
    QCoreApplication.removePostedEvents(running._queue)
    with pytest.raises(SystemExit):
        running._queue.customEvent(QEvent(QEvent.Type.User))
    qtbot.waitUntil(lambda: seen == ["rest"], timeout=1_000)
    running.close()


def test_two_sockets_of_one_turn_and_one_that_removes_the_other(run: Run) -> None:
    seen: list[str] = []
    pairs = [socket.socketpair() for _ in range(2)]

    async def work() -> None:
        running = asyncio.get_running_loop()

        def read(own: socket.socket, other: socket.socket) -> None:
            seen.append(own.recv(10).decode())
            running.remove_reader(own)
            running.remove_reader(other)

        (first, to_first), (second, to_second) = pairs
        for end in (first, second):
            end.setblocking(False)
        running.add_reader(first, read, first, second)
        running.add_reader(second, read, second, first)
        to_first.send(b"x")
        to_second.send(b"x")
        await asyncio.sleep(0.02)

    run(work())
    for ends in pairs:
        for end in ends:
            end.close()
    assert seen == ["x"]
