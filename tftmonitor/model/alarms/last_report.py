"""What each device reported last, so that a condition that merely stands is reported once."""

from dataclasses import dataclass, replace

from msgspec import UnsetType

from tftmonitor.model.alarms.codes import WORD_MASK

Word = int | UnsetType | None
"""A number of the feed as it came: unset when the snapshot lacks it, maybe signed."""


@dataclass(frozen=True, slots=True)
class LastReport:
    """What a device reported last. Numbers that a snapshot lacks are as they were.

    ``end_expected_ms`` is the device time from which on a quiet snapshot ends an open alarm that
    did not come by this device's snapshots of this run; None when there is no such alarm.
    """

    event: int = 0
    alerts: int = 0
    device_ms: int | None = None
    end_expected_ms: int | None = None

    @property
    def is_quiet(self) -> bool:
        """True when nothing would be lost by forgetting it."""
        return not self.event and not self.alerts and self.end_expected_ms is None

    def followed_by(self, event: Word, alerts: Word, device_ms: int | None) -> "LastReport":
        """The report after this one."""
        return LastReport(
            self.event if is_absent(event) else to_word(event),
            self.alerts if is_absent(alerts) else to_word(alerts),
            device_ms,
            None if self._is_covered_by(event, device_ms) else self.end_expected_ms,
        )

    def has_ended_something(self, after: "LastReport") -> bool:
        """True when the report after this one lacks something that this one had."""
        return bool(
            (self.event and not after.event)
            or self.alerts & ~after.alerts
            or (self.end_expected_ms is not None and after.end_expected_ms is None)
        )

    def joined_with(self, other: "LastReport") -> "LastReport":
        """Two reports of what turned out to be one device: what either had is still on."""
        ends = (self.end_expected_ms, other.end_expected_ms)
        dates = (self.device_ms, other.device_ms)
        return LastReport(
            other.event or self.event,
            self.alerts | other.alerts,
            max((ms for ms in dates if ms is not None), default=None),
            max((ms for ms in ends if ms is not None), default=None),
        )

    def _is_covered_by(self, event: Word, device_ms: int | None) -> bool:
        """True when a snapshot is late enough to end all whose end is expected.

        Without a device time the order of coming in decides.
        """
        if self.end_expected_ms is None:
            return True
        return not is_absent(event) and (device_ms is None or device_ms >= self.end_expected_ms)


_NOTHING = LastReport()


class ReportMemory:
    """The last reports by device. ``live`` holds those with something on, and no others.

    Late uploads have a memory of their own: they come in beside the live snapshots, about another
    time, and neither may end what the other began.
    """

    def __init__(self) -> None:
        self.live: dict[str, LastReport] = {}
        self._late: dict[str, LastReport] = {}

    def last(self, device: str, *, past: bool) -> LastReport:
        """The last report of a device, an empty one when it was quiet."""
        return (self._late if past else self.live).get(device, _NOTHING)

    def keep(self, device: str, report: LastReport, *, past: bool) -> None:
        """Remember a report in place of the one before."""
        held = self._late if past else self.live
        if report.is_quiet:
            held.pop(device, None)
        else:
            held[device] = report

    def rename(self, former: str, device: str) -> None:
        """What was reported under the former key is of this device."""
        for held in (self.live, self._late):
            report = held.pop(former, None)
            if report is not None:
                held[device] = report.joined_with(held.get(device, _NOTHING))

    def expect_end(self, device: str, device_ms: int | None, bit: int = 0) -> None:
        """An alarm of this device is open that none of its snapshots here began.

        ``bit`` is the bit of ``alerts`` that holds it, which snapshots then do not raise anew.
        """
        last = self.live.get(device, _NOTHING)
        self.live[device] = replace(
            last,
            alerts=last.alerts | bit,
            end_expected_ms=max(last.end_expected_ms or 0, device_ms or 0),
        )


def is_absent(word: Word) -> bool:
    """True when the snapshot says nothing about this number."""
    return word is None or isinstance(word, UnsetType)


def to_word(word: Word) -> int:
    """The number as unsigned 32-bit, 0 when it is absent."""
    return word & WORD_MASK if isinstance(word, int) else 0
