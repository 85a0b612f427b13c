"""All devices of some days: in which order, as which table, and given up when nobody looks."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt

from tests.ui.day_sheet.sheet_bench import NEXT_DAY, NOT_RECORDED, SheetBench
from tests.ui.harness import Harness, checked, model_texts
from tests.unit.monitor.days.journey import DAY
from tftmonitor.history.journal import JournalError
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.day_sheet.fleet.model import COLUMNS
from tftmonitor.ui.day_sheet.fleet.view import MOST_DAYS, FleetView
from tftmonitor.ui.day_sheet.wording import NO_HISTORY

TRACK = next(n for n, column in enumerate(COLUMNS) if column.title == "Track")


def fleet_of(bench: SheetBench) -> FleetView:
    page = bench.show()
    checked(page.fleet.model)
    page.tabs.setCurrentWidget(page.fleet)
    page.fleet.first.show_day(DAY)
    page.fleet.last.show_day(DAY)
    return page.fleet


def names(fleet: FleetView) -> list[str]:
    return [row.sums.device for row in fleet.model.rows]


def test_every_device_has_a_row_with_the_sums_of_its_sheet(bench: SheetBench) -> None:
    fleet = fleet_of(bench)
    assert fleet.message.text().startswith(f"Choose up to {MOST_DAYS} days")
    fleet.read.click()
    texts = model_texts(fleet.view)
    assert texts[0] == (
        "350 | 2 | 60.0 km | 60.0 km | 72 km/h | 50 min | 14 min | 6 h 45 min | 16 h 9 min"
        " | 1 h 9 min | 9.60 V | 14.20 V | 0"
    )
    assert texts[1].startswith("351 | 0 | 0 m | — | —")
    assert texts[2].startswith("352 | 1 | 72.0 km")
    assert fleet.state.text() == "3 devices."
    assert not fleet.stop.isEnabled()


def test_rows_are_put_in_order_by_any_column(bench: SheetBench) -> None:
    fleet = fleet_of(bench)
    fleet.begin()
    kept = QPersistentModelIndex(fleet.model.index(0, 1))
    fleet.view.sortByColumn(TRACK, Qt.SortOrder.DescendingOrder)
    assert names(fleet) == ["352", "350", "351"]
    assert kept.row() == 1
    fleet.view.sortByColumn(TRACK, Qt.SortOrder.AscendingOrder)
    assert names(fleet) == ["351", "350", "352"]
    # The order that was chosen is that of what is read next, unless somebody is in the rows.
    fleet.view.sortByColumn(TRACK, Qt.SortOrder.DescendingOrder)
    fleet.begin()
    assert names(fleet) == ["352", "350", "351"]
    fleet.hold._pointer_inside = True
    fleet.begin()
    assert names(fleet) == ["350", "351", "352"]
    fleet.hold._pointer_inside = False
    fleet.hold.released.emit()
    assert names(fleet) == ["352", "350", "351"]
    for column in range(len(COLUMNS)):
        fleet.view.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        assert len(names(fleet)) == 3


def test_some_days_are_summed_up(bench: SheetBench) -> None:
    fleet = fleet_of(bench)
    fleet.last.show_day(NEXT_DAY)
    fleet.begin()
    assert fleet.model.rows[2].sums.totals.track_m == pytest.approx(144_000, rel=1e-6)
    # The second day is only half over.
    assert fleet.model.rows[2].sums.to_come_ms == 12 * 3_600_000


def test_days_stay_in_order_and_are_not_too_many(bench: SheetBench) -> None:
    fleet = fleet_of(bench)
    fleet.first.setDate(fleet.first.date().addDays(10))
    assert fleet.last.day == fleet.first.day == DAY + timedelta(days=10)
    fleet.first.setDate(fleet.first.date().addDays(-50))
    assert fleet.last.day == fleet.first.day
    fleet.last.setDate(fleet.last.date().addDays(MOST_DAYS - 1))
    assert (fleet.last.day - fleet.first.day).days == MOST_DAYS - 1
    fleet.last.setDate(fleet.last.date().addDays(1))
    assert fleet.first.day == fleet.last.day
    fleet.last.setDate(fleet.last.date().addDays(-3))
    assert fleet.first.day == fleet.last.day


def test_table_has_every_device_in_the_order_that_is_shown(
    bench: SheetBench, tmp_path: Path
) -> None:
    bench.harness.settings.set("names", {"352": "=1+1"})
    bench.harness.snapshot("352", speed=0)
    fleet = fleet_of(bench)
    fleet.begin()
    fleet.view.sortByColumn(TRACK, Qt.SortOrder.DescendingOrder)
    fleet.write(tmp_path / "fleet.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "fleet.csv").read_text())))
    assert [row["device"] for row in rows] == ["352", "350", "351"]
    assert rows[0]["name"] == "'=1+1"
    assert rows[1]["moving_s"] == "3010"
    assert (rows[1]["lowest_v"], rows[1]["alarms"], rows[2]["lowest_v"]) == ("9.6", "0", "")
    assert rows[1]["not_recorded_s"] == "21600"
    assert bench.said == ["Saved fleet.csv."]
    fleet.write(tmp_path / "fleet.csv" / "no.csv")
    assert bench.said[-1].startswith("no.csv could not be written: ")


def test_alarms_are_counted_by_device(bench: SheetBench) -> None:
    bench.alarms.raise_alarm("Towing", Severity.HIGH, "350")
    bench.alarms.raise_alarm("SOS", Severity.CRITICAL, "350")
    bench.alarms.service.drill()
    bench.alarms.drain()
    fleet = fleet_of(bench)
    fleet.last.show_day(NEXT_DAY)
    fleet.begin()
    assert [row.alarms for row in fleet.model.rows] == [2, 0, 0]


def test_journal_that_cannot_be_read_costs_the_alarms_alone(
    bench: SheetBench, tmp_path: Path
) -> None:
    async def broken(*_wanted: object) -> list[object]:
        raise JournalError("The disk reports an error.")

    object.__setattr__(bench.sources, "read_journal", broken)
    fleet = fleet_of(bench)
    fleet.begin()
    assert fleet.state.text() == "3 devices. The disk reports an error."
    assert model_texts(fleet.view)[0].endswith("| —")
    fleet.write(tmp_path / "fleet.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "fleet.csv").read_text())))
    assert [row["alarms"] for row in rows] == ["", "", ""]
    page = bench.page
    page.tabs.setCurrentWidget(page.sheet)
    assert page.sheet.state.text().startswith("The disk reports an error.")
    assert page.sheet.content.model.rows


def test_reading_is_given_up_when_nobody_looks(bench: SheetBench) -> None:
    fleet = fleet_of(bench)
    real = bench.sources.reading.sums

    def stopping(wanted: object, stop: object) -> object:
        for count, sums in enumerate(real(wanted, stop), 1):  # type: ignore[arg-type]
            yield sums
            if count == 2:
                fleet._asking.give_up()

    bench.sources.reading.sums = stopping  # type: ignore[method-assign,assignment]
    fleet.begin()
    assert len(fleet.model.rows) <= 2
    fleet.stop.click()
    assert fleet.state.text() == f"Stopped after {len(fleet.model.rows)} devices."


def test_row_leads_to_its_sheet(bench: SheetBench) -> None:
    fleet = fleet_of(bench)
    fleet.begin()
    fleet.view.activated.emit(fleet.model.index(2, 0))
    page = bench.page
    assert page.tabs.currentWidget() is page.sheet
    assert (page.sheet.device, page.sheet.day) == ("352", DAY)
    menu = fleet.menu.menu_of(fleet.model.index(0, 0))
    assert menu.actions()[0].text() == "Day sheet"


def test_without_a_history_or_a_device_it_says_so(harness: Harness, tmp_path: Path) -> None:
    bench = SheetBench(harness, tmp_path)
    fleet = fleet_of(bench)
    fleet.begin()
    assert fleet.message.text() == f"{NO_HISTORY}\n{NOT_RECORDED}"
    assert fleet.view.isHidden()
    bench.close()
