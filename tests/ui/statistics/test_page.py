from collections.abc import Iterator
from datetime import UTC

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tests.ui.alarms.alarm_bench import AlarmBench, Scope
from tests.ui.harness import Harness
from tftmonitor.base.clock import DAY_MS, HOUR_MS
from tftmonitor.history.journal import JournalError
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.statistics.page import StatisticsPage
from tftmonitor.ui.theme.theme import current_theme

NOON_MS = 1_795_003_200_000


@pytest.fixture
def bench(qtbot: QtBot, settings: SettingsStore) -> Iterator[AlarmBench]:
    made = AlarmBench(Harness(qtbot, settings, NOON_MS))
    yield made
    made.close()


def page_of(bench: AlarmBench) -> StatisticsPage:
    service = bench.service
    page = StatisticsPage(
        service.read_journal,
        bench.open_alarms,
        Scope(bench.runner).start,
        bench.clock,
        bench.settings,
    )
    return bench.harness.show(page, 1_200, 700)


def rows(page: StatisticsPage, key: str) -> list[tuple[str, ...]]:
    return page.lists[key].model.rows


def test_page_says_how_many_of_whom_and_of_what(bench: AlarmBench) -> None:
    bench.clock.advance(-2 * DAY_MS / 1_000)
    bench.raise_alarm("Towing", Severity.HIGH, "TRK-02")
    bench.clock.advance(2 * DAY_MS / 1_000 - 2 * HOUR_MS / 1_000)
    bench.raise_alarm("SOS", Severity.CRITICAL)
    bench.clock.advance(2 * HOUR_MS / 1_000)
    bench.raise_alarm("Too fast", Severity.WARNING, source=Source.RULE)
    bench.raise_alarm("Ignition on", Severity.NOTICE)
    bench.service.drill()
    bench.drain()
    page = page_of(bench)
    assert page.sentence.text().startswith("2 alarms, 0.1 an hour. Most within ten minutes: 1")
    assert rows(page, "device") == [("VAN-12", "2")]
    assert rows(page, "standing") == [("TRK-02 · Towing", "2 d 0 h")]
    assert [row[0] for row in rows(page, "waiting")] == ["TRK-02 · Towing", "VAN-12 · SOS"]
    assert page.lists["chattering"].view.isHidden()
    page.span.setCurrentIndex(1)
    assert page.sentence.text().startswith("3 alarms")
    assert len(page.chart.bars) == 7
    assert sum(page.chart.bars) == 3


def test_rule_of_an_alarm_can_be_made_quieter_from_here(bench: AlarmBench) -> None:
    bench.raise_alarm("too fast", Severity.WARNING, source=Source.RULE)
    bench.raise_alarm("SOS", Severity.CRITICAL)
    page = page_of(bench)
    asked: list[str] = []
    page.rule_requested.connect(asked.append)
    by_name = page.lists["name"]
    place = next(n for n, row in enumerate(by_name.model.rows) if row[0] == "too fast")
    assert not page.quieter.isEnabled()
    by_name.view.selectRow(place)
    assert page.quieter.isEnabled()
    page.quieter.click()
    assert asked == ["too fast"]
    menu = by_name.menu.menu_of(by_name.model.index(place, 0))
    assert [action.text() for action in menu.actions()] == ["Make this rule quieter…", "", "Copy"]
    by_name.view.selectRow(1 - place)
    assert not page.quieter.isEnabled()


def test_device_of_a_row_is_shown(bench: AlarmBench) -> None:
    bench.raise_alarm("SOS", Severity.CRITICAL)
    page = page_of(bench)
    asked: list[str] = []
    page.device_requested.connect(asked.append)
    by_device = page.lists["device"]
    by_device.view.selectRow(0)
    by_device.view.activated.emit(by_device.model.index(0, 0))
    assert asked == ["VAN-12"]


def test_bars_beyond_what_can_be_borne_are_in_the_colour_of_trouble(bench: AlarmBench) -> None:
    page = page_of(bench)
    page.chart.show_hours([1, 9, 0], NOON_MS, UTC)
    picture = page.chart.grab().toImage()
    width = picture.width() / 3
    low = picture.height() - page.chart.fontMetrics().height() - 8
    theme = current_theme()
    assert picture.pixelColor(round(1.5 * width), low) == QColor(theme.critical.fill)
    assert picture.pixelColor(round(0.5 * width), low) == QColor(theme.curves[0])
    assert picture.pixelColor(round(2.5 * width), low) == QColor(theme.base)


def test_journal_that_cannot_be_read_is_said(bench: AlarmBench) -> None:
    async def broken(*_wanted: object) -> list[object]:
        raise JournalError("The disk reports an error.")

    page = page_of(bench)
    page._read = broken  # type: ignore[assignment]
    page.reload()
    assert page.sentence.text() == "The disk reports an error."
