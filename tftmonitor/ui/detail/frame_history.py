"""What is remembered of the shown device from frame to frame."""

from collections.abc import Iterable

import msgspec

from tftmonitor.model.fleet.device import SNAPSHOT, Device
from tftmonitor.protocol.lenient import inner_json


class FrameHistory:
    """The frames before the last ones, and when each key of the status was last sent.

    ``reported_ms`` is by wire name, ``since_ms`` the time of the first status that was seen.
    """

    def __init__(self) -> None:
        self.device: Device | None = None
        self.frames: dict[str, bytes] = {}
        self.previous: dict[str, bytes] = {}
        self.reported_ms: dict[str, int] = {}
        self.since_ms: int | None = None

    def start(self, device: Device | None) -> None:
        """Forget the former device and follow this one."""
        self.device = device
        self.frames, self.previous, self.reported_ms = {}, {}, {}
        self.since_ms = device.data_ms if device else None
        self.update()

    def update(self) -> None:
        """Compare with what the device has received since the last time."""
        device = self.device
        if device is None:
            return
        for kind, frame in device.frames.items():
            known = self.frames.get(kind)
            if frame is known:
                continue
            if known is not None:
                self.previous[kind] = known
            self.frames[kind] = frame
            if kind == SNAPSHOT and device.data_ms is not None:
                self.reported_ms.update(dict.fromkeys(status_keys(frame), device.data_ms))
                if self.since_ms is None:
                    self.since_ms = device.data_ms


def status_keys(frame: bytes) -> Iterable[str]:
    """The keys that a snapshot frame carries in its status."""
    try:
        content = inner_json(msgspec.json.decode(frame))
    except (msgspec.DecodeError, RecursionError):
        return ()
    data = inner_json(content.get("data")) if isinstance(content, dict) else None
    status = inner_json(data.get("status")) if isinstance(data, dict) else None
    return status.keys() if isinstance(status, dict) else ()
