"""Keeps credentials out of what is recorded: frames are looked through a batch at a time."""

from tftmonitor.base.redaction import redacted_frame
from tftmonitor.history.samples.stored import Recorded


def cleaned(rows: list[Recorded]) -> list[Recorded]:
    """The rows without the credential of any session; the same list when it is in none.

    The frames together are looked at first, for a quarter of the time that each alone takes. What
    is written in escapes is found by looking at each.
    """
    together = b"\n".join([row[5] for row in rows])
    if b"\\u00" not in together and redacted_frame(together) is together:
        return rows
    return [(*row[:5], redacted_frame(row[5])) for row in rows]
