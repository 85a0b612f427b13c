"""The pane of alarms on the shared harness, over a service with a journal on disk."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from typing_extensions import override

from tests.ui.harness import Harness, checked
from tftmonitor.base.tasks import TaskScope
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.monitor.alarm_service import AlarmService, AlarmStep
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alarms.pane import AlarmsPane


class AlarmBench:
    """Driven without a running loop: ``drain`` journals and publishes what was asked for."""

    def __init__(self, harness: Harness, *, is_checked: bool = True) -> None:
        """``is_checked``: what breaks Qt's contract for models ends the test, which is slow."""
        self._is_checked = is_checked
        self.harness = harness
        self.clock = harness.clock
        self.open_alarms = OpenAlarms()
        path = harness.settings.path.parent / "history.sqlite3"
        self.journal = JournalThread(Journal.open(path, self.clock))
        self.service = AlarmService(
            self.open_alarms, self.journal, CodeResolver(), self.clock, harness.fleet.find
        )
        self.runner = asyncio.Runner()
        self.settings = harness.restarted()
        self.pane = self.new_pane(harness, self.settings)
        self.service.steps[AlarmStep.MODEL].add(self.pane.apply_changes)

    def new_pane(self, harness: Harness, settings: SettingsStore) -> AlarmsPane:
        """A shown pane over the same service."""
        pane = AlarmsPane(
            self.service,
            self.open_alarms,
            self.clock,
            settings,
            scope=Scope(self.runner),
        )
        if self._is_checked:
            checked(pane.model)
            checked(pane.journal.model)
        return harness.show(pane, 1_280, 260)

    def run(self, work: Coroutine[Any, Any, Any]) -> None:
        self.runner.run(work)

    def drain(self) -> None:
        """Let the service journal and publish what was asked for, and the pane draw it."""
        self.run(self.service.drain())
        self.pane.refresh()

    def raise_alarm(
        self, name: str, severity: Severity, device: str | None = "VAN-12", **more: Any
    ) -> int:
        source = more.pop("source", Source.SNAPSHOT)
        raised = events.Raised(
            self.clock.now_ms(),
            source,
            name.lower(),
            name,
            severity,
            device=device,
            device_name=device or "",
            **more,
        )
        self.service.pipeline.put(raised)
        self.drain()
        return max(alarm.id for alarm in self.open_alarms.all())

    def select(self, *numbers: int) -> None:
        self.pane.view.clearSelection()
        for number in numbers:
            self.pane.view.selectRow(self.pane.model.place_of(number))

    def close(self) -> None:
        self.run(self.service.drain())
        self.run(self.journal.close())
        self.runner.close()


class Scope(TaskScope):
    """Runs what is started to its end at once."""

    def __init__(self, runner: asyncio.Runner) -> None:
        super().__init__()
        self._runner = runner

    @override
    def start(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        self._runner.run(work)
