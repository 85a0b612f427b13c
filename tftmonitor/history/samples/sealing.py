"""Turns the oldest batches of the spool into chunks of one device each, a round at a time.

A round is made in steps of some milliseconds, between which what arrives is written; only its end
is a transaction, in which the chunks come and the batches go.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from tftmonitor.base.clock import HOUR_MS
from tftmonitor.history.samples.batch import NO_SUM, chained, unpack_batch
from tftmonitor.history.samples.chunk import Chunk, pack_chunk
from tftmonitor.history.samples.last import Newest, last_of, newest_of, put_last
from tftmonitor.history.samples.shapes import FileShapes
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import DamagedBlockError, Recorded
from tftmonitor.history.samples.sums.checking import sum_of
from tftmonitor.history.schema import transaction

# What one round holds in memory: some 50 MB of frames.
ROUND_PUSHES: Final = 32_768
# Whoever sends little is not kept in the spool, where a device's day takes long to read.
ROUND_AGE_MS: Final = HOUR_MS
CHUNK_PUSHES: Final = 240
AGED_PUSHES: Final = 960
# Chunks of a device that are looked at together, and how old they are by then.
_MERGED_AGE_MS: Final = HOUR_MS


class Made(NamedTuple):
    """A chunk that is not in the file yet."""

    device: str
    seqs: list[int]
    first_ms: int
    last_ms: int
    body: bytes


def seal(store: SampleStore, now_ms: int) -> Iterator[None]:
    """One round, where there is enough for one; it pauses after each step.

    Raises sqlite3.Error.
    """
    batches = _taken(store, now_ms)
    if not batches:
        return
    by_device: dict[str, list[tuple[int, Recorded]]] = {}
    for first_seq in batches:
        yield
        query = "SELECT body FROM spool WHERE first_seq = ?"
        (body,) = store.database.execute(query, (first_seq,)).fetchone()
        try:
            rows = unpack_batch(body)
        except DamagedBlockError as error:
            store.problems.append(f"Batch {first_seq} of the history is lost: {error}.")
            continue
        for seq, row in enumerate(rows, first_seq):
            by_device.setdefault(row[0], []).append((seq, row))
    book = FileShapes(store.database)
    made = []
    newest: dict[str, Newest] = {}
    for device, numbered in by_device.items():
        yield
        known = last_of(store.database, store.device_number(device))
        if (found := newest_of((row for _, row in numbered), known)) is not None:
            newest[device] = found
        for low in range(0, len(numbered), CHUNK_PUSHES):
            yield
            made.append(make_chunk(device, numbered[low : low + CHUNK_PUSHES], book))
    yield
    last = "SELECT sum FROM spool WHERE first_seq = ?"
    with transaction(store.database):
        put_round(store, made, now_ms)
        put_last(store.database, ((store.device_number(key), at) for key, at in newest.items()))
        (total,) = store.database.execute(last, (batches[-1],)).fetchone()
        store.set_fact("spool_sum", total)
        after = "SELECT first_seq + count FROM spool WHERE first_seq = ?"
        (sealed,) = store.database.execute(after, (batches[-1],)).fetchone()
        store.database.execute("DELETE FROM spool WHERE first_seq <= ?", (batches[-1],))
        store.set_fact("sealed_seq", sealed)


def merge(store: SampleStore, now_ms: int) -> Iterator[None]:
    """Make larger chunks of small ones that have aged, a device a step. Raises sqlite3.Error."""
    book = FileShapes(store.database)
    query = """SELECT device.number, device.key FROM chunk
      JOIN device ON device.number = chunk.device WHERE count <= ? AND last_ms < ?
      GROUP BY chunk.device HAVING count(*) > 1"""
    limit = CHUNK_PUSHES, now_ms - _MERGED_AGE_MS
    for number, key in store.database.execute(query, limit).fetchall():
        yield
        _merge_device(store, number, key, book, now_ms)


def _taken(store: SampleStore, now_ms: int) -> list[int]:
    """The batches of the next round; none while there is too little."""
    found = store.database.execute(
        "SELECT first_seq, count, last_ms FROM spool ORDER BY first_seq"
    ).fetchall()
    total = 0
    taken: list[int] = []
    for first_seq, count, _ in found:
        if total and total + count > ROUND_PUSHES:
            return taken
        taken.append(first_seq)
        total += count
    is_old = bool(found) and now_ms - found[0][2] >= ROUND_AGE_MS
    return taken if is_old else []


def make_chunk(device: str, numbered: list[tuple[int, Recorded]], book: FileShapes) -> Made:
    """The chunk of these pushes of one device, in order."""
    seqs = [seq for seq, _ in numbered]
    rows = [row for _, row in numbered]
    times = [row[2] for row in rows]
    return Made(device, seqs, min(times), max(times), pack_chunk(seqs, rows, book))


def put_round(store: SampleStore, made: list[Made], now_ms: int) -> None:
    """The chunks and their round, in the transaction of the caller."""
    newest = "SELECT number, sum FROM round ORDER BY number DESC LIMIT 1"
    before, prior = store.database.execute(newest).fetchone() or (0, NO_SUM)
    number, sums = before + 1, b"".join(sum_of(each.body) for each in made)
    total = chained(prior, (number, now_ms), sums)
    values = number, now_ms, prior, sums, total
    store.database.execute("INSERT INTO round VALUES (?, ?, ?, ?, ?)", values)
    for place, each in enumerate(made):
        row = (
            store.device_number(each.device),
            each.seqs[0],
            each.seqs[-1],
            len(each.seqs),
            each.first_ms,
            each.last_ms,
            len(each.body),
            number,
            place,
            each.body,
        )
        store.database.execute("INSERT INTO chunk VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _merge_device(store: SampleStore, device: int, key: str, book: FileShapes, now_ms: int) -> None:
    sizes = store.database.execute(
        "SELECT number, count FROM chunk WHERE device = ? AND last_ms < ? ORDER BY last_seq",
        (device, now_ms - _MERGED_AGE_MS),
    ).fetchall()
    numbered: list[tuple[int, Recorded]] = []
    gone = _first_run(sizes)
    for number in gone:
        query = "SELECT body FROM chunk WHERE number = ?"
        (body,) = store.database.execute(query, (number,)).fetchone()
        try:
            kept = list(Chunk(body, key, book).frames())
        except DamagedBlockError:
            return  # it stays as it is, for the check to tell
        numbered += [
            (seq, (key, one.channel, one.received_ms, one.device_ms, one.is_late, one.frame))
            for seq, one in kept
        ]
    if not gone:
        return
    with transaction(store.database):
        put_round(store, [make_chunk(key, numbered, book)], now_ms)
        store.database.executemany("DELETE FROM chunk WHERE number = ?", [(n,) for n in gone])


def _first_run(sizes: list[tuple[int, int]]) -> list[int]:
    """The first neighbours, of whom one at least is small, that fit into one large chunk."""
    for first in range(len(sizes)):
        counts: list[int] = []
        for _, count in sizes[first:]:
            if sum(counts) + count > AGED_PUSHES:
                break
            counts.append(count)
        if len(counts) > 1 and min(counts) <= CHUNK_PUSHES:
            return [number for number, _ in sizes[first : first + len(counts)]]
    return []
