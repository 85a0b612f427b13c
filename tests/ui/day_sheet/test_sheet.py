"""What the sheet of one device shows, of days whose sums are known."""

from collections.abc import Coroutine
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.day_sheet.sheet_bench import MIDNIGHT_MS, NEXT_DAY, NOT_RECORDED, SheetBench, press
from tests.ui.harness import Harness
from tests.ui.theme.painted import poor_texts
from tests.unit.monitor.days.journey import DAY, LATITUDE, LONGITUDE
from tftmonitor.base.clock import HOUR_MS, SECOND_MS
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.shapes import Circle
from tftmonitor.ui.day_sheet.calendar_strip import shade_of
from tftmonitor.ui.day_sheet.day_bar import DayBar
from tftmonitor.ui.day_sheet.page import DaySheetPage
from tftmonitor.ui.day_sheet.wording import NO_HISTORY
from tftmonitor.ui.theme.theme import DARK, LIGHT, Theme, current_theme, install_theme


def facts(page: DaySheetPage) -> dict[str, str]:
    return dict(page.sheet.content.facts.whole.lines)


def stretch_of(bar: DayBar) -> tuple[int, int] | None:
    return bar.stretch


def shown_text(page: DaySheetPage) -> str:
    """The sentence that stands in place of the sheet, "" while a sheet is shown."""
    return page.sheet.message.text() if page.sheet.message.isVisible() else ""


def test_rows_are_trips_and_stops_with_their_places(bench: SheetBench) -> None:
    page = bench.show()
    rows = page.sheet.content.model.rows
    assert [row[0] for row in rows] == [
        "Stop",
        "Trip",
        "Stop",
        "No data",
        "Stop",
        "Trip",
        "No data",
        "Stop",
    ]
    what, begin, end, where, length, track, odometer, top, idle = rows[1]
    assert (what, begin, end, length) == ("Trip", "07:05", "07:35", "30 min")
    assert (track, odometer, top, idle) == ("36.0 km", "36.0 km", "72 km/h", "")
    assert where.startswith("in Potsdam → ")
    assert rows[0][3] == "in Potsdam"
    assert rows[0][8] == "5 min"
    # It stood until the last report of all, and nobody saw it leave.
    assert rows[-1][1:3] == ("15:10", "18:00, lasts")


def test_sums_and_what_is_not_known_are_said(bench: SheetBench) -> None:
    page = bench.show()
    told = facts(page)
    assert told["Distance, odometer"] == "60.0 km"
    assert told["Distance, track"] == "60.0 km"
    assert told["Highest speed"] == "72 km/h"
    assert told["Moving"] == "50 min"
    assert told["Idling"] == "14 min"
    assert told["Ignition on"] == "1 h 9 min"
    assert told["Lowest voltage"] == "9.60 V at 07:00"
    assert told["Odometer"] == "100 km to 160 km"
    assert page.sheet.unknown.text() == (
        "16 h 9 min unknown: for 6 h 0 min nothing was recorded here, "
        "for 10 h 9 min no report with a place came."
    )
    assert page.sheet.headline.text().startswith("2 trips, 60.0 km by the track")
    assert page.sheet.state.text() == "475 reports, as of 12:00:00."
    remarks = page.sheet.content.facts.remarks.text()
    assert "Times of UTC (UTC+00:00)." in remarks
    assert "a trip begins 200 m away, after 60 s above 5 km/h" in remarks


def test_units_are_those_in_force(bench: SheetBench) -> None:
    bench.harness.settings.update(speed_unit="mph", distance_unit="mi")
    page = bench.show()
    assert page.sheet.content.model.rows[1][5:8] == ("22.4 mi", "22.4 mi", "45 mph")


def test_events_of_the_supply_are_listed_with_their_thresholds(bench: SheetBench) -> None:
    facts_of_day = bench.show().sheet.content.facts
    assert facts_of_day.voltage.lines == [
        ("07:00", "Crank dip: 12.60 V to 9.60 V"),
        ("07:00", "Alternator starts: 12.60 V to 14.20 V"),
        ("13:45", "Alternator starts: 12.70 V to 14.10 V"),
    ]
    assert facts_of_day.voltage_note.text() == "By the thresholds of 12 V."


