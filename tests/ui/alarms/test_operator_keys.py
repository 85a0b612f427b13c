"""What a key does to alarms is decided by what is seen, wherever the pane of alarms is."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from tests.ui.alarms.alarm_bench import AlarmBench
from tests.ui.harness import shown_labels
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.monitor.alarm_service import AlarmStep
from tftmonitor.ui.alarms.operator_keys import OperatorKeys
from tftmonitor.ui.alarms.tabs import JOURNAL
from tftmonitor.ui.bars.banner import Banner

BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


class Stage:
    """A window with the pane of alarms in a dock, another beside it, the banner and the keys."""

    def __init__(self, qtbot: QtBot, bench: AlarmBench) -> None:
        self.bench = bench
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(1_200, 700)
        self.alarms, self.other = QDockWidget("Alarms"), QDockWidget("Rules")
        self.alarms.setWidget(bench.pane)
        self.other.setWidget(QLabel("rules"))
        for dock in (self.alarms, self.other):
            self.window.addDockWidget(BOTTOM, dock)
        self.banner = Banner(bench.clock, bench.settings)
        self.window.setCentralWidget(self.banner)
        bench.service.steps[AlarmStep.BANNER].add(
            lambda _changes: self.banner.show_alarms(bench.open_alarms.unacknowledged())
        )
        self.forward: list[str] = []
        self.keys = OperatorKeys(
            bench.service,
            bench.pane,
            lambda: None,
            self.forward.append,
            self._reveal,
            lambda: self.banner.named,
            lambda _words: None,
        )
        self.window.show()
        qtbot.waitExposed(self.window)
        self.worst = bench.raise_alarm("SOS", Severity.CRITICAL, "VAN-1")
        self.less = bench.raise_alarm("Tow", Severity.HIGH, "VAN-2")

    def _reveal(self) -> None:
        self.alarms.show()
        self.alarms.raise_()

    def behind(self) -> None:
        self.window.tabifyDockWidget(self.alarms, self.other)
        self.other.raise_()

    def closed(self) -> None:
        self.alarms.close()

    def floating(self) -> None:
        self.alarms.setFloating(True)

    def on_the_journal(self) -> None:
        self.bench.pane.tabs.setCurrentIndex(JOURNAL)

    def waiting(self) -> list[int]:
        self.bench.drain()
        return sorted(alarm.id for alarm in self.bench.open_alarms.unacknowledged())


def let_qt_work() -> None:
    for _ in range(5):
        QCoreApplication.processEvents()


@pytest.fixture
def stage(qtbot: QtBot, bench: AlarmBench) -> Stage:
    return Stage(qtbot, bench)


HIDDEN: list[Callable[[Stage], None]] = [Stage.behind, Stage.closed, Stage.on_the_journal]


@pytest.mark.parametrize("hide", HIDDEN)
def test_f8_takes_what_the_banner_names_while_the_chosen_one_is_not_seen(
    stage: Stage, hide: Callable[[Stage], None]
) -> None:
    stage.bench.select(stage.less)
    hide(stage)
    let_qt_work()
    stage.keys.acknowledge()
    assert stage.waiting() == [stage.less]


@pytest.mark.qt_log_ignore("raise", extend=True)
def test_f8_takes_the_chosen_one_where_it_is_seen_also_in_a_window_of_its_own(
    stage: Stage,
) -> None:
    stage.bench.select(stage.less)
    stage.floating()
    let_qt_work()
    stage.keys.acknowledge()
    assert stage.waiting() == [stage.worst]


def test_banner_claims_f8_only_while_no_other_alarm_is_chosen(stage: Stage) -> None:
    stage.banner.set_key_target(stage.keys.takes)
    stage.bench.pane.chosen_changed.connect(stage.banner.show_key)
    assert stage.banner._acknowledge.text() == "Ack F8"
    stage.bench.select(stage.less)
    assert stage.banner._acknowledge.text() == "Ack"
    stage.bench.select(stage.worst)
    assert stage.banner._acknowledge.text() == "Ack F8"


def test_f8_never_takes_one_that_the_banner_does_not_name_yet(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.closed()
    banner_of_before = stage.banner.named
    monkeypatch.setattr(stage.banner, "show_alarms", lambda _alarms: None)
    newer = stage.bench.raise_alarm("SOS", Severity.CRITICAL, "VAN-3")
    assert stage.bench.open_alarms.unacknowledged()[0].id == newer
    stage.keys.acknowledge()
    assert banner_of_before == stage.worst
    assert stage.waiting() == [stage.less, newer]
    # Once more does nothing: what it names is acknowledged.
    stage.keys.acknowledge()
    assert stage.waiting() == [stage.less, newer]


@pytest.mark.parametrize("hide", HIDDEN)
def test_f7_brings_the_alarm_into_sight(stage: Stage, hide: Callable[[Stage], None]) -> None:
    hide(stage)
    let_qt_work()
    stage.keys.show_next()
    let_qt_work()
    assert stage.bench.pane.selected_ids() == [stage.worst]
    assert stage.forward == ["VAN-1"]
    stage.keys.show_next()
    assert stage.bench.pane.selected_ids() == [stage.less]


@pytest.mark.parametrize("hide", [Stage.behind, Stage.closed])
def test_all_that_waits_is_shown_on_demand(stage: Stage, hide: Callable[[Stage], None]) -> None:
    hide(stage)
    stage.banner.all_requested.connect(stage.keys.show_all)
    stage.banner._more.click()
    let_qt_work()
    assert not stage.bench.pane.view.visibleRegion().isEmpty()
    assert stage.banner._more.text() == "+1 more"


def test_nothing_waits_and_nothing_happens(stage: Stage) -> None:
    stage.keys.acknowledge_these([stage.worst, stage.less])
    assert stage.waiting() == []
    assert stage.banner.named is None
    stage.keys.acknowledge()
    stage.keys.show_next()
    assert stage.forward == []


def test_shelving_asks_about_the_named_one_where_it_is_seen(stage: Stage) -> None:
    stage.bench.select(stage.less)
    stage.behind()
    QCoreApplication.processEvents()
    stage.keys.shelve()
    sheet = stage.bench.pane.commands.sheet
    assert sheet.isVisible()
    QCoreApplication.processEvents()
    assert not sheet.visibleRegion().isEmpty()
    assert "Shelve VAN-1 · SOS" in shown_labels(stage.bench.pane)
    sheet.leave()
    stage.bench.select(stage.less)
    stage.keys.shelve()
    assert "Shelve VAN-2 · Tow" in shown_labels(stage.bench.pane)
