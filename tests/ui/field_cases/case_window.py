"""The panes over a client that is played a field case: what a dispatcher reads at the end."""

import asyncio
import json

from PySide6.QtCore import Qt

from tests.field_cases.script import Case, Send, Wait, load
from tests.ui.alarms.alarm_bench import Scope
from tests.ui.detail.bench import texts_of
from tests.ui.harness import Harness, model_texts
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.monitor.alarm_service import AlarmService, AlarmStep
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.settings.rules_file import RulesFile
from tftmonitor.ui.alarms.pane import AlarmsPane
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.devices.pane import DevicesPane
from tftmonitor.ui.devices.table.cell import Cell
from tftmonitor.ui.devices.table.columns import columns_of
from tftmonitor.ui.devices.table.facts import AlarmMark


class CaseWindow:
    """List, detail and alarms; the clock is by hand, so that a case takes no time.

    Frames come from the codec on, as from a link; the panes hear of each.
    """

    def __init__(self, harness: Harness) -> None:
        self.clock, self.fleet, settings = harness.clock, harness.fleet, harness.settings
        profile = settings.path.parent
        settings.set("columns", tuple(columns_of(STATUS_FIELDS)))
        self._harness = harness
        self._profile = profile
        self._runner = asyncio.Runner()
        self._journal = JournalThread(Journal.open(profile / "cases.sqlite3", self.clock))
        self.alarms = OpenAlarms()
        self._service = AlarmService(
            self.alarms, self._journal, CodeResolver(), self.clock, self.fleet.find
        )
        self.devices = harness.show(
            DevicesPane(self.fleet, self.clock, settings, self._alarm_of), 3_000, 400
        )
        self.detail = harness.show(DetailPane(self.fleet, self.clock, settings))
        scope = Scope(self._runner)
        self.alarms_pane = harness.show(
            AlarmsPane(self._service, self.alarms, self.clock, settings, scope=scope), 1_280, 260
        )
        self._service.steps[AlarmStep.MODEL].add(self.alarms_pane.apply_changes)

    def play(self, name: str) -> None:
        """Play a case; what the operator does in it is left out."""
        case = load(name)
        monitor = self._monitor_of(case)
        for action in case.actions():
            if isinstance(action, Wait):
                self.clock.advance(action.seconds)
                monitor.rules.tick(self.clock.now_ms())
            elif isinstance(action, Send):
                now_ms = self.clock.now_ms()
                data = action.make(now_ms)
                monitor.receiver.receive(action.channel, decode(action.channel, data), data, now_ms)
                self._show()
        self._show()
        if len(self.fleet):
            self.detail.show_device(next(iter(self.fleet)).key)

    def cell(self, column: str, row: int = 0) -> Cell:
        """A cell of the list."""
        place = [each.key for each in self.devices.model.columns].index(column)
        return self.devices.model.cells(row)[place]

    def alarm_rows(self) -> list[str]:
        """The table of the alarms, with " | " between the cells."""
        return model_texts(self.alarms_pane.view)

    def alarm_tips(self) -> list[str]:
        """The tip of each alarm, where more of it is said."""
        model = self.alarms_pane.model
        role = Qt.ItemDataRole.ToolTipRole
        return [str(model.data(model.index(row, 0), role)) for row in range(model.rowCount())]

    def tab(self, name: str) -> str:
        """Everything on a tab of the detail."""
        self.detail.show_tab(name)
        return "\n".join(texts_of(self.detail.page))

    def texts(self) -> str:
        """What can be read anywhere: list, head and first tabs of the detail, alarms."""
        texts = model_texts(self.devices.view) + texts_of(self.detail.head) + self.alarm_rows()
        return "\n".join([*texts, self.tab("Overview"), self.tab("Fields")])

    def close(self) -> None:
        self._runner.run(self._service.drain())
        self._runner.run(self._journal.close())
        self._runner.close()

    def _monitor_of(self, case: Case) -> Monitor:
        for name, content in case.profile.items():
            (self._profile / name).write_text(json.dumps(content), "utf-8")
        rules = RuleEngine(self.fleet, self._service, self.clock, RulesFile(self._profile).rules)
        urls = dict.fromkeys(Channel, "")
        return Monitor(urls, self.clock, self.fleet, self._service, rules)

    def _alarm_of(self, key: str) -> AlarmMark:
        counts = self.alarms.counts_of(key)
        return AlarmMark(counts.worst, counts.count, counts.worst_is_over)

    def _show(self) -> None:
        self._runner.run(self._service.drain())
        rows, added = self.fleet.changes.drain()
        self.devices.refresh(rows, added)
        self.devices.alarms_changed(self.alarms.devices())
        self.devices.tick()
        self.detail.refresh(rows)
        self.detail.tick()
        self.alarms_pane.refresh()