def test_alarms_of_the_day_are_listed_and_marked(bench: SheetBench) -> None:
    clock = bench.harness.clock
    back_s = (clock.now_ms() - MIDNIGHT_MS - 9 * HOUR_MS) / SECOND_MS
    clock.jump_wall(-back_s)
    bench.alarms.raise_alarm("Towing", Severity.HIGH, "350")
    bench.alarms.raise_alarm("SOS", Severity.CRITICAL, "351")
    clock.jump_wall(back_s)
    bench.alarms.raise_alarm("Too late", Severity.HIGH, "350")
    page = bench.show()
    assert page.sheet.content.facts.alarms.lines == [("09:00", "Towing (high)")]
    bar = page.sheet.content.bar
    scale = bar.scale_of_day
    assert scale is not None
    picture = bar.grab().toImage()
    x = round(scale.x(MIDNIGHT_MS + 9 * HOUR_MS))
    assert picture.pixelColor(x + 3, 11) == QColor(current_theme().high.fill)


def test_bar_and_table_have_one_selection(bench: SheetBench) -> None:
    content = bench.show().sheet.content
    scale = content.bar.scale_of_day
    assert scale is not None
    x = round(scale.x(MIDNIGHT_MS + 7.25 * HOUR_MS))
    QTest.mouseClick(content.bar, Qt.MouseButton.LeftButton, pos=QPoint(x, 30))
    assert [index.row() for index in content.view.selectionModel().selectedRows()] == [1]
    trip = content._chosen()
    assert trip is not None
    assert content.bar.stretch == (trip.row.start_ms, trip.row.end_ms)
    assert ("Distance, track", "36.0 km") in content.facts.stretch.lines
    content.view.selectRow(0)
    first = content._chosen()
    assert first is not None
    assert content.bar.stretch == (first.row.start_ms, first.row.end_ms)
    # Where nothing is told of there is nothing to choose.
    QTest.mouseClick(content.bar, Qt.MouseButton.LeftButton, pos=QPoint(40, 30))
    assert stretch_of(content.bar) is None
    assert content.facts.stretch.isHidden()


def test_stretch_that_is_dragged_over_tells_its_sums(bench: SheetBench) -> None:
    content = bench.show().sheet.content
    scale = content.bar.scale_of_day
    assert scale is not None
    content.view.selectRow(2)
    left, right = (round(scale.x(MIDNIGHT_MS + hour * HOUR_MS)) for hour in (7, 14))
    # From right to left it is the same.
    QTest.mousePress(content.bar, Qt.MouseButton.LeftButton, pos=QPoint(right, 30))
    QTest.mouseMove(content.bar, QPoint(left + 20, 30))
    QTest.mouseMove(content.bar, QPoint(left, 30))
    QTest.mouseRelease(content.bar, Qt.MouseButton.LeftButton, pos=QPoint(left, 30))
    assert content.bar.stretch is not None
    begin, end = content.bar.stretch
    a_pixel_ms = 24 * HOUR_MS / scale.width
    assert abs(begin - MIDNIGHT_MS - 7 * HOUR_MS) <= a_pixel_ms
    assert abs(end - MIDNIGHT_MS - 14 * HOUR_MS) <= a_pixel_ms
    # All of the first trip, and of the second, from 13:45:10 on, 20 m a second.
    second_s = (end - MIDNIGHT_MS) / SECOND_MS - (13.75 * 3_600 + 10)
    lines = dict(content.facts.stretch.lines)
    assert lines["Distance, track"] == f"{36 + second_s * 0.020:.1f} km"
    assert lines["Moving"] == f"{int((1_810 + second_s) // 60)} min"
    assert not content.view.selectionModel().selectedRows()


def test_parts_of_the_bar_have_names_and_the_whole_a_description(bench: SheetBench) -> None:
    bar = bench.show().sheet.content.bar
    names = [part.accessibleName() for part in bar.parts]
    assert names[0] == "No data, 00:00 to 06:00, 6 h 0 min"
    assert names[3] == "Moving, 07:05 to 07:35, 30 min"
    assert names[-1] == "No data, 18:00 to 24:00, 5 h 59 min"
    assert bar.accessibleDescription().startswith(names[0])
    scale = bar.scale_of_day
    assert scale is not None
    assert bar.parts[3].x() == int(scale.x(MIDNIGHT_MS + 7 * HOUR_MS + 310 * SECOND_MS))
    # They let the pointer through to the bar.
    assert bar.childAt(bar.parts[3].geometry().center()) is None or bar.parts[3].testAttribute(
        Qt.WidgetAttribute.WA_TransparentForMouseEvents
    )


