"""A profile with recorded pushes and a journal with one alarm, made by the real parts."""

from contextlib import closing
from pathlib import Path

from tests.unit.history.export.memory import DAY, NOW, MemoryReader, drive
from tftmonitor.base.clock import ManualClock
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal
from tftmonitor.history.samples.sealing import seal
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import Pending
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Acknowledged, Raised
from tftmonitor.model.coverage import BlindInterval, Blindness

BY = (Source.SNAPSHOT,)
AT = NOW + 300_000
ALARM = Alarm(7, "sos", "SOS <&>", Severity.CRITICAL, AT, AT, BY, BY, "100")
BLIND = BlindInterval("devices", Blindness.LINK, NOW + 60_000, NOW + 90_000, "reset by peer")


def pushes() -> MemoryReader:
    reader = MemoryReader(intervals=[BLIND])
    drive(reader, "100", 90)
    drive(reader, "200", 30)
    for number, text in enumerate((b"\xff", b"=1+1")):
        frame = b'{"event":"messagePass","data":"' + text + b'"}'
        reader.put("100", NOW + 700_000 + number, None, frame, channel="messages")
    return reader


def record(profile: Path, *, sealed: bool = False) -> MemoryReader:
    """Keep the pushes as ``tftmonitor record`` does."""
    reader = pushes()
    frames = sorted(reader.stored, key=lambda each: each.received_ms)
    rows = [
        (each.device, each.channel, each.received_ms, each.device_ms, each.is_late, each.frame)
        for each in frames
    ]
    with closing(SampleStore(profile, NOW)) as store:
        half = len(rows) // 2
        store.write(Pending(rows=rows[:half], blind=reader.intervals), NOW)
        if sealed:
            for _step in seal(store, rows[-1][2] + DAY):
                pass
        store.write(Pending(rows=rows[half:]), NOW)
    return reader


def journal(profile: Path) -> None:
    """An SOS of the device, acknowledged; and an alarm of another device."""
    raised = Raised(AT, Source.SNAPSHOT, "sos", "SOS <&>", Severity.CRITICAL, "100")
    seen = Acknowledged(AT + 5_000, (7,), "R. <b>", "called")
    batch = JournalBatch()
    batch.alarms[7] = ALARM
    batch.entries += [(raised, ALARM), (seen, ALARM)]
    made = Journal.open(profile / FILE_NAME, ManualClock(NOW))
    with closing(made.database):
        made.write(batch)
