"""The time zone in which the window shows times."""

import functools
import time
from datetime import UTC, datetime, tzinfo

from tftmonitor.settings.schema import Settings

# Every time on the screen asks, and the computer takes a while to say.
_ASKED_EVERY_S = 10


def zone_of(settings: Settings) -> tzinfo:
    """UTC, or the computer's own zone as it is now."""
    if settings.zone == "utc":
        return UTC
    return _own_zone(int(time.time()) // _ASKED_EVERY_S)


@functools.lru_cache(maxsize=1)
def _own_zone(_turn: int) -> tzinfo:
    return datetime.now().astimezone().tzinfo or UTC