def test_bar_tells_kinds_by_height_and_colour(bench: SheetBench) -> None:
    bar = bench.show().sheet.content.bar
    scale, theme = bar.scale_of_day, current_theme()
    assert scale is not None
    picture = bar.grab().toImage()

    def color(hour: float, y: int) -> QColor:
        return picture.pixelColor(round(scale.x(MIDNIGHT_MS + hour * HOUR_MS)), y)

    top, middle, foot = 22, 32, 46
    assert [color(7.3, y) for y in (top, middle, foot)] == [QColor(theme.curves[0])] * 3
    assert color(7.7, top) == QColor(theme.base)
    assert color(7.7, foot) == QColor(theme.curves[1])
    assert color(8.5, middle) == QColor(theme.base)
    assert color(8.5, foot) == QColor(theme.muted_text)


def test_left_and_right_are_the_days_beside_and_home_is_today(bench: SheetBench) -> None:
    page = bench.show()
    page.activateWindow()
    page.sheet.content.view.setFocus()
    QApplication.processEvents()
    press(page.sheet.content.view, Qt.Key.Key_Left)
    assert page.sheet.day == DAY - timedelta(days=1)
    press(page.sheet.content.view, Qt.Key.Key_Right)
    press(page.sheet.content.view, Qt.Key.Key_Right)
    press(page.sheet.content.view, Qt.Key.Key_Right)
    assert page.sheet.day == DAY + timedelta(days=2)
    press(page.sheet.content.view, Qt.Key.Key_Home)
    assert page.sheet.day == NEXT_DAY
    page.sheet.head.before.click()
    assert page.sheet.head.day_box.day == DAY
    page.sheet.head.today.click()
    assert page.sheet.day == NEXT_DAY


def test_calendar_shades_days_with_reports_and_goes_to_any(bench: SheetBench) -> None:
    page = bench.show()
    calendar = page.sheet.calendar
    assert calendar.count_of(DAY) == 475
    assert calendar.count_of(DAY - timedelta(days=1)) == 0
    assert calendar.last >= NEXT_DAY
    picture = calendar.grab().toImage()
    inside = [picture.pixelColor(calendar.cell_of(day).center()) for day in (DAY, NEXT_DAY)]
    assert inside[0] != QColor(current_theme().base)
    assert inside[1] == QColor(current_theme().base)
    QTest.mouseClick(calendar, Qt.MouseButton.LeftButton, pos=calendar.cell_of(NEXT_DAY).center())
    assert page.sheet.day == NEXT_DAY
    # What is still to come cannot be gone to, nor what is beside it.
    later = calendar.cell_of(NEXT_DAY + timedelta(days=1)).center()
    assert calendar.day_at(later) is None
    assert calendar.day_at(QPoint(0, 0)) is None
    press(calendar, Qt.Key.Key_PageUp)
    assert page.sheet.day == NEXT_DAY - timedelta(days=7)
    assert "nothing recorded" in calendar.accessibleName()
    press(calendar, Qt.Key.Key_Down)
    assert page.sheet.day == NEXT_DAY - timedelta(days=6)


def test_calendar_of_a_day_long_ago_is_that_of_its_year(bench: SheetBench) -> None:
    page = bench.show()
    page.sheet.show_day(date(2024, 2, 29))
    calendar = page.sheet.calendar
    assert calendar.first < date(2024, 2, 29) < calendar.last
    assert calendar.first.weekday() == 0
    assert set(calendar.counts) == {0}
    page.sheet.show_day(DAY)
    assert calendar.count_of(DAY) == 475


def test_more_reports_are_darker() -> None:
    assert [shade_of(count) for count in (0, 1, 100, 2_000, 8_640, 90_000)] == [0, 0, 2, 3, 4, 4]


def test_device_without_a_place_says_so_and_shows_what_is_known(bench: SheetBench) -> None:
    page = bench.show("351")
    content = page.sheet.content
    assert content.isVisible()
    assert content.note.text().startswith("None of its 24 reports of this day has a place")
    assert content.model.rows == []
    assert facts(page)["Ignition on"] == "1 h 55 min"
    assert facts(page)["Lowest voltage"] == "—"
    assert content.facts.voltage_note.text().startswith("The voltage is of no 12 V or 24 V system")
    assert content.facts.voltage.lines == [("", "No events.")]
    page.show_device("350")
    assert content.note.isHidden()


