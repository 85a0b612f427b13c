"""Which reports of alarms came in before, so that the same one again is nothing new.

Units send stored records again until somebody answers, and the server hands out messages twice:
the same device, kind and device time is the same report, whatever became of its alarm since.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from tftmonitor.base.clock import DAY_MS, SECOND_MS
from tftmonitor.model.alarms.alarm import FEED, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Raised
from tftmonitor.model.alarms.wording import is_text, may_mean

KEPT_MS: Final = 30 * DAY_MS
"""A unit that finds a network after weeks sends what it stored; later ones are rare."""

REPORTS_KEPT: Final = 50_000


class KnownReport(NamedTuple):
    """One report. ``kind`` is the key it had, ``at_ms`` when it came in.

    ``first_hand`` is False when it was taken for another's second source although its own device
    time differs: then it says nothing about what the other channel reports of that time.
    """

    device: str
    kind: str
    device_ms: int
    source: Source
    at_ms: int
    first_hand: bool = True


class KnownReports:
    """The reports of the last weeks, the newest ``REPORTS_KEPT`` of them.

    Notices are not among them: nothing waits because of one, and there are too many.
    """

    def __init__(self) -> None:
        # By device and second, oldest first: messages may carry whole seconds.
        self._held: dict[tuple[str, int], tuple[KnownReport, ...]] = {}
        # Some of them may be forgotten since: most of those that are joined never had any.
        self._devices: set[str] = set()
        self._new: list[KnownReport] = []

    def __len__(self) -> int:
        return len(self._held)

    def restore(self, reports: Iterable[KnownReport]) -> None:
        """Know what a former run had, oldest first."""
        for report in reports:
            self._hold(report)

    def take_new(self) -> list[KnownReport]:
        """What was added since the last call, to be written to disk."""
        new, self._new = self._new, []
        return new

    def add(self, report: Raised, *, first_hand: bool) -> None:
        """Remember a report, if it has all that makes it known again."""
        device_ms = _date_of(report)
        if report.device is None or device_ms is None:
            return
        if report.severity is Severity.NOTICE or report.source not in FEED:
            return
        known = KnownReport(
            report.device,
            report.key,
            device_ms,
            report.source,
            report.at_ms,
            first_hand and not _is_dated_by_server(report),
        )
        self._hold(known)
        self._new.append(known)

    def knows(self, report: Raised) -> bool:
        """True when it came in before, on its own channel or on the other one."""
        names = _names(report)
        return any(known.kind in names for known in self._of_same_time(report))

    def knows_meaning(self, report: Raised) -> bool:
        """True for the first text about what the other channel told of that time."""
        if not is_text(report.key):
            return False
        held = self._of_same_time(report)
        # Once its channel has told what it means, another text means something else.
        is_first = all(known.source is not report.source for known in held)
        return is_first and any(may_mean(report.text, known.kind) for known in held)

    def _of_same_time(self, report: Raised) -> list[KnownReport]:
        device_ms = _date_of(report)
        if report.device is None or device_ms is None or report.source not in FEED:
            return []
        second = device_ms // SECOND_MS
        return [
            known
            for near in (second, second - 1, second + 1)
            for known in self._held.get((report.device, near), ())
            if _is_same(known, report, device_ms)
        ]

    def rename(self, former: str, device: str) -> None:
        """What was reported under the former key is of this device."""
        if former not in self._devices:
            return
        self._devices.discard(former)
        for place in [place for place in self._held if place[0] == former]:
            for report in self._held.pop(place):
                self._hold(report._replace(device=device))

    def _hold(self, report: KnownReport) -> None:
        self._devices.add(report.device)
        if len(self._devices) > 2 * REPORTS_KEPT:
            self._devices = {device for device, _second in self._held}
        place = (report.device, report.device_ms // SECOND_MS)
        held = self._held.get(place, ())
        if not any(known[:4] == report[:4] for known in held):
            self._held[place] = (*held, report)
            if len(self._held) > REPORTS_KEPT:
                del self._held[next(iter(self._held))]


def _date_of(report: Raised) -> int | None:
    """The date that the report came with, believed or not: the same one has it again.

    Not that of a clock which was never set: it begins at the same date after each start. Where the
    alarm has none, that of its message tells whether it is the same message.
    """
    date_ms = report.sent_ms if _is_dated_by_server(report) else report.raw_ms
    if date_ms is None:
        return report.device_ms
    return date_ms if abs(report.at_ms - date_ms) < KEPT_MS else None


def _is_dated_by_server(report: Raised) -> bool:
    return report.raw_ms is None and report.device_ms is None


def _is_same(known: KnownReport, report: Raised, device_ms: int) -> bool:
    if known.source is report.source:
        return known.device_ms == device_ms
    if _is_dated_by_server(report):
        return False  # when the server wrote it is not when it happened
    return known.first_hand and abs(known.device_ms - device_ms) < SECOND_MS


def _names(report: Raised) -> tuple[str, ...]:
    """What the same report may have been called before its number was resolved, or after."""
    number = () if report.code is None else (f"code:{report.code}",)
    return (report.key, *number, *report.candidates)
