"""What can be read of a file that was set aside goes into the new one, in the background.

A new file that replaces a damaged one counts from a number that no older one has reached, so that
what is saved has its own number and stands before what came since. How far it has come is kept in
the file: a kill in the middle of it costs nothing.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from tftmonitor.history.samples.batch import text_sum
from tftmonitor.history.samples.last import last_of, newest_of, put_last
from tftmonitor.history.samples.salvage.state import FACT, SalvageState
from tftmonitor.history.samples.salvage.wounded import Numbered, WoundedFile
from tftmonitor.history.samples.sealing import (
    CHUNK_PUSHES,
    ROUND_PUSHES,
    Made,
    make_chunk,
    put_round,
)
from tftmonitor.history.samples.shapes import FileShapes
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.schema import transaction

_CHUNKS_AT_ONCE: Final = 16


def salvage(store: SampleStore, now_ms: int) -> Iterator[None]:
    """Save what is left to be saved, a chunk a step; nothing where there is nothing.

    Raises sqlite3.Error.
    """
    kept = store.fact(FACT, None)
    if kept is None:
        return
    state = msgspec.json.decode(kept, type=SalvageState)
    wounded = WoundedFile(store.path.with_name(state.file))
    try:
        yield from _save_beside(store, wounded, state)
        yield from _save_chunks(store, wounded, state, now_ms)
        yield from _save_batches(store, wounded, state, now_ms)
    finally:
        wounded.close()
    with transaction(store.database):
        store.database.execute("DELETE FROM facts WHERE name = ?", (FACT,))
    words = f"{state.saved:,} pushes of {state.file} are saved"
    lost = f"; {state.unreadable:,} blocks of it could not be read" if state.unreadable else ""
    store.problems.append(f"{words}{lost}. That file is no longer needed by the program.")


def _save_beside(store: SampleStore, wounded: WoundedFile, state: SalvageState) -> Iterator[None]:
    """Blind intervals, changes of links and names, which are few."""
    if state.chunk >= 0:
        return
    until_ms = wounded.facts().get("running_until_ms")
    until_ms = until_ms if isinstance(until_ms, int) else None
    blind = [row for row in wounded.blind() if _is_blind(row)]
    links = [row for row in wounded.links() if isinstance(row[0], int)]
    labels = list(wounded.labels())
    yield
    with transaction(store.database):
        for scope, start_ms, end_ms, cause, reason in blind:
            end = min(state.began_ms, until_ms or start_ms) if end_ms is None else end_ms
            row = scope, start_ms, max(start_ms, end), cause, reason
            store.database.execute("INSERT OR IGNORE INTO blind VALUES (?, ?, ?, ?, ?)", row)
        if until_ms is not None and until_ms < state.began_ms:
            row = "program", until_ms, state.began_ms, "program not running", ""
            store.database.execute("INSERT OR IGNORE INTO blind VALUES (?, ?, ?, ?, ?)", row)
        store.database.executemany("INSERT INTO link VALUES (NULL, ?, ?, ?, ?)", links)
        for key, label in labels:
            store.database.execute(
                """INSERT INTO device (key, label, sum) VALUES (?, ?, ?)
                     ON CONFLICT (key) DO UPDATE SET label = coalesce(label, excluded.label)""",
                (key, label, text_sum(key)),
            )
        state.chunk = 0
        _keep(store, state)


def _save_chunks(
    store: SampleStore, wounded: WoundedFile, state: SalvageState, now_ms: int
) -> Iterator[None]:
    book = FileShapes(store.database)
    made: list[Made] = []
    newest: list[tuple[str, Numbered]] = []
    number = state.chunk
    for number, device, numbered in wounded.chunks(state.chunk):
        if numbered[-1][0] < state.first_seq:
            made.append(make_chunk(device, numbered, book))
            newest.append((device, numbered))
        yield
        if len(made) >= _CHUNKS_AT_ONCE:
            state.chunk = number
            _put(store, made, newest, wounded, state, now_ms)
            made, newest = [], []
    state.chunk = number
    _put(store, made, newest, wounded, state, now_ms)


def _save_batches(
    store: SampleStore, wounded: WoundedFile, state: SalvageState, now_ms: int
) -> Iterator[None]:
    gathered: Numbered = []
    for first_seq, numbered in wounded.batches(state.batch):
        gathered += [each for each in numbered if each[0] < state.first_seq]
        state.batch = first_seq
        yield
        if len(gathered) >= ROUND_PUSHES:
            yield from _save_gathered(store, gathered, wounded, state, now_ms)
            gathered = []
    yield from _save_gathered(store, gathered, wounded, state, now_ms)


def _save_gathered(
    store: SampleStore, gathered: Numbered, wounded: WoundedFile, state: SalvageState, now_ms: int
) -> Iterator[None]:
    book = FileShapes(store.database)
    by_device: dict[str, Numbered] = {}
    for seq, row in gathered:
        by_device.setdefault(row[0], []).append((seq, row))
    made: list[Made] = []
    for device, numbered in by_device.items():
        for low in range(0, len(numbered), CHUNK_PUSHES):
            made.append(make_chunk(device, numbered[low : low + CHUNK_PUSHES], book))
            yield
    _put(store, made, list(by_device.items()), wounded, state, now_ms)


def _put(
    store: SampleStore,
    made: list[Made],
    newest: list[tuple[str, Numbered]],
    wounded: WoundedFile,
    state: SalvageState,
    now_ms: int,
) -> None:
    state.saved += sum(len(each.seqs) for each in made)
    state.unreadable += wounded.unreadable
    wounded.unreadable = 0
    with transaction(store.database):
        if made:
            put_round(store, made, now_ms)
        for device, numbered in newest:
            number = store.device_number(device)
            known = last_of(store.database, number)
            found = newest_of(row for _, row in numbered)
            if found is not None and (known is None or known.received_ms < found.received_ms):
                put_last(store.database, [(number, found)])
        _keep(store, state)


def _keep(store: SampleStore, state: SalvageState) -> None:
    store.set_fact(FACT, msgspec.json.encode(state))


def _is_blind(row: tuple[Any, ...]) -> bool:
    scope, start_ms, end_ms, cause, reason = row
    texts = all(isinstance(text, str) for text in (scope, cause, reason))
    return texts and isinstance(start_ms, int) and (end_ms is None or isinstance(end_ms, int))
