"""Which records are older than what is known of the same tyre, probe or code."""

from typing import Final

# Names of parts are the server's texts, so what is remembered of them is bounded.
_PARTS_KEPT: Final = 50_000


class RecordOrder:
    """The newest device time of each part of the records of a device."""

    def __init__(self) -> None:
        self._newest_ms: dict[tuple[str, str, str], int] = {}
        self._devices: set[str] = set()

    def rename(self, former: str, device: str) -> None:
        """What is known under the former key of a device is of this one."""
        if former not in self._devices:
            return
        self._devices.discard(former)
        self._devices.add(device)
        for subject in [subject for subject in self._newest_ms if subject[0] == former]:
            newest_ms = self._newest_ms.pop(subject)
            here = (device, *subject[1:])
            self._newest_ms[here] = max(newest_ms, self._newest_ms.get(here, newest_ms))

    def is_past(self, device: str, kind: str, part: str, device_ms: int | None) -> bool:
        """True when a newer record of this part came in before; False where a time is unknown."""
        if device_ms is None:
            return False
        subject = (device, kind, part)
        newest_ms = self._newest_ms.get(subject, device_ms)
        if subject not in self._newest_ms and len(self._newest_ms) >= _PARTS_KEPT:
            self._newest_ms.clear()
            self._devices.clear()
        self._devices.add(device)
        self._newest_ms[subject] = max(newest_ms, device_ms)
        return device_ms < newest_ms
