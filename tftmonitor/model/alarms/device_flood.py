"""A device that tells of ever other alarms: from some number on they are one, counted.

So a device that went mad costs a constant per report, and leaves the operator a list to read.
Each report is in the journal all the same.
"""

from typing import Final

from msgspec.structs import replace

from tftmonitor.model.alarms.alarm import FEED, Source
from tftmonitor.model.alarms.codes import BY_KEY, Severity
from tftmonitor.model.alarms.events import Raised

MOST_OPEN: Final = 100
"""Open alarms of one device, far above what a device with everything wrong has."""

FLOOD_KEY: Final = "flood"
_NAME: Final = "Alarm flood: further alarms of this device are counted here"
_FOLDED: Final = FEED | {Source.RECORD}


def is_folded(report: Raised, open_count: int) -> bool:
    """True for a new alarm beyond those that are kept singly.

    Kinds that have a name are few, and critical ones must not hide: they always stand alone.
    """
    return (
        open_count >= MOST_OPEN
        and report.source in _FOLDED
        and report.severity is not Severity.CRITICAL
        and report.severity is not Severity.NOTICE
        and report.key not in BY_KEY
    )


def folded(report: Raised) -> Raised:
    """The report as one of the flood; its text tells the latest of them."""
    return replace(
        report,
        key=FLOOD_KEY,
        name=_NAME,
        severity=Severity.HIGH,
        text=report.text or report.name,
        code=None,
        numbering=None,
        candidates=(),
        bit=0,
    )
