"""A real database of 200 alarms and what goes with them, for tests that wound it."""

import random
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from tftmonitor.base.clock import ManualClock
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal
from tftmonitor.history.saved_state import StateChanges, save
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange, Raised
from tftmonitor.model.alarms.known_reports import KnownReport
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.inbox import InboxItem, ItemKind

NOW = 1_795_000_000_000
ALARMS = 200
CLOCK = ManualClock(NOW)


def alarm(number: int, **changed: object) -> Alarm:
    by = (Source.SNAPSHOT,)
    made = Alarm(
        number, f"code:{number % 40}", f"Voltage low {number}", Severity.HIGH, NOW, NOW, by, by
    )
    return replace(made, device=str(number), device_name=f"Van {number}", **changed)


def fill(path: Path) -> None:
    """Write 200 open alarms, each with its entry and report, 100 messages and the rest."""
    with closing(Journal.open(path, CLOCK)) as journal:
        for first in range(1, ALARMS + 1, 20):
            batch = JournalBatch()
            for number in range(first, first + 20):
                raised = Raised(
                    NOW, Source.SNAPSHOT, f"code:{number % 40}", "Low", Severity.HIGH, str(number)
                )
                batch.add_changes([AlarmChange(alarm(number), raised)])
                report = KnownReport(str(number), "code:5", NOW, Source.SNAPSHOT, NOW)
                batch.reports.append(report)
            batch.facts["proven_ms"] = NOW
            batch.facts["out_of_service"] = {"7": NOW + 1}
            journal.write(batch)
        items = [
            InboxItem(n, ItemKind.USER, NOW + n, None, "Ann", f"text {n}") for n in range(1, 101)
        ]
        blind = [BlindInterval("devices", Blindness.LINK, NOW + n, NOW + n + 1) for n in range(50)]
        save(journal, StateChanges(items, blind, {str(n): {"parked": [9]} for n in range(50)}, NOW))


def flip(content: bytes, places: Iterable[int], chance: random.Random) -> bytes:
    """The content with another byte at each of these places."""
    wounded = bytearray(content)
    for place in places:
        wounded[place] ^= chance.randrange(1, 256)
    return bytes(wounded)
