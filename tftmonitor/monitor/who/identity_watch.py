"""Raises an alarm while several units answer to one id, and returns it when they do no more."""

from typing import Final

from tftmonitor.base.clock import HOUR_MS
from tftmonitor.model.alarms.alarm import NAME_LIMIT, TEXT_LIMIT, Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Raised, Returned
from tftmonitor.model.fields.formatting import clip, one_line
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.who.conflicts import Conflict
from tftmonitor.monitor.alarm_pipeline import AlarmPipeline

_PREFIX: Final = "identity:"
# Whoever is still there has reported by then; until then nobody knows.
_LEFT_OPEN_MS: Final = HOUR_MS


class IdentityWatch:
    """One alarm for each id that several units answer to, of the oldest of them."""

    def __init__(self, fleet: Fleet, pipeline: AlarmPipeline) -> None:
        self._fleet = fleet
        self._pipeline = pipeline
        # By the key of the alarm: the device that it is filed under.
        self._standing: dict[str, str] = {}
        # What a former run left, since when it is awaited that it shows again.
        self._left: dict[str, int | None] = {}
        fleet.conflicts.changed.add(self._note)
        pipeline.restored.add(self._restore)

    def tick(self, now_ms: int) -> None:
        """Once a second: what falls quiet ends a conflict."""
        self._fleet.conflicts.tick(now_ms)
        for key, since_ms in list(self._left.items()):
            if since_ms is None:
                self._left[key] = now_ms
            elif now_ms - since_ms > _LEFT_OPEN_MS:
                self._return(key, now_ms)

    def _note(self, conflict: Conflict, stands: bool, now_ms: int) -> None:
        key = f"{_PREFIX}{conflict.kind}:{conflict.ident}"
        is_raised = key in self._standing
        self._left.pop(key, None)
        if not stands:
            self._return(key, now_ms)
        elif not is_raised:
            device = conflict.units[0]
            self._standing[key] = device.key
            self._pipeline.put(
                Raised(
                    now_ms,
                    Source.PROGRAM,
                    key,
                    conflict.title[:1].upper() + conflict.title[1:],
                    Severity.HIGH,
                    device=device.key,
                    device_name=clip(one_line(device.label), NAME_LIMIT),
                    text=clip(one_line(conflict.text), TEXT_LIMIT),
                    imei=device.imei or "",
                )
            )

    def _return(self, key: str, now_ms: int) -> None:
        self._left.pop(key, None)
        filed = self._standing.pop(key)
        device = self._fleet.find(filed)
        here = filed if device is None else device.key
        because = "no more than one of them reports"
        self._pipeline.put(Returned(now_ms, here, key, because=because))

    def _restore(self, alarm: Alarm) -> None:
        if alarm.key.startswith(_PREFIX) and alarm.active and alarm.device is not None:
            is_known = alarm.key in self._standing
            self._standing[alarm.key] = alarm.device
            if not is_known:
                self._left[alarm.key] = None
