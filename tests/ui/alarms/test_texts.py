"""What table and journal say of an alarm of which nobody knows whether it is over."""

import csv
import io
from datetime import UTC

from msgspec.structs import replace

from tftmonitor.history.rows import JournalEntry
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Raised, Returned
from tftmonitor.monitor.where.zones import ShownZone
from tftmonitor.ui.alarms.journal.export import journal_csv
from tftmonitor.ui.alarms.journal.text import also_reported, entry_texts
from tftmonitor.ui.widgets.alarm_text import facts_line, state_text

NOW = 1_795_000_000_000
BY = (Source.SNAPSHOT,)
CUT = Alarm(1, "external_power_lost", "Supply cut", Severity.CRITICAL, NOW, NOW, BY, BY, "1")


def test_state_says_that_the_end_is_unknown_while_it_is_open() -> None:
    doubtful = replace(CUT, end_unknown=True)
    assert state_text(CUT, NOW, UTC) == "active"
    assert state_text(doubtful, NOW, UTC) == "active, unknown whether over"
    seen = replace(doubtful, acknowledged_ms=NOW)
    assert state_text(seen, NOW, UTC) == "acknowledged, unknown whether over"
    assert state_text(replace(seen, closed_ms=NOW), NOW, UTC) == "closed"


def test_facts_say_it_where_a_row_is_too_narrow() -> None:
    doubtful = replace(CUT, end_unknown=True)
    assert "unknown" not in facts_line(CUT, NOW, UTC)
    assert facts_line(doubtful, NOW, UTC).endswith(" · unknown whether over")
    shelved = replace(doubtful, shelved_until_ms=NOW)
    assert facts_line(shelved, NOW, UTC).endswith(" · unknown whether over")


def test_journal_does_not_call_a_doubtful_end_an_end() -> None:
    def event_text(event: Returned) -> str:
        entry = JournalEntry(1, NOW, NOW, "returned", 1, "1", event, CUT)
        return entry_texts(entry, NOW, ShownZone(UTC))[1]

    over = Returned(NOW, "1", CUT.key)
    assert event_text(over) == "ended"
    assert event_text(replace(over, in_doubt=True)) == "unknown whether over"


def test_journal_and_its_file_have_the_place_of_that_time() -> None:
    raised = Raised(
        NOW, Source.SNAPSHOT, "sos", "SOS", Severity.CRITICAL, "1", lat=52.43, lng=13.11
    )
    # Where the alarm was seen later is another place.
    later = replace(CUT, lat=48.1, lng=11.5)
    entry = JournalEntry(1, NOW, NOW, "raised", 1, "1", raised, later)
    assert entry_texts(entry, NOW, ShownZone(UTC))[-1] == "source: snapshot · 5 km NE of Potsdam"
    ended = JournalEntry(2, NOW, NOW, "returned", 1, "1", Returned(NOW, "1", "sos"), later)
    rows = list(csv.DictReader(io.StringIO(journal_csv([entry, ended]).decode())))
    assert [row["place (the nearest town, computed here)"] for row in rows] == [
        "5 km NE of Potsdam",
        "",
    ]
    assert [(row["latitude"], row["longitude"]) for row in rows] == [("52.43", "13.11"), ("", "")]
    assert rows[0]["details"] == "source: snapshot"


def test_what_the_other_channel_says_too_is_not_raised_twice() -> None:
    def raised(seq: int, at_ms: int, source: Source, alarm: int = 1) -> JournalEntry:
        event = Raised(at_ms, source, "sos", "SOS", Severity.CRITICAL, "1")
        return JournalEntry(seq, at_ms, at_ms, "raised", alarm, "1", event, CUT)

    entries = [
        raised(7, NOW + 90_000, Source.MESSAGE),  # of another occurrence
        raised(6, NOW + 80_000, Source.MESSAGE, alarm=2),
        raised(5, NOW + 20_000, Source.SNAPSHOT),  # a repeat of the same channel
        JournalEntry(4, NOW, NOW, "returned", 1, "1", Returned(NOW, "1", "sos"), CUT),
        raised(3, NOW + 1_000, Source.MESSAGE),
        raised(2, NOW, Source.SNAPSHOT),
    ]
    assert also_reported(entries) == {3}
    assert also_reported(entries[:-1]) == {5}
