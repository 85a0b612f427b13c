"""What table, sheets and journal say of an alarm whose time is doubtful or corrected."""

from datetime import UTC

from tests.ui.alarms.conftest import NOON_MS
from tftmonitor.history.rows import JournalEntry
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Raised
from tftmonitor.model.alarms.occurrence import begin
from tftmonitor.monitor.where.zones import ShownZone
from tftmonitor.ui.alarms.journal.text import entry_texts
from tftmonitor.ui.widgets.alarm_text import facts_line, raw_time_text, time_text

TOLD_MS = NOON_MS - 5 * 3_600_000
SOS = Raised(
    NOON_MS,
    Source.SNAPSHOT,
    "sos",
    "SOS",
    Severity.CRITICAL,
    device="1",
    doubtful=True,
    raw_ms=TOLD_MS,
)


def test_doubtful_time_is_that_of_receipt_with_the_devices_own_beside_it() -> None:
    alarm = begin(1, SOS, None)
    assert time_text(alarm, NOON_MS, ShownZone(UTC)) == "12:00:00 (time doubtful)"
    assert "by the device's clock 07:00:00" in facts_line(alarm, NOON_MS, UTC)
    entry = JournalEntry(1, NOON_MS, NOON_MS, "raised", 1, "1", SOS, alarm)
    texts = entry_texts(entry, NOON_MS, ShownZone(UTC))
    assert texts[0] == "12:00:00 (time doubtful)"
    assert "by the device's clock 07:00:00" in texts[-1]


def test_date_that_is_no_time_is_said_to_be_none() -> None:
    assert raw_time_text(None, NOON_MS, UTC) == ""
    assert raw_time_text(0, NOON_MS, UTC) == "device clock not set"
