"""The time zone in which the window shows times."""

from datetime import UTC, datetime, tzinfo

from tftmonitor.settings.schema import Settings


def zone_of(settings: Settings) -> tzinfo:
    """UTC, or the computer's own zone as it is now."""
    if settings.zone == "utc":
        return UTC
    return datetime.now().astimezone().tzinfo or UTC
