"""The table of pages: a page is its package, how it is built, and one row here."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tftmonitor.app.core import Core
from tftmonitor.base.listeners import Listeners
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.monitor.alarm_service import AlarmStep
from tftmonitor.monitor.diagnostics import Diagnostics
from tftmonitor.ui.alerts.alarm_outputs import AlarmOutputs
from tftmonitor.ui.platform.child_process import open_folder
from tftmonitor.ui.window.dock_spec import PageSpec

if TYPE_CHECKING:
    from tftmonitor.model.rules.rule import Rule
    from tftmonitor.monitor.past.rule_preview import RecordedPreview
    from tftmonitor.ui.alarms.journal.page import JournalPage
    from tftmonitor.ui.day_sheet.page import DaySheetPage
    from tftmonitor.ui.help.manual import ManualPage
    from tftmonitor.ui.help.pages import AboutPage, WordsPage
    from tftmonitor.ui.places.pane import PlacesPane
    from tftmonitor.ui.rules.pane import RulesPane
    from tftmonitor.ui.settings.pane import SettingsPane
    from tftmonitor.ui.statistics.page import StatisticsPage


def page_table(
    core: Core,
    scope: TaskScope,
    outputs: AlarmOutputs,
    report: Listeners[[str]],
    show_device: Callable[[str], None],
    show_moment: Callable[[str, float], None],
    show_rule: Callable[[str], None],
    save_evidence: Callable[[Alarm], None],
    figures: Callable[[], str],
    show_keys: Callable[[], None],
    diagnostics: Diagnostics,
) -> tuple[PageSpec, ...]:
    """Rooms of their own, each built, and imported, when it is first shown."""
    make = _Pages(
        core,
        scope,
        outputs,
        report,
        show_device,
        show_moment,
        show_rule,
        save_evidence,
        figures,
        show_keys,
        diagnostics,
    )
    return (
        PageSpec("manual", "Manual", make.manual),
        PageSpec("words", "Words and signs", make.words),
        PageSpec("about", "About tftmonitor", make.about),
        PageSpec("statistics", "Alarm statistics", make.statistics),
        PageSpec("journal", "Alarm journal", make.journal),
        PageSpec("day_sheet", "Day sheet", make.day_sheet),
        PageSpec("rules", "Alarm rules", make.rules),
        PageSpec("places", "Places", make.places),
        PageSpec("settings", "Settings", make.settings),
    )


@dataclass(frozen=True)
class _Pages:
    """Builds each page with what it needs."""

    core: Core
    scope: TaskScope
    outputs: AlarmOutputs
    report: Listeners[[str]]
    show_device: Callable[[str], None]
    show_moment: Callable[[str, float], None]
    show_rule: Callable[[str], None]
    save_evidence: Callable[[Alarm], None]
    figures: Callable[[], str]
    show_keys: Callable[[], None]
    diagnostics: Diagnostics

    def rules(self) -> "RulesPane":
        from tftmonitor.ui.rules.pane import RulesPane
        from tftmonitor.ui.rules.recorded_line import RecordedLine

        monitor = self.core.monitor
        pane = RulesPane(
            monitor.rules,
            self.core.rules_file,
            monitor.fleet,
            self.core.clock,
            self.core.settings,
            self.core.surroundings,
        )
        pane.reported.connect(self.report)
        RecordedLine(pane.editor.preview, lambda: self._recorded(pane.editor.rule()), self.scope)
        return pane

    def _recorded(self, rule: "Rule") -> "AsyncIterator[RecordedPreview]":
        from tftmonitor.monitor.past.rule_preview import recorded_preview

        core = self.core
        now_ms = core.clock.now_ms()
        return recorded_preview(core.past, rule, core.monitor.fleet, now_ms, core.surroundings)

    def places(self) -> "PlacesPane":
        from tftmonitor.ui.places.pane import PlacesPane

        return PlacesPane(
            self.core.places_file,
            self.core.rules_file,
            self.core.monitor.fleet,
            self.core.settings,
            self.scope,
        )

    def settings(self) -> "SettingsPane":
        from tftmonitor.ui.alerts.sound_devices import sound_devices
        from tftmonitor.ui.settings.pane import SettingsPane

        pane = SettingsPane(
            self.core.settings,
            self.core.monitor.fleet,
            scope=self.scope,
            sound_devices=sound_devices,
            history_size=self.diagnostics.history_size,
        )
        pane.sound_test_requested.connect(self.outputs.sound.test)
        self.outputs.sound.state_changed.connect(pane.show_sound_state)
        self.outputs.awake.state_changed.connect(pane.show_awake_state)
        pane.show_sound_state(self.outputs.sound.state)
        pane.show_awake_state(self.outputs.awake.state)
        return pane

    def journal(self) -> "JournalPage":
        from tftmonitor.ui.alarms.journal.page import JournalPage

        service = self.core.monitor.alarm_service
        page = JournalPage(
            service.read_journal, self.scope.start, self.core.clock, self.core.settings
        )
        service.steps[AlarmStep.MODEL].add(lambda _changes: page.note_change())
        page.device_requested.connect(self.show_device)
        page.plots_requested.connect(self.show_moment)
        page.evidence_requested.connect(self.save_evidence)
        return page

    def statistics(self) -> "StatisticsPage":
        from tftmonitor.ui.statistics.page import StatisticsPage

        service = self.core.monitor.alarm_service
        page = StatisticsPage(
            service.read_journal,
            service.alarms,
            self.scope.start,
            self.core.clock,
            self.core.settings,
        )
        page.device_requested.connect(self.show_device)
        page.rule_requested.connect(self.show_rule)
        return page

    def day_sheet(self) -> "DaySheetPage":
        from tftmonitor.monitor.days.reading import DayReading
        from tftmonitor.ui.day_sheet.page import DaySheetPage
        from tftmonitor.ui.day_sheet.sources import DaySources

        core, monitor = self.core, self.core.monitor
        sources = DaySources(
            DayReading(core.recorded),
            monitor.alarm_service.read_journal,
            self.scope.start,
            core.clock,
            core.settings,
            monitor.fleet,
            core.places_file.places,
            lambda: self.diagnostics.why_not_recorded(),  # noqa: PLW0108 - told later
        )
        return DaySheetPage(sources, self.report)

    def manual(self) -> "ManualPage":
        from tftmonitor.ui.help.manual import ManualPage

        return ManualPage(self.show_keys)

    def words(self) -> "WordsPage":
        from tftmonitor.ui.help.pages import WordsPage

        return WordsPage()

    def about(self) -> "AboutPage":
        from tftmonitor.ui.help.pages import AboutPage

        return AboutPage(self.core.settings.path.parent, open_folder, self.figures)
