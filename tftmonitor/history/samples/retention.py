"""What is too old or too much is deleted in small batches, and its space given back."""

from typing import Final, NamedTuple

from tftmonitor.base.clock import DAY_MS
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.schema import transaction

_CHUNKS_AT_ONCE: Final = 64
_BATCHES_AT_ONCE: Final = 16
_PAGES_AT_ONCE: Final = 256
# Deleted down to a little less, so that it does not begin anew with each push.
_SPARE: Final = 0.98


class Limits(NamedTuple):
    """How long pushes are kept, in ms, and how many bytes the file may have."""

    age_ms: int = 90 * DAY_MS
    size: int = 5_000_000_000


DEFAULTS: Final = Limits()


def used_bytes(store: SampleStore) -> int:
    """What of the file holds something."""
    (pages,) = store.database.execute("PRAGMA page_count").fetchone()
    (free,) = store.database.execute("PRAGMA freelist_count").fetchone()
    (size,) = store.database.execute("PRAGMA page_size").fetchone()
    return int((pages - free) * size)


def retain(store: SampleStore, limits: Limits, now_ms: int) -> bool:
    """One step of some milliseconds; True when there is more to do. Raises sqlite3.Error."""
    database = store.database
    with transaction(database):
        gone = _delete_old(store, now_ms - limits.age_ms)
        if not gone and used_bytes(store) > limits.size * (_SPARE if store.is_shrinking else 1.0):
            store.is_shrinking = True
            gone = _delete_first(store)
        if not gone:
            store.is_shrinking = False
    # The pragma works with each row that is fetched.
    database.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})").fetchall()
    (free,) = database.execute("PRAGMA freelist_count").fetchone()
    return gone or free > _PAGES_AT_ONCE


def _delete_old(store: SampleStore, before_ms: int) -> bool:
    database = store.database
    limit = before_ms, _CHUNKS_AT_ONCE
    chunks = database.execute(
        """DELETE FROM chunk WHERE number IN
             (SELECT number FROM chunk WHERE last_ms < ? ORDER BY last_ms LIMIT ?)""",
        limit,
    ).rowcount
    batches = _delete_batches(store, before_ms)
    for table, column in (("link", "at_ms"), ("blind", "end_ms"), ("last", "received_ms")):
        database.execute(f"DELETE FROM {table} WHERE {column} < ?", (before_ms,))  # noqa: S608
    if chunks:
        _delete_rounds(store)
    return bool(chunks or batches)


def _delete_first(store: SampleStore) -> bool:
    chunks = store.database.execute(
        """DELETE FROM chunk WHERE number IN
             (SELECT number FROM chunk ORDER BY last_ms LIMIT ?)""",
        (_CHUNKS_AT_ONCE,),
    ).rowcount
    if chunks:
        _delete_rounds(store)
        return True
    return _delete_batches(store, 1 << 62)


def _delete_batches(store: SampleStore, before_ms: int) -> bool:
    """From the front alone, so that the sums go on from the last that went."""
    first = store.database.execute(
        "SELECT first_seq, last_ms, sum FROM spool ORDER BY first_seq LIMIT ?", (_BATCHES_AT_ONCE,)
    ).fetchall()
    last_sum = None
    for first_seq, last_ms, total in first:
        if last_ms >= before_ms:
            break
        store.database.execute("DELETE FROM spool WHERE first_seq = ?", (first_seq,))
        last_sum = total
    if last_sum is not None:
        store.set_fact("spool_sum", last_sum)
    return last_sum is not None


def _delete_rounds(store: SampleStore) -> None:
    store.database.execute(
        "DELETE FROM round WHERE number < (SELECT coalesce(min(round), 0) FROM chunk)"
    )
