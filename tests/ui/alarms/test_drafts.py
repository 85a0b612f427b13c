"""Notes and reasons that were typed and not saved yet: on disk within a second, and there again."""

import json
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.alarms.alarm_bench import AlarmBench
from tests.ui.harness import Harness
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.alarms.pane import AlarmsPane

WITHIN_MS = 1_000


def stored(bench: AlarmBench) -> dict[str, str]:
    """What is on disk now, whatever becomes of the program."""
    if not bench.settings.path.exists():
        return {}
    content: dict[str, Any] = json.loads(bench.settings.path.read_text("utf-8"))
    drafts: dict[str, str] = content.get("drafts", {})
    return drafts


def after_a_kill(bench: AlarmBench, harness: Harness, number: int) -> AlarmsPane:
    """Another program on the same profile, with the same alarm chosen."""
    pane = bench.new_pane(harness, harness.restarted())
    pane.select_alarm(number)
    return pane


def ask_note(pane: AlarmsPane) -> Any:
    pane.commands.bar.actions_by_key["note"].trigger()
    return pane.commands.note


def test_note_that_was_typed_survives_a_kill(
    qtbot: QtBot, bench: AlarmBench, harness: Harness
) -> None:
    number = bench.raise_alarm("SOS", Severity.CRITICAL)
    bench.select(number)
    QTest.keyClicks(ask_note(bench.pane)._text, "driver calls ba")
    qtbot.waitUntil(lambda: "driver calls ba" in stored(bench).values(), timeout=WITHIN_MS)
    pane = after_a_kill(bench, harness, number)
    line = ask_note(pane)
    assert line._text.text() == "driver calls ba"
    QTest.keyClick(line._text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not stored(bench), timeout=WITHIN_MS)


def test_reason_that_was_typed_survives_a_kill(
    qtbot: QtBot, bench: AlarmBench, harness: Harness
) -> None:
    number = bench.raise_alarm("SOS", Severity.CRITICAL)
    bench.select(number)
    bench.pane.commands.start_shelving()
    QTest.keyClicks(bench.pane.commands.sheet._reason, "in the worksh")
    qtbot.waitUntil(lambda: "in the worksh" in stored(bench).values(), timeout=WITHIN_MS)
    pane = after_a_kill(bench, harness, number)
    pane.commands.start_shelving()
    sheet = pane.commands.sheet
    assert sheet._reason.text() == "in the worksh"
    sheet._confirm_button.click()
    qtbot.waitUntil(lambda: not stored(bench), timeout=WITHIN_MS)


def test_what_was_given_up_is_gone(qtbot: QtBot, bench: AlarmBench) -> None:
    number = bench.raise_alarm("SOS", Severity.CRITICAL)
    bench.select(number)
    line = ask_note(bench.pane)
    QTest.keyClicks(line._text, "never mind")
    qtbot.waitUntil(lambda: "never mind" in stored(bench).values(), timeout=WITHIN_MS)
    QTest.keyClick(line._text, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not stored(bench), timeout=WITHIN_MS)
    assert ask_note(bench.pane)._text.text() == ""
