"""What one cell of the device list shows."""

from typing import NamedTuple

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.formatting import UNKNOWN_TEXT


class Cell(NamedTuple):
    """Text, with a sign before it: the name of a state's shape or an alarm's severity.

    ``muted`` is for what is not known, or too old to be trusted, ``hollow`` for the sign of an
    alarm that is over.
    """

    text: str
    muted: bool = False
    sign: str | Severity | None = None
    starred: bool = False
    hollow: bool = False


EMPTY = Cell("")
UNKNOWN = Cell(UNKNOWN_TEXT, muted=True)
