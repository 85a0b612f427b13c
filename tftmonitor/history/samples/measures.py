"""How large the store is, what of it waits to be sealed, and how long its room lasts."""

from typing import Final, NamedTuple

from tftmonitor.base.clock import DAY_MS, MINUTE_MS
from tftmonitor.history.samples.retention import Limits, used_bytes
from tftmonitor.history.samples.store import SampleStore

# Of less nobody can tell what a day brings.
_LEAST_MS: Final = 10 * MINUTE_MS
_LEAST_SEALED: Final = 1_000
# What a sealed push takes while there are too few of this file to tell.
_USUAL_BYTES: Final = 19.0


class Measures(NamedTuple):
    """Bytes of the file and of its log, pushes in the spool, days that the room lasts, or None."""

    bytes: int = 0
    log_bytes: int = 0
    spool: int = 0
    days: float | None = None


def measure(store: SampleStore, limits: Limits, now_ms: int) -> Measures:
    """As it is now, in some milliseconds. Raises sqlite3.Error."""
    query = "SELECT coalesce(sum(count), 0), coalesce(sum(length(body)), 0) FROM spool"
    spool, spool_bytes = store.database.execute(query).fetchone()
    used = used_bytes(store)
    try:
        log_bytes = store.path.with_name(f"{store.path.name}-wal").stat().st_size
    except OSError:
        log_bytes = 0
    return Measures(used, log_bytes, spool, _days(store, limits, now_ms, used - spool_bytes))


def _days(store: SampleStore, limits: Limits, now_ms: int, sealed_bytes: int) -> float | None:
    """For how long the most bytes last, if each day brings as much as the last one."""
    oldest = _first_after(store, 0)
    recent = _first_after(store, now_ms - DAY_MS)
    if oldest is None or recent is None:
        return None
    (first_seq, _), (recent_seq, recent_ms) = oldest, recent
    since_ms = now_ms - max(recent_ms, now_ms - DAY_MS)
    count = store.next_seq - recent_seq
    if since_ms < _LEAST_MS or count <= 0:
        return None
    sealed = int(store.fact("sealed_seq", first_seq)) - first_seq
    each = sealed_bytes / sealed if sealed >= _LEAST_SEALED else _USUAL_BYTES
    return limits.size / (each * count * DAY_MS / since_ms)


def _first_after(store: SampleStore, at_ms: int) -> tuple[int, int] | None:
    """The number and time of the first push that is kept of a time and later, to an hour or so."""
    for table, index in (("chunk", "last_ms"), ("spool", "first_seq")):
        found = store.database.execute(
            f"SELECT first_seq, first_ms FROM {table} WHERE last_ms >= ? "  # noqa: S608
            f"ORDER BY {index} LIMIT 1",
            (at_ms,),
        ).fetchone()
        if found is not None:
            return int(found[0]), int(found[1])
    return None
