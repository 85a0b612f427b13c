"""Times as the message and alarm lists write them: short, in the zone given."""

from datetime import datetime, tzinfo

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.fields.formatting import format_clock


def short_time(time_ms: int, now_ms: int, zone: tzinfo) -> str:
    """Time of day; with month and day before it when it is another day than now."""
    moment = datetime.fromtimestamp(time_ms / SECOND_MS, zone)
    now = datetime.fromtimestamp(now_ms / SECOND_MS, zone)
    if moment.date() == now.date():
        return format_clock(time_ms, zone)
    pattern = "%m-%d %H:%M" if moment.year == now.year else "%Y-%m-%d"
    return moment.strftime(pattern)
