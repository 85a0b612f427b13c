"""When and where a report of an alarm is from, for the intake of alarms."""

from typing import Protocol

from tftmonitor.model.alarms.intake import KnownDevice, ReportContext, is_overtaken
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.monitor.alarm_place import place_in_message, place_in_snapshot
from tftmonitor.protocol.messages import AlarmNotice


class SnapshotTiming(Protocol):
    """What the fleet found of a snapshot's time; its ``AppliedSnapshot`` is such."""

    @property
    def late(self) -> bool:
        """True when it is older than the live status."""
        ...

    @property
    def device_ms(self) -> int | None:
        """Its believed time, None when there is none."""
        ...

    @property
    def doubtful(self) -> bool:
        """True when it has a date that is not believed."""
        ...

    @property
    def raw_ms(self) -> int | None:
        """Its date as it came, where that is not the believed one."""
        ...


def context_of_snapshot(
    device: KnownDevice,
    status: DeviceStatus,
    timing: SnapshotTiming,
    received_ms: int,
    newest_ms: int | None = None,
) -> ReportContext:
    """That of a snapshot's own status; ``newest_ms`` is the newest believed time of its device."""
    past, device_ms = timing.late, timing.device_ms
    at_ms = received_ms if device_ms is None else min(device_ms, received_ms)
    place = place_in_snapshot(device, status, at_ms, late=timing.late)
    return ReportContext(
        received_ms,
        device_ms,
        place.lat,
        place.lng,
        past,
        # Where nothing tells, an alarm counts as now; yet what may be old ends nothing.
        overtaken=past and (timing.doubtful or is_overtaken(device_ms, newest_ms)),
        doubtful=timing.doubtful,
        raw_ms=timing.raw_ms,
        place_ms=place.fix_ms,
        place_is_last_known=place.is_last_known,
    )


def context_of_message(
    device: KnownDevice | None,
    notice: AlarmNotice,
    received_ms: int,
    judged: tuple[int | None, bool],
    sent_ms: int | None = None,
) -> ReportContext:
    """That of an alarm in a message; ``judged`` is its believed time, and whether it is doubted.

    ``sent_ms`` is the date of the message itself.
    """
    device_ms, doubtful = judged
    at_ms = received_ms if device_ms is None else device_ms
    place = place_in_message(device, notice.latitude, notice.longitude, at_ms)
    return ReportContext(
        received_ms,
        device_ms,
        place.lat,
        place.lng,
        doubtful=doubtful,
        raw_ms=notice.device_ms if device_ms != notice.device_ms else None,
        place_ms=place.fix_ms,
        place_is_last_known=place.is_last_known,
        sent_ms=sent_ms,
    )
