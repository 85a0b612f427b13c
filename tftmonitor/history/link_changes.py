"""What became of the links in a recorded stretch, for whoever shows it as it was."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from tftmonitor.history.recovery import UNREADABLE
from tftmonitor.history.samples.stored import FILE_NAME, HistoryError, LinkChange
from tftmonitor.history.schema import tolerant_text

_LOCK_WAIT_S: Final = 5.0
_WITHIN: Final = """SELECT at_ms, channel, state, reason FROM link
  WHERE at_ms > ? AND at_ms <= ? ORDER BY number"""
_BEFORE: Final = """SELECT at_ms, channel, state, reason FROM link
  WHERE number IN (SELECT max(number) FROM link WHERE at_ms <= ? GROUP BY channel)
  ORDER BY number"""


def link_changes(profile: Path, start_ms: int, end_ms: int) -> list[LinkChange]:
    """The changes of both links in order, up to ``end_ms``.

    Of the time up to ``start_ms`` the last of each channel alone, which held then. Times are ms
    since 1970 UTC. Raises HistoryError.
    """
    address = f"{(profile / FILE_NAME).absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=_LOCK_WAIT_S)) as database:
            database.text_factory = tolerant_text
            before = database.execute(_BEFORE, (start_ms,)).fetchall()
            within = database.execute(_WITHIN, (start_ms, end_ms)).fetchall()
    except UNREADABLE as error:
        raise HistoryError(f"The history cannot be read: {error}.") from error
    return [LinkChange(*row) for row in (*before, *within)]
