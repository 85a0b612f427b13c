"""The door to what is recorded: answers, what is given up, and its end."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.unit.history.past.recorded import KEY, record, snapshot
from tests.unit.history.samples.pushes import T0
from tftmonitor.history.past import stored_rows
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import FILE_NAME, HistoryError, Pending
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.monitor.past.past import Past

ROWS = [snapshot(n * 10_000, n * 10_000 + 5, speed=float(n % 50)) for n in range(400)]
ALL = ([KEY], ["speed"], T0, T0 + 10_000_000)


Test = Callable[[Past, Path, pytest.MonkeyPatch], Coroutine[Any, Any, None]]


def with_past(test: Test) -> Callable[[Path, pytest.MonkeyPatch], None]:
    """Run a test on a loop of its own, with a door that is closed behind it."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        async def main() -> None:
            past = Past(tmp_path)
            try:
                await test(past, tmp_path, monkeypatch)
            finally:
                await past.close()

        asyncio.run(main())

    return run


def set_aside(profile: Path) -> None:
    for file in profile.glob(f"{FILE_NAME}*"):
        file.rename(file.with_name("aside-" + file.name))


@with_past
async def test_tells_samples_span_and_blind_time(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path, ROWS)
    blind = BlindInterval("devices", Blindness.LINK, T0 + 1, T0 + 2, "gone")
    store = SampleStore(tmp_path, T0)
    store.write(Pending(blind=[blind]), T0)
    store.close()
    found = await past.samples(*ALL)
    assert found is not None
    assert found.samples is not None
    assert found.samples.values[0].tolist() == [float(n % 50) for n in range(400)]
    assert await past.span([KEY]) == (T0 + 5, T0 + 3_990_005)
    assert await past.span(["nobody"]) is None
    assert blind in await past.blind(T0, T0 + 5)


@with_past
async def test_without_a_store_nothing_is_recorded(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await past.samples(*ALL) is None
    assert await past.span([KEY]) is None
    assert await past.blind(0, T0) == []
    nowhere = Past(None)
    assert await nowhere.samples(*ALL) is None
    await nowhere.close()


@with_past
async def test_a_store_that_comes_later_is_read(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await past.span([KEY]) is None
    record(tmp_path, ROWS[:5])
    assert await past.span([KEY]) == (T0 + 5, T0 + 40_005)


@with_past
async def test_a_file_that_was_set_aside_is_left(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path, ROWS)
    assert await past.span([KEY]) is not None
    set_aside(tmp_path)
    record(tmp_path, ROWS[:1])
    assert await past.span([KEY]) == (T0 + 5, T0 + 5)


@with_past
async def test_what_cannot_be_read_is_said_and_tried_again(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 1_000)
    with pytest.raises(HistoryError, match="cannot be read"):
        await past.span([KEY])
    (tmp_path / FILE_NAME).unlink()
    record(tmp_path, ROWS[:1])
    assert await past.span([KEY]) is not None


@with_past
async def test_too_much_is_refused_and_less_is_answered(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tftmonitor.history.past.gathering.MOST_ROWS", 100)
    record(tmp_path, ROWS)
    with pytest.raises(HistoryError, match="too many"):
        await past.samples(*ALL)
    assert await past.samples([KEY], ["speed"], T0, T0 + 10_000, 5) is not None


@with_past
async def test_who_is_cancelled_is_not_answered(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path, ROWS)
    begun, pages = threading.Event(), []
    loop = asyncio.get_running_loop()
    fetch = stored_rows.StoredRows._bodies

    def slowly(rows: stored_rows.StoredRows, chunks: list[stored_rows._Chunk]) -> list[bytes]:
        begun.set()
        while rows._is_wanted():
            threading.Event().wait(0.001)
        pages.append(len(chunks))
        return fetch(rows, chunks)

    monkeypatch.setattr(stored_rows.StoredRows, "_bodies", slowly)
    asked = asyncio.create_task(past.samples(*ALL))
    waiting = asyncio.create_task(past.samples(*ALL))
    await loop.run_in_executor(None, begun.wait)
    waiting.cancel()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    # The thread is free for the next one.
    assert await past.span([KEY]) is not None
    assert len(pages) == 1


@with_past
async def test_after_its_end_it_answers_nobody(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path, ROWS)
    assert await past.span([KEY]) is not None
    await past.close()
    await past.close()
    with pytest.raises(HistoryError, match="closed"):
        await past.span([KEY])
    assert "past_0" not in {thread.name for thread in threading.enumerate()}


@with_past
async def test_the_end_does_not_wait_for_an_answer(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path, ROWS)
    begun = threading.Event()

    def forever(rows: stored_rows.StoredRows, _chunks: object) -> list[bytes]:
        begun.set()
        while rows._is_wanted():
            threading.Event().wait(0.001)
        raise stored_rows.Cancelled

    monkeypatch.setattr(stored_rows.StoredRows, "_bodies", forever)
    asked = asyncio.create_task(past.samples(*ALL))
    await asyncio.get_running_loop().run_in_executor(None, begun.wait)
    await past.close()
    assert await asked is None


def test_nothing_that_reads_is_imported_with_it() -> None:
    code = (
        "import sys, tftmonitor.monitor.past.past;"
        "print([m for m in sys.modules if m.startswith('tftmonitor.history.past')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
