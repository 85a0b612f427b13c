"""The time zone in which times are shown: a set of rules, not the offset of today."""

import functools
import logging
import time
from datetime import UTC, datetime, tzinfo

from tftmonitor.settings.schema import Settings

_log = logging.getLogger(__name__)

# Every time on the screen asks, and the computer takes a while to say.
_ASKED_EVERY_S = 10


def zone_of(settings: Settings) -> tzinfo:
    """UTC, or the computer's own zone as it is set now; the latter for all that is of no device.

    The result knows summer and winter time: a date of another season is shown as the clock on
    the wall said it then.
    """
    if settings.zone == "utc":
        return UTC
    return _own_zone(int(time.time()) // _ASKED_EVERY_S)


@functools.lru_cache(maxsize=1)
def _own_zone(_turn: int) -> tzinfo:
    import tzlocal

    try:
        return tzlocal.reload_localzone()
    except Exception as error:  # noqa: BLE001 - a computer may be set up in any odd way
        _warn_once(str(error))
        return datetime.now().astimezone().tzinfo or UTC


@functools.cache
def _warn_once(reason: str) -> None:
    _log.warning("the time zone of this computer has no known rules: %s", reason)
