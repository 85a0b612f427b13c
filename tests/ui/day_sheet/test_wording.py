"""The sentences of a day sheet, and the hours of days that are longer or shorter."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from tests.ui.day_sheet.sheet_bench import SheetBench
from tests.ui.harness import Harness
from tests.unit.monitor.days.journey import HOUR_S, MIDNIGHT_S, Journey, record
from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.trips.day_sheet import day_edges
from tftmonitor.model.trips.trips import Totals
from tftmonitor.model.voltage.events import VoltageEvent, VoltageFindings, VoltageKind
from tftmonitor.model.voltage.rules import TWENTY_FOUR
from tftmonitor.monitor.days.sums import DaySums
from tftmonitor.ui.day_sheet.bar_painting import Scale, paint_hours
from tftmonitor.ui.day_sheet.wording import (
    clock_text,
    event_text,
    headline_text,
    length_text,
    odometer_text,
    unknown_text,
    voltage_note,
    zone_text,
)
from tftmonitor.ui.theme.theme import LIGHT

BERLIN = ZoneInfo("Europe/Berlin")
LONG_DAY = date(2026, 10, 25)


def sums(day: date = LONG_DAY, **more: Any) -> DaySums:
    start_ms, end_ms = day_edges(day, BERLIN)
    none = DaySums(
        device="350",
        first_day=day,
        last_day=day,
        start_ms=start_ms,
        end_ms=end_ms,
        moving_ms=0,
        idle_ms=0,
        stopped_ms=0,
        unknown_ms=0,
        to_come_ms=0,
        not_recorded_ms=0,
        ignition_ms=0,
        totals=Totals(),
        odometer_m=None,
        lowest=None,
        highest=None,
        trips=0,
        reports=0,
        placed=0,
    )
    return replace(none, **more)


def ms(day: date, hour: int, minute: int = 0) -> int:
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)
    return round(moment.timestamp() * SECOND_MS)


@pytest.mark.parametrize(
    ("length", "text"),
    [(0, "0 s"), (59_999, "59 s"), (33 * MINUTE_MS, "33 min"), (25 * HOUR_MS, "25 h 0 min")],
)
def test_lengths_are_hours_and_minutes(length: int, text: str) -> None:
    assert length_text(length) == text


def test_times_of_another_day_have_its_date() -> None:
    assert clock_text(ms(LONG_DAY, 7, 5), BERLIN, LONG_DAY) == "07:05"
    assert clock_text(ms(date(2026, 10, 24), 22, 30), BERLIN, LONG_DAY) == "10-24 22:30"
    assert clock_text(day_edges(LONG_DAY, BERLIN)[1], BERLIN, LONG_DAY) == "24:00"
    assert clock_text(day_edges(LONG_DAY, BERLIN)[0], BERLIN, LONG_DAY) == "00:00"


def test_zone_and_the_length_of_an_odd_day_are_said() -> None:
    assert zone_text(BERLIN, sums()).startswith("Times of Europe/Berlin (UTC+01:00).")
    assert zone_text(BERLIN, sums()).endswith("The clock is set on this day: it has 25 h.")
    short = sums(date(2026, 3, 29))
    assert zone_text(BERLIN, short).endswith("it has 23 h.")
    usual = sums(date(2026, 7, 1))
    assert zone_text(BERLIN, usual) == "Times of Europe/Berlin (UTC+02:00)."
    assert zone_text(UTC, usual) == "Times of UTC (UTC+00:00)."


def test_unknown_says_whose_it_is() -> None:
    assert unknown_text(sums()) == ""
    hours = sums(unknown_ms=5 * HOUR_MS, reports=9)
    assert unknown_text(hours) == "5 h 0 min unknown: no report with a place came."
    ours = unknown_text(replace(hours, not_recorded_ms=5 * HOUR_MS))
    assert ours == "5 h 0 min unknown: nothing was recorded here."
    both = unknown_text(sums(unknown_ms=5 * HOUR_MS, not_recorded_ms=2 * HOUR_MS))
    assert both == (
        "5 h 0 min unknown: for 2 h 0 min nothing was recorded here, "
        "for 3 h 0 min nothing came from the device."
    )


def test_odometer_that_was_not_believed_has_a_star() -> None:
    assert odometer_text(Totals()) == "—"
    assert odometer_text(Totals(odometer_m=12_000.0)) == "12.0 km"
    assert odometer_text(Totals(odometer_m=12_000.0, refused=1)) == "12.0 km *"


def test_headline_leaves_out_what_nobody_knows() -> None:
    assert headline_text(sums()) == "0 trips, 0 m by the track, ignition on for 0 s."
    totals = Totals(track_m=5_000.0, odometer_m=5_200.0, top_kmh=61.0)
    assert headline_text(sums(totals=totals, trips=1)) == (
        "1 trip, 5.0 km by the track, 5.2 km by the odometer, highest speed 61 km/h, "
        "ignition on for 0 s."
    )


@pytest.mark.parametrize(
    ("kind", "end_ms", "per_h", "text"),
    [
        (VoltageKind.CRANK, 5_000, 0.0, "Crank dip: 12.60 V to 9.80 V"),
        (VoltageKind.ALTERNATOR, 5_000, 0.0, "Alternator starts: 12.60 V to 9.80 V"),
        (VoltageKind.DISCONNECT, None, 0.0, "Supply disconnected, lasts: 12.60 V to 9.80 V"),
        (VoltageKind.DISCONNECT, 90_000, 0.0, "Supply disconnected for 1 min: 12.60 V to 9.80 V"),
        (VoltageKind.DRAIN, 5_000, -0.051, "Battery drains: 12.60 V to 9.80 V, -0.05 V an hour"),
    ],
)
def test_events_are_told_with_their_voltages(
    kind: VoltageKind, end_ms: int | None, per_h: float, text: str
) -> None:
    assert event_text(VoltageEvent(kind, 0, end_ms, 12.6, 9.8, per_h)) == text


def test_what_the_pace_cannot_show_is_said() -> None:
    unseen = (VoltageKind.CRANK, VoltageKind.ALTERNATOR)
    assert voltage_note(VoltageFindings(TWENTY_FOUR, (), 300.0, unseen)) == (
        "By the thresholds of 24 V. "
        "Reports 300 s apart do not show crank dips and alternator starts."
    )


@pytest.mark.parametrize(
    ("day", "first", "count"),
    [
        (LONG_DAY, ["00:00", "01:00", "02:00", "02:00", "03:00"], 26),
        (date(2026, 3, 29), ["00:00", "01:00", "03:00"], 24),
    ],
)
def test_hours_of_a_day_are_those_of_the_clock(
    qapp: QApplication, day: date, first: list[str], count: int
) -> None:
    written: list[str] = []

    class Noting(QPainter):
        @override
        def drawText(self, *what: object) -> None:  # type: ignore[override]
            written.append(str(what[-1]))

    image = QImage(2_000, 60, QImage.Format.Format_RGB32)
    painter = Noting(image)
    start_ms, end_ms = day_edges(day, BERLIN)
    paint_hours(painter, 5, Scale(start_ms, end_ms, 20, 1_960), BERLIN, LIGHT, beside=20)
    painter.end()
    assert written[: len(first)] == first
    assert (len(written), written[-1]) == (count, "24:00")


def test_bar_of_a_long_day_has_all_of_its_hours(
    harness: Harness, tmp_path: Path, computer_in_berlin: ZoneInfo
) -> None:
    """The clock is set back in the night: who drives from midnight to 5 has driven for 6 hours."""
    car = Journey("350", day_edges(LONG_DAY, BERLIN)[0] / SECOND_MS - MIDNIGHT_S)
    car.report()
    car.go(6 * HOUR_S)
    record(tmp_path, [car])
    bench = SheetBench(harness, tmp_path)
    bench.harness.settings.set("zone", "local")
    page = bench.show()
    page.sheet.show_day(LONG_DAY)
    content = page.sheet.content
    assert content.model.rows[0][:3] == ("Trip", "00:00", "05:00, lasts")
    assert content.model.rows[0][4:6] == ("6 h 0 min", "432 km")
    scale = content.bar.scale_of_day
    assert scale is not None
    assert content.bar.parts[0].width() == pytest.approx(scale.width * 6 / 25, abs=2)
    assert "it has 25 h" in content.facts.remarks.text()
    bench.close()
