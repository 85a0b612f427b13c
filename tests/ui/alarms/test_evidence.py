"""Evidence from an alarm of the list and of the journal, written without holding up anything."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from tests.ui.alarms.alarm_bench import AlarmBench
from tests.ui.harness import AtOnce, Harness
from tests.unit.history.evidence.profiles import ALARM, journal, record
from tftmonitor.history.evidence import access_log
from tftmonitor.history.evidence.verifier import facts_of, problems_of
from tftmonitor.history.rows import JournalEntry
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alarms.evidence_export import EvidenceExport
from tftmonitor.ui.alarms.journal.model import ENTRY_ROLE
from tftmonitor.ui.alarms.tabs import JOURNAL


def ids(alarms: list[object]) -> list[object]:
    return [getattr(alarm, "id", None) for alarm in alarms]


def test_one_alarm_of_the_list_offers_it(bench: AlarmBench) -> None:
    asked: list[object] = []
    bench.pane.commands.evidence_requested.connect(asked.append)
    number = bench.raise_alarm("SOS", Severity.CRITICAL)
    other = bench.raise_alarm("Towing", Severity.CRITICAL)
    action = bench.pane.commands.bar.actions_by_key["evidence"]
    bench.select(number)
    assert action.isEnabled()
    action.trigger()
    assert ids(asked) == [number]
    bench.pane.view.selectAll()
    assert not action.isEnabled()
    assert other != number


def test_an_alarm_of_the_journal_offers_it(bench: AlarmBench) -> None:
    asked: list[object] = []
    page = bench.pane.journal
    page.evidence_requested.connect(asked.append)
    number = bench.raise_alarm("SOS", Severity.CRITICAL)
    bench.pane.tabs.setCurrentIndex(JOURNAL)
    index = page.model.index(0, 0)
    assert isinstance(index.data(ENTRY_ROLE), JournalEntry)
    dict(page._commands(index))["Save evidence…"]()
    assert ids(asked) == [number]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def export(harness: Harness, tmp_path: Path, said: list[str]) -> EvidenceExport:
    settings = SettingsStore(tmp_path)
    owner = harness.show(QWidget(), 400, 300)
    return EvidenceExport(owner, tmp_path, harness.clock, settings, said.append, AtOnce())


def test_it_is_written_beside_the_work_and_said(
    export: EvidenceExport, tmp_path: Path, said: list[str]
) -> None:
    record(tmp_path)
    journal(tmp_path)
    file = tmp_path / "e.zip"
    export.write(ALARM, file)
    assert said[-1] == "Saved e.zip with 92 pushes."
    assert list(problems_of(str(file))) == []
    assert facts_of(str(file))["alarm"].startswith("SOS")
    assert (tmp_path / access_log.FILE_NAME).exists()


def test_what_is_not_recorded_is_said(
    export: EvidenceExport, tmp_path: Path, said: list[str]
) -> None:
    journal(tmp_path)
    export.write(ALARM, tmp_path / "e.zip")
    assert said[-1].startswith("Saved e.zip with 0 pushes. Not in it: all recorded pushes")


def test_a_folder_that_takes_nothing_is_said(
    export: EvidenceExport, tmp_path: Path, said: list[str]
) -> None:
    export.write(ALARM, tmp_path / "none" / "e.zip")
    assert "could not be written to e.zip: No such file" in said[-1]


def test_the_name_of_the_file_is_made_of_plain_signs(
    export: EvidenceExport, harness: Harness
) -> None:
    export.save(ALARM)
    [dialog] = harness_dialogs(export)
    assert Path(dialog.selectedFiles()[0]).name == "evidence-100-SOS----.zip"
    dialog.close()


def harness_dialogs(export: EvidenceExport) -> list[QFileDialog]:
    dialog = export._dialog._dialog
    return [] if dialog is None else [dialog]
