import csv
import io
from pathlib import Path

from PySide6.QtTest import QTest

from tests.ui.alarms.alarm_bench import AlarmBench
from tests.ui.alarms.conftest import NOON_MS
from tftmonitor.base.clock import DAY_MS, to_iso
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.alarms.journal.model import ENTRY_ROLE
from tftmonitor.ui.alarms.journal.page import JournalPage
from tftmonitor.ui.alarms.tabs import JOURNAL


def page_with(bench: AlarmBench) -> JournalPage:
    """The start, two days ago a towing, now two alarms, one acknowledged and noted."""
    bench.clock.advance(-2 * DAY_MS / 1_000)
    bench.raise_alarm("Towing", Severity.HIGH, "TRK-02")
    bench.clock.advance(2 * DAY_MS / 1_000)
    bench.raise_alarm("SOS 100%", Severity.CRITICAL, "VAN-12")
    second = bench.raise_alarm("=Low_battery", Severity.WARNING, "VAN-12")
    bench.service.acknowledge([second])
    bench.drain()
    bench.service.note([second], "driver called back")
    bench.drain()
    bench.pane.tabs.setCurrentIndex(JOURNAL)
    return bench.pane.journal


def alarms(page: JournalPage) -> list[str]:
    return [page.model.index(row, 4).data() for row in range(page.model.rowCount())]


def search(bench: AlarmBench, page: JournalPage, words: str) -> list[str]:
    page.bar.search.clear()
    QTest.keyClicks(page.bar.search, words)
    bench.harness.qtbot.waitUntil(lambda: not page.bar._typed.isActive())
    return alarms(page)


def test_words_are_found_in_names_devices_and_notes(bench: AlarmBench) -> None:
    page = page_with(bench)
    assert len(alarms(page)) == 6
    assert search(bench, page, "towing trk-02") == ["Towing"]
    assert search(bench, page, "called") == ["=Low_battery"] * 3
    assert search(bench, page, "nowhere") == []
    assert page._state_label.text() == "Nothing matches."


def test_signs_of_a_pattern_mean_themselves(bench: AlarmBench) -> None:
    page = page_with(bench)
    assert search(bench, page, "100%") == ["SOS 100%"]
    assert search(bench, page, "w_b") == ["=Low_battery"] * 3
    assert search(bench, page, "o_i") == []


def test_kind_time_and_device_narrow_it(bench: AlarmBench) -> None:
    page = page_with(bench)
    page.bar.kind.setCurrentIndex(1)
    assert sorted(alarms(page)) == ["=Low_battery", "SOS 100%", "Towing"]
    page.bar.span.setCurrentIndex(1)
    assert sorted(alarms(page)) == ["=Low_battery", "SOS 100%"]
    page.bar.clear()
    page.bar.set_device("TRK-02", "TRK-02")
    page.bar.narrow_to_device()
    assert alarms(page) == ["Towing"]
    page.bar.set_device("VAN-12", "VAN-12")
    assert len(alarms(page)) == 4


def test_all_that_is_wanted_is_saved_and_no_formula(bench: AlarmBench, tmp_path: Path) -> None:
    page = page_with(bench)
    page.bar.span.setCurrentIndex(2)
    file = tmp_path / "journal.csv"
    page.save(file)
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))
    assert len(rows) == 4
    assert {row["device"] for row in rows} == {"VAN-12"}
    assert {row["alarm"] for row in rows} == {"SOS 100%", "'=Low_battery"}
    assert rows[-1]["time (UTC)"] == to_iso(NOON_MS)
    assert rows[-1]["place (the nearest town, computed here)"] == ""
    assert page._state_label.text() == "Saved 4 entries to journal.csv."


def test_a_file_that_cannot_be_written_is_said(bench: AlarmBench, tmp_path: Path) -> None:
    page = page_with(bench)
    (tmp_path / "taken").mkdir()
    page.save(tmp_path / "taken")
    assert "could not be written" in page._state_label.text()


def test_the_time_of_an_entry_is_shown_in_the_plots(bench: AlarmBench) -> None:
    page = page_with(bench)
    asked: list[tuple[str, float]] = []
    page.plots_requested.connect(lambda *place: asked.append(place))
    index = page.model.index(0, 0)
    entry = index.data(ENTRY_ROLE)
    commands = dict(page._commands(index))
    commands["Show in the plots"]()
    assert asked == [(entry.device, entry.event_ms / 1000)]