def test_trip_over_midnight_is_marked_in_both_days(bench: SheetBench) -> None:
    page = bench.show("352")
    rows = page.sheet.content.model.rows
    assert rows[-1][:3] == ("Trip", "23:00", "11-19 01:01")
    assert rows[-1][4:6] == ("1 h 0 min", "72.0 km")
    assert "What goes over midnight" in page.sheet.content.facts.remarks.text()
    page.sheet.show_day(NEXT_DAY)
    rows = page.sheet.content.model.rows
    assert rows[0][:3] == ("Trip", "11-18 23:00", "01:01")
    assert rows[0][4:6] == ("1 h 1 min", "72.0 km")
    assert page.sheet.content.facts.voltage_note.text().startswith("By the thresholds of 24 V.")


def test_what_goes_on_beyond_what_was_read_says_so(harness: Harness, tmp_path: Path) -> None:
    from tests.unit.monitor.days.journey import HOUR_S, Journey, record

    parked = Journey("350", -30 * HOUR_S)
    parked.park(60 * HOUR_S)
    record(tmp_path, [parked])
    bench = SheetBench(harness, tmp_path)
    page = bench.show()
    # Six hours before and after the day are read; it stood longer than that.
    assert page.sheet.content.model.rows[0][1:3] == ("before 11-17 18:00", "after 11-19 05:55")
    bench.close()


def test_today_has_a_part_that_is_still_to_come(harness: Harness, recorded: Path) -> None:
    bench = SheetBench(harness, recorded, MIDNIGHT_MS + 20 * HOUR_MS)
    page = bench.show()
    assert facts(page)["Still to come"] == "4 h 0 min"
    assert page.sheet.content.bar.parts[-1].accessibleName().startswith("Still to come, 20:00")
    assert "Still to come 4 h 0 min" in page.sheet.content.legend.accessibleName()
    bench.close()


def test_own_places_stand_before_towns(bench: SheetBench) -> None:
    page = bench.show()
    near = Circle(LATITUDE, LONGITUDE, 3_000.0)
    bench.places.set(
        [
            Place(key="a", name="Yard", shape=Circle(LATITUDE, LONGITUDE, 200.0)),
            Place(key="b", name="Half of Potsdam", shape=near),
        ]
    )
    rows = page.sheet.content.model.rows
    assert rows[0][3] == "Yard"
    assert rows[1][3].startswith("Yard → ")


@pytest.mark.parametrize(
    ("device", "day", "said"),
    [
        ("", DAY, "Choose a device"),
        ("350", NEXT_DAY + timedelta(days=1), "Friday 2026-11-20 has not begun yet."),
        ("350", NEXT_DAY, f"Nothing came from 350 on Thursday 2026-11-19.\n{NOT_RECORDED}\nDays"),
        ("350", DAY - timedelta(days=3), "Nothing was recorded here on Sunday 2026-11-15"),
    ],
)
def test_empty_days_say_why(bench: SheetBench, device: str, day: date, said: str) -> None:
    page = bench.show(device)
    page.sheet.show_day(day)
    assert shown_text(page).startswith(said)
    assert page.sheet.shown is None
    assert not page.saving.pdf.isEnabled()
    if device:
        page.sheet.show_day(DAY)
        assert shown_text(page) == ""
        assert page.saving.pdf.isEnabled()


def test_profile_without_a_history_says_so(harness: Harness, tmp_path: Path) -> None:
    bench = SheetBench(harness, tmp_path / "nowhere")
    page = bench.show()
    assert shown_text(page) == f"{NO_HISTORY}\n{NOT_RECORDED}"
    bench.close()


def test_history_that_cannot_be_read_is_said(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "history.db").write_bytes(b"no database at all, and longer than a head" * 9)
    bench = SheetBench(harness, tmp_path)
    page = bench.show()
    assert "cannot be read" in shown_text(page)
    bench.close()


def test_hidden_page_reads_nothing(bench: SheetBench) -> None:
    page = bench.show()
    read: list[object] = []
    page.hide()
    bench.sources.reading.day = lambda *asked: read.append(asked)  # type: ignore[method-assign,assignment]
    page.show_device("352")
    page.sheet.show_day(NEXT_DAY)
    assert read == []


def test_zone_of_the_settings_makes_the_days(bench: SheetBench, computer_in_berlin: object) -> None:
    page = bench.show()
    bench.harness.settings.set("zone", "local")
    assert page.sheet.content.model.rows[1][1:3] == ("08:05", "08:35")
    assert "Times of Europe/Berlin (UTC+01:00)." in page.sheet.content.facts.remarks.text()


