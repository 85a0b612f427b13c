"""Whose a push is, and from when by the device's own clock, as the history keeps it."""

from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.messages import Push, UserMessage


def owner_of(fleet: Fleet, push: Push) -> tuple[str, int | None]:
    """The key of the device of a push that is no snapshot, "" for none, and ms since 1970 UTC."""
    if isinstance(push, Records):
        named, device_ms = push.identity.key, push.device_ms
    elif isinstance(push, UserMessage):
        named, device_ms = (push.alarms[0].device if push.alarms else None) or "", push.sent_ms
    else:
        return "", None
    found = fleet.find(named)
    return named if found is None else found.key, device_ms
