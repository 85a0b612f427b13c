"""The clock of this computer was set: what is suppressed for an hour stays so for an hour."""

from tftmonitor.model.alarms.events import OutOfService, Shelved
from tftmonitor.monitor.alarm_service import AlarmService


def move_suppressed(service: AlarmService, by_ms: int, now_ms: int) -> None:
    """Take the ends of what is suppressed to a clock that says ``by_ms`` (ms) more.

    ``now_ms`` is what it says by now. A clock that is set back would keep alarms from being heard.
    """
    for alarm in service.alarms.shelved():
        until_ms = alarm.shelved_until_ms
        if until_ms is not None:
            reason = alarm.shelve_reason
            service.pipeline.put(Shelved(now_ms, (alarm.id,), until_ms + by_ms, reason))
    for device, until_ms in service.out_of_service_until.items():
        service.pipeline.put(OutOfService(now_ms, device, until_ms + by_ms))