def test_row_can_be_shown_in_the_plots_and_on_the_map(bench: SheetBench) -> None:
    page = bench.show()
    asked: list[tuple[object, ...]] = []
    page.plots_requested.connect(lambda *what: asked.append(("plots", *what)))
    page.map_requested.connect(lambda *what: asked.append(("map", *what)))
    content = page.sheet.content
    menu = content.menu.menu_of(content.model.index(1, 0))
    assert [action.text() for action in menu.actions()] == [
        "Show in the plots",
        "Show on the map",
        "",
        "Copy",
    ]
    menu.actions()[0].trigger()
    menu.actions()[1].trigger()
    content.view.activated.emit(content.model.index(1, 3))
    begin = MIDNIGHT_MS + 7 * HOUR_MS + 310 * SECOND_MS
    end = begin + 1_810 * SECOND_MS
    assert asked[0] == asked[2] == ("plots", "350", begin, end)
    *what, places = asked[1]
    assert what == ["map", "350", begin, end]
    assert isinstance(places, list)
    assert places[0] == pytest.approx((LATITUDE, LONGITUDE))
    assert places[1][1] > LONGITUDE + 0.5


def test_devices_are_chosen_by_name(bench: SheetBench) -> None:
    bench.harness.settings.set("names", {"352": "TRK-07"})
    bench.harness.snapshot("352", speed=0)
    page = bench.show()
    box = page.sheet.head.devices
    assert [box.itemText(n) for n in range(box.count())] == ["350", "351", "TRK-07"]
    line = box.lineEdit()
    assert line is not None
    completer = box.completer()
    assert completer is not None
    completer.setCompletionPrefix("k-0")
    assert completer.currentCompletion() == "TRK-07"
    line.setText("trk-07")
    line.editingFinished.emit()
    assert page.sheet.device == "352"
    line.setText("no such thing")
    line.editingFinished.emit()
    assert (page.sheet.device, box.currentText()) == ("352", "TRK-07")
    assert page.sheet.title.text() == "TRK-07, Wednesday 2026-11-18"
    page.show_device("unheard of")
    assert box.currentText() == "unheard of"


def test_moment_is_shown_in_its_day(bench: SheetBench) -> None:
    page = bench.show("352")
    page.tabs.setCurrentWidget(page.fleet)
    page.show_moment(MIDNIGHT_MS + 25 * HOUR_MS)
    assert page.tabs.currentWidget() is page.sheet
    assert page.sheet.day == NEXT_DAY


def test_sheet_is_painted_in_the_dark_too(bench: SheetBench, qapp: QApplication) -> None:
    page = bench.show()
    install_theme(qapp, DARK)
    bar = page.sheet.content.bar
    scale = bar.scale_of_day
    assert scale is not None
    x = round(scale.x(MIDNIGHT_MS + 7.3 * HOUR_MS))
    assert bar.grab().toImage().pixelColor(x, 30) == QColor(DARK.curves[0])


class Later:
    """Work that was started and has not begun."""

    def __init__(self, bench: SheetBench) -> None:
        self._run = bench.alarms.runner.run
        self._waiting: list[Coroutine[Any, Any, Any]] = []
        object.__setattr__(bench.sources, "start", lambda _name, work: self._waiting.append(work))

    def run(self) -> None:
        while self._waiting:
            self._run(self._waiting.pop(0))


def test_answer_that_nobody_waits_for_is_not_shown(bench: SheetBench) -> None:
    page = bench.show()
    later = Later(bench)
    page.sheet.reload()
    assert page.sheet.state.text() == "Reading…"
    page.sheet.show_day(NEXT_DAY + timedelta(days=1))
    later.run()
    assert shown_text(page).endswith("has not begun yet.")
    assert page.sheet.shown is None


def test_page_that_is_left_stops_reading(bench: SheetBench) -> None:
    page = bench.show()
    later = Later(bench)
    page.sheet.show_day(NEXT_DAY)
    page.hide()
    later.run()
    assert page.sheet.state.text() == "Reading…"
    page.show()
    later.run()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_of_the_page_are_readable(
    bench: SheetBench, qapp: QApplication, theme: Theme
) -> None:
    install_theme(qapp, theme)
    page = bench.show()
    page.sheet.content.view.selectRow(1)
    assert poor_texts(page, 4.2) == []
    page.sheet.show_day(NEXT_DAY)
    assert poor_texts(page, 4.2) == []
    page.tabs.setCurrentWidget(page.fleet)
    page.fleet.begin()
    assert poor_texts(page, 4.2) == []
